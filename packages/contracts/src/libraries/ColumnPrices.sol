// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochMatrix} from "./EpochMatrix.sol";

/// @notice What the bonds of a column sum to, and what one of them is worth, eight columns of a word at a time: the even
/// or the odd ones, in two groups, as `EpochMatrix` keeps them.
/// @dev Rules 6 and 7: docs/design/0001-epoch-arithmetic.md. Totals are two words a group, its lanes 0 and 2 in the
/// halves of the first, 1 and 3 in those of the second.
library ColumnPrices {
    uint256 private constant U32_OF_128 = 0x000000000000000000000000ffffffff000000000000000000000000ffffffff;
    uint256 private constant U64_OF_128 = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;

    /// @notice The bonds of each column: linear in the weights and in the stored bonds. At most 1,024 bonds below 2^64.
    function setTotals(EpochMatrix.BondRule memory rule, EpochMatrix.Sums memory sums, uint256[4] memory totals)
        internal
        pure
    {
        assembly ("memory-safe") {
            let fresh := mload(add(rule, 0x20))
            let old := mload(add(rule, 0x40))
            let held := mload(add(sums, 0x80))
            let weights := mload(add(sums, 0x40))
            mstore(totals, add(mul(and(weights, U64_OF_128), fresh), mul(and(held, U32_OF_128), old)))
            weights := and(shr(64, weights), U64_OF_128)
            mstore(add(totals, 0x20), add(mul(weights, fresh), mul(and(shr(64, held), U32_OF_128), old)))
            weights := mload(add(sums, 0x60))
            mstore(
                add(totals, 0x40),
                add(mul(and(weights, U64_OF_128), fresh), mul(and(shr(32, held), U32_OF_128), old))
            )
            weights := and(shr(64, weights), U64_OF_128)
            mstore(add(totals, 0x60), add(mul(weights, fresh), mul(and(shr(96, held), U32_OF_128), old)))
        }
    }

    /// @notice Rule 7: writes the rank and finds the price of each of the eight columns.
    /// @param rankAt memory position of the rank of the word's first column
    /// @param prices as `addWorth` takes them; those of the other eight columns are left alone
    function setPricesDown(
        EpochMatrix.Sums memory sums,
        uint256[4] memory totals,
        uint256 rankAt,
        uint256 odd,
        uint256[8] memory prices
    ) internal pure {
        assembly ("memory-safe") {
            // A division by zero gives zero. Prices are below 2^60, but for rules outside of their bounds.
            function pricesDown(rankLow, rankHigh, total) -> pair {
                rankLow := div(shl(46, rankLow), and(total, 0xffffffffffffffffffffffffffffffff))
                rankHigh := div(shl(46, rankHigh), shr(128, total))
                if gt(or(rankLow, rankHigh), 0xfffffffffffffff) {
                    if gt(rankLow, 0xfffffffffffffff) { rankLow := 0xfffffffffffffff }
                    if gt(rankHigh, 0xfffffffffffffff) { rankHigh := 0xfffffffffffffff }
                }
                pair := or(shl(128, rankLow), rankHigh)
            }
            rankAt := add(rankAt, shl(5, odd))
            prices := add(prices, shl(6, odd))
            for { let end := add(sums, 0x40) } lt(sums, end) { sums := add(sums, 0x20) } {
                // Lane m of a group is column 4m of those that begin at its first.
                let lanes := mload(sums)
                let low := and(lanes, 0xffffffffffffffff)
                let high := and(shr(128, lanes), 0xffffffffffffffff)
                mstore(rankAt, low)
                mstore(add(rankAt, 0x100), high)
                mstore(prices, pricesDown(low, high, mload(totals)))
                low := and(shr(64, lanes), 0xffffffffffffffff)
                high := shr(192, lanes)
                mstore(add(rankAt, 0x80), low)
                mstore(add(rankAt, 0x180), high)
                mstore(add(prices, 0x20), pricesDown(low, high, mload(add(totals, 0x20))))
                // The second group begins two columns on.
                totals := add(totals, 0x40)
                rankAt := add(rankAt, 0x40)
                prices := add(prices, 0x80)
            }
        }
    }
}
