// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ICommittee} from "./interfaces/ICommittee.sol";

contract Committee is ICommittee {
    uint256 private constant MAX_MEMBERS = 32;
    uint256 private constant MAX_TERM = 730 days;

    /// @inheritdoc ICommittee
    address public immutable access;
    /// @inheritdoc ICommittee
    uint256 public immutable threshold;
    /// @inheritdoc ICommittee
    uint48 public immutable termEnd;

    /// @dev Written by the constructor alone.
    address[] private _members;
    mapping(address account => bool) private _isMember;
    /// @inheritdoc ICommittee
    mapping(bytes32 id => uint256) public approvalsOf;
    /// @inheritdoc ICommittee
    mapping(bytes32 id => mapping(address member => bool)) public hasApproved;
    /// @inheritdoc ICommittee
    mapping(bytes32 id => bool) public isExecuted;

    modifier duringTerm() {
        if (block.timestamp > termEnd) revert TermEnded(termEnd);
        _;
    }

    constructor(address access_, address[] memory members_, uint256 threshold_, uint48 termEnd_) {
        uint256 count = members_.length;
        if (count == 0 || count > MAX_MEMBERS) revert MembersInvalid(count, MAX_MEMBERS);
        if (threshold_ == 0 || threshold_ > count) revert ThresholdOutOfBounds(threshold_, 1, count);
        uint256 latest = block.timestamp + MAX_TERM;
        if (termEnd_ <= block.timestamp || termEnd_ > latest) {
            revert TermOutOfBounds(termEnd_, block.timestamp, latest);
        }
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            if (members_[i] <= previous) revert MembersNotAscending(previous, members_[i]);
            previous = members_[i];
            _isMember[previous] = true;
        }
        _members = members_;
        (access, threshold, termEnd) = (access_, threshold_, termEnd_);
    }

    /// @inheritdoc ICommittee
    function approve(address target, bytes calldata data, bytes32 salt) external duringTerm returns (bytes32 id) {
        if (!_isMember[msg.sender]) revert NotMember(msg.sender);
        id = idOf(target, data, salt);
        if (isExecuted[id]) revert AlreadyExecuted(id);
        if (hasApproved[id][msg.sender]) revert AlreadyApproved(id, msg.sender);
        hasApproved[id][msg.sender] = true;
        ++approvalsOf[id];
        emit Approved(id, msg.sender, target, data, salt);
    }

    /// @inheritdoc ICommittee
    function withdrawApproval(bytes32 id) external {
        if (!hasApproved[id][msg.sender]) revert NotApproved(id, msg.sender);
        hasApproved[id][msg.sender] = false;
        --approvalsOf[id];
        emit ApprovalWithdrawn(id, msg.sender);
    }

    /// @inheritdoc ICommittee
    function schedule(address target, bytes calldata data, bytes32 salt)
        external
        duringTerm
        returns (uint48 executableAt)
    {
        bytes32 id = _checkApproved(target, data, salt);
        (bytes32 operationId,) = IAccessManager(access).schedule(target, data, 0);
        executableAt = IAccessManager(access).getSchedule(operationId);
        emit Scheduled(id, executableAt);
    }

    /// @inheritdoc ICommittee
    function execute(address target, bytes calldata data, bytes32 salt) external duringTerm {
        bytes32 id = _checkApproved(target, data, salt);
        isExecuted[id] = true;
        emit Executed(id, msg.sender);
        IAccessManager(access).execute(target, data);
    }

    /// @inheritdoc ICommittee
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc ICommittee
    function idOf(address target, bytes calldata data, bytes32 salt) public pure returns (bytes32 id) {
        return keccak256(abi.encode(target, data, salt));
    }

    function _checkApproved(address target, bytes calldata data, bytes32 salt) private view returns (bytes32 id) {
        id = idOf(target, data, salt);
        if (isExecuted[id]) revert AlreadyExecuted(id);
        uint256 approvals = approvalsOf[id];
        if (approvals < threshold) revert TooFewApprovals(id, approvals, threshold);
    }
}
