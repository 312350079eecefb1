// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Committee} from "../src/Committee.sol";
import {ICommittee} from "../src/interfaces/ICommittee.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

contract CommitteeTest is GovernanceFixture {
    uint64 private constant LABELS = 7;
    uint64 private constant EDITOR = 8;
    address private constant ANNA = address(0xA);
    address private constant BEN = address(0xB);
    address private constant CLARA = address(0xC);
    bytes32 private constant FIRST = bytes32(uint256(1));

    Committee private committee;
    /// @dev The committee may say who is an editor: a role of which it has the administration.
    bytes private appoint;

    function setUp() public override {
        super.setUp();
        committee = new Committee(address(access), threeMembers(), 2, uint48(block.timestamp + 100 days));
        appoint = abi.encodeCall(IAccessManager.grantRole, (EDITOR, ANNA, 0));
    }

    function testWithoutARoleItIsPowerless() public {
        approveBy(ANNA);
        approveBy(BEN);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector,
                address(committee),
                address(access),
                IAccessManager.grantRole.selector
            )
        );
        committee.execute(address(access), appoint, FIRST);
    }

    function testEnoughMembersActWithinTheRoleOnce() public {
        empower(0);
        bytes32 id = approveBy(ANNA);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.TooFewApprovals.selector, id, 1, 2));
        committee.execute(address(access), appoint, FIRST);
        approveBy(CLARA);
        committee.execute(address(access), appoint, FIRST);
        (bool isEditor,) = access.hasRole(EDITOR, ANNA);
        assertTrue(isEditor, "appointed");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.AlreadyExecuted.selector, id));
        committee.execute(address(access), appoint, FIRST);
        vm.prank(BEN);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.AlreadyExecuted.selector, id));
        committee.approve(address(access), appoint, FIRST);
    }

    function testItReachesNothingBeyondTheRole() public {
        empower(0);
        bytes memory own = abi.encodeCall(IAccessManager.grantRole, (LABELS, ANNA, 0));
        vm.prank(ANNA);
        committee.approve(address(access), own, FIRST);
        vm.prank(BEN);
        committee.approve(address(access), own, FIRST);
        vm.expectRevert();
        committee.execute(address(access), own, FIRST);
        bytes memory pay = abi.encodeCall(token.transfer, (ANNA, 1));
        vm.prank(TREASURY);
        assertTrue(token.transfer(address(committee), 1), "transfer");
        vm.prank(ANNA);
        committee.approve(address(token), pay, FIRST);
        vm.prank(BEN);
        committee.approve(address(token), pay, FIRST);
        vm.expectRevert();
        committee.execute(address(token), pay, FIRST);
    }

    function testNobodyVotesTwiceAndStrangersNever() public {
        bytes32 id = approveBy(ANNA);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.AlreadyApproved.selector, id, ANNA));
        approveBy(ANNA);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotMember.selector, MAJORITY));
        approveBy(MAJORITY);
        vm.prank(ANNA);
        committee.withdrawApproval(id);
        assertEq(committee.approvalsOf(id), 0, "taken back");
        vm.prank(ANNA);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotApproved.selector, id, ANNA));
        committee.withdrawApproval(id);
    }

    function testItIsDeadAfterItsTerm() public {
        empower(0);
        approveBy(ANNA);
        approveBy(BEN);
        uint48 end = committee.termEnd();
        vm.warp(uint256(end) + 1);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.TermEnded.selector, end));
        committee.execute(address(access), appoint, FIRST);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.TermEnded.selector, end));
        approveBy(CLARA);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.TermEnded.selector, end));
        committee.schedule(address(access), appoint, FIRST);
        vm.warp(end);
        committee.execute(address(access), appoint, FIRST);
    }

    function testAVoteEndsIt() public {
        empower(0);
        approveBy(ANNA);
        approveBy(BEN);
        decide(address(access), abi.encodeCall(access.revokeRole, (LABELS, address(committee))));
        vm.expectRevert();
        committee.execute(address(access), appoint, FIRST);
    }

    function testARoleWithADelayWaits() public {
        empower(1 days);
        approveBy(ANNA);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommittee.TooFewApprovals.selector, committee.idOf(address(access), appoint, FIRST), 1, 2
            )
        );
        committee.schedule(address(access), appoint, FIRST);
        approveBy(BEN);
        uint48 executableAt = committee.schedule(address(access), appoint, FIRST);
        assertEq(executableAt, block.timestamp + 1 days, "a day");
        vm.expectRevert();
        committee.execute(address(access), appoint, FIRST);
        vm.warp(executableAt);
        committee.execute(address(access), appoint, FIRST);
        (bool isEditor,) = access.hasRole(EDITOR, ANNA);
        assertTrue(isEditor, "appointed");
    }

    function testItsTermsAreFixed() public {
        address[] memory three = threeMembers();
        assertEq(committee.members().length, 3, "members");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.ThresholdOutOfBounds.selector, 4, 1, 3));
        new Committee(address(access), three, 4, uint48(block.timestamp + 1));
        vm.expectRevert(abi.encodeWithSelector(ICommittee.ThresholdOutOfBounds.selector, 0, 1, 3));
        new Committee(address(access), three, 0, uint48(block.timestamp + 1));
        (uint256 now_, uint256 latest) = (block.timestamp, block.timestamp + 730 days);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.TermOutOfBounds.selector, now_, now_, latest));
        new Committee(address(access), three, 2, uint48(now_));
        vm.expectRevert(abi.encodeWithSelector(ICommittee.TermOutOfBounds.selector, latest + 1, now_, latest));
        new Committee(address(access), three, 2, uint48(latest + 1));
        three[1] = ANNA;
        vm.expectRevert(abi.encodeWithSelector(ICommittee.MembersNotAscending.selector, ANNA, ANNA));
        new Committee(address(access), three, 2, uint48(now_ + 1));
        vm.expectRevert(abi.encodeWithSelector(ICommittee.MembersInvalid.selector, 0, 32));
        new Committee(address(access), new address[](0), 1, uint48(now_ + 1));
    }

    function empower(uint32 delay) private {
        decide(address(access), abi.encodeCall(access.setRoleAdmin, (EDITOR, LABELS)));
        decide(address(access), abi.encodeCall(access.grantRole, (LABELS, address(committee), delay)));
    }

    function approveBy(address member) private returns (bytes32 id) {
        bytes memory data = appoint;
        vm.prank(member);
        return committee.approve(address(access), data, FIRST);
    }

    function threeMembers() private pure returns (address[] memory three) {
        three = new address[](3);
        (three[0], three[1], three[2]) = (ANNA, BEN, CLARA);
    }
}
