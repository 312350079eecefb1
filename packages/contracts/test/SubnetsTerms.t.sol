// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetLifecycle} from "../src/interfaces/ISubnetLifecycle.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

/// @notice Parameters over time and the windows that follow from them.
contract SubnetsTermsTest is SubnetsFixture {
    struct Windows {
        uint48 start;
        uint48 end;
        uint48 revealEnd;
        uint48 settleEnd;
    }

    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet();
    }

    function testAChangeBeginsWithTheNextEpoch() public {
        vm.warp(GENESIS_TIME + 599); // the last second of epoch 0
        setParameters(netuid, timed(1200, 300));
        (bool pending, uint64 fromEpoch, ISubnetTerms.Parameters memory p) = subnets.pendingParameters(netuid);
        assertTrue(pending, "pending");
        assertEq(fromEpoch, 1, "from the next epoch");
        assertEq(p.epochLength, 1200, "what was set");
        assertEq(subnets.parameters(netuid).epochLength, 600, "not in force yet");
        assertEq(subnets.parametersAt(netuid, 1).epochLength, 1200, "but foreseeable");
        vm.warp(GENESIS_TIME + 600);
        (pending,,) = subnets.pendingParameters(netuid);
        assertTrue(!pending, "in force");
        assertEq(subnets.parameters(netuid).epochLength, 1200, "now");
        assertEq(subnets.subnet(netuid).parameters.epochLength, 1200, "everywhere");
        assertEq(subnets.parametersAt(netuid, 0).epochLength, 600, "the past stays");
        assertWindows(0, Windows(0, 600, 750, 1200));
        assertWindows(1, Windows(600, 1800, 2100, 3000));
        vm.warp(GENESIS_TIME + 1799);
        assertEq(subnets.currentEpoch(netuid), 1, "running");
        vm.warp(GENESIS_TIME + 1800);
        assertEq(subnets.currentEpoch(netuid), 2, "the next");
    }

    /// @notice When the next epoch is shorter, an epoch is revealed and settled in less time.
    function testAShorterEpochFollows() public {
        uint16 long = createSubnet(timed(7 days, 84 hours));
        setParameters(long, timed(600, 300));
        (, uint48 end, uint48 revealEnd, uint48 settleEnd) = subnets.windows(long, 0);
        assertEq(revealEnd, end + 300, "half of the next epoch");
        assertEq(settleEnd, end + 600, "closed when the next one ends");
    }

    function testOneChangeInTwoEpochs() public {
        setParameters(netuid, timed(700, 100));
        setParameters(netuid, timed(800, 100)); // overwrites
        assertEq(subnets.parametersAt(netuid, 1).epochLength, 800, "the last word");
        enter(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.ChangedRecently.selector, netuid, 3));
        vm.prank(CREATOR);
        subnets.setParameters(netuid, timed(600, 100));
        enter(netuid, 2);
        setParameters(netuid, timed(600, 100));
        enter(netuid, 9);
        setParameters(netuid, timed(900, 100));
        uint32[4] memory lengths = [uint32(600), 800, 800, 600];
        for (uint64 epoch = 0; epoch < 4; ++epoch) {
            assertEq(subnets.parametersAt(netuid, epoch).epochLength, lengths[epoch], "history");
        }
        assertEq(subnets.parametersAt(netuid, 10).epochLength, 900, "to come");
    }

    function testSetParametersRefusals() public {
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.NotSubnetOwner.selector, netuid, address(this), CREATOR));
        subnets.setParameters(netuid, timed(600, 100));
        registerMany(netuid, 0, 3);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.SlotsExceedMaxUids.selector, netuid, 3, 2));
        vm.prank(CREATOR);
        subnets.setParameters(netuid, parametersOf(2, 2));
        vm.expectRevert(
            abi.encodeWithSelector(ISubnetTerms.ParameterOutOfBounds.selector, bytes32("epochLength"), 599, 600, 7 days)
        );
        vm.prank(CREATOR);
        subnets.setParameters(netuid, timed(599, 100));
    }

    /// @notice Whoever has a permit votes until the next settlement, on all the slots there are by then.
    function testPermitsOfBeforeFitTheSlotsToCome() public {
        netuid = createSubnet(parametersOf(96, 256));
        expectTooManyVoters(256, parametersOf(512, 48));
        setParameters(netuid, parametersOf(96, 24));
        payer.setSettled(0);
        enter(netuid, 3);
        expectTooManyVoters(256, parametersOf(512, 48)); // no epoch was settled under the change
        payer.setSettled(1);
        setParameters(netuid, parametersOf(512, 48));
    }

    function testLiquidBondsAreForSmallerSubnets() public {
        ISubnetTerms.Parameters memory p = parametersOf(256, 24);
        p.liquidAlpha = true;
        createSubnet(p);
        p.maxValidators = 25;
        vm.expectRevert(
            abi.encodeWithSelector(ISubnetTerms.ParameterOutOfBounds.selector, bytes32("cells"), 6400, 1, 6144)
        );
        this.createOne(p);
    }

    /// @notice Registrations between the change and its effect cannot outgrow the smaller subnet.
    function testASmallerSubnetHoldsFromTheChangeOn() public {
        registerMany(netuid, 0, 2);
        setParameters(netuid, parametersOf(3, 2));
        register(netuid, 2);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerOne(3);
        skipEpochs(netuid, 2);
        setParameters(netuid, parametersOf(4, 2));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerOne(3); // a larger one begins with its epoch
        skipEpochs(netuid, 1);
        assertEq(register(netuid, 3), 3, "room");
    }

    /// @notice The price runs on through a change of its half-life and bounds, without a jump beyond them.
    function testThePriceRunsThroughAChange() public {
        ISubnetTerms.Parameters memory p = parametersOf(64, 16);
        p.priceHalfLife = 1;
        vm.warp(GENESIS_TIME + 300); // a tenth of a half-life of five epochs
        uint256 before = subnets.registrationPrice(netuid);
        assertEq(before, 0.95e18, "linear");
        setParameters(netuid, p);
        assertEq(subnets.registrationPrice(netuid), before, "no jump when it is set");
        vm.warp(GENESIS_TIME + 599);
        before = subnets.registrationPrice(netuid);
        vm.warp(GENESIS_TIME + 600);
        uint256 price = subnets.registrationPrice(netuid);
        assertLe(before - price, 2e14, "nor when it takes effect");
        vm.warp(GENESIS_TIME + 1200);
        assertEq(subnets.registrationPrice(netuid), price / 2, "then by the new half-life");
        (p.initialPrice, p.maxPrice) = (1e15, 1e15);
        enter(netuid, 2);
        setParameters(netuid, p);
        assertEq(subnets.registrationPrice(netuid), price / 2, "the new bound has not begun");
        enter(netuid, 3);
        assertEq(subnets.registrationPrice(netuid), 1e15, "within the new bounds");
    }

    function testContextIsWindowsAndParameters() public {
        setParameters(netuid, timed(1200, 600));
        for (uint64 epoch = 0; epoch < 3; ++epoch) {
            (uint48 a, uint48 b, uint48 c, uint48 d, ISubnetTerms.Parameters memory p) =
                subnets.epochContext(netuid, epoch);
            assertEq(keccak256(abi.encode(Windows(a, b, c, d))), keccak256(abi.encode(windowsOf(epoch))), "windows");
            assertEq(keccak256(abi.encode(p)), keccak256(abi.encode(subnets.parametersAt(netuid, epoch))), "terms");
        }
        (uint48 startedAt, uint32 epochLength, uint32 revealWindow) = subnets.timing(netuid);
        assertEq(startedAt + epochLength + revealWindow, GENESIS_TIME + 750, "timing");
    }

    /// @notice Whatever an owner sets and whenever: windows never interleave, and none that has begun changes.
    function testFuzzWindowsUnderAnyChanges(uint256 seed) public {
        Windows[] memory seen = new Windows[](64);
        uint64 known = 0; // epochs below have ended and are all in `seen`
        for (uint256 move = 0; move < 30 && known < 60; ++move) {
            vm.warp(block.timestamp + random(seed, move) % (2 * subnets.parameters(netuid).epochLength));
            uint64 epoch = subnets.currentEpoch(netuid);
            if (epoch >= 60) break;
            for (; known < epoch; ++known) {
                seen[known] = windowsOf(known);
                assertFollows(known);
            }
            Windows memory running = windowsOf(epoch);
            assertLe(running.start, block.timestamp, "has begun");
            assertLe(block.timestamp + 1, running.end, "has not ended");

            tryToChange(random(seed, 1000 + move));
            for (uint64 e = 0; e < epoch; ++e) {
                assertEq(keccak256(abi.encode(windowsOf(e))), keccak256(abi.encode(seen[e])), "ended: fixed");
            }
            assertEq(windowsOf(epoch).start, running.start, "begun: starts");
            assertEq(windowsOf(epoch).end, running.end, "and ends as it was");
            assertFollows(epoch);
            assertFollows(epoch + 1);
        }
    }

    /// @notice A change in mid-epoch: with parameters that count at once, the owner of a subnet could end an epoch early
    /// and close the reveals before anybody but itself has revealed. Here nothing that has begun moves.
    function testAnOwnerCannotMoveARunningEpoch() public {
        ISubnetTerms.Parameters memory cruel = timed(600, 1);
        enter(netuid, 5);
        vm.warp(block.timestamp + 599);
        Windows memory before = windowsOf(5);
        uint256 naiveRevealEnd = before.end + cruel.revealWindow;
        assertEq(naiveRevealEnd, before.end + 1, "parameters that count at once leave a second to reveal in");
        assertEq(cruel.revealWindow, 1, "as would the lesser of both epochs' windows");
        setParameters(netuid, cruel);
        assertEq(keccak256(abi.encode(windowsOf(5))), keccak256(abi.encode(before)), "the running epoch stays");
        assertEq(windowsOf(5).revealEnd, before.end + 150, "with its own time to reveal");
        vm.warp(before.end); // reveals of epoch 5
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.ChangedRecently.selector, netuid, 8));
        vm.prank(CREATOR);
        subnets.setParameters(netuid, timed(600, 100));
        assertEq(windowsOf(5).revealEnd, before.end + 150, "to its end");
    }

    /// @dev Epoch e + 1 against e: it is first settled when e has been closed, and e always has time to be settled.
    function assertFollows(uint64 epoch) private view {
        Windows memory w = windowsOf(epoch);
        Windows memory next = windowsOf(epoch + 1);
        assertEq(next.start, w.end, "no gap");
        assertLe(w.end + 1, w.revealEnd, "time to reveal");
        assertLe(w.revealEnd + 1, w.settleEnd, "time to settle");
        assertLe(w.settleEnd, next.end, "closed before the next one is revealed");
        assertLe(w.settleEnd + 1, next.revealEnd, "so before it is settled");
    }

    function tryToChange(uint256 seed) private {
        uint32 length = uint32(600 + seed % (seed % 2 == 0 ? 300 : 7 days - 600));
        ISubnetTerms.Parameters memory p = timed(length, uint32(1 + (seed >> 64) % (length / 2)));
        vm.prank(CREATOR);
        try subnets.setParameters(netuid, p) {} catch {}
    }

    function timed(uint32 epochLength, uint32 revealWindow) private pure returns (ISubnetTerms.Parameters memory p) {
        p = parametersOf(64, 16);
        (p.epochLength, p.revealWindow) = (epochLength, revealWindow);
    }

    function windowsOf(uint64 epoch) private view returns (Windows memory w) {
        (w.start, w.end, w.revealEnd, w.settleEnd) = subnets.windows(netuid, epoch);
    }

    /// @dev `expected` counts from the subnet's start.
    function assertWindows(uint64 epoch, Windows memory expected) private view {
        Windows memory w = windowsOf(epoch);
        assertEq(w.start, GENESIS_TIME + expected.start, "start");
        assertEq(w.end, GENESIS_TIME + expected.end, "end");
        assertEq(w.revealEnd, GENESIS_TIME + expected.revealEnd, "revealEnd");
        assertEq(w.settleEnd, GENESIS_TIME + expected.settleEnd, "settleEnd");
    }

    function random(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    function expectTooManyVoters(uint256 voters, ISubnetTerms.Parameters memory p) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISubnetLifecycle.TooManyVoters.selector, netuid, voters, p.maxUids, 24_576)
        );
        vm.prank(CREATOR);
        subnets.setParameters(netuid, p);
    }

    function createOne(ISubnetTerms.Parameters memory p) external {
        createSubnet(p);
    }

    function registerOne(uint256 i) external {
        register(netuid, i);
    }
}
