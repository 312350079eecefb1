// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The constants are read by assembly.
// solhint-disable no-unused-import
import {ConsensusSearch} from "./ConsensusSearch.sol";
import {
    BONDED,
    BONDS,
    BONDS1,
    BONDS2,
    BONDS3,
    BONDS_AT,
    CLIPPED,
    CLIPPED_ODD,
    EVEN,
    RECIPROCAL,
    RECORD,
    RECORD_WORDS,
    TRUST,
    WORTH
} from "./VoterRecord.sol";

/// @notice The walk over the matrix of weights and bonds, sixteen columns at a time. The cells of a packed word are
/// computed with in four groups: group c holds columns 4m + c of the word in its 64-bit lanes m. Weights are kept as two
/// words of eight 32-bit lanes, groups 0 and 2 in the even and groups 1 and 3 in the odd one: lane l of the even word is
/// column 2l, of the odd word column 2l + 1.
/// @dev Rules 3 to 7 and the bounds that keep lanes apart: docs/design/0001-epoch-arithmetic.md. Assembly because a
/// checked operation a cell would cost ten times the gas; it writes only to what `allocate` returned and to its own
/// results.
library EpochMatrix {
    /// @param first memory position of the first voter's record
    /// @param end behind the last record
    /// @param rows memory position of the masked rows; `moveBonds` replaces each word by the new bonds
    /// @param stride bytes of a row
    struct Matrix {
        uint256 first;
        uint256 end;
        uint256 rows;
        uint256 stride;
    }

    /// Rule 6. `excess` is x; `fresh` and `kept` are A · 65535 and (2^20 − A) · 2^28 when A is the same for all cells.
    struct BondRule {
        uint256 excess;
        uint256 fresh;
        uint256 kept;
    }

    /// What eight columns, the even or the odd ones, sum to.
    /// @param rank0 rank of group 0, or 1
    /// @param rank2 rank of group 2, or 3
    /// @param weight0 floor(Wb / 4) of group 0, or 1
    /// @param weight2 floor(Wb / 4) of group 2, or 3
    /// @param held stored bonds, in eight lanes
    struct Sums {
        uint256 rank0;
        uint256 rank2;
        uint256 weight0;
        uint256 weight2;
        uint256 held;
    }

    uint256 private constant GUARD = 0x8000000080000000800000008000000080000000800000008000000080000000;
    uint256 private constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 private constant U16_OF_32 = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant U16_OF_64 = 0x000000000000ffff000000000000ffff000000000000ffff000000000000ffff;
    uint256 private constant U29_OF_64 = 0x000000001fffffff000000001fffffff000000001fffffff000000001fffffff;
    uint256 private constant U31_OF_32 = 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff;
    uint256 private constant U31_OF_64 = 0x000000007fffffff000000007fffffff000000007fffffff000000007fffffff;
    uint256 private constant U32_OF_64 = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
    uint256 private constant U64_OF_128 = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;

    function allocate(uint256 voters, uint256 words) internal pure returns (Matrix memory matrix) {
        uint256[] memory records = new uint256[](voters * RECORD_WORDS);
        uint256[] memory rows = new uint256[](voters * words);
        assembly ("memory-safe") {
            mstore(matrix, add(records, 0x20))
            mstore(add(matrix, 0x20), add(add(records, 0x20), mul(voters, RECORD)))
            mstore(add(matrix, 0x40), add(rows, 0x20))
            mstore(add(matrix, 0x60), shl(5, words))
        }
    }

    /// @notice All rows as they are in memory, without copying.
    function rowsOf(Matrix memory matrix, uint256 voters) internal pure returns (bytes memory rows) {
        assembly ("memory-safe") {
            rows := sub(mload(add(matrix, 0x40)), 0x20)
            mstore(rows, mul(voters, mload(add(matrix, 0x60))))
        }
    }

    /// @notice Copies a row from calldata, without the voter's own cell and what lies behind the last uid.
    /// @param row memory position
    /// @param from calldata position
    /// @param tail ones over the cells of the last word that uids have
    function copyRow(uint256 row, uint256 stride, uint256 from, uint256 uid, uint256 tail) internal pure {
        assembly ("memory-safe") {
            calldatacopy(row, from, stride)
            let place := add(row, shl(5, shr(4, uid)))
            mstore(place, and(mload(place), not(shl(shl(4, and(uid, 15)), 0xffff))))
            place := add(row, sub(stride, 0x20))
            mstore(place, and(mload(place), tail))
        }
    }

    /// @notice Clears the cells of a word in memory that `mask` does not cover with ones.
    function keep(uint256 place, uint256 mask) internal pure {
        assembly ("memory-safe") {
            mstore(place, and(mload(place), mask))
        }
    }

    /// @notice Rule 3: what a row is multiplied with, 0 for a row of zeros.
    function reciprocalUp(uint256 row, uint256 stride) internal pure returns (uint256 reciprocal) {
        assembly ("memory-safe") {
            let lanes := 0
            let end := add(row, stride)
            // Four words a turn, then the rest. At most 64 words of two cells a lane: below 2^23.
            for { let last := sub(end, 0x60) } lt(row, last) { row := add(row, 0x80) } {
                let cells := mload(row)
                lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                cells := mload(add(row, 0x20))
                lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                cells := mload(add(row, 0x40))
                lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                cells := mload(add(row, 0x60))
                lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
            }
            for {} lt(row, end) { row := add(row, 0x20) } {
                let cells := mload(row)
                lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
            }
            // The sum of the lanes, which is far below 2^32 - 1. A division by zero gives zero.
            let sum := mod(lanes, 0xffffffff)
            reciprocal := div(add(0x7fffffffffffffff, sum), sum)
        }
    }

    /// @notice Rules 3 to 5 for sixteen columns: normalises them, adds up the stake with a weight of at least, and above,
    /// the claimed consensus of even and of odd columns, which is still to be checked (`badClaims`), and clips.
    /// @dev This and the loops below leave early so that the compiler does not move them into their caller, where they
    /// would have no stack to themselves.
    /// @param offset of the word in a row, bytes
    /// @param even claims of the even columns
    /// @param odd claims of the odd columns
    function clip(Matrix memory matrix, uint256 offset, uint256 even, uint256 odd)
        internal
        pure
        returns (uint256 atLeastEven, uint256 aboveEven, uint256 atLeastOdd, uint256 aboveOdd)
    {
        if (matrix.first == matrix.end) return (0, 0, 0, 0);
        assembly ("memory-safe") {
            let row := add(mload(add(matrix, 0x40)), offset)
            for { let record := mload(matrix) } lt(record, mload(add(matrix, 0x20))) { record := add(record, RECORD) } {
                let stake := mload(record)
                let reciprocal := mload(add(record, RECIPROCAL))
                let cells := mload(row)
                row := add(row, mload(add(matrix, 0x60)))

                let low :=
                    or(
                        and(shr(33, mul(and(cells, U16_OF_64), reciprocal)), U31_OF_64),
                        and(shr(1, mul(and(shr(32, cells), U16_OF_64), reciprocal)), shl(32, U31_OF_64))
                    )
                // The guard bit stays where a weight reaches the claim; there, what it has above it is clipped.
                let excess := sub(or(low, GUARD), even)
                let reached := and(shr(31, excess), ONES)
                atLeastEven := add(atLeastEven, mul(reached, stake))
                excess := and(excess, mul(reached, 0x7fffffff))
                aboveEven := add(aboveEven, mul(and(shr(31, add(excess, U31_OF_32)), ONES), stake))
                low := sub(low, excess)
                mstore(add(record, CLIPPED), low)
                let trust := add(mload(add(record, TRUST)), low)

                cells := shr(16, cells)
                low := or(
                    and(shr(33, mul(and(cells, U16_OF_64), reciprocal)), U31_OF_64),
                    and(shr(1, mul(and(shr(32, cells), U16_OF_64), reciprocal)), shl(32, U31_OF_64))
                )
                excess := sub(or(low, GUARD), odd)
                reached := and(shr(31, excess), ONES)
                atLeastOdd := add(atLeastOdd, mul(reached, stake))
                excess := and(excess, mul(reached, 0x7fffffff))
                aboveOdd := add(aboveOdd, mul(and(shr(31, add(excess, U31_OF_32)), ONES), stake))
                low := sub(low, excess)
                mstore(add(record, CLIPPED_ODD), low)
                mstore(add(record, TRUST), add(trust, low))
            }
        }
    }

    /// @notice Rule 6, unless `excess` is 0: notes Wb of the columns that `clip` clipped last.
    function keepExcess(Matrix memory matrix, uint256 excess, uint256 offset) internal pure {
        ConsensusSearch.normalise(matrix, offset);
        assembly ("memory-safe") {
            for { let record := mload(matrix) } lt(record, mload(add(matrix, 0x20))) { record := add(record, RECORD) } {
                for { let place := record } lt(place, add(record, 0x40)) { place := add(place, 0x20) } {
                    let low := mload(add(place, CLIPPED))
                    let above := sub(mload(add(place, EVEN)), low)
                    let high := and(shl(16, mul(and(shr(32, above), U32_OF_64), excess)), shl(32, U32_OF_64))
                    above := and(shr(16, mul(and(above, U32_OF_64), excess)), U32_OF_64)
                    mstore(add(place, BONDED), add(low, or(high, above)))
                }
            }
        }
    }

    /// @notice Rules 5 and 6 for the even (`odd` 0) or the odd (`odd` 1) ones of the columns that `clip` clipped last:
    /// adds to ranks, moves bonds.
    /// @dev Called with literals for `odd` and `bonded`, for each of which the compiler makes a function of its own.
    /// @param bonded the field of the record that has Wb of the even columns
    /// @param kept ones where the stored bonds of this word hold
    /// @param sums where the sums are written
    function moveBonds(
        Matrix memory matrix,
        BondRule memory rule,
        uint256 offset,
        uint256 odd,
        uint256 bonded,
        uint256 kept,
        Sums memory sums
    ) internal pure {
        if (matrix.first == matrix.end) return;
        assembly ("memory-safe") {
            let rank0 := 0
            let rank2 := 0
            let weight0 := 0
            let weight2 := 0
            let held := 0
            let fresh := mload(add(rule, 0x20))
            let old := mload(add(rule, 0x40))
            let end := mload(add(matrix, 0x20))
            for { let record := mload(matrix) } lt(record, end) { record := add(record, RECORD) } {
                let cells := mload(add(record, add(CLIPPED, shl(5, odd))))
                rank0 := add(rank0, mul(and(cells, U32_OF_64), mload(record)))
                rank2 := add(rank2, mul(and(shr(32, cells), U32_OF_64), mload(record)))
                let bonds := and(calldataload(add(mload(add(record, BONDS_AT)), offset)), kept)
                bonds := and(shr(shl(4, odd), bonds), U16_OF_32)
                held := add(held, bonds)
                cells := mload(add(record, add(bonded, shl(5, odd))))
                let weight := and(shr(2, cells), U29_OF_64)
                weight0 := add(weight0, weight)
                mstore(add(record, add(BONDS, shl(5, odd))), add(mul(weight, fresh), mul(and(bonds, U16_OF_64), old)))
                weight := and(shr(34, cells), U29_OF_64)
                weight2 := add(weight2, weight)
                mstore(
                    add(record, add(BONDS2, shl(5, odd))),
                    add(mul(weight, fresh), mul(and(shr(32, bonds), U16_OF_64), old))
                )
            }
            mstore(sums, rank0)
            mstore(add(sums, 0x20), rank2)
            mstore(add(sums, 0x40), weight0)
            mstore(add(sums, 0x60), weight2)
            mstore(add(sums, 0x80), held)
        }
    }

    /// @notice Lanes, as ones, whose claim breaks rule 4: too little stake at it, or enough above it.
    function badClaims(uint256 atLeast, uint256 above, uint256 needed) internal pure returns (uint256) {
        return (reachedBy(atLeast, needed) ^ ONES) | reachedBy(above, needed);
    }

    /// @notice Rule 7: adds to each voter's worth its bonds in the last sixteen columns at their prices, which are below
    /// 2^60; and leaves the bonds to store where the row's word was. In the product of (a + b · 2^128) and
    /// (q + p · 2^128) the upper half is a · p + b · q, and eight lower halves, each below 2^124, carry nothing into it.
    /// @param prices two words a group: of its lanes 2 and 0, and of 3 and 1, the first in the lower half
    function addWorth(Matrix memory matrix, uint256 offset, uint256[8] memory prices) internal pure {
        if (matrix.first == matrix.end) return;
        assembly ("memory-safe") {
            let price0 := mload(prices)
            let price1 := mload(add(prices, 0x20))
            let price2 := mload(add(prices, 0x40))
            let price3 := mload(add(prices, 0x60))
            let price4 := mload(add(prices, 0x80))
            let price5 := mload(add(prices, 0xa0))
            let price6 := mload(add(prices, 0xc0))
            let price7 := mload(add(prices, 0xe0))
            let row := add(mload(add(matrix, 0x40)), offset)
            let stride := mload(add(matrix, 0x60))
            let end := mload(add(matrix, 0x20))
            for { let record := mload(matrix) } lt(record, end) { record := add(record, RECORD) } {
                let bonds := mload(add(record, BONDS))
                let stored := and(shr(48, bonds), U16_OF_64)
                let worth := mul(and(bonds, U64_OF_128), price0)
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), price1))
                bonds := mload(add(record, BONDS1))
                stored := or(stored, and(shr(32, bonds), shl(16, U16_OF_64)))
                worth := add(worth, mul(and(bonds, U64_OF_128), price2))
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), price3))
                bonds := mload(add(record, BONDS2))
                stored := or(stored, and(shr(16, bonds), shl(32, U16_OF_64)))
                worth := add(worth, mul(and(bonds, U64_OF_128), price4))
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), price5))
                bonds := mload(add(record, BONDS3))
                stored := or(stored, and(bonds, shl(48, U16_OF_64)))
                worth := add(worth, mul(and(bonds, U64_OF_128), price6))
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), price7))
                mstore(add(record, WORTH), add(mload(add(record, WORTH)), shr(128, worth)))
                mstore(row, stored)
                row := add(row, stride)
            }
        }
    }

    /// @notice Ones in the lanes that hold at least `needed`, which is below 2^31 as they are.
    function reachedBy(uint256 stakes, uint256 needed) internal pure returns (uint256) {
        // Cannot borrow from a neighbour: every lane has its guard bit.
        unchecked {
            return ((stakes | GUARD) - needed * ONES) >> 31 & ONES;
        }
    }
}
