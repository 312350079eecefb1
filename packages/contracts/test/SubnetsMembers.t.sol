// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SubnetMembers} from "../src/SubnetMembers.sol";
import {ISubnetMembers} from "../src/interfaces/ISubnetMembers.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

contract SubnetsMembersTest is SubnetsFixture {
    SubnetMembers private members;
    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        members = SubnetMembers(address(subnets.members()));
        netuid = createConsortium(cheap(16));
    }

    function testTheCreatorIsTheFirstMember() public {
        assertTrue(members.isMember(netuid, CREATOR), "creator");
        assertEq(members.memberCount(netuid), 1, "alone");
        uint16 open = createSubnet();
        assertEq(members.memberCount(open), 0, "an open subnet has none");
        register(open, 0);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.NotSubnets.selector, address(this), address(subnets)));
        members.found(netuid, address(this));
    }

    function testOnlyMembersRegister() public {
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotAMember.selector, netuid, ownerOf(0)));
        vm.prank(ownerOf(0));
        subnets.register(netuid, operatorOf(0), block.timestamp, "", 1e18, lastPay(netuid));
        admit(0);
        assertEq(register(netuid, 0), 0, "a member");
    }

    function testAStrictMajorityDecides() public {
        admit(0); // by the creator alone
        uint256 second = propose(CREATOR, 1, true);
        assertTrue(!members.isMember(netuid, ownerOf(1)), "one of two is no majority");
        vote(0, second);
        assertTrue(members.isMember(netuid, ownerOf(1)), "two of two");
        uint256 third = propose(ownerOf(1), 2, true);
        vote(0, third); // two of three
        assertEq(members.memberCount(netuid), 4, "four");
        uint256 fourth = propose(ownerOf(2), 3, true);
        vote(0, fourth);
        assertEq(members.memberCount(netuid), 4, "half of four is no majority");
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.AlreadyVoted.selector, fourth, ownerOf(0)));
        members.vote(fourth);
        vote(1, fourth);
        assertEq(members.memberCount(netuid), 5, "three of four");
        assertTrue(members.proposal(fourth).executed, "executed");
        vm.prank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.ProposalExecuted.selector, fourth));
        members.vote(fourth);
    }

    function testARemovedMemberKeepsItsSlotsAndGetsNoMore() public {
        admit(0);
        register(netuid, 0);
        uint256 removal = propose(CREATOR, 0, false);
        vote(0, removal); // it agrees
        assertTrue(!members.isMember(netuid, ownerOf(0)), "removed");
        assertEq(subnets.slotOf(netuid, operatorOf(0)).uid, 0, "keeps its slot");
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotAMember.selector, netuid, ownerOf(0)));
        subnets.register(netuid, operatorOf(1), block.timestamp, "", 1e18, lastPay(netuid));
    }

    function testTheLastMemberStays() public {
        vm.prank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.LastMember.selector, netuid, CREATOR));
        members.propose(netuid, CREATOR, false);
    }

    function testProposalsExpire() public {
        admit(0);
        uint256 proposalId = propose(CREATOR, 1, true);
        uint48 expiresAt = members.proposal(proposalId).expiresAt;
        assertEq(expiresAt, block.timestamp + members.PROPOSAL_SECONDS(), "a week");
        vm.warp(expiresAt);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.ProposalExpired.selector, proposalId, expiresAt));
        members.vote(proposalId);
    }

    /// @notice Who has left has no vote: of three, one proposes and leaves; with its vote a second would be a majority
    /// of the two that remain.
    function testAVoteOfOneWhoLeftDoesNotCount() public {
        admit(0);
        vote(0, propose(CREATOR, 1, true)); // creator, 0 and 1
        uint256 admission = propose(ownerOf(1), 2, true);
        vote(0, propose(CREATOR, 1, false)); // 1 is removed
        uint256 naiveVotes = members.proposal(admission).votes + 1;
        assertTrue(naiveVotes * 2 > members.memberCount(netuid), "would pass if old votes counted");
        vm.prank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.ProposalLapsed.selector, admission, 0, 1));
        members.vote(admission);
    }

    function testMembersOnly() public {
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.NotMember.selector, netuid, address(this)));
        members.propose(netuid, address(this), true);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.ProposalUnknown.selector, 7));
        members.vote(7);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.ProposalUnknown.selector, 7));
        members.proposal(7);
        vm.startPrank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.AlreadyMember.selector, netuid, CREATOR));
        members.propose(netuid, CREATOR, true);
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.NotMember.selector, netuid, ownerOf(5)));
        members.propose(netuid, ownerOf(5), false);
        vm.stopPrank();
    }

    /// @notice A member of one consortium is nobody in another.
    function testMembersOfAnotherSubnetHaveNoVote() public {
        uint16 other = createConsortium(cheap(16));
        admit(0);
        uint256 proposalId = propose(CREATOR, 1, true); // in the first
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnetMembers.NotMember.selector, other, ownerOf(0)));
        members.propose(other, ownerOf(0), true);
        assertEq(members.proposal(proposalId).netuid, netuid, "of its subnet");
    }

    function admit(uint256 i) private {
        propose(CREATOR, i, true);
    }

    function propose(address member, uint256 i, bool admission) private returns (uint256) {
        vm.prank(member);
        return members.propose(netuid, ownerOf(i), admission);
    }

    function vote(uint256 i, uint256 proposalId) private {
        vm.prank(ownerOf(i));
        members.vote(proposalId);
    }
}
