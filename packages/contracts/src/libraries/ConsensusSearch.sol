// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The constants are read by assembly.
// solhint-disable no-unused-import
import {EpochMatrix} from "./EpochMatrix.sol";
import {EVEN, ODD, RECIPROCAL, RECORD} from "./VoterRecord.sol";

/// @notice Rule 4 without a claim: the consensus of sixteen columns, found bit by bit. Lanes are those of `EpochMatrix`.
library ConsensusSearch {
    uint256 private constant ONE_WEIGHT = 0x40000000;
    uint256 private constant GUARD = 0x8000000080000000800000008000000080000000800000008000000080000000;
    uint256 private constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 private constant U16_OF_64 = 0x000000000000ffff000000000000ffff000000000000ffff000000000000ffff;
    uint256 private constant U31_OF_64 = 0x000000007fffffff000000007fffffff000000007fffffff000000007fffffff;

    /// @notice Rule 3: notes the weights of sixteen columns in the voters' records.
    function normalise(EpochMatrix.Matrix memory matrix, uint256 offset) internal pure {
        assembly ("memory-safe") {
            let row := add(mload(add(matrix, 0x40)), offset)
            for { let record := mload(matrix) } lt(record, mload(add(matrix, 0x20))) { record := add(record, RECORD) } {
                let cells := mload(row)
                let reciprocal := mload(add(record, RECIPROCAL))
                mstore(
                    add(record, EVEN),
                    or(
                        and(shr(33, mul(and(cells, U16_OF_64), reciprocal)), U31_OF_64),
                        and(shr(1, mul(and(shr(32, cells), U16_OF_64), reciprocal)), shl(32, U31_OF_64))
                    )
                )
                mstore(
                    add(record, ODD),
                    or(
                        and(shr(33, mul(and(shr(16, cells), U16_OF_64), reciprocal)), U31_OF_64),
                        and(shr(1, mul(and(shr(48, cells), U16_OF_64), reciprocal)), shl(32, U31_OF_64))
                    )
                )
                row := add(row, mload(add(matrix, 0x60)))
            }
        }
    }

    /// @notice Rule 4 for the last columns of `normalise`: the largest scores that `needed` stake supports.
    function bisect(EpochMatrix.Matrix memory matrix, uint256 needed)
        internal
        pure
        returns (uint256 even, uint256 odd)
    {
        for (uint256 bit = ONE_WEIGHT; bit != 0; bit >>= 1) {
            uint256 step = bit * ONES;
            // Cannot carry: scores stay below 2^31.
            unchecked {
                (uint256 atLeastEven, uint256 atLeastOdd) = _stakeAtLeast(matrix, even + step, odd + step);
                even += EpochMatrix.reachedBy(atLeastEven, needed) * bit;
                odd += EpochMatrix.reachedBy(atLeastOdd, needed) * bit;
            }
        }
    }

    function _stakeAtLeast(EpochMatrix.Matrix memory matrix, uint256 scoresEven, uint256 scoresOdd)
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
}
