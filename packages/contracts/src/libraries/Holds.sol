// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Nodes whose stake is held while a court decides on them.
/// @dev Holds that overlap are one, which lasts `maxHold` seconds after the latest came. But it never reaches further back
/// than `maxHold`: what left is free after that long, however many holds follow, so that whoever may hold cannot lock
/// stake up for ever. What is released after a lapse belongs to no hold any more.
library Holds {
    /// @param since when the first of them came, unix seconds
    /// @param latest when the last of them came, unix seconds
    /// @param open holds that are not released
    struct Hold {
        uint48 since;
        uint48 latest;
        uint32 open;
    }

    /// @notice Since when stake is held, unix seconds; 0: it is not.
    function heldSince(Hold storage self, uint256 maxHold) internal view returns (uint48) {
        if (self.open == 0 || block.timestamp > self.latest + maxHold) return 0;
        return uint48(Math.max(self.since, Math.saturatingSub(block.timestamp, maxHold))); // ≤ the clock
    }

    function add(Hold storage self, uint256 maxHold) internal {
        if (heldSince(self, maxHold) == 0) (self.since, self.open) = (uint48(block.timestamp), 0);
        self.latest = uint48(block.timestamp);
        ++self.open;
    }

    function remove(Hold storage self, uint256 heldAt) internal {
        if (self.open != 0 && heldAt >= self.since) --self.open;
    }
}
