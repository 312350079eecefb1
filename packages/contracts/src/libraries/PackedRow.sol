// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Rows and bond rows: dense `uint16[n]`, sixteen a word, uid 0 in the lowest bits.
library PackedRow {
    /// @notice Words of a row of `n` uids.
    function words(uint256 n) internal pure returns (uint256) {
        return (n + 15) / 16;
    }

    /// @notice The stored commitment to a row; 0 for an empty one.
    function hash(uint256[] memory row) internal pure returns (bytes32) {
        return row.length == 0 ? bytes32(0) : keccak256(abi.encodePacked(row));
    }

    /// @notice The row without the words beyond `limit`, which belong to uids that the epoch does not have.
    function truncated(uint256[] memory row, uint256 limit) internal pure returns (uint256[] memory) {
        if (row.length <= limit) return row;
        uint256[] memory head = new uint256[](limit);
        for (uint256 i = 0; i < limit; ++i) {
            head[i] = row[i];
        }
        return head;
    }
}
