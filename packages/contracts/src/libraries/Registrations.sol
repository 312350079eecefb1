// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lanes} from "./Lanes.sol";

/// @notice When uids registered, and which cells of a row of weights or bonds are theirs (rules 2 and 6).
library Registrations {
    using Lanes for uint256[];

    /// @param latest no uid registered later, unix seconds
    /// @param newest the latest registration among the uids of each word of a row, unix seconds; empty when `latest`
    /// sufficed so far
    /// @param offset calldata position of the times, four 64-bit lanes a word
    /// @param timeWords of them
    struct Times {
        uint256 latest;
        uint256[] newest;
        uint256 uids;
        uint256 offset;
        uint256 timeWords;
    }

    uint256 private constant CELLS_A_WORD = 16;
    uint256 private constant GUARD = 0x8000000000000000800000000000000080000000000000008000000000000000;

    /// @dev Most epochs see nobody register after the last settled one: then its end will do.
    function read(uint256[] calldata registeredAt, uint256 uids, uint256 lastSettledEnd)
        internal
        pure
        returns (Times memory times)
    {
        (times.offset, times.timeWords) = (registeredAt.offsetOf(), registeredAt.length);
        (times.uids, times.latest) = (uids, lastSettledEnd);
        if (_anyAfter(times, lastSettledEnd)) _readNewest(times);
    }

    /// @notice Ones over the cells of a word whose uids registered before `time`.
    function before(Times memory times, uint256 word, uint256 time) internal pure returns (uint256 mask) {
        if (times.latest < time) return type(uint256).max;
        if (times.newest.length == 0) _readNewest(times);
        if (times.newest[word] < time) return type(uint256).max;
        uint256 from = times.offset + 128 * word;
        // A vacant slot brings every voter here, in every epoch, hence assembly. Memory-safe: reads calldata only.
        assembly ("memory-safe") {
            for { let k := 4 } k {} {
                k := sub(k, 1)
                let lanes := calldataload(add(from, shl(5, k)))
                let low :=
                    or(
                        lt(and(lanes, 0xffffffffffffffff), time),
                        shl(16, lt(and(shr(64, lanes), 0xffffffffffffffff), time))
                    )
                let high := or(lt(and(shr(128, lanes), 0xffffffffffffffff), time), shl(16, lt(shr(192, lanes), time)))
                mask := or(shl(64, mask), mul(or(low, shl(32, high)), 0xffff))
            }
        }
        uint256 cells = times.uids - word * CELLS_A_WORD;
        if (cells < CELLS_A_WORD) mask &= (1 << (16 * cells)) - 1; // what lies behind the list
    }

    /// @dev Whether any of the times may be after `time`; those that use their guard bit count as after it.
    function _anyAfter(Times memory times, uint256 time) private pure returns (bool after_) {
        if (time >= type(uint64).max >> 1) return true;
        (uint256 place, uint256 end) = (times.offset, times.offset + 32 * times.timeWords);
        assembly ("memory-safe") {
            let from := mul(add(time, 1), shr(63, GUARD))
            let flags := 0
            for {} lt(place, end) { place := add(place, 0x20) } {
                let word := calldataload(place)
                flags := or(flags, or(word, sub(or(word, GUARD), from)))
            }
            after_ := iszero(iszero(and(flags, GUARD)))
        }
    }

    function _readNewest(Times memory times) private pure {
        // A word of a row has four words of times, the last one perhaps fewer.
        uint256[] memory newest = times.newest = new uint256[]((times.timeWords + 3) / 4);
        (uint256 place, uint256 words) = (times.offset, times.timeWords);
        uint256 latest;
        assembly ("memory-safe") {
            function larger(largest, lane) -> result {
                result := largest
                if gt(lane, largest) { result := lane }
            }
            let to := add(newest, 0x20)
            for { let k := 0 } lt(k, words) { k := add(k, 1) } {
                let word := calldataload(place)
                let largest := mload(to)
                largest := larger(largest, and(word, 0xffffffffffffffff))
                largest := larger(largest, and(shr(64, word), 0xffffffffffffffff))
                largest := larger(largest, and(shr(128, word), 0xffffffffffffffff))
                largest := larger(largest, shr(192, word))
                mstore(to, largest)
                latest := larger(latest, largest)
                place := add(place, 0x20)
                if eq(and(k, 3), 3) { to := add(to, 0x20) }
            }
        }
        times.latest = latest;
    }
}
