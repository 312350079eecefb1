// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Sets of uids: bit uid of a word.
library UidBitmap {
    function has(uint256 bitmap, uint256 uid) internal pure returns (bool) {
        return bitmap >> uid & 1 == 1;
    }

    function count(uint256 bitmap) internal pure returns (uint256 size) {
        // Clears the lowest bit each time, so it never underflows.
        for (; bitmap != 0; bitmap &= bitmap - 1) {
            ++size;
        }
    }

    /// @notice Members in ascending order.
    function members(uint256 bitmap) internal pure returns (uint16[] memory uids) {
        uids = new uint16[](count(bitmap));
        uint256 next = 0;
        for (uint256 uid = 0; next < uids.length; ++uid) {
            if (has(bitmap, uid)) uids[next++] = uint16(uid); // below 256
        }
    }
}
