// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// @title Who may call what
/// @notice OpenZeppelin's AccessManager with exactly one admin, who can be followed by another but not lost: no grant,
/// no revocation, no delay can lock the stakers out. A function that no role was given is the admin's.
interface IWitanAccess is IAccessManager {
    error AdminFixed(address account);
    error NotAdmin(address caller);
    error SuccessorWithoutCode(address successor);
    error AccessDelayTooLong(uint256 delay, uint256 high);

    /// @notice May hold and slash stake (`IStakeVault`); the network's court has it from the deployment on.
    // solhint-disable-next-line func-name-mixedcase
    function COURT_ROLE() external view returns (uint64);

    /// @notice Makes another contract the only admin. Only the admin.
    function replaceAdmin(address successor) external;
}
