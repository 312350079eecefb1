// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";

/// @notice The base of every invariant campaign: forge calls the moves of one handler and nothing else, not even the
/// `setUp` that a handler may inherit.
abstract contract InvariantTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev Read by forge.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = target();
    }

    /// @dev Read by forge.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        (targets[0].addr, targets[0].selectors) = (target(), moves());
    }

    function target() internal view virtual returns (address handler);

    /// @return selectors one that is listed twice is drawn twice as often
    function moves() internal pure virtual returns (bytes4[] memory selectors);
}
