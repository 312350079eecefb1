// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Sums and shares of lists with one entry per uid (at most 256 entries, each below 2^200).
library Vector {
    function sum(uint256[] memory values) internal pure returns (uint256 total) {
        // Cannot overflow: 256 entries below 2^200.
        unchecked {
            for (uint256 k = 0; k < values.length; ++k) {
                total += values[k];
            }
        }
    }

    /// @notice Scales values in place to shares of 2^bits, each rounded down; all zeros stay zeros.
    function normaliseDown(uint256[] memory values, uint256 bits) internal pure {
        uint256 total = sum(values);
        if (total == 0) return;
        for (uint256 k = 0; k < values.length; ++k) {
            values[k] = (values[k] << bits) / total;
        }
    }

    /// @notice Adds `row` to `totals`, in place.
    function add(uint256[] memory totals, uint256[] memory row) internal pure {
        // Cannot overflow: at most 256 rows of entries below 2^200.
        unchecked {
            for (uint256 k = 0; k < row.length; ++k) {
                totals[k] += row[k];
            }
        }
    }

    /// @notice Puts `key` into the prefix [0, count), which descends, so that [0, count] does.
    function insertDescending(uint256[] memory keys, uint256 count, uint256 key) internal pure {
        // Cannot underflow: `count` is positive wherever it is lowered.
        unchecked {
            for (; count != 0; --count) {
                uint256 lower = keys[count - 1];
                if (lower >= key) break;
                keys[count] = lower;
            }
        }
        keys[count] = key;
    }

    function widen(uint64[] calldata values) internal pure returns (uint256[] memory wide) {
        wide = new uint256[](values.length);
        for (uint256 k = 0; k < values.length; ++k) {
            wide[k] = values[k];
        }
    }

    function toUint32(uint256[] memory values) internal pure returns (uint32[] memory narrow) {
        narrow = new uint32[](values.length);
        for (uint256 k = 0; k < values.length; ++k) {
            narrow[k] = uint32(values[k]); // the caller's values are at most 2^30
        }
    }

    function toUint64(uint256[] memory values) internal pure returns (uint64[] memory narrow) {
        narrow = new uint64[](values.length);
        for (uint256 k = 0; k < values.length; ++k) {
            narrow[k] = uint64(values[k]); // the caller's values are at most 2^32
        }
    }
}
