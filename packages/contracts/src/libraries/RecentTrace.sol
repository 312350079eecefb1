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

    /// @param since when `value` was written; 0: never, and the value is 0
    /// @param previousSince when `previous` was written; what came before is in `older`
    struct Trace {
        uint40 since;
        uint88 value;
        uint40 previousSince;
        uint88 previous;
        Checkpoints.Trace208 older;
    }

    /// @notice Writes `value` from `time` on, which must not be before the last write.
    function push(Trace storage self, uint256 time, uint256 value) internal {
        if (self.since != time) {
            if (self.previousSince != 0) self.older.push(self.previousSince, self.previous);
            (self.previousSince, self.previous) = (self.since, self.value);
            self.since = time.toUint40();
        }
        self.value = value.toUint88();
    }

    function latest(Trace storage self) internal view returns (uint256 value) {
        return self.value;
    }

    /// @notice The value as of its last change at or before `time`.
    function at(Trace storage self, uint256 time) internal view returns (uint256 value) {
        if (time >= self.since) return self.value;
        if (time >= self.previousSince) return self.previous;
        return self.older.upperLookupRecent(time.toUint48());
    }
}
