// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lanes} from "./Lanes.sol";

// A voter's record: stake, reciprocal, calldata position of its bond row, trust lanes, worth, exact bonds of groups 0 to
// 3, and of even and odd columns: clipped weights, weights that bonds are moved by (only where they are not the clipped
// ones) and weights (which only `ConsensusSearch.normalise` sets).
uint256 constant RECORD_WORDS = 15;
uint256 constant RECORD = 0x1e0;
uint256 constant RECIPROCAL = 0x20;
uint256 constant BONDS_AT = 0x40;
uint256 constant TRUST = 0x60;
uint256 constant WORTH = 0x80;
uint256 constant BONDS = 0xa0;
uint256 constant BONDS1 = 0xc0;
uint256 constant BONDS2 = 0xe0;
uint256 constant BONDS3 = 0x100;
uint256 constant CLIPPED = 0x120;
uint256 constant CLIPPED_ODD = 0x140;
uint256 constant BONDED = 0x160;
uint256 constant EVEN = 0x1a0;
uint256 constant ODD = 0x1c0;

/// @notice What the walk over the matrix keeps of each voter (`EpochMatrix`), one record behind the other in memory.
library VoterRecord {
    using Lanes for uint256[];

    /// @param bondsAt calldata position of the voter's bond row; behind the calldata, where all is zero, if it has none
    function set(uint256 record, uint256 stake, uint256 bondsAt) internal pure {
        assembly ("memory-safe") {
            mstore(record, stake)
            mstore(add(record, BONDS_AT), bondsAt)
        }
    }

    /// @param reciprocal what the voter's row is multiplied with
    function setReciprocal(uint256 record, uint256 reciprocal) internal pure {
        assembly ("memory-safe") {
            mstore(add(record, RECIPROCAL), reciprocal)
        }
    }

    function stakeOf(uint256 record) internal pure returns (uint256 stake) {
        assembly ("memory-safe") {
            stake := mload(record)
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
            bonds := and(shr(shl(4, odd), bonds), 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff)
        }
    }

    /// @notice Rules 5 and 7: turns each voter's worth into its d.
    /// @return totalRank the sum of all ranks, which is that of stake times trust
    /// @return totalWorth the sum of d
    function weigh(uint256 record, uint256 end) internal pure returns (uint256 totalRank, uint256 totalWorth) {
        assembly ("memory-safe") {
            for {} lt(record, end) { record := add(record, RECORD) } {
                let stake := mload(record)
                // Lanes that sum to 2^30 at most: modulo 2^32 - 1 their word is the sum.
                let place := add(record, TRUST)
                let trust := mod(mload(place), 0xffffffff)
                mstore(place, trust)
                totalRank := add(totalRank, mul(trust, stake))
                place := add(record, WORTH)
                let worth := mul(mload(place), stake)
                mstore(place, worth)
                totalWorth := add(totalWorth, worth)
            }
        }
    }

    /// @notice Writes each voter's trust and its share of the worth, floor(d · 2^31 / total), into the 32 bits of its
    /// uid. After `weigh`.
    function report(
        uint256 record,
        uint256[] calldata voters,
        uint256 total,
        bytes memory trusts,
        bytes memory dividends
    ) internal pure {
        assembly ("memory-safe") {
            let voter := voters.offset
            for { let end := add(voter, shl(5, voters.length)) } lt(voter, end) { voter := add(voter, 0x20) } {
                let uid := and(calldataload(voter), 0xffff)
                let shift := shl(5, and(uid, 7))
                let offset := add(shl(5, shr(3, uid)), 0x20)
                let place := add(trusts, offset)
                mstore(place, or(mload(place), shl(shift, mload(add(record, TRUST)))))
                place := add(dividends, offset)
                // A division by zero gives zero.
                mstore(place, or(mload(place), shl(shift, div(shl(31, mload(add(record, WORTH))), total))))
                record := add(record, RECORD)
            }
        }
    }
}
