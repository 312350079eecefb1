// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";

/// @dev As OpenZeppelin's AccessManaged, without a way to change the authority and without storage. Who has a role with
/// a delay calls through the permissions (`execute`), which watch the delay.
abstract contract Governed is IGoverned {
    /// @inheritdoc IGoverned
    address public immutable authority;

    modifier restricted() {
        _checkAuthorized();
        _;
    }

    constructor(address authority_) {
        authority = authority_;
    }

    function _checkAuthorized() private view {
        (bool immediate,) = IAccessManager(authority).canCall(msg.sender, address(this), msg.sig);
        if (!immediate) revert NotAuthorized(msg.sender, address(this), msg.sig);
    }
}
