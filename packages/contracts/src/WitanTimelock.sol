// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IWitanTimelock} from "./interfaces/IWitanTimelock.sol";

interface IGovernorSettings {
    function timelock() external view returns (address);
    function lateQuorumVoteExtension() external view returns (uint48);
}

contract WitanTimelock is IWitanTimelock, TimelockController {
    using SafeCast for uint256;

    uint256 private constant LOCAL_CHAIN_ID = 31_337;
    uint256 private constant PUBLIC_MIN_CYCLE = 1 days;
    uint256 private constant PUBLIC_MAX_CYCLE = 7 days;
    /// @dev Who disagrees has a day to decide and leaves when the decision is carried out, not before: docs/design/0010.
    uint256 private constant PUBLIC_MARGIN = 1 days;

    /// @inheritdoc IWitanTimelock
    uint48 public immutable minCycle;
    /// @inheritdoc IWitanTimelock
    uint48 public immutable maxCycle;

    /// @inheritdoc IWitanTimelock
    address public governor;
    /// @inheritdoc IWitanTimelock
    uint48 public executionWindow;
    /// @inheritdoc IWitanTimelock
    mapping(bytes32 id => uint48) public expiresAt;

    modifier onlyTimelock() {
        if (msg.sender != address(this)) revert NotTimelock(msg.sender, address(this));
        _;
    }

    /// @dev Created by its governor, which checks its own part of the cycle.
    constructor(uint48 delay, uint48 window, uint48 minCycle_, uint48 maxCycle_, uint48 unbonding)
        TimelockController(delay, _only(msg.sender), _only(msg.sender), address(0))
    {
        bool isLocal = block.chainid == LOCAL_CHAIN_ID;
        uint256 low = isLocal ? 1 : PUBLIC_MIN_CYCLE;
        uint256 high = isLocal ? unbonding : Math.min(PUBLIC_MAX_CYCLE, Math.saturatingSub(unbonding, PUBLIC_MARGIN));
        if (minCycle_ < low || maxCycle_ > high || minCycle_ > maxCycle_) {
            revert CycleBoundsInvalid(minCycle_, maxCycle_, low, high);
        }
        (minCycle, maxCycle) = (minCycle_, maxCycle_);
        (governor, executionWindow) = (msg.sender, window);
        emit GovernorReplaced(address(0), msg.sender);
        emit ExecutionWindowSet(0, window);
    }

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override onlyTimelock {
        _checkCycle(newDelay, executionWindow);
        super.updateDelay(newDelay);
    }

    /// @inheritdoc IWitanTimelock
    function setExecutionWindow(uint256 executionWindow_) external onlyTimelock {
        _checkCycle(getMinDelay(), executionWindow_);
        emit ExecutionWindowSet(executionWindow, executionWindow_);
        executionWindow = executionWindow_.toUint48();
    }

    /// @inheritdoc IWitanTimelock
    function replaceGovernor(address successor) external onlyTimelock {
        address previous = governor;
        _checkSuccessor(successor, previous);
        governor = successor;
        emit GovernorReplaced(previous, successor);
        _checkCycle(getMinDelay(), executionWindow);
        _moveRole(PROPOSER_ROLE, previous, successor);
        _moveRole(CANCELLER_ROLE, previous, successor);
        _moveRole(EXECUTOR_ROLE, previous, successor);
    }

    /// @inheritdoc IWitanTimelock
    function checkCycle(uint256 votingDelay, uint256 votingPeriod, uint256 voteExtension) external view {
        _checkPhases(votingDelay, votingPeriod, voteExtension, getMinDelay(), executionWindow);
    }

    /// @inheritdoc TimelockController
    function schedule(
        address target,
        uint256 value,
        bytes calldata data,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.schedule(target, value, data, predecessor, salt, delay);
        _setExpiry(hashOperation(target, value, data, predecessor, salt), delay);
    }

    /// @inheritdoc TimelockController
    function scheduleBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.scheduleBatch(targets, values, payloads, predecessor, salt, delay);
        _setExpiry(hashOperationBatch(targets, values, payloads, predecessor, salt), delay);
    }

    function grantRole(bytes32 role, address account) public pure override {
        revert RoleFixed(role, account);
    }

    function revokeRole(bytes32 role, address account) public pure override {
        revert RoleFixed(role, account);
    }

    function renounceRole(bytes32 role, address account) public pure override {
        revert RoleFixed(role, account);
    }

    /// @dev An expired operation is as if it had never been queued.
    function getOperationState(bytes32 id) public view override returns (OperationState) {
        OperationState current = super.getOperationState(id);
        bool isExpired = current == OperationState.Ready && block.timestamp > expiresAt[id];
        return isExpired ? OperationState.Unset : current;
    }

    function _setExpiry(bytes32 id, uint256 delay) private {
        if (delay != getMinDelay()) revert DelayNotInForce(delay, getMinDelay());
        expiresAt[id] = (block.timestamp + delay + executionWindow).toUint48();
        emit OperationExpirySet(id, expiresAt[id]);
    }

    function _moveRole(bytes32 role, address from, address to) private {
        _revokeRole(role, from);
        _grantRole(role, to);
    }

    /// @dev With the settings of the governor in charge.
    function _checkCycle(uint256 delay, uint256 window) private view {
        IGovernor settings = IGovernor(governor);
        uint256 voteExtension = IGovernorSettings(governor).lateQuorumVoteExtension();
        _checkPhases(settings.votingDelay(), settings.votingPeriod(), voteExtension, delay, window);
    }

    function _checkPhases(
        uint256 votingDelay,
        uint256 votingPeriod,
        uint256 voteExtension,
        uint256 delay,
        uint256 window
    ) private view {
        _within("delay", delay, 0, maxCycle);
        _within("executionWindow", window, minCycle, maxCycle);
        _within("votingPeriod", votingPeriod, minCycle, maxCycle);
        _within("wait", votingDelay + delay, minCycle, maxCycle);
        _within("cycle", votingDelay + votingPeriod + voteExtension + delay + window, minCycle, maxCycle);
    }

    /// @dev A promise by code, not a proof: voters read what they put in charge.
    function _checkSuccessor(address successor, address previous) private view {
        bool isGovernor = successor != previous && successor.code.length > 0
            && IERC165(successor).supportsInterface(type(IGovernor).interfaceId)
            && IGovernorSettings(successor).timelock() == address(this);
        if (!isGovernor) revert NotAGovernor(successor, address(this));
    }

    function _within(bytes32 name, uint256 value, uint256 low, uint256 high) private pure {
        if (value < low || value > high) revert CycleOutOfBounds(name, value, low, high);
    }

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
