// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../interfaces/IConsensus.sol";

/// @notice Packed weight rows: `uint16` sixteen a word, uid 0 in the lowest bits; a missing word means zeros.
library RowRules {
    uint256 private constant U16_MAX = 65_535;
    uint256 private constant CELLS_A_WORD = 16;

    /// @notice How a row is committed to once revealed: with the time of its commitment and without zeros at its end.
    /// @param words calldata position of the row
    /// @param count of its words
    function hash(uint256 committedAt, uint256 words, uint256 count) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            for {} count { count := sub(count, 1) } {
                if calldataload(add(words, shl(5, sub(count, 1)))) { break }
            }
            let buffer := mload(0x40)
            mstore(buffer, committedAt)
            calldatacopy(add(buffer, 0x20), words, shl(5, count))
            digest := keccak256(buffer, add(0x20, shl(5, count)))
        }
    }

    /// @notice The cells of a row without zeros at its end.
    function length(uint256[] calldata row) internal pure returns (uint256 cells) {
        uint256 words = row.length;
        while (words > 0 && row[words - 1] == 0) --words;
        if (words == 0) return 0;
        cells = words * CELLS_A_WORD;
        for (uint256 last = row[words - 1]; last >> 240 == 0; last <<= 16) {
            --cells;
        }
    }

    /// @notice Limits of a row: at least `minWeights` neurons named, or none, and no weight above `maxRatio` / 65535 of all.
    /// A weight for `own`, the voter itself, is no weight.
    function check(uint256[] calldata row, uint256 own, uint256 minWeights, uint256 maxRatio) internal pure {
        if (minWeights <= 1 && maxRatio == U16_MAX) return;
        (uint256 count, uint256 largest, uint256 sum) = (0, 0, 0);
        for (uint256 word = 0; word < row.length; ++word) {
            uint256 others = row[word];
            if (word == own / CELLS_A_WORD) others &= ~(U16_MAX << (16 * (own % CELLS_A_WORD)));
            for (uint256 cells = others; cells != 0; cells >>= 16) {
                uint256 weight = cells & U16_MAX;
                if (weight == 0) continue;
                ++count;
                sum += weight;
                if (weight > largest) largest = weight;
            }
        }
        if (count == 0) return;
        if (count < minWeights) revert IConsensus.TooFewWeights(count, minWeights);
        if (largest * U16_MAX > maxRatio * sum) revert IConsensus.WeightTooLarge(largest, sum, maxRatio);
    }

    function isZero(uint256 words, uint256 count) internal pure returns (bool zero) {
        assembly ("memory-safe") {
            let any := 0
            for { let end := add(words, shl(5, count)) } lt(words, end) { words := add(words, 0x20) } {
                any := or(any, calldataload(words))
            }
            zero := iszero(any)
        }
    }
}
