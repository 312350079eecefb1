// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {MembershipToken} from "../src/MembershipToken.sol";
import {WitanAccess} from "../src/WitanAccess.sol";
import {WitanGovernor} from "../src/WitanGovernor.sol";
import {WitanTimelock} from "../src/WitanTimelock.sol";
import {IGoverned} from "../src/interfaces/IGoverned.sol";
import {IMembershipToken} from "../src/interfaces/IMembershipToken.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {IWitanGovernor} from "../src/interfaces/IWitanGovernor.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

/// @notice The governor of every network over members in place of stake.
contract MembershipTokenTest is GovernanceFixture {
    uint256 private constant KEY = 0xB0B;

    MembershipToken private members;

    function setUp() public override {
        super.setUp();
        found(3, 10);
    }

    function testEachMemberHasOneVoteWhateverItStakes() public {
        stakeAs(member(1), nodeOf(0), 5000e18);
        vm.warp(block.timestamp + 1);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(members.getPastVotes(member(i), block.timestamp - 1), 1e18, "one vote");
        }
        assertEq(members.getPastVotes(MAJORITY, block.timestamp - 1), 0, "stake does not vote");
        assertEq(members.getPastTotalSupply(block.timestamp - 1), 3e18, "three");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, MAJORITY, 0, 1e18));
        propose(MAJORITY, callOf(address(members), abi.encodeCall(members.admit, (MAJORITY))));
    }

    function testMembersWithoutStakeDecideAndAdmitAnother() public {
        assertEq(vault.stakedOf(member(0)), 0, "no stake");
        decideAsMembers(abi.encodeCall(members.admit, (member(3))));
        assertTrue(members.isMember(member(3)), "admitted");
        assertEq(members.memberCount(), 4, "four");
        assertEq(members.getVotes(member(3)), 1e18, "with a vote");
    }

    function testAMinorityEndsNoVoteAndAMajorityDoes() public {
        Proposal memory p = callOf(address(members), abi.encodeCall(members.admit, (member(3))));
        uint256 id = propose(member(0), p);
        warpToVote(id);
        vote(member(0), id, FOR);
        assertState(id, IGovernor.ProposalState.Active, "one of three");
        vote(member(1), id, FOR);
        assertState(id, IGovernor.ProposalState.Succeeded, "two of three");
    }

    function testARemovedMemberHasNoVoteAtLaterSnapshotsAndItsVoteAtEarlierOnes() public {
        vm.warp(block.timestamp + 1);
        uint256 before = block.timestamp - 1;
        decideAsMembers(abi.encodeCall(members.remove, (member(2))));
        assertEq(members.getPastVotes(member(2), before), 1e18, "then");
        vm.warp(block.timestamp + 1);
        assertEq(members.getPastVotes(member(2), block.timestamp - 1), 0, "now");
        assertEq(members.getPastTotalSupply(block.timestamp - 1), 2e18, "the whole is smaller");
        uint256 id = propose(member(0), callOf(address(members), abi.encodeCall(members.admit, (member(2)))));
        warpToVote(id);
        vm.prank(member(2));
        assertEq(governor.castVote(id, AGAINST), 0, "weighs nothing");
    }

    function testARemovedMemberTakesItsVoteFromItsDelegate() public {
        vm.prank(member(2));
        members.delegate(member(0));
        assertEq(members.getVotes(member(0)), 2e18, "two");
        decideAsMembers(abi.encodeCall(members.remove, (member(2))));
        assertEq(members.getVotes(member(0)), 1e18, "its own");
    }

    function testADelegationIsTakenBack() public {
        vm.prank(member(2));
        members.delegate(member(0));
        assertEq(members.delegates(member(2)), member(0), "delegated");
        vm.prank(member(2));
        members.delegate(address(0));
        assertEq(members.delegates(member(2)), member(2), "back");
        assertEq(members.getVotes(member(2)), 1e18, "votes itself");
        assertEq(members.getVotes(member(0)), 1e18, "and so does the other");
    }

    /// @dev A key whose owner is a member of two networks signs for one of them.
    function testASignedDelegationCountsInOneNetwork() public {
        MembershipToken ours = members;
        address signer = vm.addr(KEY);
        vm.prank(address(timelock));
        ours.admit(signer);
        found(2, 10);
        MembershipToken theirs = members;
        vm.prank(address(timelock));
        theirs.admit(signer);
        bytes32 typehash = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 structHash = keccak256(abi.encode(typehash, member(0), 0, block.timestamp));
        (, string memory name, string memory version, uint256 chainId, address verifier,,) = ours.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                verifier
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        theirs.delegateBySig(member(0), 0, block.timestamp, v, r, s);
        assertEq(theirs.delegates(signer), signer, "elsewhere it is the signature of some other key");
        ours.delegateBySig(member(0), 0, block.timestamp, v, r, s);
        assertEq(ours.delegates(signer), member(0), "where it was signed for");
    }

    function testTheLastMemberStaysAndDecidesAlone() public {
        decideAsMembers(abi.encodeCall(members.remove, (member(2))));
        decideAsMembers(abi.encodeCall(members.remove, (member(1))));
        assertEq(members.memberCount(), 1, "one");
        Proposal memory p = callOf(address(members), abi.encodeCall(members.remove, (member(0))));
        makeReady(p, 1);
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MemberLast.selector, member(0)));
        execute(p);
        p = callOf(address(members), abi.encodeCall(members.admit, (member(5))));
        makeReady(p, 1);
        execute(p);
        assertTrue(members.isMember(member(5)), "it can still admit");
    }

    function testMembershipsDoNotMove() public {
        vm.prank(member(0));
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MembershipFixed.selector, member(0), member(7)));
        assertTrue(!members.transfer(member(7), 1e18), "not moved");
        vm.prank(member(0));
        members.approve(member(7), 1e18);
        vm.prank(member(7));
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MembershipFixed.selector, member(0), member(7)));
        assertTrue(!members.transferFrom(member(0), member(7), 1e18), "not moved");
        vm.prank(member(0));
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MembershipFixed.selector, member(0), member(0)));
        assertTrue(!members.transfer(member(0), 0), "not moved");
    }

    function testOnlyADecisionChangesMembers() public {
        address[3] memory callers = [address(this), DEPLOYER, member(0)];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes4 selector = members.admit.selector;
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IGoverned.NotAuthorized.selector, callers[i], address(members), selector)
            );
            members.admit(callers[i]);
            selector = members.remove.selector;
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IGoverned.NotAuthorized.selector, callers[i], address(members), selector)
            );
            members.remove(member(1));
        }
    }

    function testMembersAreNamedOnce() public {
        vm.startPrank(address(timelock));
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MemberTwice.selector, member(1)));
        members.admit(member(1));
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MemberUnknown.selector, member(9)));
        members.remove(member(9));
        vm.stopPrank();
        address[] memory list = new address[](0);
        vm.expectRevert(IMembershipToken.FirstMembersMissing.selector);
        new MembershipToken(address(access), list);
        list = new address[](2);
        (list[0], list[1]) = (member(1), member(1));
        vm.expectRevert(abi.encodeWithSelector(IMembershipToken.MemberTwice.selector, member(1)));
        new MembershipToken(address(access), list);
    }

    /// @dev Whatever their number, the highest quorum there may be is reachable, and no minority ends a vote.
    function testFuzzQuorumIsReachableAndNoMinorityIsEnough(uint256 count, uint256 percent) public {
        count = bound(count, 1, 60);
        percent = bound(percent, 1, 20);
        found(count, percent);
        vm.warp(block.timestamp + 2);
        uint256 snapshot = block.timestamp - 1;
        assertLe(governor.quorum(snapshot), count * 1e18 / 5, "a fifth at most");
        assertTrue(governor.superQuorum(snapshot) > count / 2 * 1e18, "half is not enough");
        assertLe(governor.superQuorum(snapshot), count * 1e18, "all are");
    }

    function decideAsMembers(bytes memory data) private {
        Proposal memory p = callOf(address(members), data);
        makeReady(p, members.memberCount());
        execute(p);
    }

    function makeReady(Proposal memory p, uint256 voters) private returns (uint256 id) {
        id = propose(member(0), p);
        warpToVote(id);
        for (uint256 i = 0; i < voters; ++i) {
            if (governor.state(id) == IGovernor.ProposalState.Active) vote(member(i), id, FOR);
        }
        warpPastVote(id);
        queue(p);
        vm.warp(governor.proposalEta(id));
    }

    /// @notice A governor of so many members beside the network's own.
    function found(uint256 count, uint256 quorumPercent) private {
        address[] memory list = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = member(i);
        }
        uint256 nonce = vm.getNonce(address(this));
        address planned = vm.computeCreateAddress(address(this), nonce + 1);
        members = new MembershipToken(vm.computeCreateAddress(planned, 2), list);
        IWitanGovernor.GovernorTerms memory terms = governorTerms();
        terms.quorumPercent = quorumPercent;
        terms.voters = members;
        governor = new WitanGovernor(vault, address(court), terms);
        timelock = WitanTimelock(payable(governor.timelock()));
        access = WitanAccess(governor.access());
        assertEq(members.authority(), address(access), "its own permissions");
        vm.warp(block.timestamp + 1);
    }

    function governorTerms() internal pure override returns (IWitanGovernor.GovernorTerms memory t) {
        t = super.governorTerms();
        t.maxProposalThreshold = 1e18;
    }

    function member(uint256 i) private pure returns (address) {
        return address(uint160(0xAB000 + i));
    }
}
