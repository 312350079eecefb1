// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice What people try for more pay, on the contracts as they are deployed. Each attack is first shown to work without
/// the defence. Uids 0, 1 and 2 vote, 3 and 4 mine.
contract AttacksPayTest is Network {
    uint256 private constant SHARE_ONE = 1 << 31;

    uint16 private netuid;
    uint256[] private row;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet(parametersOf(64, 60));
        registerMany(netuid, 0, 5);
        row = rowOf(5, uids2(3, 4), 65_535);
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
    }

    /// @notice Sandwich a settlement: move everything that could matter right before it, and back.
    function testNothingAroundASettlementChangesIt() public {
        vote(1, 3);
        warpToSettle(netuid, 1);
        takeSnapshot(netuid, 1);
        uint256 fork = vm.snapshotState();
        settle(netuid, 1);
        bytes32 expected = payState();
        assertTrue(vm.revertToState(fork), "restored");

        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 1);
        (uint48 start,,,) = subnets.windows(netuid, 1);
        uint64 node = nodeOf(0);
        stake(0, 90_000e18);
        assertTrue(
            vault.stakeOf(node) == vault.stakeAt(node, start) + 90_000e18, "read now, it would be most of the stake"
        );
        vm.startPrank(ownerOf(1));
        vault.requestUnstake(nodeOf(1), vault.sharesOf(nodeOf(1), ownerOf(1)));
        vm.stopPrank();
        vm.startPrank(ownerOf(0));
        vault.setTake(node, 1800);
        (uint16[] memory netuids, uint16[] memory weights) = (new uint16[](1), new uint16[](1));
        (netuids[0], weights[0]) = (netuid, 1);
        emission.point(netuids, weights);
        vm.stopPrank();
        register(netuid, 9);
        ISubnets.Parameters memory p = parametersOf(64, 1);
        (p.kappa, p.ownerCut, p.minersCut, p.validatorsCut) = (58_982, 0, 0, 10_000);
        vm.prank(CREATOR);
        subnets.setParameters(netuid, p);
        consensus.settle(netuid, 1, taken, votes);
        assertEq(payState(), expected, "the same to the wei");
    }

    /// @notice Abstain together: if the miners' part went to the validators when nobody votes, that would more than
    /// double their pay.
    function testAMajorityThatAbstainsIsNotPaidMore() public {
        assertTrue(uint256(4100) + 4100 > 4100, "the naive split");
        uint256 fork = vm.snapshotState();
        vote(1, 3);
        warpToSettle(netuid, 1);
        settle(netuid, 1);
        uint256 voting = earned(0) + earned(1) + earned(2);
        uint256 miners = emission.claimable(netuid, nodeOf(3)) + emission.claimable(netuid, nodeOf(4));
        assertEq(emission.supply().notMinted, 0, "all minted");
        assertTrue(vm.revertToState(fork), "restored");

        fork = vm.snapshotState();
        vote(1, 1); // the two others, with two thirds of the stake, abstain
        warpToSettle(netuid, 1);
        settle(netuid, 1);
        assertLe(earned(1) + earned(2), voting * 2 / 3, "a majority");
        assertLe(earned(0) + earned(1) + earned(2), voting, "all together");
        assertTrue(emission.supply().notMinted >= miners - 1e9, "the miners' part is not minted");
        assertTrue(vm.revertToState(fork), "restored");

        warpToSettle(netuid, 1);
        settle(netuid, 1); // nobody votes
        assertLe(earned(0) + earned(1) + earned(2), voting, "everybody");
        assertTrue(emission.supply().notMinted >= miners - 1e9, "the miners' part is not minted");
    }

    /// @notice Sybil split: fifty identities with the stake of one. A bonus for each identity pays them more.
    function testFiftyIdentitiesWithOneStakeEarnNoMore() public {
        assertTrue(uint256(50) * 53 > 1 * 53 + 50, "one vote each: 50 of 53 parts instead of 1 of 4");
        registerCheaply(5, 50);
        uint256 fork = vm.snapshotState();
        stake(5, 1000e18);
        uint256 one = sharesOfSybils(1);
        assertTrue(vm.revertToState(fork), "restored");
        for (uint256 i = 5; i < 55; ++i) {
            stake(i, 20e18);
        }
        uint256 fifty = sharesOfSybils(50);
        assertLe(fifty, one + 50, "within a unit of rounding each");
        assertLe(one, fifty + 100, "and no less");
        assertTrue(one > SHARE_ONE / 4 - 10, "a quarter of the stake, a quarter of the pay");
    }

    /// @notice A subnet's owner mines in its own subnet: honest or declared by force, its slot's incentive is not minted,
    /// it cannot take it back in time, and it cannot declare a rival's slot.
    function testAnOwnersOwnSlotsAreNotPaid() public {
        uint16 own = registerFor(netuid, 9, CREATOR);
        row = rowOf(6, uids2(3, own), 65_535);
        uint256 fork = vm.snapshotState();
        playEpoch(2);
        uint256 naive = emission.claimable(netuid, nodeOf(9));
        assertTrue(naive > 0, "undeclared it is paid like any other");
        assertTrue(vm.revertToState(fork), "restored");

        uint16[] memory uids = new uint16[](1);
        uids[0] = 4;
        vm.prank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotOwnSlot.selector, netuid, 4, ownerOf(4), CREATOR));
        subnets.declareOwnSlots(netuid, uids, true);
        uids[0] = own;
        vm.prank(CREATOR);
        subnets.declareOwnSlots(netuid, uids, true);
        warpTo(netuid, 2);
        vote(2, 3);
        vm.prank(CREATOR);
        subnets.declareOwnSlots(netuid, uids, false); // too late for the epoch that has been
        warpToSettle(netuid, 2);
        settle(netuid, 2);
        assertEq(emission.claimable(netuid, nodeOf(9)), 0, "not paid");
        assertEq(emission.supply().notMinted, naive, "nor minted, to the wei");
    }

    function sharesOfSybils(uint256 count) private returns (uint256 sum) {
        uint64 epoch = subnets.currentEpoch(netuid) + 1;
        warpTo(netuid, epoch);
        for (uint256 i = 0; i < 5 + count; ++i) {
            if (i < 3 || i > 4) commit(netuid, i, epoch, row);
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < 5 + count; ++i) {
            if (i < 3 || i > 4) reveal(netuid, i, epoch, row);
        }
        warpToSettle(netuid, epoch);
        takeSnapshot(netuid, epoch);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, epoch);
        votes.claim = wordsOf(moved(netuid, epoch, taken, votes).consensus);
        IConsensus.Result memory result = settleWith(netuid, epoch, taken, votes);
        for (uint256 uid = 5; uid < 5 + count; ++uid) {
            sum += u32(result.validatorPay, uid);
        }
    }

    function registerCheaply(uint256 from, uint256 count) private {
        for (uint256 i = from; i < from + count; ++i) {
            if (i % 8 == 0) warpTo(netuid, subnets.currentEpoch(netuid) + 100); // lets the price fall
            register(netuid, i);
        }
    }

    function playEpoch(uint64 epoch) private {
        warpTo(netuid, epoch);
        vote(epoch, 3);
        warpToSettle(netuid, epoch);
        settle(netuid, epoch);
    }

    function vote(uint64 epoch, uint256 voters) private {
        for (uint256 i = 0; i < voters; ++i) {
            commit(netuid, i, epoch, row);
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < voters; ++i) {
            reveal(netuid, i, epoch, row);
        }
    }

    /// @dev What the node of `i` earned as a validator.
    function earned(uint256 i) private view returns (uint256) {
        return emission.poolAccrued(nodeOf(i)) + emission.claimable(netuid, nodeOf(i));
    }

    function payState() private view returns (bytes32) {
        uint256[] memory owed = new uint256[](10);
        for (uint256 i = 0; i < 5; ++i) {
            (owed[i], owed[5 + i]) = (emission.claimable(netuid, nodeOf(i)), emission.poolAccrued(nodeOf(i)));
        }
        IConsensus.LastSettled memory last = consensus.lastSettled(netuid);
        return keccak256(abi.encode(owed, last, emission.ownerClaimable(netuid), emission.supply()));
    }
}
