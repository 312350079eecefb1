// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {ConsensusFixture} from "./ConsensusFixture.sol";

/// @notice What epochs pay, and to whom.
contract ConsensusEpochsTest is ConsensusFixture {
    function testAnEpochPays() public {
        vote(1, good, good, good);
        warpToSettle(netuid, 1);
        IConsensus.Result memory result = settle(netuid, 1);
        assertEq(result.uids, 5, "slots");
        assertEq(u32(result.incentive, 3), u32(result.incentive, 4), "equal scores, equal pay");
        assertEq(u32(result.incentive, 3), 1 << 30, "half each");
        assertEq(u32(result.dividends, 0), u32(result.dividends, 1), "equal votes, equal dividends");
        assertEq(
            u32(result.incentive, 0) + u32(result.incentive, 1) + u32(result.incentive, 2), 0, "voters are not miners"
        );
        // Epoch 0 was void: its emission joined. Two epochs of 600 s, split 18/41/41.
        assertEq(emission.ownerClaimable(netuid), 216e18, "owner");
        assertEq(emission.claimable(netuid, nodeOf(3)), 246e18, "miner");
        assertEq(emission.poolAccrued(nodeOf(0)), (uint256(492e9) * u32(result.dividends, 0) >> 31) * 1e9, "pool");
        checkSupply();
    }

    function testBondsCarryOver() public {
        play(1, good, good, lazy);
        uint16 bond = cell(lastBonds[netuid], 3);
        assertTrue(bond > 0, "bonds grow");
        assertEq(consensus.lastSettled(netuid).bondsHash, keccak256(abi.encodePacked(lastBonds[netuid])), "hash");
        play(2, good, good, lazy);
        assertTrue(cell(lastBonds[netuid], 3) > bond, "and go on growing");
        checkSupply();
    }

    /// @notice Epoch 2 is never settled: rows, bonds and permits stand, its emission joins epoch 3.
    function testAVoidEpochChangesNothing() public {
        play(1, good, good, good);
        bytes32 bondsHash = consensus.lastSettled(netuid).bondsHash;
        warpTo(netuid, 2);
        vote(2, lazy, lazy, lazy);
        warpTo(netuid, 3);
        vote(3, good, good, good);
        assertEq(consensus.lastSettled(netuid).bondsHash, bondsHash, "bonds stand");
        uint256 before = emission.supply().scheduled;
        warpToSettle(netuid, 3);
        settle(netuid, 3);
        assertEq(emission.supply().scheduled - before, 1200e18, "two epochs");
        checkSupply();
    }

    /// @notice Commitments for e + 1 are made while e is revealed and settled; neither disturbs the other.
    function testEpochsOverlap() public {
        commit(netuid, 0, 1, good);
        commit(netuid, 1, 1, good);
        commit(netuid, 2, 1, good);
        warpToReveal(netuid, 1);
        commit(netuid, 0, 2, lazy);
        reveal(netuid, 0, 1, good);
        reveal(netuid, 1, 1, good);
        reveal(netuid, 2, 1, good);
        commit(netuid, 1, 2, lazy);
        warpToSettle(netuid, 1);
        IConsensus.Result memory result = settle(netuid, 1);
        assertTrue(u32(result.dividends, 0) > 0 && u32(result.dividends, 1) > 0, "nobody withheld epoch 1");
        warpToReveal(netuid, 2);
        reveal(netuid, 0, 2, lazy);
        reveal(netuid, 1, 2, lazy);
        warpToSettle(netuid, 2);
        result = settle(netuid, 2);
        assertTrue(u32(result.incentive, 3) > u32(result.incentive, 4), "the new rows count");
    }

    function testWithholdingARevealCostsTheEpoch() public {
        play(1, good, good, good);
        warpTo(netuid, 2);
        for (uint256 i = 0; i < 3; ++i) {
            commit(netuid, i, 2, good);
        }
        warpToReveal(netuid, 2);
        reveal(netuid, 0, 2, good);
        reveal(netuid, 1, 2, good);
        warpToSettle(netuid, 2);
        IConsensus.Result memory result = settle(netuid, 2);
        assertEq(u32(result.dividends, 2), 0, "withheld");
        assertTrue(u32(result.dividends, 0) > 0, "revealed");
        warpTo(netuid, 3);
        warpToSettle(netuid, 3);
        assertTrue(u32(settle(netuid, 3).dividends, 2) > 0, "who commits nothing keeps the last row");
    }

    function testSilenceBeyondTheCutoffIsInactive() public {
        ISubnets.Parameters memory p = parametersOf(64, 16);
        p.activityCutoff = 2;
        netuid = createSubnet(p);
        registerMany(netuid, 0, 5);
        play(1, good, good, good);
        for (uint64 epoch = 2; epoch < 4; ++epoch) {
            warpTo(netuid, epoch);
            commit(netuid, 0, epoch, good);
            commit(netuid, 1, epoch, good);
            warpToReveal(netuid, epoch);
            reveal(netuid, 0, epoch, good);
            reveal(netuid, 1, epoch, good);
            warpToSettle(netuid, epoch);
            IConsensus.Result memory result = settle(netuid, epoch);
            assertEq(u32(result.dividends, 2) > 0 ? 1 : 0, epoch == 2 ? 1 : 0, "active for two epochs");
        }
    }

    function testLateRegistrationHasNoPartInTheEpoch() public {
        vote(1, good, good, good);
        register(netuid, 5); // after T of epoch 1
        warpToSettle(netuid, 1);
        assertEq(settle(netuid, 1).uids, 5, "not in epoch 1");
        // A row committed before uid 5 came never pays it, even if it names the slot.
        uint256[] memory early = rowOf(7, uids2(5, 6), 65_535);
        commit(netuid, 0, 2, early);
        commit(netuid, 1, 2, early);
        commit(netuid, 2, 2, early);
        vm.warp(block.timestamp + 1);
        register(netuid, 6);
        warpToReveal(netuid, 2);
        for (uint256 i = 0; i < 3; ++i) {
            reveal(netuid, i, 2, early);
        }
        warpToSettle(netuid, 2);
        IConsensus.Result memory result = settle(netuid, 2);
        assertEq(result.uids, 7, "both in epoch 2");
        assertTrue(u32(result.incentive, 5) > 0, "registered before the commit");
        assertEq(u32(result.incentive, 6), 0, "registered after the commit");
    }

    function testARowMayBeLongerThanTheEpoch() public {
        uint256[] memory long = new uint256[](2);
        (long[0], long[1]) = (good[0] | uint256(65_535) << 240, 65_535);
        for (uint256 i = 0; i < 3; ++i) {
            commit(netuid, i, 1, long);
        }
        warpToReveal(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NeuronUnknown.selector, netuid, 16));
        vm.prank(operatorOf(0));
        consensus.reveal(netuid, 1, 0, long, 0, SALT);
        registerMany(netuid, 5, 12); // uid 16 is the last
        for (uint256 i = 0; i < 3; ++i) {
            reveal(netuid, i, 1, long);
        }
        warpToSettle(netuid, 1);
        IConsensus.Result memory result = settle(netuid, 1);
        assertEq(result.uids, 5, "the epoch's");
        assertEq(u32(result.incentive, 3), 1 << 30, "cells of slots that came after the epoch count for nothing");
    }

    /// @notice Stake moved after S, or a take raised, changes nothing; nor does the moment inside the window.
    function testItDoesNotMatterWhenOrByWhom() public {
        vote(1, good, good, lazy);
        warpToSettle(netuid, 1);
        takeSnapshot(netuid, 1);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 1);
        uint256 fork = vm.snapshotState();
        consensus.settle(netuid, 1, taken, votes);
        bytes32 expected = payState();
        assertTrue(vm.revertToState(fork), "restored");

        stake(2, 50_000e18);
        uint64 node = nodeOf(0);
        vm.prank(ownerOf(0));
        vault.setTake(node, 1800);
        vm.warp(block.timestamp + 300);
        register(netuid, 9);
        commit(netuid, 0, 2, lazy);
        vm.prank(address(0x57A6E8));
        consensus.settle(netuid, 1, taken, votes);
        assertEq(payState(), expected, "same result");
    }

    function testPermitsLagByAnEpoch() public {
        play(1, good, good, good);
        stake(4, 100_000e18); // before S of epoch 3, after S of epoch 2
        warpTo(netuid, 2);
        vote(2, good, good, good);
        commit(netuid, 4, 3, good);
        warpToSettle(netuid, 2);
        assertEq(settle(netuid, 2).permits[0], 7, "stake at S of epoch 2");
        warpToSettle(netuid, 3);
        assertEq(settle(netuid, 3).permits[0], 23, "granted by epoch 3");
        uint16[] memory voters = consensus.voters(netuid);
        assertEq(voters.length, 4, "four voters next");
        assertEq(voters[3], 4, "the new one last");
    }

    /// @notice Bonds go with the permit: who gets it back starts with none, and the epoch still settles.
    function testALostPermitTakesTheBondsAlong() public {
        netuid = createSubnet(parametersOf(64, 1));
        registerMany(netuid, 0, 5);
        play(1, good, good, good);
        assertEq(permits(), 4, "of equal stakes the higher uid");
        stake(0, 1e18);
        play(3, good, good, good);
        play(4, good, good, good);
        assertEq(permits(), 1, "overtaken");
        assertEq(lastBonds[netuid].length, 1, "one holder's bonds");
        stake(2, 2e18);
        play(6, good, good, good);
        assertEq(permits(), 4, "back");
        assertEq(lastBonds[netuid][0], 0, "without bonds");
        assertTrue(u32(play(7, good, good, good).dividends, 2) > 0, "and voting again");
    }

    function testAnEmptySubnetSettles() public {
        uint16 empty = createSubnet();
        warpToSettle(empty, 0);
        assertEq(settle(empty, 0).uids, 0, "no slots");
        assertEq(emission.supplyOf(empty).carried, emission.supplyOf(empty).scheduled, "everything carries");
        assertEq(consensus.voters(empty).length, 0, "no voters");
    }

    function testStakeBelowTheThresholdDoesNotCount() public {
        ISubnets.Parameters memory p = parametersOf(8, 2);
        p.stakeThreshold = 1000e18 + 1;
        uint16 strict = createSubnet(p);
        registerMany(strict, 0, 3);
        stake(1, 1);
        warpTo(strict, 1);
        warpToReveal(strict, 1);
        consensus.snapshot(strict, 1);
        assertEq(consensus.snapshotOf(strict, 1).newPermits[0], 2, "only uid 1 reaches it");
    }
}
