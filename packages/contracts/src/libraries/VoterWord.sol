// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a permit holder brings to an epoch beside its rows, in one word (`IEpochKernel.run`).
library VoterWord {
    uint256 internal constant WITHHELD = 1 << 32;

    function pack(uint256 uid_, uint256 bondRowPlusOne_, uint256 lastUpdate_, uint256 committedAt_)
        internal
        pure
        returns (uint256)
    {
        return uid_ | bondRowPlusOne_ << 16 | lastUpdate_ << 64 | committedAt_ << 128;
    }

    function uid(uint256 word) internal pure returns (uint256) {
        return word & type(uint16).max;
    }

    function bondRowPlusOne(uint256 word) internal pure returns (uint256) {
        return word >> 16 & type(uint16).max;
    }

    function isWithheld(uint256 word) internal pure returns (bool) {
        return word & WITHHELD != 0;
    }

    /// @notice Unix seconds.
    function lastUpdate(uint256 word) internal pure returns (uint256) {
        return word >> 64 & type(uint64).max;
    }

    /// @notice Unix seconds.
    function committedAt(uint256 word) internal pure returns (uint256) {
        return word >> 128 & type(uint64).max;
    }
}
