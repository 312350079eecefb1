// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IEpochKernel} from "../src/interfaces/IEpochKernel.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice What people try with votes, on the contracts as they are deployed. Each attack is first shown to work without
/// the defence: by the same rules with other inputs, or by arithmetic. Uids 0, 1 and 2 vote, 3 and 4 mine.
contract AttacksVotesTest is Network {
    uint256 private constant VOTER = 2;
    uint256 private constant MINER = 3;
    uint256 private constant NEWCOMER = 9;

    uint16 private netuid;
    uint256[] private row; // both miners alike
    uint256[] private other; // the first miner only

    function setUp() public override {
        super.setUp();
        netuid = createSubnet(parametersOf(5, 4));
        registerMany(netuid, 0, 5);
        row = rowOf(5, uids2(3, 4), 65_535);
        other = rowOf(5, uids2(3, 3), 65_535);
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
    }

    /// @notice Slot sniping: take the uid of a miner that left, for which everybody still votes.
    function testAVoteForTheOldHolderNeverReachesTheNewOne() public {
        play(1);
        warpTo(netuid, 2);
        deregister(MINER);
        warpTo(netuid, 3);
        assertEq(register(netuid, NEWCOMER), MINER, "the uid of the miner that left");
        warpToSettle(netuid, 3);
        takeSnapshot(netuid, 3);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 3);
        uint256 times = taken.registeredAt[0];
        taken.registeredAt[0] = times & type(uint192).max | uint256(GENESIS_TIME) << 192;
        assertEq(u32(moved(netuid, 3, taken, votes).incentive, MINER), 1 << 30, "without times it would get the half");

        taken.registeredAt[0] = times;
        IConsensus.Result memory result = settleWith(netuid, 3, taken, votes);
        assertEq(u32(result.incentive, MINER), 0, "nothing");
        assertTrue(u32(result.incentive, 4) > (1 << 31) - 9, "all to who stayed");
        assertEq(emission.claimable(netuid, nodeOf(NEWCOMER)), 0, "no pay");
    }

    /// @notice The same with the uid of a validator: its permit, row, bonds and open commitment are void.
    function testAReplacedValidatorLeavesNothingBehind() public {
        play(1);
        warpTo(netuid, 2);
        for (uint256 i = 0; i < 3; ++i) {
            commit(netuid, i, 2, row);
        }
        deregister(VOTER);
        warpToReveal(netuid, 2); // epoch 3 has begun: the slot may be given again while epoch 2 is revealed
        assertEq(register(netuid, NEWCOMER), VOTER, "the uid of the validator that left");
        bytes32 naive = keccak256(abi.encode(netuid, 2, VOTER, row, SALT)); // without holder and time: anybody's
        assertEq(
            naive, keccak256(abi.encode(netuid, 2, subnets.uidOf(netuid, operatorOf(NEWCOMER)), row, SALT)), "same"
        );
        vm.prank(operatorOf(NEWCOMER));
        vm.expectRevert(abi.encodeWithSelector(IConsensus.CommitmentMissing.selector, VOTER, 2));
        consensus.reveal(netuid, 2, 0, row, 0, SALT);
        vm.prank(operatorOf(VOTER));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(VOTER)));
        consensus.reveal(netuid, 2, 0, row, 0, SALT);
        reveal(netuid, 0, 2, row);
        reveal(netuid, 1, 2, row);

        assertEq(consensus.voterState(netuid, 2).rowHash, 0, "no row");
        assertEq(consensus.voters(netuid).length, 2, "no permit");
        stake(NEWCOMER, 1000e18);
        warpToSettle(netuid, 2);
        IConsensus.Result memory result = settle(netuid, 2);
        assertEq(u32(result.dividends, 2), 0, "nothing for who left, or came");
        assertEq(lastBonds[netuid].length, 2, "its bonds are gone");
        warpToSettle(netuid, 3);
        assertEq(u32(settle(netuid, 3).dividends, 2), 0, "nor later for an old permit's bonds");
    }

    /// @notice Commitment replay: copy somebody's commitment, wait for the reveal and reveal the same.
    function testACommitmentIsNobodyElses() public {
        bytes32 seen = commitmentOf(netuid, 1, 0);
        assertEq(keccak256(abi.encode(row, SALT)), keccak256(abi.encode(row, SALT)), "of the row alone: anybody's");
        commit(netuid, 0, 1, row);
        commitHash(netuid, 1, 1, seen);
        warpToReveal(netuid, 1);
        reveal(netuid, 0, 1, row);
        expectMismatch(1, commitmentOf(netuid, 1, 1), seen);
        vm.prank(operatorOf(1));
        consensus.reveal(netuid, 1, 0, row, 0, SALT);
    }

    function testACommitmentIsForOneSubnet() public {
        uint16 second = createSubnet(parametersOf(5, 4));
        registerMany(second, 0, 5);
        warpTo(second, 1);
        uint64 epoch = subnets.currentEpoch(second);
        bytes32 seen = commitmentOf(netuid, epoch, 0);
        commitHash(second, 0, epoch, seen);
        warpToReveal(second, epoch);
        expectMismatch(0, commitmentOf(second, epoch, 0), seen);
        vm.prank(operatorOf(0));
        consensus.reveal(second, epoch, 0, row, 0, SALT);
    }

    function testACommitmentIsForOneEpoch() public {
        bytes32 seen = commitmentOf(netuid, 1, 0);
        warpTo(netuid, 2);
        commitHash(netuid, 0, 2, seen);
        warpToReveal(netuid, 2);
        expectMismatch(0, commitmentOf(netuid, 2, 0), seen);
        vm.prank(operatorOf(0));
        consensus.reveal(netuid, 2, 0, row, 0, SALT);
    }

    /// @notice A fork of the chain, or another deployment on this one.
    function testACommitmentIsForOneChainAndContract() public {
        bytes32 seen = commitmentOf(netuid, 1, 0);
        commit(netuid, 0, 1, row);
        warpToReveal(netuid, 1);
        vm.chainId(777);
        expectMismatch(0, commitmentOf(netuid, 1, 0), seen);
        vm.prank(operatorOf(0));
        consensus.reveal(netuid, 1, 0, row, 0, SALT);
        vm.chainId(31_337);
        IConsensus twin = IConsensus(address(0x7717));
        vm.etch(address(twin), address(consensus).code); // the same peers
        assertTrue(twin.commitmentOf(netuid, 1, 1, GENESIS_TIME, 0, row, 0, SALT) != seen, "another contract");
    }

    /// @notice Commit, watch what the others reveal, then choose not to reveal and keep the old row.
    function testWhoDoesNotRevealHasNoStakeInThatEpoch() public {
        play(1);
        warpTo(netuid, 2);
        for (uint256 i = 0; i < 3; ++i) {
            commit(netuid, i, 2, i == VOTER ? other : row);
        }
        warpToReveal(netuid, 2);
        reveal(netuid, 0, 2, row);
        reveal(netuid, 1, 2, row);
        warpToSettle(netuid, 2);
        takeSnapshot(netuid, 2);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 2);
        uint256[] memory words = votersOf(netuid, 2, taken, votes);
        words[VOTER] &= ~uint256(1 << 32);
        IEpochKernel.Output memory naive = movedBy(netuid, taken, votes, words);
        assertTrue(u32(naive.dividends, VOTER) > (1 << 31) / 4, "unmarked, the choice is free");

        uint256 before = emission.poolAccrued(nodeOf(VOTER));
        IConsensus.Result memory result = settleWith(netuid, 2, taken, votes);
        assertEq(u32(result.dividends, VOTER), 0, "no dividends");
        assertEq(emission.poolAccrued(nodeOf(VOTER)), before, "no pay");
    }

    function play(uint64 epoch) private returns (IConsensus.Result memory) {
        for (uint256 i = 0; i < 3; ++i) {
            commit(netuid, i, epoch, row);
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < 3; ++i) {
            reveal(netuid, i, epoch, row);
        }
        warpToSettle(netuid, epoch);
        return settle(netuid, epoch);
    }

    function deregister(uint256 i) private {
        uint16 uid = subnets.uidOf(netuid, operatorOf(i));
        vm.prank(ownerOf(i));
        subnets.deregister(netuid, uid);
    }

    function commitHash(uint16 in_, uint256 i, uint64 epoch, bytes32 commitment) private {
        vm.prank(operatorOf(i));
        consensus.commit(in_, epoch, commitment);
    }

    /// @dev What operator `i` commits to for `row`.
    function commitmentOf(uint16 in_, uint64 epoch, uint256 i) private view returns (bytes32) {
        ISubnets.Slot memory slot = subnets.slotOf(in_, operatorOf(i));
        return consensus.commitmentOf(in_, epoch, slot.nodeId, slot.registeredAt, 0, row, 0, SALT);
    }

    function expectMismatch(uint16 uid, bytes32 computed, bytes32 committed) private {
        assertTrue(computed != committed, "another commitment");
        vm.expectRevert(abi.encodeWithSelector(IConsensus.CommitmentMismatch.selector, uid, computed, committed));
    }
}
