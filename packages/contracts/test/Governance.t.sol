// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IWitanGovernor} from "../src/interfaces/IWitanGovernor.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

contract GovernanceTest is GovernanceFixture {
    bytes private constant LONGER = abi.encodeWithSignature("setVotingPeriod(uint32)", 1.5 days);

    function testAProposalOfOneTokenChangesSomethingAfterVoteQueueAndDelayOnly() public {
        Proposal memory p = callOf(address(governor), LONGER);
        uint256 id = propose(ONE_TOKEN, p);
        uint256 proposedAt = block.timestamp;
        refuses(p, id, IGovernor.ProposalState.Pending);

        vm.warp(proposedAt + 1 days);
        assertState(id, IGovernor.ProposalState.Pending, "until and at the snapshot");
        vm.warp(proposedAt + 1 days + 1);
        refuses(p, id, IGovernor.ProposalState.Active);
        vote(MINORITY, id, FOR);
        vote(FEW, id, AGAINST);
        vm.warp(proposedAt + 3 days);
        refuses(p, id, IGovernor.ProposalState.Active);

        vm.warp(proposedAt + 3 days + 1);
        assertState(id, IGovernor.ProposalState.Succeeded, "decided");
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Succeeded, bitOf(IGovernor.ProposalState.Queued)));
        execute(p);
        queue(p);
        assertEq(governor.proposalEta(id), block.timestamp + 1 days, "a day to go");
        vm.warp(governor.proposalEta(id) - 1);
        vm.expectRevert();
        execute(p);
        assertEq(governor.votingPeriod(), 2 days, "nothing has changed");

        vm.warp(governor.proposalEta(id));
        execute(p);
        assertEq(governor.votingPeriod(), 1.5 days, "changed");
        assertState(id, IGovernor.ProposalState.Executed, "executed");
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Executed, bitOf(IGovernor.ProposalState.Queued)));
        execute(p);
    }

    function testLessThanTheThresholdProposesNothing() public {
        Proposal memory p = callOf(address(governor), LONGER);
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, GUARDIAN, 0, 1e18));
        governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    function testTooFewVotesAndMoreAgainstDecideNothing() public {
        Proposal memory few = callOf(address(governor), LONGER);
        Proposal memory against = callOf(address(governor), LONGER);
        (uint256 a, uint256 b) = (propose(FEW, few), propose(FEW, against));
        warpToVote(a);
        vote(FEW, a, FOR); // 9 % of all stake
        vote(MINORITY, b, AGAINST);
        vote(FEW, b, FOR);
        warpPastVote(a);
        assertState(a, IGovernor.ProposalState.Defeated, "no quorum");
        assertState(b, IGovernor.ProposalState.Defeated, "more against");
        vm.warp(governor.proposalExpiry(a) + 1);
        assertState(a, IGovernor.ProposalState.Defeated, "and so it stays");
    }

    function testOneVoteEach() public {
        uint256 id = propose(FEW, callOf(address(governor), LONGER));
        warpToVote(id);
        vote(FEW, id, FOR);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, FEW));
        vote(FEW, id, AGAINST);
    }

    function testTokensBoughtOrStakedAfterTheSnapshotAndStakeOnItsWayOutAddNoVote() public {
        address buyer = address(0xB0B);
        address late = address(0x1A7E);
        unstake(FEW, 2);
        uint256 id = propose(ONE_TOKEN, callOf(address(governor), LONGER));
        fund(buyer, 1000e18, address(vault));
        warpToVote(id);
        stakeAs(late, nodeOf(1), 1000e18);
        vm.warp(block.timestamp + 1);
        assertEq(vault.votes().getVotes(late), 1000e18, "it votes on what comes");
        uint256 snapshot = governor.proposalSnapshot(id);
        assertEq(governor.getVotes(buyer, snapshot), 0, "held, not staked");
        assertEq(governor.getVotes(late, snapshot), 0, "staked too late");
        assertEq(governor.getVotes(FEW, snapshot), 0, "on its way out");
        vote(late, id, FOR);
        vote(FEW, id, FOR);
        (, uint256 forVotes,) = governor.proposalVotes(id);
        assertEq(forVotes, 0, "no vote");
    }

    function testStakeThatLeavesAfterTheSnapshotStillVotesAndIsStillHere() public {
        uint256 id = propose(ONE_TOKEN, callOf(address(governor), LONGER));
        warpToVote(id);
        unstake(MINORITY, 1);
        vote(MINORITY, id, FOR);
        (, uint256 forVotes,) = governor.proposalVotes(id);
        assertEq(forVotes, 319e18, "as at the snapshot");
        assertTrue(governor.proposalExpiry(id) < block.timestamp + UNBONDING, "executed before it is paid out");
    }

    function testALateQuorumExtendsTheVote() public {
        uint256 id = propose(ONE_TOKEN, callOf(address(governor), LONGER));
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline - 1 hours);
        vote(ONE_TOKEN, id, FOR);
        assertEq(governor.proposalDeadline(id), deadline, "no quorum yet");
        vote(MINORITY, id, FOR);
        assertEq(governor.proposalDeadline(id), deadline + 23 hours, "a day from the quorum");
        vm.warp(deadline + 1);
        vote(MAJORITY, id, AGAINST);
        warpPastVote(id);
        assertState(id, IGovernor.ProposalState.Defeated, "there was time to answer");
    }

    function testAMajorityOfAllStakeEndsTheVoteButNotTheWait() public {
        Proposal memory p = callOf(address(governor), LONGER);
        uint256 id = propose(ONE_TOKEN, p);
        uint256 proposedAt = block.timestamp;
        warpToVote(id);
        vote(MAJORITY, id, FOR);
        assertState(id, IGovernor.ProposalState.Active, "59 %");
        vote(ONE_TOKEN, id, ABSTAIN);
        assertState(id, IGovernor.ProposalState.Active, "only votes for it count");
        vote(FEW, id, FOR);
        assertState(id, IGovernor.ProposalState.Succeeded, "68 %");
        queue(p);
        vm.warp(governor.proposalEta(id));
        execute(p);
        assertTrue(block.timestamp >= proposedAt + timelock.minCycle(), "nothing in less than a day");
    }

    function testASucceededProposalThatNobodyQueuesExpires() public {
        Proposal memory p = callOf(address(governor), LONGER);
        uint256 id = propose(MAJORITY, p);
        uint256 expiry = block.timestamp + 7 days;
        assertEq(governor.proposalExpiry(id), expiry, "one cycle from now");
        warpToVote(id);
        vote(MINORITY, id, FOR);
        vm.warp(expiry - 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IWitanGovernor.ProposalTooLate.selector, id, expiry + 1, expiry));
        queue(p);
        vm.warp(expiry);
        assertState(id, IGovernor.ProposalState.Succeeded, "its last second");
        vm.warp(expiry + 1);
        assertState(id, IGovernor.ProposalState.Expired, "expired");
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Expired, bitOf(IGovernor.ProposalState.Succeeded)));
        queue(p);
    }

    function testAQueuedProposalThatNobodyExecutesExpires() public {
        Proposal memory p = callOf(address(governor), LONGER);
        uint256 id = ready(p);
        uint256 expiry = governor.proposalEta(id) + 2 days;
        assertEq(governor.proposalExpiry(id), expiry, "the window begins with the end of the wait");
        vm.warp(expiry);
        assertState(id, IGovernor.ProposalState.Queued, "its last second");
        bytes32 operation = timelock.hashOperationBatch(
            p.targets, p.values, p.calldatas, 0, bytes20(address(governor)) ^ keccak256(bytes(p.description))
        );
        assertEq(timelock.expiresAt(operation), expiry, "the timelock agrees");
        assertTrue(timelock.isOperationReady(operation), "ready");
        vm.warp(expiry + 1);
        assertTrue(!timelock.isOperation(operation), "forgotten");
        assertState(id, IGovernor.ProposalState.Expired, "expired");
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Expired, bitOf(IGovernor.ProposalState.Queued)));
        execute(p);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, MAJORITY));
        cancelAs(MAJORITY, p);
        vm.warp(expiry + 365 days);
        assertState(id, IGovernor.ProposalState.Expired, "for good");
    }

    function testALongerWindowRevivesNothing() public {
        decide(address(governor), LONGER); // makes room for it
        Proposal memory old = callOf(address(governor), LONGER);
        uint256 id = propose(MINORITY, old);
        Proposal memory longer = callOf(address(timelock), abi.encodeCall(timelock.setExecutionWindow, (2.5 days)));
        uint256 proposedAt = block.timestamp;
        uint256 other = propose(MAJORITY, longer);
        warpToVote(id);
        vote(MINORITY, id, FOR);
        vote(MAJORITY, other, FOR);
        vote(MINORITY, other, FOR);
        queue(longer);
        vm.warp(governor.proposalEta(other));
        execute(longer);
        vm.warp(proposedAt + 6.5 days + 1);
        assertState(id, IGovernor.ProposalState.Expired, "by the window of its time");
    }

    function testTheGuardianCancelsAtAnyTimeWithinItsTermAndNothingElse() public {
        Proposal memory queued = callOf(address(governor), LONGER);
        uint256 a = ready(queued);
        cancelAs(GUARDIAN, queued);
        assertState(a, IGovernor.ProposalState.Canceled, "queued");
        vm.warp(governor.proposalExpiry(a) + 1);
        assertState(a, IGovernor.ProposalState.Canceled, "for good");

        Proposal memory pending = callOf(address(governor), LONGER);
        uint256 b = propose(MAJORITY, pending);
        cancelAs(GUARDIAN, pending);
        assertState(b, IGovernor.ProposalState.Canceled, "pending");

        Proposal memory active = callOf(address(governor), LONGER);
        uint256 c = propose(MAJORITY, active);
        warpToVote(c);
        cancelAs(GUARDIAN, active);
        assertState(c, IGovernor.ProposalState.Canceled, "active");
        assertEq(governor.getVotes(GUARDIAN, block.timestamp - 1), 0, "no vote");

        vm.warp(uint256(GENESIS_TIME) + 180 days);
        assertEq(governor.proposalGuardian(), GUARDIAN, "its last second");
        vm.warp(uint256(GENESIS_TIME) + 180 days + 1);
        assertEq(governor.proposalGuardian(), address(0), "nobody");
        Proposal memory later = callOf(address(governor), LONGER);
        uint256 d = ready(later);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, d, GUARDIAN));
        cancelAs(GUARDIAN, later);
        execute(later);
    }

    function testANewGuardianHasOneTermByVote() public {
        address next = address(0x6A4D2);
        decide(address(governor), abi.encodeCall(governor.setProposalGuardian, (next)));
        assertEq(governor.proposalGuardian(), next, "guardian");
        assertEq(governor.guardianUntil(), block.timestamp + 180 days, "term");
        decide(address(governor), abi.encodeCall(governor.setProposalGuardian, (address(0))));
        Proposal memory p = callOf(address(governor), LONGER);
        ready(p);
        vm.expectRevert();
        cancelAs(address(0), p);
    }

    function testTheProposerCancelsBeforeTheVoteOnly() public {
        Proposal memory p = callOf(address(governor), LONGER);
        uint256 id = propose(ONE_TOKEN, p);
        warpToVote(id);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, ONE_TOKEN));
        cancelAs(ONE_TOKEN, p);
        Proposal memory other = callOf(address(governor), LONGER);
        propose(ONE_TOKEN, other);
        cancelAs(ONE_TOKEN, other);
    }

    function testNobodyExecutesAroundTheGovernor() public {
        Proposal memory p = callOf(address(governor), LONGER);
        ready(p);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(p.description));
        bytes32 operation = timelock.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt);
        (bytes32 executor, bytes32 canceller) = (timelock.EXECUTOR_ROLE(), timelock.CANCELLER_ROLE());
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, MAJORITY, executor)
        );
        vm.prank(MAJORITY);
        timelock.executeBatch(p.targets, p.values, p.calldatas, 0, salt);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, GUARDIAN, canceller)
        );
        vm.prank(GUARDIAN);
        timelock.cancel(operation);
    }

    function unstake(address account, uint256 i) private {
        uint64 nodeId = nodeOf(i);
        uint256 shares = vault.sharesOf(nodeId, account);
        vm.prank(account);
        vault.requestUnstake(nodeId, shares);
    }

    function refuses(Proposal memory p, uint256 id, IGovernor.ProposalState found) private {
        assertState(id, found, "state");
        vm.expectRevert(unexpected(id, found, bitOf(IGovernor.ProposalState.Succeeded)));
        queue(p);
        vm.expectRevert(unexpected(id, found, bitOf(IGovernor.ProposalState.Queued)));
        execute(p);
        assertEq(governor.votingPeriod(), 2 days, "unchanged");
    }

    function unexpected(uint256 id, IGovernor.ProposalState found, bytes32 allowed)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IGovernor.GovernorUnexpectedProposalState.selector, id, found, allowed);
    }

    function bitOf(IGovernor.ProposalState wanted) private pure returns (bytes32) {
        return bytes32(uint256(1) << uint8(wanted));
    }
}
