// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The members of consortium subnets
/// @notice Only members may register neurons in a consortium. Members vote on who else is one: one member, one vote,
/// and a strict majority of the members there are when the vote is cast. A removed member keeps the slots it has and
/// gets no new ones.
/// @dev Nothing loops over members. A removal lapses every proposal made before it: who has left has no vote, and a
/// majority is never counted over people who are not there any more.
interface ISubnetMembers {
    /// @param admit whether the account is to be admitted; else removed
    /// @param roster the subnet's `rosterOf` when it was proposed
    /// @param votes members in favour
    /// @param expiresAt unix seconds from which nobody can vote
    struct Proposal {
        uint16 netuid;
        bool admit;
        bool executed;
        uint32 roster;
        uint32 votes;
        uint48 expiresAt;
        address account;
    }

    event Proposed(
        uint256 indexed proposalId, uint16 indexed netuid, address indexed account, bool admit, uint48 expiresAt
    );
    event Voted(uint256 indexed proposalId, address indexed member, uint256 votes);
    event MemberAdmitted(uint16 indexed netuid, address indexed account, uint256 members);
    event MemberRemoved(uint16 indexed netuid, address indexed account, uint256 members);

    error NotSubnets(address caller, address subnets);
    error NotMember(uint16 netuid, address account);
    error AlreadyMember(uint16 netuid, address account);
    error LastMember(uint16 netuid, address account);
    error ProposalUnknown(uint256 proposalId);
    error ProposalExpired(uint256 proposalId, uint256 expiresAt);
    /// @notice A member was removed since; propose again.
    error ProposalLapsed(uint256 proposalId, uint256 roster, uint256 currentRoster);
    error ProposalExecuted(uint256 proposalId);
    error AlreadyVoted(uint256 proposalId, address member);

    /// @notice Makes `creator` the first member of a subnet. Only the subnets contract, at creation.
    function found(uint16 netuid, address creator) external;

    /// @notice Proposes to admit or remove an account and votes for it. Only members.
    function propose(uint16 netuid, address account, bool admit) external returns (uint256 proposalId);

    /// @notice Votes for a proposal; the vote that makes a strict majority executes it. Only members, each once.
    function vote(uint256 proposalId) external;

    /// @notice Whether the account is a member of a consortium; false in an open subnet.
    function isMember(uint16 netuid, address account) external view returns (bool);

    function memberCount(uint16 netuid) external view returns (uint32);

    /// @notice How often a member was removed; open proposals belong to one roster.
    function rosterOf(uint16 netuid) external view returns (uint32);

    function proposal(uint256 proposalId) external view returns (Proposal memory);

    function hasVoted(uint256 proposalId, address member) external view returns (bool);

    /// @notice Proposals so far; the last proposalId.
    function proposalCount() external view returns (uint256);
}
