// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A contract of which some functions are for the stakers
/// @notice Who may call them the network's permissions say (`IWitanAccess`): the timelock, as their admin, and whom it
/// gave a role for them.
interface IGoverned {
    error NotAuthorized(address caller, address target, bytes4 selector);

    /// @notice The permissions, immutable.
    function authority() external view returns (address);
}
