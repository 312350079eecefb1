// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochMatrix} from "./EpochMatrix.sol";

/// @notice What the bonds of a column sum to, and what one of them is worth, eight columns of a word at a time: the even
/// or the odd ones, as `EpochMatrix` keeps them.
/// @dev Rules 6 and 7: docs/design/0001-epoch-arithmetic.md.
library ColumnPrices {
    /// Below 2^60; reached only outside of the bounds of the parameters.
    uint256 private constant MAX_PRICE = 0xfffffffffffffff;

    /// @notice The bonds of each of the eight columns: linear in the weights and in the stored bonds.
    function setTotals(EpochMatrix.BondRule memory rule, EpochMatrix.Sums memory sums, uint256[8] memory totals)
        internal
        pure
    {
        assembly ("memory-safe") {
            let fresh := mload(add(rule, 0x20))
            let old := mload(add(rule, 0x40))
            let held := mload(add(sums, 0x80))
            let first := mload(add(sums, 0x40))
            let second := mload(add(sums, 0x60))
            for { let end := add(totals, 256) } lt(totals, end) { totals := add(totals, 64) } {
                mstore(totals, add(mul(and(first, 0xffffffffffffffff), fresh), mul(and(held, 0xffffffff), old)))
                held := shr(32, held)
                mstore(
                    add(totals, 32),
                    add(mul(and(second, 0xffffffffffffffff), fresh), mul(and(held, 0xffffffff), old))
                )
                held := shr(32, held)
                first := shr(64, first)
                second := shr(64, second)
            }
        }
    }

    /// @notice Rule 7: writes the rank and finds the price of each of the eight columns.
    /// @param rankAt memory position of the rank of the word's first column
    /// @param prices as `addWorth` takes them; those of the other eight columns are left alone
    /// @return ranks their sum
    function setPricesDown(
        EpochMatrix.Sums memory sums,
        uint256[8] memory totals,
        uint256 rankAt,
        uint256 odd,
        uint256[8] memory prices
    ) internal pure returns (uint256 ranks) {
        assembly ("memory-safe") {
            prices := add(prices, shl(6, odd))
            rankAt := add(rankAt, shl(5, odd))
            let lanes := mload(sums)
            // Two groups, whose totals take turns. Lanes 0 and 1 of a group go to the upper halves of its two words of
            // prices, lanes 2 and 3 to the lower ones. A division by zero gives zero.
            for { let end := add(totals, 64) } lt(totals, end) { totals := add(totals, 32) } {
                for { let place := prices } lt(place, add(prices, 64)) { place := add(place, 32) } {
                    // Lane 0, or 1.
                    let rank := and(lanes, 0xffffffffffffffff)
                    mstore(rankAt, rank)
                    ranks := add(ranks, rank)
                    let price := div(shl(46, rank), mload(totals))
                    if gt(price, MAX_PRICE) { price := MAX_PRICE }
                    // Lane 2, or 3: two lanes on, four totals and eight ranks.
                    rank := and(shr(128, lanes), 0xffffffffffffffff)
                    mstore(add(rankAt, 0x100), rank)
                    ranks := add(ranks, rank)
                    rank := div(shl(46, rank), mload(add(totals, 0x80)))
                    if gt(rank, MAX_PRICE) { rank := MAX_PRICE }
                    mstore(place, or(shl(128, price), rank))
                    lanes := shr(64, lanes)
                    rankAt := add(rankAt, 0x80)
                    totals := add(totals, 0x40)
                }
                // Back to the first lane, of the second group.
                totals := sub(totals, 0x80)
                rankAt := sub(rankAt, 0xc0)
                prices := add(prices, 0x80)
                lanes := mload(add(sums, 0x20))
            }
        }
    }
}
