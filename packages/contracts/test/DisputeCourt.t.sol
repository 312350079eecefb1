// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DisputeCourt} from "../src/DisputeCourt.sol";
import {IDisputeCourt} from "../src/interfaces/IDisputeCourt.sol";
import {IGoverned} from "../src/interfaces/IGoverned.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {Evidence} from "../src/libraries/Evidence.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @notice From the evidence to the slash.
contract DisputeCourtTest is CourtFixture {
    function testTwoAnswersAreSlashedAfterTheWait() public {
        uint64 nodeId = nodeOf(GUILTY);
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        uint48 faultAt = uint48(block.timestamp + 30 - 10 minutes);
        vm.expectEmit(true, true, true, true);
        emit IDisputeCourt.Accused(
            1, nodeId, CHALLENGER, digestOf(r), IDisputeCourt.Fault.TwoAnswers, faultAt, SLASH_BPS
        );
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.Held(nodeId, uint48(block.timestamp), 1);
        uint256 id = accuseWith(r, signedBy(GUILTY, receiptOf(r, "one")), signedBy(GUILTY, receiptOf(r, "two")));
        assertEq(token.balanceOf(address(court)), BOND, "the bond");
        assertEq(vault.heldSince(nodeId), block.timestamp, "held");
        assertEq(court.accusationOf(digestOf(r)), id, "known by its request");

        vm.warp(court.executableAt(id) - 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputeCourt.TooEarlyToExecute.selector, id, court.executableAt(id)));
        court.execute(id);
        warpToExecution(id);
        uint256 supply = token.totalSupply();
        (uint256 burned, uint256 reward) = court.execute(id);
        assertEq(burned + reward, 9e18, "a tenth of the pool");
        assertEq(reward, 2.25e18, "a quarter of it: the owner lost all of it itself");
        assertEq(supply - token.totalSupply(), burned, "the rest is burned");
        assertEq(token.balanceOf(CHALLENGER), 1000e18 + reward, "bond and reward");
        assertEq(vault.stakeOf(nodeId), 81e18, "slashed");
        assertEq(vault.heldSince(nodeId), 0, "free again");
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.AccusationClosed.selector, id, IDisputeCourt.Status.Executed)
        );
        court.execute(id);
    }

    function testTheWaitIsACycleAndADay() public view {
        assertEq(court.wait(), uint256(timelock.maxCycle()) + 1 days, "a whole cycle and a day");
        assertLe(court.wait() + 1 days, vault.maxHold(), "and there is time to execute while the node is held");
    }

    function testAnAnswerUnderOtherTermsIsAFault() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.Receipt memory receipt = receiptOf(r, "one");
        vm.startPrank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputeCourt.SameTerms.selector, VERSION, POLICY));
        court.accuseOfOtherTerms(r, signedBy(GUILTY, receipt));
        receipt.policy = keccak256("other");
        assertEq(court.accuseOfOtherTerms(r, signedBy(GUILTY, receipt)), 1, "another policy");
        r = requestTo(GUILTY, 2);
        receipt = receiptOf(r, "one");
        receipt.modelVersion = keccak256("other");
        assertEq(court.accuseOfOtherTerms(r, signedBy(GUILTY, receipt)), 2, "another version");
        vm.stopPrank();
        IDisputeCourt.Accusation[] memory page = court.accusations(1, 9);
        assertEq(page.length, 2, "both are listed");
        assertEq(page[1].requestDigest, digestOf(r), "in order");
        assertEq(court.accusations(2, 1).length + court.accusations(3, 9).length, 1, "by pages");
    }

    function testEachFaultIsJudgedOnce() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.Receipt memory other = receiptOf(r, "three");
        other.policy = keccak256("other");
        Evidence.SignedReceipt memory first = signedBy(GUILTY, receiptOf(r, "one"));
        Evidence.SignedReceipt memory second = signedBy(GUILTY, receiptOf(r, "two"));
        uint256 id = accuseWith(r, first, second);
        bytes memory reason = abi.encodeWithSelector(IDisputeCourt.AlreadyAccused.selector, digestOf(r), id);
        refuses(r, first, second, reason);
        refuses(r, second, first, reason);
        refuses(r, signedBy(GUILTY, other), first, reason);
        Evidence.SignedReceipt memory terms = signedBy(GUILTY, other);
        vm.prank(CHALLENGER);
        vm.expectRevert(reason);
        court.accuseOfOtherTerms(r, terms);
        warpToExecution(id);
        court.execute(id);
        vm.warp(block.timestamp - court.wait());
        refuses(r, first, second, reason);
    }

    function testForgedEvidenceIsRefused() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.SignedReceipt memory one = signedBy(GUILTY, receiptOf(r, "one"));
        Evidence.SignedReceipt memory two = signedBy(GUILTY, receiptOf(r, "two"));
        refuses(r, one, one, abi.encodeWithSelector(IDisputeCourt.SameAnswer.selector, keccak256("one")));

        two.receipt.units = 2;
        refuses(
            r, one, two, abi.encodeWithSelector(IDisputeCourt.ReceiptNotInBatch.selector, leafOf(two.receipt), two.root)
        );
        two = signedBy(GUILTY, receiptOf(r, "two"));
        two.signature[64] = 0;
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.ReceiptSignatureInvalid.selector));
        two = signedBy(GUILTY, receiptOf(r, "two"));
        two.proof = new bytes32[](1);
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.ReceiptProofTooLong.selector, 1, 1));
        two.count = 1025;
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.ReceiptProofTooLong.selector, 1, 1025));
        two.count = 0;
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.ReceiptProofTooLong.selector, 1, 0));

        two = signedBy(3, receiptOf(r, "two"));
        refuses(
            r,
            one,
            two,
            abi.encodeWithSelector(IDisputeCourt.SignerOfAnotherNode.selector, operatorOf(3), nodeOf(3), nodeOf(GUILTY))
        );
        two = signedBy(77, receiptOf(r, "two"));
        refuses(
            r,
            one,
            two,
            abi.encodeWithSelector(IDisputeCourt.SignerOfAnotherNode.selector, operatorOf(77), 0, nodeOf(GUILTY))
        );
        Evidence.InferRequest memory elsewhere = requestTo(GUILTY, 2);
        refuses(
            elsewhere,
            one,
            one,
            abi.encodeWithSelector(IDisputeCourt.ReceiptOfAnotherRequest.selector, digestOf(r), digestOf(elsewhere))
        );
    }

    function testARequestToNobodyIsNoCase() public {
        Evidence.InferRequest memory r = requestTo(77, 1);
        Evidence.SignedReceipt memory one = signedBy(77, receiptOf(r, "one"));
        Evidence.SignedReceipt memory two = signedBy(77, receiptOf(r, "two"));
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.SignerOfAnotherNode.selector, operatorOf(77), 0, 0));
    }

    function testEvidenceOfAnotherNetworkIsWorthless() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.SignedReceipt memory one = signedBy(GUILTY, receiptOf(r, "one"));
        Evidence.SignedReceipt memory two = signedBy(GUILTY, receiptOf(r, "two"));
        bytes32 here = digestOf(r);
        vm.chainId(1);
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.ReceiptOfAnotherRequest.selector, here, digestOf(r)));
    }

    function testEvidenceHasItsTime() public {
        vm.warp(block.timestamp + 100 days);
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        r.deadline = uint64((block.timestamp + 10 minutes + 1) * 1000);
        Evidence.SignedReceipt memory one = signedBy(GUILTY, receiptOf(r, "one"));
        Evidence.SignedReceipt memory two = signedBy(GUILTY, receiptOf(r, "two"));
        refuses(
            r,
            one,
            two,
            abi.encodeWithSelector(IDisputeCourt.RequestAhead.selector, block.timestamp + 1, block.timestamp)
        );
        uint256 start = block.timestamp;
        vm.warp(start + 10 minutes + 1 + UNBONDING + 1);
        refuses(
            r,
            one,
            two,
            abi.encodeWithSelector(IDisputeCourt.RequestTooOld.selector, start + 10 minutes + 1, start + 10 minutes + 2)
        );
        vm.warp(start + 1);
        accuseWith(r, one, two);
    }

    function testAReceiptsOwnTimesProveNothing() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.Receipt memory ancient = receiptOf(r, "one");
        Evidence.Receipt memory ahead = receiptOf(r, "two");
        (ancient.startedAt, ancient.finishedAt) = (0, 0);
        (ahead.startedAt, ahead.finishedAt) = (type(uint64).max, type(uint64).max);
        assertEq(accuseWith(r, signedBy(GUILTY, ancient), signedBy(GUILTY, ahead)), 1, "accused all the same");
    }

    function testReceiptsOfLargeBatchesAreEvidence() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.Receipt[] memory batch = new Evidence.Receipt[](37);
        for (uint256 k = 0; k < batch.length; ++k) {
            batch[k] = receiptOf(requestTo(GUILTY, 100 + k), "another");
        }
        (batch[5], batch[31]) = (receiptOf(r, "one"), receiptOf(r, "two"));
        Evidence.SignedReceipt[] memory signed = signedBatch(GUILTY, batch);
        assertEq(court.signerOf(signed[5]), operatorOf(GUILTY), "signer");
        assertEq(court.requestDigestOf(r), digestOf(r), "digest");
        assertEq(accuseWith(r, signed[5], signed[31]), 1, "accused");
    }

    function testTermsOfTheCourt() public {
        IDisputeCourt.CourtTerms memory t = courtTerms();
        t.slashBps = 99;
        refusesTerms(t, abi.encodeWithSelector(IDisputeCourt.CourtSlashOutOfBounds.selector, 99, 100, 5000));
        t.slashBps = 5001;
        refusesTerms(t, abi.encodeWithSelector(IDisputeCourt.CourtSlashOutOfBounds.selector, 5001, 100, 5000));
        t = courtTerms();
        uint256 high = (uint256(vault.maxHold()) - timelock.maxCycle()) / 2;
        t.margin = uint48(high + 1);
        refusesTerms(t, abi.encodeWithSelector(IDisputeCourt.MarginOutOfBounds.selector, high + 1, 1, high));
        t.margin = 0;
        refusesTerms(t, abi.encodeWithSelector(IDisputeCourt.MarginOutOfBounds.selector, 0, 1, high));
        t.margin = 1;
        create(t); // on a local chain
        vm.chainId(1);
        refusesTerms(t, abi.encodeWithSelector(IDisputeCourt.MarginOutOfBounds.selector, 1, 1 days, high));
    }

    function testUnknownAccusations() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputeCourt.AccusationUnknown.selector, 1));
        court.execute(1);
        vm.expectRevert(abi.encodeWithSelector(IDisputeCourt.AccusationUnknown.selector, 0));
        court.accusation(0);
    }

    function testOnlyTheStakersVetoAndSetTheSlash() public {
        uint256 id = accuse(GUILTY, 1);
        bytes4 selector = court.veto.selector;
        vm.expectRevert(
            abi.encodeWithSelector(IGoverned.NotAuthorized.selector, address(this), address(court), selector)
        );
        court.veto(id);
        selector = court.setSlashBps.selector;
        vm.expectRevert(
            abi.encodeWithSelector(IGoverned.NotAuthorized.selector, address(this), address(court), selector)
        );
        court.setSlashBps(200);
    }

    function refusesTerms(IDisputeCourt.CourtTerms memory t, bytes memory reason) private {
        vm.expectRevert(reason);
        create(t);
    }

    function create(IDisputeCourt.CourtTerms memory t) private returns (DisputeCourt) {
        return new DisputeCourt(address(token), address(vault), address(subnets), address(timelock), address(access), t);
    }
}
