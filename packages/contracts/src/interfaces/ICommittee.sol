// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A few people with a task and a term
/// @notice Executes a call once enough of its members approve it, and only through the network's permissions: it can do
/// what the stakers gave it a role for and nothing else, until they revoke the role or its term ends. Anybody may
/// create one; without a role it is powerless.
interface ICommittee {
    /// @param salt tells equal calls apart
    event Approved(bytes32 indexed id, address indexed member, address target, bytes data, bytes32 salt);
    event ApprovalWithdrawn(bytes32 indexed id, address indexed member);
    event Executed(bytes32 indexed id, address indexed caller);
    event Scheduled(bytes32 indexed id, uint48 executableAt);

    error MembersInvalid(uint256 count, uint256 high);
    /// @notice Members come in ascending order, so that none comes twice.
    error MembersNotAscending(address previous, address next);
    error ThresholdOutOfBounds(uint256 threshold, uint256 low, uint256 high);
    error TermOutOfBounds(uint256 termEnd, uint256 low, uint256 high);
    error TermEnded(uint48 termEnd);
    error NotMember(address account);
    error AlreadyApproved(bytes32 id, address member);
    error NotApproved(bytes32 id, address member);
    error TooFewApprovals(bytes32 id, uint256 approvals, uint256 threshold);
    error AlreadyExecuted(bytes32 id);

    /// @notice Approves a call. Only a member.
    /// @return id of the call, as `idOf`
    function approve(address target, bytes calldata data, bytes32 salt) external returns (bytes32 id);

    /// @notice Takes the caller's approval back.
    function withdrawApproval(bytes32 id) external;

    /// @notice Begins the wait of an approved call whose role has a delay. Anybody.
    function schedule(address target, bytes calldata data, bytes32 salt) external returns (uint48 executableAt);

    /// @notice Carries an approved call out, once. Anybody. Reverts as the permissions and the target do.
    function execute(address target, bytes calldata data, bytes32 salt) external;

    function members() external view returns (address[] memory);

    /// @notice Approvals that a call has now.
    function approvalsOf(bytes32 id) external view returns (uint256 approvals);

    function hasApproved(bytes32 id, address member) external view returns (bool);

    function isExecuted(bytes32 id) external view returns (bool);

    function idOf(address target, bytes calldata data, bytes32 salt) external pure returns (bytes32 id);

    /// @notice The permissions that it calls through; immutable.
    function access() external view returns (address);

    /// @notice Approvals that a call needs; immutable.
    function threshold() external view returns (uint256);

    /// @notice The last second of its term, unix seconds; immutable.
    function termEnd() external view returns (uint48);
}
