// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PackedRow} from "./PackedRow.sol";

/// @notice Between packed rows (sixteen `uint16` a word, uid 0 in the lowest bits) and lists with one entry per uid.
library DenseRow {
    uint256 private constant CELL_BITS = 16;
    uint256 private constant CELLS_PER_WORD = 16;

    /// @notice The first `n` cells; a missing word means zeros.
    function unpack(uint256[] calldata words, uint256 n) internal pure returns (uint256[] memory row) {
        row = new uint256[](n);
        for (uint256 k = 0; k < words.length; ++k) {
            _unpackWord(row, k * CELLS_PER_WORD, words[k]);
        }
    }

    /// @notice Cells as whole multiples of `unit`, rounded down; empty when all are zero.
    function packDown(uint256[] memory row, uint256 unit) internal pure returns (uint256[] memory words) {
        words = new uint256[](PackedRow.words(row.length));
        uint256 any = 0;
        for (uint256 k = 0; k < words.length; ++k) {
            words[k] = _packWordDown(row, k * CELLS_PER_WORD, unit);
            any |= words[k];
        }
        if (any == 0) return new uint256[](0);
    }

    function _unpackWord(uint256[] memory row, uint256 start, uint256 word) private pure {
        uint256 end = Math.min(row.length, start + CELLS_PER_WORD);
        for (uint256 uid = start; uid < end; ++uid) {
            row[uid] = word & type(uint16).max;
            word >>= CELL_BITS;
        }
    }

    function _packWordDown(uint256[] memory row, uint256 start, uint256 unit) private pure returns (uint256 word) {
        uint256 uid = Math.min(row.length, start + CELLS_PER_WORD);
        // Cannot underflow: stops at `start`.
        unchecked {
            while (uid > start) word = word << CELL_BITS | row[--uid] / unit;
        }
    }
}
