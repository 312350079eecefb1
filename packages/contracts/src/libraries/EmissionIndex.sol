// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A checkpoint of the emission index in one word of 208 bits: what one active subnet was due up to `since`
/// (144 bits of wei), `since` (48 bits, unix seconds) and how many subnets share from then on (16 bits).
library EmissionIndex {
    function pack(uint256 index, uint256 since, uint256 active) internal pure returns (uint208) {
        // The cap is below 2^85 wei, seconds have 48 bits and netuids 16.
        return uint208(index << 64 | since << 16 | active);
    }

    function unpack(uint208 word) internal pure returns (uint256 index, uint256 since, uint256 active) {
        return (word >> 64, uint48(word >> 16), uint16(word));
    }
}
