// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Quantised stakes, eight `uint32` a word, uid 0 in the lowest bits.
library PackedStakes {
    uint256 private constant LANES = 8;

    function pack(uint32[] memory stakes) internal pure returns (uint256[] memory words) {
        words = new uint256[]((stakes.length + LANES - 1) / LANES);
        for (uint256 i = 0; i < stakes.length; ++i) {
            words[i / LANES] |= uint256(stakes[i]) << (32 * (i % LANES));
        }
    }

    function unpack(uint256[] memory words, uint256 n) internal pure returns (uint32[] memory stakes) {
        stakes = new uint32[](n);
        for (uint256 i = 0; i < n; ++i) {
            stakes[i] = uint32(words[i / LANES] >> (32 * (i % LANES)));
        }
    }
}
