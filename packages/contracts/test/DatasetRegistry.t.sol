// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICuratorBallots} from "../src/interfaces/ICuratorBallots.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {IDatasetRoyalties} from "../src/interfaces/IDatasetRoyalties.sol";
import {RecordLeaf} from "../src/libraries/DatasetLeaf.sol";
import {DatasetFixture} from "./DatasetFixture.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";

contract DatasetRegistryTest is DatasetFixture {
    function testCreateVoteAndProve() public {
        uint256 setId = create();
        assertEq(registry.ownerOf(setId), OWNER, "owner");
        assertEq(keccak256(bytes(registry.nameOf(setId))), keccak256("digits"), "name");
        assertTrue(!registry.isListed(setId), "nothing to list yet");
        vm.prank(STRANGER);
        uint256 ballotId = registry.proposeVersion(setId, versionOf(1, RECORDS, 0));
        voteBy(ballotId, 1, true);
        assertEq(registry.dataset(setId).versions, 0, "one of three is no majority");
        vm.prank(curator(1));
        registry.vote(ballotId, true);
        assertTrue(registry.isListed(setId), "listed");
        IDatasetRegistry.Version memory v = registry.version(setId, 1);
        assertEq(v.terms.root, nodesOf(1, RECORDS)[0], "root");
        assertEq(v.edition, 1, "edition");
        for (uint256 i = 0; i < RECORDS; ++i) {
            bytes32[] memory proof = MerkleBuilder.proofOf(nodesOf(1, RECORDS), i);
            assertTrue(registry.isRecord(setId, 1, recordOf(1, i), proof), "every record proves");
            assertTrue(!registry.isRecord(setId, 1, recordOf(2, i), proof), "no other does");
        }
    }

    function testVersionsFollowTheNewest() public {
        uint256 setId = createWithVersion();
        vm.prank(OWNER);
        uint256 late = registry.proposeVersion(setId, versionOf(2, RECORDS, 1));
        include(setId, versionOf(3, 20, 1));
        vm.prank(curator(0));
        registry.vote(late, true);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.VersionOutdated.selector, setId, 1, 2));
        vm.prank(curator(1));
        registry.vote(late, true);
        vm.warp(block.timestamp + VOTE_PERIOD);
        registry.lapse(late);
        assertEq(uint256(registry.ballot(late).outcome), uint256(ICuratorBallots.Outcome.Lapsed), "lapsed");
        IDatasetRegistry.VersionTerms memory version = versionOf(2, RECORDS, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.VersionOutdated.selector, setId, 1, 2));
        registry.proposeVersion(setId, version);
        (version.parent, version.root) = (2, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.VersionInvalid.selector, bytes32("root")));
        registry.proposeVersion(setId, version);
    }

    function testUpheldFlagPaysBondAndRewardAndIsAnswered() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 10e18);
        uint256 ballotId = flagSome(setId, 1, 3, 2);
        assertEq(registry.dataset(setId).reserve, 8e18, "promised");
        assertEq(registry.flagOf(ballotId).bond, 2 * BOND, "bond");
        voteBy(ballotId, 2, true);
        assertEq(registry.creditOf(FLAGGER), 2 * BOND + 2 * REWARD, "bond and reward");
        assertTrue(registry.isListed(setId), "time to correct");
        vm.warp(block.timestamp + CORRECTION_PERIOD);
        assertTrue(registry.isListed(setId), "until the last second");
        assertEq(correctTo(setId, 2, 1), 2, "corrected");
        vm.warp(block.timestamp + 30 days);
        assertTrue(registry.isListed(setId), "answered");
        assertEq(registry.version(setId, 2).edition, 1, "of the same edition");
        registry.withdraw(FLAGGER);
        assertEq(token.balanceOf(FLAGGER), 2 * BOND + 2 * REWARD, "paid");
    }

    function testFlagThatNobodyAnswersDelistsByItself() public {
        uint256 setId = createWithVersion();
        upholdSome(setId, 1, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.NotOverdue.selector, setId));
        registry.delistOverdue(setId);
        vm.warp(block.timestamp + CORRECTION_PERIOD + 1);
        assertTrue(!registry.isListed(setId), "delisted by the clock");
        fund(BUYER, PRICE);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.NotListed.selector, setId));
        vm.prank(BUYER);
        registry.order(setId, PRICE);
        correctTo(setId, 2, 1);
        assertTrue(!registry.isListed(setId), "late is late");
        vm.prank(DAO);
        registry.setListed(setId, true);
        assertTrue(registry.isListed(setId), "listed by a vote");
    }

    function testFlagsAreAnsweredInTheirOrder() public {
        uint256 setId = createWithVersion();
        upholdSome(setId, 1, 0, 1);
        vm.warp(block.timestamp + 2 days);
        upholdSome(setId, 1, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.AnswersOutOfBounds.selector, setId, 3, 0, 2));
        vm.prank(OWNER);
        registry.correct(setId, versionOf(2, RECORDS, 1), 3);
        correctTo(setId, 2, 1);
        vm.warp(block.timestamp + 6 days);
        assertTrue(registry.isListed(setId), "the first is answered, the second has a day left");
        vm.warp(block.timestamp + 1 days + 1);
        assertTrue(!registry.isListed(setId), "the second is overdue");
        registry.delistOverdue(setId);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.StillFlagged.selector, setId, 1, 2));
        vm.prank(DAO);
        registry.setListed(setId, true);
    }

    function testRefusedFlagPaysTheOwner() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 5e18);
        uint256 ballotId = flagSome(setId, 1, 0, 1);
        voteBy(ballotId, 2, false);
        assertEq(registry.creditOf(OWNER), BOND, "the bond is the owner's");
        assertEq(registry.dataset(setId).reserve, 5e18, "the reward is free again");
        flagSome(setId, 1, 0, 1);
    }

    function testUndecidedFlagCostsNothing() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 5e18);
        uint256 ballotId = flagSome(setId, 1, 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICuratorBallots.BallotRunning.selector, ballotId, block.timestamp + VOTE_PERIOD)
        );
        registry.lapse(ballotId);
        vm.warp(block.timestamp + VOTE_PERIOD);
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.BallotEnded.selector, ballotId, block.timestamp));
        vm.prank(curator(0));
        registry.vote(ballotId, true);
        registry.lapse(ballotId);
        assertEq(registry.creditOf(FLAGGER), BOND, "bond back");
        assertEq(registry.dataset(setId).reserve, 5e18, "reserve whole");
    }

    function testOrdersOpenEditionsAndTheirCorrections() public {
        uint256 setId = createWithVersion();
        assertTrue(!registry.hasAccess(setId, 1, BUYER), "not yet");
        orderAs(BUYER, setId);
        assertTrue(registry.hasAccess(setId, 1, BUYER), "the edition");
        upholdSome(setId, 1, 0, 1);
        correctTo(setId, 2, 1);
        assertTrue(registry.hasAccess(setId, 2, BUYER), "its correction");
        include(setId, versionOf(3, 20, 2));
        assertTrue(!registry.hasAccess(setId, 3, BUYER), "not the next edition");
        assertTrue(registry.hasAccess(setId, 3, OWNER), "the owner has all");
        vm.prank(OWNER);
        registry.setPrice(setId, PRICE + 1);
        fund(BUYER, PRICE + 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.PriceExceeded.selector, PRICE + 1, PRICE));
        vm.prank(BUYER);
        registry.order(setId, PRICE);
    }

    function testRoyaltiesAreClaimedWithProof() public {
        uint256 setId = createWithVersion();
        orderAs(BUYER, setId);
        assertEq(registry.creditOf(OWNER), PRICE * 3 / 10, "the owner's part");
        uint256 pool = PRICE * 7 / 10;
        bytes32[] memory proof = MerkleBuilder.proofOf(shareNodesOf(RECORDS), 0);
        uint256 amount = registry.claimRoyalty(setId, 1, contributor(0), 6, proof);
        assertEq(amount, pool * 6 / 16, "six of sixteen records");
        assertEq(registry.claimRoyalty(setId, 1, contributor(0), 6, proof), 0, "once");
        fund(STRANGER, 10e18);
        vm.prank(STRANGER);
        registry.payRoyalty(setId, 1, 10e18);
        assertEq(registry.claimRoyalty(setId, 1, contributor(0), 6, proof), 7e18 * 6 / uint256(16), "what came since");
        vm.expectRevert(abi.encodeWithSelector(IDatasetRoyalties.ShareNotProven.selector, setId, 1, contributor(0), 7));
        registry.claimRoyalty(setId, 1, contributor(0), 7, proof);
        vm.expectRevert(
            abi.encodeWithSelector(IDatasetRoyalties.NotYetUnclaimed.selector, setId, 1, block.timestamp + 365 days)
        );
        registry.sweepRoyalty(setId, 1);
        vm.warp(block.timestamp + 365 days);
        uint256 left = registry.sweepRoyalty(setId, 1);
        registry.withdraw(OWNER);
        registry.withdraw(contributor(0));
        assertEq(token.balanceOf(address(registry)), 0, "nothing is stuck");
        assertTrue(left > 0, "what nobody claimed");
        fund(STRANGER, 10e18);
        vm.prank(STRANGER);
        registry.payRoyalty(setId, 1, 10e18);
        assertEq(registry.claimRoyalty(setId, 1, contributor(0), 6, proof), 7e18 * 6 / uint256(16), "a new round");
    }

    function testFuzzRoyaltiesNeverExceedWhatWasPaid(uint128 a, uint128 b, uint256 order) public {
        uint256 setId = createWithVersion();
        (a, b) = (uint128(bound(a, 0, 1000e18)), uint128(bound(b, 0, 1000e18)));
        fund(STRANGER, uint256(a) + b);
        vm.prank(STRANGER);
        registry.payRoyalty(setId, 1, a);
        bytes32[] memory nodes = shareNodesOf(RECORDS);
        for (uint256 i = 0; i < 6; ++i) {
            uint256 who = (order >> (8 * i)) % 3;
            registry.claimRoyalty(setId, 1, contributor(who), sharesOf(RECORDS, who), MerkleBuilder.proofOf(nodes, who));
            if (i == 2) {
                vm.prank(STRANGER);
                registry.payRoyalty(setId, 1, b);
            }
        }
        IDatasetRoyalties.Pool memory pool = registry.poolOf(setId, 1);
        assertLe(pool.claimed, pool.paid, "claimed");
        uint256 credits = registry.creditOf(OWNER);
        for (uint256 i = 0; i < 3; ++i) {
            credits += registry.creditOf(contributor(i));
        }
        assertEq(credits + pool.paid - pool.claimed, uint256(a) + b, "to the wei");
        assertEq(token.balanceOf(address(registry)), uint256(a) + b, "held");
    }

    function testCuratorsAreBoundedAndDistinct() public {
        address[] memory list = curators(16);
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.CuratorsOutOfBounds.selector, 16, 15));
        registry.create("digits", terms(), list);
        list = curators(2);
        list[1] = list[0];
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.CuratorInvalid.selector, list[0]));
        registry.create("digits", terms(), list);
        IDatasetRegistry.SetTerms memory t = terms();
        t.contributorsBps = 10_001;
        vm.expectRevert(
            abi.encodeWithSelector(
                IDatasetRegistry.TermsOutOfBounds.selector, bytes32("contributorsBps"), 10_001, 10_000
            )
        );
        registry.create("digits", t, curators(1));
        uint256 setId = create();
        vm.prank(DAO);
        registry.setCurators(setId, curators(1));
        (, uint32 roster) = registry.curatorsOf(setId);
        assertEq(roster, 2, "the DAO may appoint");
    }

    function testUnknownAndDecidedThingsAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.DatasetUnknown.selector, 1));
        registry.dataset(1);
        vm.expectRevert(abi.encodeWithSelector(ICuratorBallots.BallotUnknown.selector, 1));
        registry.vote(1, true);
        uint256 setId = createWithVersion();
        vm.expectRevert(
            abi.encodeWithSelector(ICuratorBallots.BallotDecided.selector, 1, ICuratorBallots.Outcome.Accepted)
        );
        vm.prank(curator(2));
        registry.vote(1, true);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRoyalties.NothingToWithdraw.selector, STRANGER));
        registry.withdraw(STRANGER);
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(1, 0, 2);
        bytes32[][] memory fewer = new bytes32[][](1);
        fewer[0] = proofs[0];
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.FlagRecordsOutOfBounds.selector, 2, 1, 64));
        registry.flag(setId, 1, records, fewer, REASON, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.FlagRecordsOutOfBounds.selector, 0, 0, 64));
        registry.flag(setId, 1, new RecordLeaf[](0), new bytes32[][](0), REASON, 1, 0);
    }

    function testReserveIsTheOwnersUnlessPromised() public {
        uint256 setId = createWithVersion();
        fundReserve(setId, 5e18);
        flagSome(setId, 1, 0, 2);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.ReserveTooSmall.selector, setId, 3e18, 4e18));
        vm.prank(OWNER);
        registry.releaseReserve(setId, 4e18);
        vm.prank(OWNER);
        registry.releaseReserve(setId, 3e18);
        assertEq(registry.creditOf(OWNER), 3e18, "released");
    }

    /// forge-config: default.fuzz.runs = 32
    function testFuzzOnlyRecordsOfTheVersionAreFlagged(uint256 salt, uint256 place, uint256 bit) public {
        uint256 setId = createWithVersion();
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(1, place % RECORDS, 1);
        fund(FLAGGER, BOND);
        if (salt % 2 == 0) records[0].sourceDigest ^= bytes32(1 << (bit % 256));
        else proofs[0][salt % 4] ^= bytes32(1 << (bit % 256));
        vm.expectPartialRevert(IDatasetRegistry.RecordNotProven.selector);
        vm.prank(FLAGGER);
        registry.flag(setId, 1, records, proofs, REASON, 1, 0);
    }
}
