// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {IWitanAccess} from "./interfaces/IWitanAccess.sol";

contract WitanAccess is IWitanAccess, AccessManager {
    /// @dev What the admin decides has waited in the timelock already.
    uint32 private constant MAX_DELAY = 7 days;

    /// @inheritdoc IWitanAccess
    uint64 public constant COURT_ROLE = 1;

    /// @dev The court may do its work from the start, so that nobody has to be trusted to let it.
    constructor(address admin, address vault, address court) AccessManager(admin) {
        _setTargetFunctionRole(vault, IStakeVault.hold.selector, COURT_ROLE);
        _setTargetFunctionRole(vault, IStakeVault.release.selector, COURT_ROLE);
        _setTargetFunctionRole(vault, IStakeVault.slash.selector, COURT_ROLE);
        _grantRole(COURT_ROLE, court, 0, 0);
    }

    /// @inheritdoc IWitanAccess
    function replaceAdmin(address successor) external {
        (bool isAdmin,) = hasRole(ADMIN_ROLE, msg.sender);
        if (!isAdmin) revert NotAdmin(msg.sender);
        if (successor.code.length == 0) revert SuccessorWithoutCode(successor);
        if (successor == msg.sender) revert AdminFixed(successor);
        _grantRole(ADMIN_ROLE, successor, 0, 0);
        _revokeRole(ADMIN_ROLE, msg.sender);
    }

    /// @inheritdoc IAccessManager
    function grantRole(uint64 roleId, address account, uint32 executionDelay)
        public
        override(AccessManager, IAccessManager)
    {
        if (roleId == ADMIN_ROLE) revert AdminFixed(account);
        super.grantRole(roleId, account, executionDelay);
    }

    /// @inheritdoc IAccessManager
    function revokeRole(uint64 roleId, address account) public override(AccessManager, IAccessManager) {
        if (roleId == ADMIN_ROLE) revert AdminFixed(account);
        super.revokeRole(roleId, account);
    }

    /// @inheritdoc IAccessManager
    function renounceRole(uint64 roleId, address callerConfirmation) public override(AccessManager, IAccessManager) {
        if (roleId == ADMIN_ROLE) revert AdminFixed(callerConfirmation);
        super.renounceRole(roleId, callerConfirmation);
    }

    /// @dev A delay of the admin's own calls would have to be scheduled by one decision and used by another.
    function _setTargetAdminDelay(address target, uint32 newDelay) internal override {
        if (newDelay > MAX_DELAY) revert AccessDelayTooLong(newDelay, MAX_DELAY);
        super._setTargetAdminDelay(target, newDelay);
    }

    function _setGrantDelay(uint64 roleId, uint32 newDelay) internal override {
        if (newDelay > MAX_DELAY) revert AccessDelayTooLong(newDelay, MAX_DELAY);
        super._setGrantDelay(roleId, newDelay);
    }
}
