// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IDisputeCourt} from "../src/interfaces/IDisputeCourt.sol";
import {IGoverned} from "../src/interfaces/IGoverned.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {Evidence} from "../src/libraries/Evidence.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @notice What stakers decide about the court, whose keys answer, and who cannot leave meanwhile.
contract DisputeCourtDecisionsTest is CourtFixture {
    function testTheCourtHasItsRoleFromTheDeployment() public view {
        (bool isCourt,) = access.hasRole(access.COURT_ROLE(), address(court));
        assertTrue(isCourt, "the court");
        bytes4[3] memory selectors = [vault.hold.selector, vault.release.selector, vault.slash.selector];
        address[4] memory others = [DEPLOYER, TREASURY, address(governor), address(timelock)];
        for (uint256 i = 0; i < selectors.length; ++i) {
            (bool may,) = access.canCall(address(court), address(vault), selectors[i]);
            assertTrue(may, "may");
            for (uint256 k = 0; k < others.length; ++k) {
                (may,) = access.canCall(others[k], address(vault), selectors[i]);
                assertTrue(!may, "nobody else");
            }
        }
    }

    function testAVoteVetoes() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.SignedReceipt memory one = signedBy(GUILTY, receiptOf(r, "one"));
        Evidence.SignedReceipt memory two = signedBy(GUILTY, receiptOf(r, "two"));
        uint256 id = accuseWith(r, one, two);
        vm.warp(block.timestamp + 1 days); // who notices a day later is in time
        Proposal memory p = callOf(address(court), abi.encodeCall(court.veto, (id)));
        ready(p);
        assertTrue(block.timestamp < court.executableAt(id), "before the execution");
        uint256 supply = token.totalSupply();
        execute(p);
        assertEq(supply - token.totalSupply(), BOND, "the bond is burned");
        assertEq(vault.heldSince(nodeOf(GUILTY)), 0, "free");
        assertEq(vault.stakeOf(nodeOf(GUILTY)), 90e18, "whole");
        warpToExecution(id);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.AccusationClosed.selector, id, IDisputeCourt.Status.Vetoed)
        );
        court.execute(id);
        refuses(r, one, two, abi.encodeWithSelector(IDisputeCourt.AlreadyAccused.selector, digestOf(r), id));
    }

    function testAVoteSetsTheSlashOfLaterAccusations() public {
        uint256 id = accuse(GUILTY, 1);
        decide(address(court), abi.encodeCall(court.setSlashBps, (5000)));
        assertEq(court.accusation(id).slashBps, SLASH_BPS, "not of this one");
        decideInVain(
            address(court),
            abi.encodeCall(court.setSlashBps, (5001)),
            abi.encodeWithSelector(IDisputeCourt.CourtSlashOutOfBounds.selector, 5001, 100, 5000)
        );
        assertEq(court.accusation(accuse(GUILTY, 2)).slashBps, 5000, "of this one");
    }

    function testADismissedCourtReturnsBonds() public {
        uint256 id = accuse(GUILTY, 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputeCourt.CourtInOffice.selector));
        court.dismiss(id);
        decide(address(access), abi.encodeCall(IAccessManager.revokeRole, (COURT, address(court))));
        court.dismiss(id);
        assertEq(token.balanceOf(CHALLENGER), 1000e18, "returned");
        assertEq(uint256(court.accusation(id).status), uint256(IDisputeCourt.Status.Dismissed), "closed");
        Evidence.InferRequest memory r = requestTo(GUILTY, 2);
        refuses(
            r,
            signedBy(GUILTY, receiptOf(r, "one")),
            signedBy(GUILTY, receiptOf(r, "two")),
            abi.encodeWithSelector(
                IGoverned.NotAuthorized.selector, address(court), address(vault), vault.hold.selector
            )
        );
    }

    function testOldKeysAnswerForTheirTime() public {
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        Evidence.SignedReceipt memory one = signedBy(GUILTY, receiptOf(r, "one"));
        vm.warp(block.timestamp + 60);
        replaceKey(GUILTY, 50);
        // The new key answers the old key's request again.
        assertEq(accuseWith(r, one, signedBy(50, receiptOf(r, "two"))), 1, "two keys of one node");
        // A thief of the old key cannot use it for what comes later than its replacement.
        vm.warp(block.timestamp + 20 minutes);
        r = requestTo(GUILTY, 2);
        refuses(
            r,
            signedBy(GUILTY, receiptOf(r, "one")),
            signedBy(GUILTY, receiptOf(r, "two")),
            abi.encodeWithSelector(
                IDisputeCourt.SignerRetired.selector,
                operatorOf(GUILTY),
                vault.retiredAt(operatorOf(GUILTY)),
                block.timestamp + 30 - 10 minutes
            )
        );
    }

    function testAKeyThatServesAgainAnswersAgain() public {
        replaceKey(GUILTY, 50);
        vm.warp(block.timestamp + 20 minutes);
        replaceKey(GUILTY, GUILTY);
        assertEq(vault.retiredAt(operatorOf(GUILTY)), 0, "serves");
        assertEq(accuse(GUILTY, 1), 1, "and answers");
    }

    /// @notice Whoever leaves after the fault pays, however late the proof comes and however long the decision takes.
    function testNobodyLeavesInTime() public {
        uint64 nodeId = nodeOf(GUILTY);
        address delegate = address(0xDE1E);
        stakeAs(delegate, nodeId, 100e18);
        vm.warp(block.timestamp + 20 minutes);
        Evidence.InferRequest memory r = requestTo(GUILTY, 1);
        uint256 shares = vault.sharesOf(nodeId, delegate);
        vm.prank(delegate);
        uint256 requestId = vault.requestUnstake(nodeId, shares);
        vm.warp(block.timestamp + UNBONDING); // the last moment for the proof
        uint256 id = accuseWith(r, signedBy(GUILTY, receiptOf(r, "one")), signedBy(GUILTY, receiptOf(r, "two")));
        vm.warp(block.timestamp + 1);
        vm.prank(delegate);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakeVault.WithdrawalHeld.selector, requestId, nodeId, block.timestamp - 1 + 2 * UNBONDING
            )
        );
        vault.withdraw(requestId);
        warpToExecution(id);
        court.execute(id);
        vm.prank(delegate);
        assertEq(vault.withdraw(requestId), 90e18, "a tenth is gone, and the rest is paid at once");
    }

    /// @notice An empty pool has nothing to take; the challenger has its bond back and no reward.
    function testANodeWithoutStakeIsConvictedAllTheSame() public {
        registerMany(netuid, 4, 1);
        uint256 id = accuse(4, 1);
        warpToExecution(id);
        (uint256 burned, uint256 reward) = court.execute(id);
        assertEq(burned + reward, 0, "nothing");
        assertEq(token.balanceOf(CHALLENGER), 1000e18, "the bond");
        assertEq(vault.pool(nodeOf(4)).slashes, 1, "slashed");
    }

    /// @notice Accusations one after the other: each is executed while its stake is held.
    function testEveryAccusationHoldsForItsOwnTime() public {
        uint64 nodeId = nodeOf(GUILTY);
        uint256 last = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 id = accuse(GUILTY, i);
            if (last != 0) {
                assertTrue(vault.heldSince(nodeId) <= court.accusation(last).accusedAt, "still held");
                warpToExecution(last);
                court.execute(last);
                assertTrue(vault.heldSince(nodeId) != 0, "for the next");
            }
            last = id;
            vm.warp(block.timestamp + 5 days);
        }
    }

    /// @notice Whoever has the key of a node can sign as many faults as it likes. One decision of the stakers must be able
    /// to let the node off, and stake that left it must not have to walk through thousands of slashes.
    function testANodeIsAccusedOfFewFaultsAtATime() public {
        uint64 nodeId = nodeOf(GUILTY);
        assertEq(court.roomFor(nodeId), 8, "room");
        for (uint256 i = 0; i < 8; ++i) {
            accuse(GUILTY, i);
        }
        assertEq(court.roomFor(nodeId), 0, "none");
        refusesOneMore();
        assertEq(court.roomFor(nodeOf(1)), 8, "of this node alone");
        accuse(1, 1);

        vm.prank(address(timelock));
        court.veto(3);
        assertEq(court.roomFor(nodeId), 1, "after a veto");
        accuse(GUILTY, 8);
        refusesOneMore();
        warpToExecution(1);
        court.execute(1);
        accuse(GUILTY, 9);
        refusesOneMore();
        vm.prank(address(timelock));
        access.revokeRole(COURT, address(court));
        court.dismiss(2);
        assertEq(court.roomFor(nodeId), 1, "after a dismissal");
    }

    function refusesOneMore() private {
        Evidence.InferRequest memory r = requestTo(GUILTY, 99);
        refuses(
            r,
            signedBy(GUILTY, receiptOf(r, "one")),
            signedBy(GUILTY, receiptOf(r, "two")),
            abi.encodeWithSelector(IDisputeCourt.TooManyAccusations.selector, nodeOf(GUILTY), 8)
        );
    }

    function replaceKey(uint256 i, uint256 next) private {
        bytes memory consent = signConsent(next, ownerOf(i), block.timestamp);
        uint64 nodeId = vault.everNodeOf(operatorOf(i));
        vm.prank(ownerOf(i));
        subnets.replaceOperator(nodeId, operatorOf(next), block.timestamp, consent);
    }
}
