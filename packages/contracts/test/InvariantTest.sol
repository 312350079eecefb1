// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";
import {Vm} from "./Vm.sol";

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

    /// @dev One of the moves, which and how decided by `seed`: for a test that the moves reach what they are meant to.
    function playMove(uint256 seed) internal {
        bytes4[] memory selectors = moves();
        uint256[4] memory args;
        for (uint256 k = 0; k < 4; ++k) {
            args[k] = uint256(keccak256(abi.encode(seed, k)));
        }
        (bool ok,) = target().call(abi.encodePacked(selectors[args[3] % selectors.length], abi.encode(args)));
        assertTrue(ok, "a legal move");
    }

    function atLeast(Vm.Log[] memory logs, string memory what, bytes32 topic, uint256 count) internal pure {
        uint256 found = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++found;
        }
        assertLe(count, found, what);
    }

    function target() internal view virtual returns (address handler);

    /// @return selectors one that is listed twice is drawn twice as often
    function moves() internal pure virtual returns (bytes4[] memory selectors);
}
