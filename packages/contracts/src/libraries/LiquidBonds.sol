// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsensusSearch} from "./ConsensusSearch.sol";
import {EpochMatrix} from "./EpochMatrix.sol";
import {SigmoidTable} from "./SigmoidTable.sol";
import {BONDS, RECORD, VoterRecord} from "./VoterRecord.sol";

/// @notice Rule 6 with liquid alpha: the weight of this epoch's bond is found for each cell.
/// @dev docs/design/0001-epoch-arithmetic.md. Cell by cell, so several times as costly as `EpochMatrix.moveBonds`,
/// which runs first for trust and rank; this replaces the bonds that it left.
library LiquidBonds {
    /// @param low L
    /// @param span H − L
    /// @param steepness in hundredths
    /// @param table memory position of the sigmoid's values
    /// @param excessKept x
    struct Rule {
        uint256 low;
        uint256 span;
        uint256 steepness;
        uint256 table;
        uint256 excessKept;
    }

    uint256 private constant U16_ONE = 65_535;

    function read(uint256 alphaLow, uint256 alphaHigh, uint256 steepness, uint256 excessKept)
        internal
        pure
        returns (Rule memory rule)
    {
        bytes memory table = SigmoidTable.VALUES;
        rule.low = _alpha(alphaLow);
        rule.span = _alpha(alphaHigh) - rule.low;
        (rule.steepness, rule.excessKept) = (steepness, excessKept);
        assembly ("memory-safe") {
            mstore(add(rule, 0x60), add(table, 0x20))
        }
    }

    /// @param odd 0 for the even, 1 for the odd columns of the word
    /// @param totals where the bonds of each of the eight columns are written, as `ColumnPrices` takes them
    function move(
        EpochMatrix.Matrix memory matrix,
        Rule memory rule,
        uint256 offset,
        uint256 odd,
        uint256 claim,
        uint256 kept,
        uint256[4] memory totals
    ) internal pure {
        for (uint256 word = 0; word < 4; ++word) {
            totals[word] = 0;
        }
        if (odd == 0) ConsensusSearch.normalise(matrix, offset); // both halves
        for (uint256 record = matrix.first; record < matrix.end; record += RECORD) {
            (uint256 weights, uint256 bonds) = VoterRecord.cellsOf(record, offset, odd, kept);
            _moveRow(rule, weights, bonds, claim, record + BONDS + 32 * odd, totals);
        }
    }

    /// @dev Lane l of `weights` and `claim` is cell 2l of `bonds`; it goes to lane l / 2 of the first of two groups, which
    /// lie two words apart, when l is even, else of the second; and to that lane of the group's totals.
    function _moveRow(
        Rule memory rule,
        uint256 weights,
        uint256 bonds,
        uint256 claim,
        uint256 place,
        uint256[4] memory totals
    ) private pure {
        assembly ("memory-safe") {
            function sigmoid(distance, terms) -> value {
                let twice := shl(1, distance)
                let rising := iszero(lt(twice, 0x40000000))
                let from := sub(twice, 0x40000000)
                if iszero(rising) { from := sub(0, from) }
                let spot := div(mul(mload(add(terms, 0x40)), from), 3276800)
                value := 65535
                if lt(spot, 786432) {
                    let part := and(spot, 4095)
                    let pair := mload(sub(add(mload(add(terms, 0x60)), shl(1, shr(12, spot))), 28))
                    value := shr(
                        12,
                        add(mul(and(shr(16, pair), 0xffff), sub(4096, part)), mul(and(pair, 0xffff), part))
                    )
                }
                if iszero(rising) { value := sub(65535, value) }
            }
            function moved(weight, score, bond, terms) -> exact {
                if gt(weight, score) {
                    weight := add(score, shr(16, mul(sub(weight, score), mload(add(terms, 0x80)))))
                }
                let before := div(shl(30, bond), 65535)
                let distance := sub(before, weight)
                if iszero(lt(weight, before)) {
                    distance := 0
                    if gt(weight, score) { distance := sub(weight, score) }
                }
                let alpha := add(mload(terms), div(mul(sigmoid(distance, terms), mload(add(terms, 0x20))), 65535))
                exact := add(mul(mul(alpha, 65535), shr(2, weight)), mul(shl(28, sub(1048576, alpha)), bond))
            }

            let low := 0
            let high := 0
            for { let lane := 0 } lt(lane, 256) { lane := add(lane, 32) } {
                let exact :=
                    moved(
                        and(shr(lane, weights), 0xffffffff),
                        and(shr(lane, claim), 0xffffffff),
                        and(shr(lane, bonds), 0xffff),
                        rule
                    )
                let total := add(totals, add(shl(1, and(lane, 32)), shr(1, and(lane, 64))))
                mstore(total, add(mload(total), shl(and(lane, 128), exact)))
                switch and(lane, 32)
                case 0 { low := or(low, shl(lane, exact)) }
                default { high := or(high, shl(sub(lane, 32), exact)) }
            }
            mstore(place, low)
            mstore(add(place, 0x40), high)
        }
    }

    function _alpha(uint256 u16) private pure returns (uint256) {
        return ((u16 << 20) + U16_ONE / 2) / U16_ONE;
    }
}
