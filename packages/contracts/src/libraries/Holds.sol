// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Nodes whose stake is held while a court decides on them.
/// @dev Holds that overlap are one, which began with the first and lapses at the latest `maxHold` seconds after that, however
/// many follow: whoever may hold cannot lock stake up for ever. What is released after a lapse belongs to no hold any more.
library Holds {
    /// @param since when the oldest of the holds came, unix seconds
    /// @param open holds that are not released
    struct Hold {
        uint48 since;
        uint32 open;
    }

    /// @notice When the hold in force began, unix seconds; 0: none.
    function heldSince(Hold storage self, uint256 maxHold) internal view returns (uint48 since) {
        if (self.open != 0 && block.timestamp <= self.since + maxHold) since = self.since;
    }

    function add(Hold storage self, uint256 maxHold) internal {
        if (heldSince(self, maxHold) == 0) (self.since, self.open) = (uint48(block.timestamp), 0);
        ++self.open;
    }

    function remove(Hold storage self, uint256 heldAt) internal {
        if (self.open != 0 && heldAt >= self.since) --self.open;
    }
}
