// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a decision waits in, and who carries it out
/// @notice OpenZeppelin's TimelockController whose operations expire, and which keeps the whole cycle of a decision within
/// bounds that are fixed for good. It has one governor, which alone proposes, cancels and executes; anybody may call
/// the governor. The timelock is the only admin of the permissions (`WitanAccess`).
interface IWitanTimelock {
    /// @notice An operation may be executed until and at `expiresAt`, unix seconds.
    event OperationExpirySet(bytes32 indexed id, uint48 expiresAt);
    event ExecutionWindowSet(uint256 previous, uint256 current);
    event GovernorReplaced(address indexed previous, address indexed current);

    /// @param name of what is out of its bounds: `wait` (voting delay and timelock delay), `votingPeriod`,
    /// `executionWindow`, `delay` or `cycle`
    error CycleOutOfBounds(bytes32 name, uint256 value, uint256 low, uint256 high);
    /// @notice The bounds themselves do not fit the chain and the unbonding time.
    error CycleBoundsInvalid(uint256 minCycle, uint256 maxCycle, uint256 low, uint256 high);
    error NotTimelock(address caller, address timelock);
    /// @notice The roles move together, by `replaceGovernor`.
    error RoleFixed(bytes32 role, address account);
    /// @notice An operation waits exactly the delay in force.
    error DelayNotInForce(uint256 delay, uint256 inForce);
    error NotAGovernor(address account, address timelock);

    /// @notice Sets how long an operation stays executable, in seconds, for those queued from now on. Only by a decision.
    function setExecutionWindow(uint256 executionWindow_) external;

    /// @notice Gives all that the governor may do to another one of this timelock, in one step. What the old one has
    /// queued is void. Only by a decision.
    function replaceGovernor(address successor) external;

    /// @notice Reverts with `CycleOutOfBounds` unless these, with the delay and the window in force, make a lawful cycle:
    /// voting delay and timelock delay are together at least `minCycle`, so are the voting period and the execution
    /// window, and the sum of all with the extension is at most `maxCycle`.
    function checkCycle(uint256 votingDelay, uint256 votingPeriod, uint256 voteExtension) external view;

    function governor() external view returns (address);

    /// @notice How long an operation stays executable, in seconds.
    function executionWindow() external view returns (uint48);

    /// @notice Until when an operation may be executed, unix seconds; 0: never queued.
    function expiresAt(bytes32 id) external view returns (uint48);

    /// @notice The least that each phase takes, in seconds; immutable.
    function minCycle() external view returns (uint48);

    /// @notice The most from a proposal to the end of its execution, in seconds; immutable.
    function maxCycle() external view returns (uint48);
}
