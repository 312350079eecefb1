// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Arithmetic of a stake pool. Rounding is in the names.
/// @dev A pool counts `VIRTUAL_SHARES` shares and `VIRTUAL_ASSETS` wei that nobody holds: whoever donates to inflate
/// the first depositor's share price gives a million times what can be gained to the virtual shares.
library PoolMath {
    using Math for uint256;

    uint256 internal constant VIRTUAL_SHARES = 1e6;
    uint256 internal constant VIRTUAL_ASSETS = 1;
    uint256 internal constant BPS = 10_000;
    /// @dev Shares a wei above which a pool has collapsed: it began with 1e6 and lost all but a millionth since. Below it
    /// the whole supply buys less than 2^124 shares.
    uint256 private constant MAX_SHARES_PER_ASSET = 1e12;

    function toSharesDown(uint256 assets, uint256 poolAssets, uint256 poolShares) internal pure returns (uint256) {
        return assets.mulDiv(poolShares + VIRTUAL_SHARES, poolAssets + VIRTUAL_ASSETS);
    }

    function toSharesUp(uint256 assets, uint256 poolAssets, uint256 poolShares) internal pure returns (uint256) {
        return assets.mulDiv(poolShares + VIRTUAL_SHARES, poolAssets + VIRTUAL_ASSETS, Math.Rounding.Ceil);
    }

    function toAssetsDown(uint256 shares, uint256 poolAssets, uint256 poolShares) internal pure returns (uint256) {
        return shares.mulDiv(poolAssets + VIRTUAL_ASSETS, poolShares + VIRTUAL_SHARES);
    }

    function partUp(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return (amount * bps).ceilDiv(BPS);
    }

    function partDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return amount * bps / BPS;
    }

    /// @notice Whether shares are worth so little that the next staker's would no longer fit.
    function isCollapsed(uint256 poolAssets, uint256 poolShares) internal pure returns (bool) {
        return poolShares + VIRTUAL_SHARES > (poolAssets + VIRTUAL_ASSETS) * MAX_SHARES_PER_ASSET;
    }

    /// @notice What of `locked` is due at `time` when it unlocks linearly from `since` to `end`.
    function unlockedDown(uint256 locked, uint256 since, uint256 end, uint256 time) internal pure returns (uint256) {
        if (time >= end) return locked;
        return locked * (time - since) / (end - since);
    }

    /// @notice Seconds over which `locked`, due in `remaining`, and a new `reward`, due in `period`, unlock together:
    /// their mean weighted by amount, so that nobody can put off the unlocking with small rewards. Never less than the
    /// smaller of the two; rounded up, a wei paid in would put it off by a second.
    function blendedPeriodDown(uint256 locked, uint256 remaining, uint256 reward, uint256 period)
        internal
        pure
        returns (uint256)
    {
        return (locked * remaining + reward * period) / (locked + reward);
    }
}
