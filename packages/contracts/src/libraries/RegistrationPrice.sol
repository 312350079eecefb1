// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice A price that halves every half-life, linearly in between, and grows at each sale: by 26 % for a slot, to the
/// double for a subnet.
library RegistrationPrice {
    /// @param price wei, `elapsed` seconds ago
    function decayedUp(uint256 price, uint256 elapsed, uint256 halfLife, uint256 minPrice)
        internal
        pure
        returns (uint256)
    {
        uint256 halvings = elapsed / halfLife;
        if (halvings >= 128) return minPrice; // a price has 128 bits
        uint256 base = Math.ceilDiv(price, 1 << halvings);
        return Math.max(base - base * (elapsed % halfLife) / (2 * halfLife), minPrice);
    }

    function raisedUp(uint256 price, uint256 maxPrice) internal pure returns (uint256) {
        return Math.min(Math.ceilDiv(price * 126, 100), maxPrice);
    }

    /// @notice Twice the price, as far as 128 bits hold it.
    function doubled(uint256 price) internal pure returns (uint128) {
        return uint128(Math.min(price * 2, type(uint128).max)); // just bounded
    }
}
