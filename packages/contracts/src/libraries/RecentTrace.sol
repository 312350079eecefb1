// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @notice A history of a value by unix time whose two latest entries share one word: reading it at a moment since which
/// it changed at most once costs one storage slot.
/// @dev A value has 88 bits: the supply of the token is below 2^85 wei.
library RecentTrace {
    using SafeCast for uint256;
    using Checkpoints for Checkpoints.Trace208;

    uint256 private constant ENTRY_BITS = 128;
    uint256 private constant TIME_BITS = 40;

    /// @dev Casts to `uint40` and `uint88` take a field out of an entry.
    /// @param recent the last entry in the low half, the one before in the high half: a value, and below it the time
    /// since when it holds; time 0: none, and the value is 0
    /// @param older the entries before those
    struct Trace {
        uint256 recent;
        Checkpoints.Trace208 older;
    }

    /// @notice Writes `value` from `time` on, which must not be before the last write.
    function push(Trace storage self, uint256 time, uint256 value) internal {
        uint256 recent = self.recent;
        uint256 entry = uint256(value.toUint88()) << TIME_BITS | time.toUint40();
        if (uint40(recent) == time) {
            self.recent = recent >> ENTRY_BITS << ENTRY_BITS | entry;
            return;
        }
        uint256 previous = recent >> ENTRY_BITS;
        if (previous != 0) self.older.push(uint40(previous), uint88(previous >> TIME_BITS));
        self.recent = recent << ENTRY_BITS | entry;
    }

    function latest(Trace storage self) internal view returns (uint256 value) {
        return uint88(self.recent >> TIME_BITS);
    }

    /// @notice The value as of its last change at or before `time`.
    function valueAt(Trace storage self, uint48 time) internal view returns (uint256 value) {
        uint256 recent = self.recent;
        if (time >= uint40(recent)) return uint88(recent >> TIME_BITS);
        uint256 previous = recent >> ENTRY_BITS;
        if (time >= uint40(previous)) return previous >> TIME_BITS;
        return self.older.upperLookupRecent(time);
    }
}
