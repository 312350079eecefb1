// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Several small values in a word, the first in the lowest bits. No operation carries into a neighbour as long
/// as its callers keep to the bounds of docs/design/0001-epoch-arithmetic.md.
library Lanes {
    uint256 internal constant U16_A_WORD = 16;
    uint256 internal constant U32_A_WORD = 8;
    uint256 internal constant U64_A_WORD = 4;
    uint256 internal constant BITS_A_WORD = 256;

    /// Lower 32 bits of each 64-bit lane.
    uint256 internal constant LOW_32_OF_64 = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
    uint256 internal constant ONE_OF_64 = 0x0000000000000001000000000000000100000000000000010000000000000001;

    function words(uint256 count, uint256 lanesAWord) internal pure returns (uint256) {
        return (count + lanesAWord - 1) / lanesAWord;
    }

    /// @notice An entry of a list, which is known to have it: the loops over voters read some ten entries each.
    function wordAt(uint256[] calldata list, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(list.offset, shl(5, index)))
        }
    }

    function load(uint256 place) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(place)
        }
    }

    /// @notice Calldata position of a list.
    function offsetOf(uint256[] calldata list) internal pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := list.offset
        }
    }

    /// @notice As `wordAt`, of packed values.
    function u32At(uint256[] calldata packed, uint256 index) internal pure returns (uint256) {
        return wordAt(packed, index >> 3) >> ((index & 7) << 5) & type(uint32).max;
    }

    /// @notice As `wordAt`, of packed values.
    function u64At(uint256[] calldata packed, uint256 index) internal pure returns (uint256) {
        return wordAt(packed, index >> 2) >> ((index & 3) << 6) & type(uint64).max;
    }

    /// @notice As `wordAt`, of bits.
    function hasBit(uint256[] calldata bitmap, uint256 index) internal pure returns (bool) {
        return wordAt(bitmap, index >> 8) >> (index & 255) & 1 == 1;
    }

    /// @notice The sum of eight 32-bit lanes.
    function sum32(uint256 word) internal pure returns (uint256) {
        // Four sums below 2^33 meet in the highest lane of the product.
        unchecked {
            return ((word & LOW_32_OF_64) + (word >> 32 & LOW_32_OF_64)) * ONE_OF_64 >> 192;
        }
    }

    /// @notice Memory position of an entry of a list.
    function placeOf(uint256[] memory list, uint256 index) internal pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := add(add(list, 0x20), shl(5, index))
        }
    }

    /// @notice floor(value · 2^bits / total) of each value, which is at most `total`, packed eight a word into the whole
    /// of `shares`. `values` has an entry for every lane of it.
    function shareDown(uint256[] memory values, uint256 total, uint256 bits, bytes memory shares) internal pure {
        assembly ("memory-safe") {
            let value := add(values, 0x20)
            let end := add(add(shares, 0x20), mload(shares))
            for { let place := add(shares, 0x20) } lt(place, end) { place := add(place, 0x20) } {
                let word := div(shl(bits, mload(value)), total)
                word := or(word, shl(32, div(shl(bits, mload(add(value, 0x20))), total)))
                word := or(word, shl(64, div(shl(bits, mload(add(value, 0x40))), total)))
                word := or(word, shl(96, div(shl(bits, mload(add(value, 0x60))), total)))
                word := or(word, shl(128, div(shl(bits, mload(add(value, 0x80))), total)))
                word := or(word, shl(160, div(shl(bits, mload(add(value, 0xa0))), total)))
                word := or(word, shl(192, div(shl(bits, mload(add(value, 0xc0))), total)))
                word := or(word, shl(224, div(shl(bits, mload(add(value, 0xe0))), total)))
                value := add(value, 0x100)
                mstore(place, word)
            }
        }
    }

    /// @notice The lower 32 bits of each of four 64-bit lanes, moved together into 128 bits.
    function compress32(uint256 word) internal pure returns (uint256) {
        word &= LOW_32_OF_64;
        word = (word | word >> 32) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        return (word | word >> 64) & type(uint128).max;
    }

    /// @notice Four 32-bit lanes of each, taken in turn, `even` first.
    function interleave32(uint256 even, uint256 odd) internal pure returns (uint256) {
        return _expand32(even) | _expand32(odd) << 32;
    }

    /// @dev The inverse of `compress32`.
    function _expand32(uint256 word) private pure returns (uint256) {
        word = (word | word << 64) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        return (word | word << 32) & LOW_32_OF_64;
    }
}
