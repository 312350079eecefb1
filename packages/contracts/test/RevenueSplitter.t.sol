// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RevenueSplitter} from "../src/RevenueSplitter.sol";
import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {PaymentsFixture} from "./PaymentsFixture.sol";
import {RevenuePeers} from "./RevenuePeers.sol";

contract RevenueSplitterTest is PaymentsFixture {
    address private constant CREATOR = address(0xC1);
    address private constant ANCESTOR = address(0xC2);
    address private constant DATA = address(0xD1);
    address private constant MORE_DATA = address(0xD2);

    function setUp() public virtual override {
        super.setUp();
        peers.setCreators(MODEL, list(CREATOR, ANCESTOR), parts(8000, 2000));
        peers.setDataSets(MODEL, list(DATA, MORE_DATA), parts(7500, 2500));
    }

    function distributed(uint256 assets) private returns (uint256) {
        payIn(NETUID, NODE, MODEL, assets);
        return splitter.distribute(NETUID, NODE, MODEL);
    }

    function pot() private view returns (uint256 assets) {
        (assets,) = splitter.potOf(NETUID);
    }

    function testTheDefaultTable() public {
        payIn(NETUID, NODE, MODEL, 100e18);
        vm.expectEmit(true, true, true, true, address(splitter));
        emit IRevenueSplitter.Distributed(NETUID, NODE, MODEL, 30e18, 40e18, 10e18, 10e18, 10e18);
        splitter.distribute(NETUID, NODE, MODEL);
        assertEq(splitter.owedTo(CREATOR), 24e18, "creator");
        assertEq(splitter.owedTo(ANCESTOR), 6e18, "royalty");
        assertEq(splitter.owedTo(DATA), 7.5e18, "data set");
        assertEq(splitter.owedTo(MORE_DATA), 2.5e18, "other data set");
        assertEq(splitter.owedTo(TIMELOCK), 10e18, "treasury");
        assertEq(pot(), 10e18, "validators");
        assertEq(vault.pool(NODE).locked, 40e18, "locked in the pool");
        assertEq(splitter.pendingOf(NETUID, NODE, MODEL), 0, "distributed");
    }

    function testPullPayments() public {
        distributed(100e18);
        assertEq(splitter.withdraw(CREATOR), 24e18, "by anybody");
        assertEq(token.balanceOf(CREATOR), 24e18, "to its owner");
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.withdraw(CREATOR);
        assertEq(splitter.withdraw(TIMELOCK), 10e18, "a contract's");
    }

    function testDust() public {
        distributed(9999);
        // Rounded down: 2999 creators, 999 data sets, 999 validators, 999 treasury; the pool has the other 4003.
        assertEq(vault.pool(NODE).locked, 4003, "the rest is the stakers'");
        assertEq(pot(), 999, "validators");
        assertEq(splitter.owedTo(TIMELOCK), 999, "treasury");
        assertEq(splitter.owedTo(DATA) + splitter.owedTo(MORE_DATA), 749 + 249, "each rounded down");
        assertEq(splitter.owedTo(ANCESTOR), 600, "of 2999 + 1");
        assertEq(splitter.owedTo(CREATOR), 2400, "the rest of the creators'");
    }

    function testASingleWeiIsTheStakers() public {
        distributed(1);
        assertEq(vault.pool(NODE).locked, 1, "pool");
    }

    function testWithoutDataSetsTheirPartIsTheCreators() public {
        peers.setDataSets(MODEL, new address[](0), new uint16[](0));
        distributed(100e18);
        assertEq(splitter.owedTo(CREATOR), 32e18, "creator");
        assertEq(splitter.owedTo(ANCESTOR), 8e18, "royalty");
    }

    function testPartsThatLeaveARestGiveItToTheCreator() public {
        peers.setCreators(MODEL, list(CREATOR, ANCESTOR), parts(1, 2000));
        peers.setDataSets(MODEL, list(DATA, address(0)), parts(5000, 0));
        distributed(100e18);
        assertEq(splitter.owedTo(DATA), 5e18, "data set");
        assertEq(splitter.owedTo(ANCESTOR), 7e18, "royalty of 35");
        assertEq(splitter.owedTo(CREATOR), 28e18, "what is left");
    }

    function testAnUnknownModelPaysTheStakers() public {
        payIn(NETUID, NODE, 99, 100e18);
        splitter.distribute(NETUID, NODE, 99);
        assertEq(vault.pool(NODE).locked, 80e18, "creators' and data sets' too");
    }

    function assertStakersHaveIt(string memory what) private {
        uint256 locked = vault.pool(NODE).locked;
        uint256 owed = splitter.owedTo(CREATOR);
        distributed(100e18);
        assertEq(vault.pool(NODE).locked - locked, 80e18, what);
        assertEq(splitter.owedTo(CREATOR), owed, what);
    }

    function testARegistryThatMisbehavesHoldsNothingUp() public {
        peers.setMood(RevenuePeers.Mood.Reverts);
        assertStakersHaveIt("reverts");
        peers.setMood(RevenuePeers.Mood.BurnsGas);
        assertStakersHaveIt("burns gas");
        peers.setMood(RevenuePeers.Mood.Garbles);
        assertStakersHaveIt("garbles");
        peers.setMood(RevenuePeers.Mood.Answers);
        peers.setDataSets(MODEL, new address[](0), new uint16[](0));
        peers.setCreators(MODEL, list(CREATOR, ANCESTOR), parts(8000, 2001));
        assertStakersHaveIt("more than the whole");
        peers.setCreators(MODEL, list(CREATOR, ANCESTOR), parts(8000, 0));
        assertStakersHaveIt("lists of two lengths");
        peers.setCreators(MODEL, new address[](5), new uint16[](5));
        assertStakersHaveIt("five creators");
        peers.setCreators(MODEL, new address[](1), parts(10_000, 0));
        assertStakersHaveIt("the zero address");
    }

    function testNineDataSetsCountAsNone() public {
        address[] memory nine = new address[](9);
        for (uint256 i = 0; i < 9; ++i) {
            nine[i] = DATA;
        }
        peers.setDataSets(MODEL, nine, new uint16[](9));
        distributed(100e18);
        assertEq(splitter.owedTo(CREATOR) + splitter.owedTo(ANCESTOR), 40e18, "the creators' then");
    }

    function testWithoutARegistryTheStakersHaveIt() public {
        splitter = createSplitter(address(0));
        assertStakersHaveIt("no registry");
    }

    /// @notice Whoever distributes gives the registry enough gas, or nothing happens.
    function testNobodyStarvesTheRegistry() public {
        payIn(NETUID, NODE, MODEL, 100e18);
        uint256 done = 0;
        bytes32 refusal;
        for (uint256 gas_ = 20_000; done == 0; gas_ += 10_000) {
            try splitter.distribute{gas: gas_}(NETUID, NODE, MODEL) {
                done = gas_;
            } catch (bytes memory reason) {
                refusal = bytes4(reason);
            }
        }
        assertEq(refusal, IRevenueSplitter.GasTooLow.selector, "the last refusal");
        assertEq(splitter.owedTo(CREATOR), 24e18, "the creator, with the least gas that goes through");
        assertEq(splitter.owedTo(DATA), 7.5e18, "and the data set");
        assertLe(300_000, done, "not with less than the registry may need");
    }

    function testRevenueOfAnUnknownNodeIsRefused() public {
        give(BOB, 1, address(splitter));
        IRevenueSplitter.Revenue[] memory revenues = new IRevenueSplitter.Revenue[](1);
        revenues[0] = IRevenueSplitter.Revenue(NETUID, 99, MODEL, 1);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.NodeUnknown.selector, uint64(99)));
        vm.prank(BOB);
        splitter.payIn(revenues);
    }

    function testANodeWithoutStakersPaysItsOwner() public {
        payIn(NETUID, 3, MODEL, 100e18);
        splitter.distribute(NETUID, 3, MODEL);
        assertEq(token.balanceOf(ownerOf(3)), 40e18, "as emission does");
    }

    function testValidatorsAreToldApartByTheirPay() public {
        ISubnets.LastPay memory pay = validatorPay(3, 1, 0);
        payIn(NETUID, NODE, MODEL, 1000);
        splitter.distribute(NETUID, NODE, MODEL);
        assertEq(splitter.payValidators(NETUID, pay), 100, "all of it");
        assertEq(splitter.owedTo(ownerOf(1)), 75, "three parts");
        assertEq(splitter.owedTo(ownerOf(2)), 25, "one part");
        assertEq(splitter.owedTo(ownerOf(3)), 0, "none");
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.payValidators(NETUID, pay);
    }

    function testTheDustOfThePotWaits() public {
        ISubnets.LastPay memory pay = validatorPay(1, 1, 1);
        distributed(1000);
        assertEq(splitter.payValidators(NETUID, pay), 99, "three times 33");
        assertEq(pot(), 1, "the rest");
        distributed(20);
        assertEq(splitter.payValidators(NETUID, pay), 3, "with the next");
    }

    function testOnlyTheLastPayCounts() public {
        ISubnets.LastPay memory pay = validatorPay(3, 1, 0);
        distributed(1000);
        pay.validatorPay = abi.encodePacked(uint256(1));
        bytes32 handedIn = keccak256(abi.encode(pay.incentive, pay.validatorPay));
        (bytes32 stored,,) = peers.lastPay(NETUID);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.LastPayMismatch.selector, handedIn, stored));
        splitter.payValidators(NETUID, pay);
        peers.setLastPay(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.LastPayMismatch.selector, handedIn, bytes32(0)));
        splitter.payValidators(NETUID, pay);
    }

    function testASlotWhoseHolderThenIsForgottenIsLeftOut() public {
        ISubnets.LastPay memory pay = validatorPay(3, 1, 0);
        uint48[] memory since = new uint48[](3);
        since[0] = uint48(block.timestamp); // changed hands twice since the epoch's end
        peers.setSlots(nodes(3), since);
        distributed(1000);
        splitter.payValidators(NETUID, pay);
        assertEq(splitter.owedTo(ownerOf(1)), 0, "not a stranger");
        assertEq(splitter.owedTo(ownerOf(2)), 100, "the others have it");
    }

    function testWithoutPayThePotWaitsAndAfter90DaysTheTreasuryHasIt() public {
        ISubnets.LastPay memory pay = validatorPay(0, 0, 0);
        distributed(1000);
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.payValidators(NETUID, pay);
        uint256 staleAt = block.timestamp + 90 days;
        pass(90 days - 1);
        distributed(1000); // more revenue does not put it off
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.PotNotStale.selector, NETUID, staleAt));
        splitter.sweepPot(NETUID);
        pass(1);
        uint256 owed = splitter.owedTo(TIMELOCK);
        assertEq(splitter.sweepPot(NETUID), 200, "swept");
        assertEq(splitter.owedTo(TIMELOCK) - owed, 200, "to the treasury");
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.sweepPot(NETUID);
    }

    function nodes(uint64 count) private pure returns (uint64[] memory nodeIds) {
        nodeIds = new uint64[](count);
        for (uint64 i = 0; i < count; ++i) {
            nodeIds[i] = i + 1;
        }
    }

    /// @dev Uids 0, 1 and 2 are nodes 1, 2 and 3.
    function validatorPay(uint256 a, uint256 b, uint256 c) private returns (ISubnets.LastPay memory pay) {
        peers.setSlots(nodes(3), new uint48[](3));
        pay = ISubnets.LastPay("", abi.encodePacked(a | b << 32 | c << 64));
        peers.setLastPay(keccak256(abi.encode(pay.incentive, pay.validatorPay)), uint48(block.timestamp));
    }
}
