// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A value over time: ascending words of a moment (48 bits, unix seconds) and the value from then on (208 bits).
/// @dev Unlike OpenZeppelin's checkpoints the last word may lie in the future, and a change can still come before it.
/// There is at most one such pending word, because everything that waits, waits for the same moment.
library ValueTrace {
    uint256 private constant VALUE_BITS = 208;

    function pack(uint256 since, uint256 value) internal pure returns (uint256) {
        // Callers' moments have 48 bits and their values 208.
        return since << VALUE_BITS | value;
    }

    function unpack(uint256 word) internal pure returns (uint48 since, uint208 value) {
        return (uint48(word >> VALUE_BITS), uint208(word));
    }

    /// @notice The last value, pending or not.
    function latest(uint256[] storage line) internal view returns (uint208 value) {
        uint256 length = line.length;
        if (length > 0) (, value) = unpack(line[length - 1]);
    }

    /// @notice The value in force at `time`; 0 before the first word.
    function valueAt(uint256[] storage line, uint256 time) internal view returns (uint208 value) {
        (bool found, uint256 position) = positionAt(line, time);
        if (found) (, value) = unpack(line[position]);
    }

    /// @notice The last word that begins at or before `time`. The search starts at the end, where it usually ends.
    function positionAt(uint256[] storage line, uint256 time) internal view returns (bool found, uint256 position) {
        uint256 high = line.length;
        uint256 low = 0;
        uint256 probe = high; // one past the word looked at next
        while (low < high) {
            if (line[probe - 1] >> VALUE_BITS <= time) low = probe;
            else high = probe - 1;
            probe = (low + high + 1) / 2;
        }
        return low == 0 ? (false, 0) : (true, low - 1);
    }

    /// @notice Adds `delta` to the value from `since` on: to the pending one too when `since` is before it.
    function addFrom(uint256[] storage line, uint48 since, int256 delta) internal {
        uint256 length = line.length;
        (uint48 lastSince, uint208 lastValue) = length == 0 ? (0, 0) : unpack(line[length - 1]);
        if (length == 0 || lastSince < since) {
            line.push(pack(since, _plus(lastValue, delta)));
            return;
        }
        if (lastSince > since) {
            (uint48 heldSince, uint208 heldValue) = length == 1 ? (0, 0) : unpack(line[length - 2]);
            uint256 changed = pack(since, _plus(heldValue, delta));
            if (heldSince == since) {
                line[length - 2] = changed;
            } else {
                line[length - 1] = changed;
                line.push();
                ++length;
            }
        }
        line[length - 1] = pack(lastSince, _plus(lastValue, delta));
    }

    /// @dev Modulo 2^208: a change of the value in force and one of the pending value are two additions, and between
    /// them the pending value may be below zero.
    function _plus(uint208 value, int256 delta) private pure returns (uint256) {
        return uint208(uint256(int256(uint256(value)) + delta));
    }
}
