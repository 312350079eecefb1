// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Network} from "./Network.sol";

/// @notice A network with stake, and its decisions as a test writes them. Of 1,000 tokens of stake the majority has 600.
abstract contract GovernanceFixture is Network {
    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint8 internal constant ABSTAIN = 2;
    address internal constant MAJORITY = address(0x0A0000); // as `ownerOf(0)`
    address internal constant MINORITY = address(0x0A0001);
    address internal constant FEW = address(0x0A0002);
    address internal constant ONE_TOKEN = address(0x0A0003);

    uint16 internal netuid;
    uint256 private _descriptions;

    function setUp() public virtual override {
        super.setUp();
        netuid = createSubnet();
        registerMany(netuid, 0, 4);
        stake(0, 590e18);
        stake(1, 319e18);
        stake(2, 90e18);
        stake(3, 1e18);
        vm.warp(block.timestamp + 1);
    }

    function callOf(address target, bytes memory data) internal returns (Proposal memory p) {
        (p.targets, p.values, p.calldatas) = (new address[](1), new uint256[](1), new bytes[](1));
        (p.targets[0], p.calldatas[0]) = (target, data);
        p.description = string.concat("decision ", vm.toString(++_descriptions));
    }

    function propose(address proposer, Proposal memory p) internal returns (uint256 id) {
        vm.prank(proposer);
        return governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    function vote(address voter, uint256 id, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(id, support);
    }

    function queue(Proposal memory p) internal {
        governor.queue(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function execute(Proposal memory p) internal {
        governor.execute(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function cancelAs(address account, Proposal memory p) internal {
        vm.prank(account);
        governor.cancel(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function warpToVote(uint256 id) internal {
        vm.warp(governor.proposalSnapshot(id) + 1);
    }

    function warpPastVote(uint256 id) internal {
        vm.warp(governor.proposalDeadline(id) + 1);
    }

    /// @notice Proposed, voted for by the two largest and queued: executable.
    function ready(Proposal memory p) internal returns (uint256 id) {
        id = propose(MAJORITY, p);
        warpToVote(id);
        vote(MAJORITY, id, FOR);
        vote(MINORITY, id, FOR);
        queue(p);
        vm.warp(governor.proposalEta(id));
    }

    /// @notice The stakers decide on a call.
    function decide(address target, bytes memory data) internal {
        Proposal memory p = callOf(target, data);
        ready(p);
        execute(p);
    }

    /// @notice The stakers decide, and the call refuses.
    function decideInVain(address target, bytes memory data, bytes memory reason) internal {
        Proposal memory p = callOf(target, data);
        ready(p);
        vm.expectRevert(reason);
        execute(p);
    }

    function assertState(uint256 id, IGovernor.ProposalState expected, string memory what) internal view {
        assertEq(uint256(governor.state(id)), uint256(expected), what);
    }
}
