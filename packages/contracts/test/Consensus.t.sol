// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice Uids 0, 1 and 2 hold the stake and vote, the others mine.
contract ConsensusTest is Network {
    uint16 private netuid;
    uint256[] private good; // miners 3 and 4 alike
    uint256[] private lazy; // miner 3 only

    function setUp() public override {
        super.setUp();
        netuid = createSubnet();
        registerMany(netuid, 0, 5);
        good = rowOf(5, uids2(3, 4), 65_535);
        lazy = rowOf(5, uids2(3, 3), 65_535);
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
    }

    function testCommitBelongsToTheRunningEpoch() public {
        assertEq(subnets.currentEpoch(netuid), 1, "epoch");
        vm.startPrank(operatorOf(0));
        vm.expectRevert(abi.encodeWithSelector(IConsensus.NotCurrentEpoch.selector, 2, 1));
        consensus.commit(netuid, 2, SALT);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.NotCurrentEpoch.selector, 0, 1));
        consensus.commit(netuid, 0, SALT);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.CommitmentZero.selector));
        consensus.commit(netuid, 1, 0);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, address(this)));
        consensus.commit(netuid, 1, SALT);
    }

    function testRevealWindow() public {
        (, uint48 end, uint48 revealEnd, uint48 settleEnd) = subnets.windows(netuid, 1);
        assertEq(settleEnd, end + 600, "settle end");
        commit(netuid, 0, 1, good);
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.TooEarly.selector, end));
        vm.prank(operatorOf(0));
        consensus.reveal(netuid, 1, 0, good, 0, SALT);
        vm.warp(revealEnd);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RevealClosed.selector, 1, revealEnd));
        vm.prank(operatorOf(0));
        consensus.reveal(netuid, 1, 0, good, 0, SALT);
    }

    function testRevealMustMatch() public {
        uint256 committedAt = block.timestamp;
        commit(netuid, 0, 1, lazy);
        commit(netuid, 0, 1, good); // replaces
        warpToReveal(netuid, 1);
        vm.startPrank(operatorOf(0));
        bytes32 computed = consensus.commitmentOf(netuid, 1, 1, GENESIS_TIME, 0, lazy, 0, SALT);
        bytes32 committed = consensus.commitmentOf(netuid, 1, 1, GENESIS_TIME, 0, good, 0, SALT);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.CommitmentMismatch.selector, 0, computed, committed));
        consensus.reveal(netuid, 1, 0, lazy, 0, SALT);
        vm.expectRevert();
        consensus.reveal(netuid, 1, 1, good, 0, SALT); // another version
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RowTooLong.selector, 5, 4));
        consensus.reveal(netuid, 1, 0, new uint256[](5), 0, SALT);
        consensus.reveal(netuid, 1, 0, good, 0, SALT);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.AlreadyRevealed.selector, 0, 1));
        consensus.reveal(netuid, 1, 0, good, 0, SALT);
        vm.stopPrank();
        vm.prank(operatorOf(1)); // somebody else's commitment is of no use
        vm.expectRevert(abi.encodeWithSelector(IConsensus.CommitmentMissing.selector, 1, 1));
        consensus.reveal(netuid, 1, 0, good, 0, SALT);

        IConsensus.VoterState memory state = consensus.voterState(netuid, 0);
        assertEq(state.rowHash, keccak256(abi.encodePacked(committedAt, good[0])), "row hash");
        assertEq(state.lastUpdate, committedAt, "last update is the commit");
        assertTrue(state.commitments[1].revealed, "revealed");
        assertEq(consensus.voterStates(netuid, 3, 9).length, 2, "page");
    }

    function testCommitmentNamesEverything() public view {
        bytes32 expected = keccak256(
            abi.encode(
                block.chainid, address(consensus), uint256(netuid), 7, 8, 9, 10, good, bytes32(uint256(11)), SALT
            )
        );
        assertEq(consensus.commitmentOf(netuid, 7, 8, 9, 10, good, bytes32(uint256(11)), SALT), expected, "formula");
    }

    function testSnapshotOnceInItsWindow() public {
        (, uint48 end,,) = subnets.windows(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.TooEarly.selector, end));
        consensus.snapshot(netuid, 1);
        (, uint48 later,,) = subnets.windows(netuid, 9);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.TooEarly.selector, later));
        consensus.snapshot(netuid, 9);
        vm.warp(end);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.Void.selector, 0));
        consensus.snapshot(netuid, 0);
        consensus.snapshot(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.AlreadySnapshotted.selector, 1));
        consensus.snapshot(netuid, 1);
        (uint64 epoch, bytes32 hash) = consensus.lastSnapshot(netuid);
        IConsensus.Snapshot memory taken = consensus.snapshotOf(netuid, 1);
        assertEq(epoch, 1, "epoch");
        assertEq(hash, keccak256(abi.encode(taken)), "hash");
        assertEq(taken.uids, 5, "slots");
        assertEq(taken.newPermits[0], 7, "permits");
        assertEq(taken.stakes[0] & type(uint32).max, uint256(type(uint32).max / 2) / 3, "quantised third");
    }

    /// @dev Even when the owner changes all of them before the epoch is settled.
    function testTheSnapshotHasTheTermsOfItsEpoch() public {
        (, uint48 end,,) = subnets.windows(netuid, 1);
        ISubnets.Parameters memory p = subnets.parametersAt(netuid, 1);
        vm.warp(end - 1);
        ISubnets.Parameters memory changed = subnets.parametersAt(netuid, 1);
        (changed.epochLength, changed.revealWindow, changed.activityCutoff) = (2 * p.epochLength, 1, 3);
        (changed.kappa, changed.bondsPenalty, changed.bondsAlpha) = (40_000, 1, 10_000);
        (changed.liquidAlpha, changed.alphaLow, changed.alphaHigh, changed.alphaSteepness) = (true, 2000, 3000, 40);
        (changed.ownerCut, changed.minersCut, changed.validatorsCut) = (1000, 5000, 4000);
        address owner = subnets.ownerOf(netuid);
        vm.prank(owner);
        subnets.setParameters(netuid, changed);
        vm.warp(end);
        (, uint48 ends, uint48 revealEnd, uint48 settleEnd) = subnets.windows(netuid, 1);
        IConsensus.Terms memory expected = IConsensus.Terms({
            end: ends,
            revealEnd: revealEnd,
            settleEnd: settleEnd,
            activityCutoff: uint64(p.activityCutoff) * p.epochLength,
            kappa: p.kappa,
            bondsAlpha: p.bondsAlpha,
            bondsPenalty: p.bondsPenalty,
            liquidAlpha: p.liquidAlpha,
            alphaLow: p.alphaLow,
            alphaHigh: p.alphaHigh,
            alphaSteepness: p.alphaSteepness,
            ownerCut: p.ownerCut,
            minersCut: p.minersCut,
            validatorsCut: p.validatorsCut
        });
        IConsensus.Snapshot memory taken = consensus.snapshotOf(netuid, 1);
        assertEq(keccak256(abi.encode(taken.terms)), keccak256(abi.encode(expected)), "terms");
    }

    function testSettleWindow() public {
        vote(1, good, good, good);
        takeSnapshot(netuid, 1);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 1);
        (,, uint48 revealEnd, uint48 settleEnd) = subnets.windows(netuid, 1);
        vm.warp(revealEnd - 1);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.TooEarly.selector, revealEnd));
        consensus.settle(netuid, 1, taken, votes);
        vm.warp(settleEnd);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.Void.selector, 1));
        consensus.settle(netuid, 1, taken, votes);
        vm.warp(settleEnd - 1);
        vm.prank(address(0x57A6E8)); // anybody settles
        consensus.settle(netuid, 1, taken, votes);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.AlreadySettled.selector, 1));
        consensus.settle(netuid, 1, taken, votes);
        assertEq(consensus.lastSettled(netuid).epoch, 1, "settled");
        assertEq(permits(), 7, "permits");
    }

    function testRowsAndBondsMustBeTheStoredOnes() public {
        vote(1, good, good, good);
        warpToSettle(netuid, 1);
        takeSnapshot(netuid, 1);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 1);
        votes.rows[1] = lazy[0];
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RowMismatch.selector, 1));
        consensus.settle(netuid, 1, taken, votes);
        votes.rows[1] = 0; // data withheld by the settler
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RowMismatch.selector, 1));
        consensus.settle(netuid, 1, taken, votes);
        votes.committedAt[1] = 0;
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RowMismatch.selector, 1));
        consensus.settle(netuid, 1, taken, votes);
        (taken, votes) = settlement(netuid, 1);
        --votes.committedAt[1]; // another time of commitment
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RowMismatch.selector, 1));
        consensus.settle(netuid, 1, taken, votes);
        (taken, votes) = settlement(netuid, 1);
        votes.bonds = good;
        bytes32 bonds = keccak256(abi.encodePacked(good));
        vm.expectRevert(abi.encodeWithSelector(IConsensus.BondsMismatch.selector, bonds, keccak256("")));
        consensus.settle(netuid, 1, taken, votes);
        (taken, votes) = settlement(netuid, 1);
        ++taken.stakes[0];
        bytes32 other = keccak256(abi.encode(taken));
        --taken.stakes[0];
        bytes32 stored = keccak256(abi.encode(taken));
        ++taken.stakes[0];
        vm.expectRevert(abi.encodeWithSelector(IConsensus.SnapshotMismatch.selector, other, stored));
        consensus.settle(netuid, 1, taken, votes);
        (taken, votes) = settlement(netuid, 1);
        votes.committedAt = new uint256[](2);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.RowMismatch.selector, 0));
        consensus.settle(netuid, 1, taken, votes);
        settle(netuid, 1);
    }

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

    function vote(uint64 epoch, uint256[] memory a, uint256[] memory b, uint256[] memory c) private {
        commit(netuid, 0, epoch, a);
        commit(netuid, 1, epoch, b);
        commit(netuid, 2, epoch, c);
        warpToReveal(netuid, epoch);
        reveal(netuid, 0, epoch, a);
        reveal(netuid, 1, epoch, b);
        reveal(netuid, 2, epoch, c);
    }

    function play(uint64 epoch, uint256[] memory a, uint256[] memory b, uint256[] memory c)
        private
        returns (IConsensus.Result memory)
    {
        if (subnets.currentEpoch(netuid) != epoch) warpTo(netuid, epoch);
        vote(epoch, a, b, c);
        warpToSettle(netuid, epoch);
        return settle(netuid, epoch);
    }

    function permits() private view returns (uint256) {
        return consensus.lastSettled(netuid).permits[0];
    }

    function cell(uint256[] memory row, uint256 uid) private pure returns (uint16) {
        return uint16(row[uid / 16] >> (16 * (uid % 16)));
    }

    function payState() private view returns (bytes32) {
        uint256[] memory owed = new uint256[](10);
        for (uint256 i = 0; i < 5; ++i) {
            owed[i] = emission.claimable(netuid, nodeOf(i));
            owed[5 + i] = emission.poolAccrued(nodeOf(i));
        }
        return keccak256(abi.encode(owed, consensus.lastSettled(netuid).bondsHash, permits()));
    }

    function checkSupply() private view {
        IEmission.Supply memory s = emission.supply();
        assertEq(s.scheduled, s.minted + s.notMinted + s.carried, "scheduled");
        assertEq(s.minted, s.claimable + s.claimed + s.pooled + s.bounties, "minted");
    }
}
