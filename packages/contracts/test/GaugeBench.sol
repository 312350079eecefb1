// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EmissionBench} from "./EmissionBench.sol";

/// @notice Accounts that stake and point.
abstract contract GaugeBench is EmissionBench {
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);

    function pointAt(address account, uint16 netuid) internal {
        (uint16[] memory netuids, uint16[] memory weights) = (new uint16[](1), new uint16[](1));
        (netuids[0], weights[0]) = (netuid, 1);
        vm.prank(account);
        emission.point(netuids, weights);
    }

    function pointAt(address account, uint16 a, uint16 weightA, uint16 b, uint16 weightB) internal {
        (uint16[] memory netuids, uint16[] memory weights) = (new uint16[](2), new uint16[](2));
        (netuids[0], weights[0], netuids[1], weights[1]) = (a, weightA, b, weightB);
        vm.prank(account);
        emission.point(netuids, weights);
    }

    function pointNowhere(address account) internal {
        vm.prank(account);
        emission.point(new uint16[](0), new uint16[](0));
    }

    /// @notice What the subnet was due from `from` to `to`, seconds after the start.
    function due(uint16 netuid, uint256 from, uint256 to) internal view returns (uint256) {
        return emission.dueAt(netuid, uint48(START + to)) - emission.dueAt(netuid, uint48(START + from));
    }

    function goTo(uint256 elapsed) internal {
        vm.warp(START + elapsed);
    }
}
