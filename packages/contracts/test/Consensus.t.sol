// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {ConsensusFixture} from "./ConsensusFixture.sol";

/// @notice What is taken when: commitments, reveals, snapshots and settlements.
contract ConsensusTest is ConsensusFixture {
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
}
