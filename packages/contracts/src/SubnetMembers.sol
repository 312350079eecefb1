// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetMembers} from "./interfaces/ISubnetMembers.sol";

contract SubnetMembers is ISubnetMembers {
    uint48 public constant PROPOSAL_SECONDS = 7 days;

    address public immutable subnets;

    /// @inheritdoc ISubnetMembers
    uint256 public proposalCount;
    /// @inheritdoc ISubnetMembers
    mapping(uint16 netuid => mapping(address account => bool)) public isMember;
    /// @inheritdoc ISubnetMembers
    mapping(uint16 netuid => uint32) public memberCount;
    /// @inheritdoc ISubnetMembers
    mapping(uint16 netuid => uint32) public rosterOf;
    /// @inheritdoc ISubnetMembers
    mapping(uint256 proposalId => mapping(address member => bool)) public hasVoted;
    mapping(uint256 proposalId => Proposal) private _proposals;

    /// @dev Created by the subnets contract.
    constructor() {
        subnets = msg.sender;
    }

    /// @inheritdoc ISubnetMembers
    function found(uint16 netuid, address creator) external {
        if (msg.sender != subnets) revert NotSubnets(msg.sender, subnets);
        _admit(netuid, creator);
    }

    /// @inheritdoc ISubnetMembers
    function propose(uint16 netuid, address account, bool admit) external returns (uint256 proposalId) {
        proposalId = ++proposalCount;
        uint48 expiresAt = uint48(block.timestamp) + PROPOSAL_SECONDS;
        _proposals[proposalId] = Proposal(netuid, admit, false, rosterOf[netuid], 0, expiresAt, account);
        emit Proposed(proposalId, netuid, account, admit, expiresAt);
        vote(proposalId);
    }

    /// @inheritdoc ISubnetMembers
    function vote(uint256 proposalId) public {
        Proposal storage p = _proposals[proposalId];
        if (p.expiresAt == 0) revert ProposalUnknown(proposalId);
        if (!isMember[p.netuid][msg.sender]) revert NotMember(p.netuid, msg.sender);
        if (p.executed) revert ProposalExecuted(proposalId);
        if (block.timestamp >= p.expiresAt) revert ProposalExpired(proposalId, p.expiresAt);
        if (p.roster != rosterOf[p.netuid]) revert ProposalLapsed(proposalId, p.roster, rosterOf[p.netuid]);
        if (hasVoted[proposalId][msg.sender]) revert AlreadyVoted(proposalId, msg.sender);
        _checkApplies(p);

        hasVoted[proposalId][msg.sender] = true;
        uint32 votes = ++p.votes;
        emit Voted(proposalId, msg.sender, votes);
        if (uint256(votes) * 2 <= memberCount[p.netuid]) return;
        p.executed = true;
        if (p.admit) _admit(p.netuid, p.account);
        else _remove(p.netuid, p.account);
    }

    /// @inheritdoc ISubnetMembers
    function proposal(uint256 proposalId) external view returns (Proposal memory) {
        if (_proposals[proposalId].expiresAt == 0) revert ProposalUnknown(proposalId);
        return _proposals[proposalId];
    }

    /// @dev Another proposal may have done the same already.
    function _checkApplies(Proposal storage p) private view {
        if (p.admit && isMember[p.netuid][p.account]) revert AlreadyMember(p.netuid, p.account);
        if (!p.admit && !isMember[p.netuid][p.account]) revert NotMember(p.netuid, p.account);
        if (!p.admit && memberCount[p.netuid] == 1) revert LastMember(p.netuid, p.account);
    }

    function _admit(uint16 netuid, address account) private {
        isMember[netuid][account] = true;
        emit MemberAdmitted(netuid, account, ++memberCount[netuid]);
    }

    function _remove(uint16 netuid, address account) private {
        isMember[netuid][account] = false;
        ++rosterOf[netuid];
        emit MemberRemoved(netuid, account, --memberCount[netuid]);
    }
}
