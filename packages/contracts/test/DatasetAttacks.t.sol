// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ICuratorBallots} from "../src/interfaces/ICuratorBallots.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {IDatasetRoyalties} from "../src/interfaces/IDatasetRoyalties.sol";
import {DatasetLeaf, RecordLeaf} from "../src/libraries/DatasetLeaf.sol";
import {DatasetFixture} from "./DatasetFixture.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";

contract DatasetAttacks is DatasetFixture {
    /// @notice The owner "corrects" by adding a version that still has the condemned record.
    function testFalseAnswerIsProvenAndDelists() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 20e18);
        upholdSome(setId, 1, 5, 1);
        bytes32[] memory proof = MerkleBuilder.proofOf(nodesOf(1, RECORDS), 5);
        vm.expectPartialRevert(IDatasetRegistry.NotCondemned.selector);
        registry.proveUncorrected(setId, recordOf(1, 5), proof);
        correctTo(setId, 1, 1);
        vm.expectPartialRevert(IDatasetRegistry.NotCondemned.selector);
        registry.proveUncorrected(setId, recordOf(1, 6), proof);
        vm.prank(STRANGER);
        registry.proveUncorrected(setId, recordOf(1, 5), proof);
        assertTrue(!registry.isListed(setId), "delisted");
        assertEq(registry.creditOf(STRANGER), 19e18, "what was left of the reserve");
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.NotListed.selector, setId));
        registry.proveUncorrected(setId, recordOf(1, 5), proof);
    }

    /// @notice A condemned record that a later edition brings back.
    function testCondemnedRecordStaysCondemned() public {
        uint256 setId = createWithVersion();
        upholdSome(setId, 1, 5, 1);
        correctTo(setId, 2, 1);
        vm.expectPartialRevert(IDatasetRegistry.RecordNotProven.selector);
        registry.proveUncorrected(setId, recordOf(1, 5), MerkleBuilder.proofOf(nodesOf(1, RECORDS), 5));
        include(setId, versionOf(1, RECORDS, 2));
        registry.proveUncorrected(setId, recordOf(1, 5), MerkleBuilder.proofOf(nodesOf(1, RECORDS), 5));
        assertTrue(!registry.isListed(setId), "delisted");
    }

    /// @notice A correction is no way around the curators' vote on new records.
    function testCorrectionCannotGrowAndNeedsAFlag() public {
        uint256 setId = createWithVersion();
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.AnswersOutOfBounds.selector, setId, 1, 0, 0));
        correctAs(OWNER, setId, RECORDS, 1);
        upholdSome(setId, 1, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.CorrectionGrows.selector, setId, 17, 16));
        correctAs(OWNER, setId, 17, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.NotDatasetOwner.selector, setId, STRANGER));
        correctAs(STRANGER, setId, 15, 1);
        correctAs(OWNER, setId, 15, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.VersionOutdated.selector, setId, 1, 2));
        correctAs(OWNER, setId, 15, 1);
    }

    /// @notice One wrong record is paid for once, however often it is flagged.
    function testOneRecordEarnsOneReward() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 20e18);
        uint256 open = flagSome(setId, 1, 2, 1);
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(1, 2, 1);
        fund(FLAGGER, 10 * BOND);
        bytes memory taken =
            abi.encodeWithSelector(IDatasetRegistry.AlreadyFlagged.selector, DatasetLeaf.leafOf(records[0]), open);
        vm.expectRevert(taken);
        flagAs(setId, records, proofs, 1, 0);
        voteBy(open, 2, true);
        vm.expectRevert(taken);
        flagAs(setId, records, proofs, 1, 0);
        RecordLeaf[] memory twice = new RecordLeaf[](2);
        (twice[0], twice[1]) = (recordOf(1, 7), recordOf(1, 7));
        bytes32[][] memory same = new bytes32[][](2);
        same[0] = MerkleBuilder.proofOf(nodesOf(1, RECORDS), 7);
        same[1] = same[0];
        vm.expectPartialRevert(IDatasetRegistry.AlreadyFlagged.selector);
        flagAs(setId, twice, same, 1, 0);
    }

    /// @notice The owner appoints puppets when a flag is about to arrive, or after it arrived.
    function testPuppetCuratorsJudgeNoFlagMadeForOthers() public {
        uint256 setId = createWithVersion();
        uint256 ballotId = flagSome(setId, 1, 0, 1);
        address[] memory puppets = new address[](1);
        puppets[0] = STRANGER;
        vm.prank(OWNER);
        registry.setCurators(setId, puppets);
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.NotCurator.selector, setId, 1, STRANGER));
        vm.prank(STRANGER);
        registry.vote(ballotId, false);
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(1, 1, 1);
        fund(FLAGGER, BOND);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.RosterChanged.selector, setId, 1, 2));
        flagAs(setId, records, proofs, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        vm.prank(STRANGER);
        registry.setCurators(setId, puppets);
    }

    /// @notice The owner takes the reserve away before a flag arrives.
    function testFlaggerNamesTheLeastReward() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 1e18);
        vm.prank(OWNER);
        registry.releaseReserve(setId, 1e18);
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(1, 1, 1);
        fund(FLAGGER, BOND);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.RewardTooLow.selector, setId, 0, REWARD));
        flagAs(setId, records, proofs, 1, REWARD);
    }

    /// @notice A curator cannot vote its own flag through, nor vote twice.
    function testCuratorsDoNotJudgeThemselves() public {
        uint256 setId = createWithVersion();
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(1, 1, 1);
        fund(curator(0), BOND);
        vm.prank(curator(0));
        uint256 ballotId = registry.flag(setId, 1, records, proofs, REASON, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.OwnFlag.selector, ballotId, curator(0)));
        vm.prank(curator(0));
        registry.vote(ballotId, true);
        vm.prank(curator(1));
        registry.vote(ballotId, true);
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.AlreadyVoted.selector, ballotId, curator(1)));
        vm.prank(curator(1));
        registry.vote(ballotId, true);
    }

    /// @notice An inner node, or a contributor's leaf, does not pass for a record.
    function testInnerNodeIsNoRecord() public {
        uint256 setId = createWithVersion();
        bytes32[] memory nodes = nodesOf(1, RECORDS);
        RecordLeaf memory forged = RecordLeaf(nodes[3], nodes[4], bytes32(0), address(0));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = nodes[2];
        assertTrue(!registry.isRecord(setId, 1, forged, proof), "no record");
    }

    /// @notice A version whose contributors' tree lies pays no wei that was not paid for it.
    function testLyingSharesCannotOverdraw() public {
        uint256 setId = create();
        IDatasetRegistry.VersionTerms memory version = versionOf(1, RECORDS, 0);
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = DatasetLeaf.contributorLeafOf(STRANGER, 10);
        leaves[1] = DatasetLeaf.contributorLeafOf(BUYER, 10);
        bytes32[] memory nodes = MerkleBuilder.treeOf(leaves);
        version.contributorsRoot = nodes[0];
        include(setId, version);
        orderAs(BUYER, setId);
        registry.claimRoyalty(setId, 1, STRANGER, 10, MerkleBuilder.proofOf(nodes, 0));
        vm.expectRevert(abi.encodeWithSelector(IDatasetRoyalties.SharesExceedRecords.selector, setId, 1, 16));
        registry.claimRoyalty(setId, 1, BUYER, 10, MerkleBuilder.proofOf(nodes, 1));
    }

    /// @notice Only what governance may do is closed to everybody else.
    function testGovernedFunctions() public {
        uint256 setId = createWithVersion();
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, OWNER));
        vm.prank(OWNER);
        registry.setListed(setId, false);
        vm.prank(DAO);
        registry.setListed(setId, false);
        assertTrue(!registry.isListed(setId), "delisted by a vote");
    }

    function flagAs(
        uint256 setId,
        RecordLeaf[] memory records,
        bytes32[][] memory proofs,
        uint32 roster,
        uint128 minReward
    ) private {
        vm.prank(FLAGGER);
        registry.flag(setId, 1, records, proofs, REASON, roster, minReward);
    }

    function correctAs(address account, uint256 setId, uint256 count, uint64 upTo) private {
        vm.prank(account);
        registry.correct(setId, versionOf(9, count, 1), upTo);
    }
}
