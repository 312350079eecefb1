// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

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

    uint256 private constant ONE_WEIGHT = 0x40000000;
    /// A voter's record: stake, reciprocal, weights of even and odd columns, trust lanes, worth, calldata position of its
    /// bond row, exact bonds of groups 0, 1, 2 and 3.
    uint256 private constant RECORD_WORDS = 11;
    uint256 internal constant RECORD = 0x160;
    uint256 private constant RECIPROCAL = 0x20;
    uint256 private constant EVEN = 0x40;
    uint256 private constant ODD = 0x60;
    uint256 private constant TRUST = 0x80;
    uint256 private constant WORTH = 0xa0;
    uint256 private constant BONDS_AT = 0xc0;
    uint256 internal constant BONDS = 0xe0;
    uint256 private constant BONDS2 = 0x120;

    uint256 private constant GUARD = 0x8000000080000000800000008000000080000000800000008000000080000000;
    uint256 private constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 private constant U16_OF_32 = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant U16_OF_64 = 0x000000000000ffff000000000000ffff000000000000ffff000000000000ffff;
    uint256 private constant U29_OF_64 = 0x000000001fffffff000000001fffffff000000001fffffff000000001fffffff;
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

    /// @param bondsAt calldata position of the voter's bond row
    function setVoter(Matrix memory matrix, uint256 voter, uint256 stake, uint256 bondsAt) internal pure {
        assembly ("memory-safe") {
            let record := add(mload(matrix), mul(voter, RECORD))
            mstore(record, stake)
            mstore(add(record, BONDS_AT), bondsAt)
        }
    }

    /// @return stake active stake
    /// @return trust lanes whose sum is the sum of clipped weights
    /// @return worth the sum of rule 7 before stake
    function voterAt(Matrix memory matrix, uint256 voter)
        internal
        pure
        returns (uint256 stake, uint256 trust, uint256 worth)
    {
        assembly ("memory-safe") {
            let record := add(mload(matrix), mul(voter, RECORD))
            stake := mload(record)
            trust := mload(add(record, TRUST))
            worth := mload(add(record, WORTH))
        }
    }

    /// @notice Clears the cells of a row's word that `mask` does not cover with ones.
    function keep(Matrix memory matrix, uint256 voter, uint256 word, uint256 mask) internal pure {
        assembly ("memory-safe") {
            let place := add(add(mload(add(matrix, 0x40)), mul(voter, mload(add(matrix, 0x60)))), shl(5, word))
            mstore(place, and(mload(place), mask))
        }
    }

    /// @notice Rule 3: what each row is multiplied with, 0 for a row of zeros.
    function setReciprocalsUp(Matrix memory matrix) internal pure {
        assembly ("memory-safe") {
            let place := mload(add(matrix, 0x40))
            let stride := mload(add(matrix, 0x60))
            for { let record := mload(matrix) } lt(record, mload(add(matrix, 0x20))) { record := add(record, RECORD) } {
                let lanes := 0
                let end := add(place, stride)
                // Four words a turn, then the rest. At most 64 words of two cells a lane: below 2^23.
                for { let last := sub(end, 0x60) } lt(place, last) { place := add(place, 0x80) } {
                    let cells := mload(place)
                    lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                    cells := mload(add(place, 0x20))
                    lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                    cells := mload(add(place, 0x40))
                    lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                    cells := mload(add(place, 0x60))
                    lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                }
                for {} lt(place, end) { place := add(place, 0x20) } {
                    let cells := mload(place)
                    lanes := add(lanes, add(and(cells, U16_OF_32), and(shr(16, cells), U16_OF_32)))
                }
                lanes := add(and(lanes, U32_OF_64), and(shr(32, lanes), U32_OF_64))
                let sum := shr(192, mul(lanes, 0x0000000000000001000000000000000100000000000000010000000000000001))
                if sum { mstore(add(record, RECIPROCAL), div(add(0x7fffffffffffffff, sum), sum)) }
            }
        }
    }

    /// @notice Rules 3 and 4: normalises sixteen columns and adds up the stake with a weight of at least, and above, the
    /// claimed consensus of even and of odd columns.
    function support(Matrix memory matrix, uint256 offset, uint256 claimEven, uint256 claimOdd)
        internal
        pure
        returns (uint256 atLeastEven, uint256 aboveEven, uint256 atLeastOdd, uint256 aboveOdd)
    {
        assembly ("memory-safe") {
            let row := add(mload(add(matrix, 0x40)), offset)
            let stride := mload(add(matrix, 0x60))
            let end := mload(add(matrix, 0x20))
            for { let record := mload(matrix) } lt(record, end) { record := add(record, RECORD) } {
                let cells := mload(row)
                row := add(row, stride)
                let reciprocal := mload(add(record, RECIPROCAL))
                let stake := mload(record)
                let weights := and(shr(33, mul(and(shr(32, cells), U16_OF_64), reciprocal)), U31_OF_64)
                weights := or(and(shr(33, mul(and(cells, U16_OF_64), reciprocal)), U31_OF_64), shl(32, weights))
                mstore(add(record, EVEN), weights)
                weights := sub(or(weights, GUARD), claimEven)
                atLeastEven := add(atLeastEven, mul(and(shr(31, weights), ONES), stake))
                aboveEven := add(aboveEven, mul(and(shr(31, sub(weights, ONES)), ONES), stake))

                weights := and(shr(33, mul(and(shr(48, cells), U16_OF_64), reciprocal)), U31_OF_64)
                weights := or(
                    and(shr(33, mul(and(shr(16, cells), U16_OF_64), reciprocal)), U31_OF_64),
                    shl(32, weights)
                )
                mstore(add(record, ODD), weights)
                weights := sub(or(weights, GUARD), claimOdd)
                atLeastOdd := add(atLeastOdd, mul(and(shr(31, weights), ONES), stake))
                aboveOdd := add(aboveOdd, mul(and(shr(31, sub(weights, ONES)), ONES), stake))
            }
        }
    }

    /// @notice Rule 4 for the columns that `support` normalised last: the largest scores that `needed` stake supports.
    function bisect(Matrix memory matrix, uint256 needed) internal pure returns (uint256 even, uint256 odd) {
        for (uint256 bit = ONE_WEIGHT; bit != 0; bit >>= 1) {
            uint256 step = bit * ONES;
            // Cannot carry: scores stay below 2^31.
            unchecked {
                (uint256 atLeastEven, uint256 atLeastOdd) = _stakeAtLeast(matrix, even + step, odd + step);
                even += _reached(atLeastEven, needed) * bit;
                odd += _reached(atLeastOdd, needed) * bit;
            }
        }
    }

    /// @notice Lanes, as ones, whose claim breaks rule 4: too little stake at it, or enough above it.
    function badClaims(uint256 atLeast, uint256 above, uint256 needed) internal pure returns (uint256) {
        return (_reached(atLeast, needed) ^ ONES) | _reached(above, needed);
    }

    /// @notice Rules 5 and 6 for the even (`odd` 0) or the odd (`odd` 1) ones of the columns that `support` normalised
    /// last: clips, adds trust and rank, moves bonds.
    /// @param offset of the word in a row, bytes
    /// @param kept ones where the stored bonds of this word hold
    /// @param sums where the sums are written
    function moveBonds(
        Matrix memory matrix,
        BondRule memory rule,
        uint256 offset,
        uint256 odd,
        uint256 claim,
        uint256 kept,
        Sums memory sums
    ) internal pure {
        assembly ("memory-safe") {
            let rank0 := 0
            let rank2 := 0
            let weight0 := 0
            let weight2 := 0
            let held := 0
            let excessKept := mload(rule)
            let fresh := mload(add(rule, 0x20))
            let old := mload(add(rule, 0x40))
            let end := mload(add(matrix, 0x20))
            odd := shl(5, odd)
            for { let record := mload(matrix) } lt(record, end) { record := add(record, RECORD) } {
                let high := mload(add(add(record, EVEN), odd))
                // No weight above the claim: all ones below the guard bit where it is reached, and there the claim.
                let low := and(sub(or(high, GUARD), claim), GUARD)
                low := xor(high, and(xor(high, claim), sub(low, shr(31, low))))
                let excess := sub(high, low)
                mstore(add(record, TRUST), add(mload(add(record, TRUST)), low))
                high := and(shr(32, low), U32_OF_64)
                low := and(low, U32_OF_64)
                rank0 := add(rank0, mul(low, mload(record)))
                rank2 := add(rank2, mul(high, mload(record)))
                if excessKept {
                    low := add(low, and(shr(16, mul(and(excess, U32_OF_64), excessKept)), U32_OF_64))
                    high := add(high, and(shr(16, mul(and(shr(32, excess), U32_OF_64), excessKept)), U32_OF_64))
                }
                low := and(shr(2, low), U29_OF_64)
                weight0 := add(weight0, low)
                high := and(shr(2, high), U29_OF_64)
                weight2 := add(weight2, high)
                let bonds := and(calldataload(add(mload(add(record, BONDS_AT)), offset)), kept)
                bonds := and(shr(shr(1, odd), bonds), U16_OF_32)
                held := add(held, bonds)
                low := add(mul(low, fresh), mul(and(bonds, U16_OF_64), old))
                mstore(add(add(record, BONDS), odd), low)
                high := add(mul(high, fresh), mul(and(shr(32, bonds), U16_OF_64), old))
                mstore(add(add(record, BONDS2), odd), high)
            }
            mstore(sums, rank0)
            mstore(add(sums, 0x20), rank2)
            mstore(add(sums, 0x40), weight0)
            mstore(add(sums, 0x60), weight2)
            mstore(add(sums, 0x80), held)
        }
    }

    /// @notice Weights of the even or odd columns of a voter, eight lanes, and the bonds stored in them, likewise.
    function cellsOf(uint256 record, uint256 offset, uint256 odd, uint256 kept)
        internal
        pure
        returns (uint256 weights, uint256 bonds)
    {
        assembly ("memory-safe") {
            weights := mload(add(add(record, EVEN), shl(5, odd)))
            bonds := and(calldataload(add(mload(add(record, BONDS_AT)), offset)), kept)
            bonds := and(shr(shl(4, odd), bonds), U16_OF_32)
        }
    }

    /// @notice Rule 7: adds to each voter's worth its bonds in the last sixteen columns at their prices, which are below
    /// 2^60; and leaves the bonds to store where the row's word was. In the product of (a + b · 2^128) and
    /// (q + p · 2^128) the upper half is a · p + b · q, and eight lower halves, each below 2^124, carry nothing into it.
    /// @param prices two words a group: of its columns 2 and 0, and of 3 and 1, the first in the lower half
    function addWorth(Matrix memory matrix, uint256 offset, uint256[8] memory prices) internal pure {
        assembly ("memory-safe") {
            let row := add(mload(add(matrix, 0x40)), offset)
            for { let record := mload(matrix) } lt(record, mload(add(matrix, 0x20))) { record := add(record, RECORD) } {
                // A running position, for eight fixed ones would be kept on the stack through the whole loop.
                let price := prices
                let bonds := mload(add(record, BONDS))
                let stored := and(shr(48, bonds), U16_OF_64)
                let worth := mul(and(bonds, U64_OF_128), mload(price))
                price := add(price, 0x20)
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), mload(price)))
                price := add(price, 0x20)
                bonds := mload(add(record, 0x100))
                stored := or(stored, and(shr(32, bonds), shl(16, U16_OF_64)))
                worth := add(worth, mul(and(bonds, U64_OF_128), mload(price)))
                price := add(price, 0x20)
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), mload(price)))
                price := add(price, 0x20)
                bonds := mload(add(record, 0x120))
                stored := or(stored, and(shr(16, bonds), shl(32, U16_OF_64)))
                worth := add(worth, mul(and(bonds, U64_OF_128), mload(price)))
                price := add(price, 0x20)
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), mload(price)))
                price := add(price, 0x20)
                bonds := mload(add(record, 0x140))
                stored := or(stored, and(bonds, shl(48, U16_OF_64)))
                worth := add(worth, mul(and(bonds, U64_OF_128), mload(price)))
                price := add(price, 0x20)
                worth := add(worth, mul(and(shr(64, bonds), U64_OF_128), mload(price)))
                price := add(price, 0x20)
                mstore(add(record, WORTH), add(mload(add(record, WORTH)), shr(128, worth)))
                mstore(row, stored)
                row := add(row, mload(add(matrix, 0x60)))
            }
        }
    }

    function _stakeAtLeast(Matrix memory matrix, uint256 scoresEven, uint256 scoresOdd)
        private
        pure
        returns (uint256 even, uint256 odd)
    {
        assembly ("memory-safe") {
            let end := mload(add(matrix, 0x20))
            for { let record := mload(matrix) } lt(record, end) { record := add(record, RECORD) } {
                let stake := mload(record)
                even := add(even, mul(and(shr(31, sub(or(mload(add(record, EVEN)), GUARD), scoresEven)), ONES), stake))
                odd := add(odd, mul(and(shr(31, sub(or(mload(add(record, ODD)), GUARD), scoresOdd)), ONES), stake))
            }
        }
    }

    /// @dev Ones in the lanes that hold at least `needed`, which is below 2^31 as they are.
    function _reached(uint256 stakes, uint256 needed) private pure returns (uint256) {
        // Cannot borrow from a neighbour: every lane has its guard bit.
        unchecked {
            return ((stakes | GUARD) - needed * ONES) >> 31 & ONES;
        }
    }
}
