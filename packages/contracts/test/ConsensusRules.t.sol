// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice What rows a subnet takes, and what a settlement must hand in.
contract ConsensusRulesTest is Network {
    uint16 private netuid;

    function testRowsKeepToTheSubnetsLimits() public {
        ISubnets.Parameters memory p = parametersOf(64, 16);
        (p.minWeights, p.maxWeightRatio, p.weightsVersion) = (2, 40_000, 3);
        netuid = createSubnet(p);
        registerMany(netuid, 0, 5);
        warpTo(netuid, 1);
        uint256[] memory even = rowOf(5, uids2(3, 4), 65_535);
        commitAs(0, 1, 3, even);
        uint256[] memory none = new uint256[](0);
        commitAs(1, 1, 3, none);
        warpToReveal(netuid, 1);

        expectRefusal(abi.encodeWithSelector(IConsensus.VersionTooOld.selector, 2, 3), 2, even);
        uint256[] memory single = rowOf(5, uids2(3, 3), 65_535);
        expectRefusal(abi.encodeWithSelector(IConsensus.TooFewWeights.selector, 1, 2), 3, single);
        uint256[] memory lopsided = rowOf(5, uids2(3, 4), 65_535);
        lopsided[0] ^= uint256(65_535 ^ 1000) << 64; // uid 4
        expectRefusal(abi.encodeWithSelector(IConsensus.WeightTooLarge.selector, 65_535, 66_535, 40_000), 3, lopsided);
        revealAs(0, 1, 3, even);
        revealAs(1, 1, 3, none); // a vote for nobody is a vote
    }

    /// @notice Weights that count for nothing cannot make up for those that a row lacks.
    function testLimitsLookAtRealWeightsOnly() public {
        ISubnets.Parameters memory p = parametersOf(64, 16);
        (p.minWeights, p.maxWeightRatio) = (2, 40_000);
        netuid = createSubnet(p);
        registerMany(netuid, 0, 5);
        warpTo(netuid, 1);
        uint256[] memory padded = rowOf(11, uids2(3, 10), 65_535);
        commitAs(0, 1, 0, padded);
        uint256[] memory selfish = rowOf(5, uids2(1, 3), 65_535);
        commitAs(1, 1, 0, selfish);
        warpToReveal(netuid, 1);
        expectRefusal(abi.encodeWithSelector(ISubnets.NeuronUnknown.selector, netuid, 10), 0, padded);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.TooFewWeights.selector, 1, 2));
        revealAs(1, 1, 0, selfish);
    }

    function testASettlementHandsInItsSnapshotAndEveryVoter() public {
        netuid = createSubnet();
        registerMany(netuid, 0, 5);
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
        warpToSettle(netuid, 1);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.SnapshotMissing.selector, 1));
        consensus.settle(netuid, 1, taken, votes);

        takeSnapshot(netuid, 1);
        votes.committedAt = new uint256[](4);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.VoterCountMismatch.selector, 4, 3));
        consensus.settle(netuid, 1, taken, votes);
        votes.committedAt = new uint256[](2);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.VoterCountMismatch.selector, 2, 3));
        consensus.settle(netuid, 1, taken, votes);
    }

    function testManyVotersNeedAClaim() public {
        netuid = createSubnet(parametersOf(64, 17));
        registerMany(netuid, 0, 17);
        for (uint256 i = 0; i < 17; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
        warpToSettle(netuid, 1);
        takeSnapshot(netuid, 1);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(IConsensus.ClaimRequired.selector, 17, 16));
        consensus.settle(netuid, 1, taken, votes);
        votes.claim = new uint256[](3); // nobody voted
        consensus.settle(netuid, 1, taken, votes);
    }

    function expectRefusal(bytes memory reason, uint256 version, uint256[] memory row) private {
        vm.expectRevert(reason);
        vm.prank(operatorOf(0));
        consensus.reveal(netuid, 1, version, row, 0, SALT);
    }

    function commitAs(uint256 i, uint64 epoch, uint256 version, uint256[] memory row) private {
        ISubnets.Slot memory slot = subnets.slotOf(netuid, operatorOf(i));
        bytes32 commitment =
            consensus.commitmentOf(netuid, epoch, slot.nodeId, slot.registeredAt, version, row, 0, SALT);
        vm.prank(operatorOf(i));
        consensus.commit(netuid, epoch, commitment);
    }

    function revealAs(uint256 i, uint64 epoch, uint256 version, uint256[] memory row) private {
        vm.prank(operatorOf(i));
        consensus.reveal(netuid, epoch, version, row, 0, SALT);
    }
}
