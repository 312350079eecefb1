// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {PoolMath} from "./PoolMath.sol";

/// @notice What whoever proved a fault gets of the slash.
/// @dev A node's owner can be its own challenger, and most of the pool can be other people's. So the reward is at most half
/// of what the owner's own stake in the pool loses: accusing oneself never pays. What the owner holds under other names
/// does not count, nor does stake that already answers for a debt.
library SlashReward {
    uint256 private constant MOST_BPS = 2500; // of the slash
    uint256 private constant HALF_BPS = PoolMath.BPS / 2;
    uint256 private constant ROUNDING = 2; // wei by which shares may lose less than their part of the pool

    /// @notice The reward in basis points of what a slash of `slashBps` takes from the pool, which must be up to date.
    function bpsDown(IStakeVault vault, uint64 nodeId, uint16 slashBps) internal view returns (uint16) {
        IStakeVault.Pool memory pool = vault.pool(nodeId);
        uint256 own = Math.saturatingSub(vault.assetsOf(nodeId, pool.owner), vault.debtOf(pool.owner));
        uint256 lost = Math.saturatingSub(PoolMath.partDown(own, slashBps), ROUNDING);
        uint256 taken = PoolMath.partUp(pool.assets, slashBps) + PoolMath.partUp(pool.locked, slashBps);
        if (taken == 0) return 0;
        return uint16(Math.min(MOST_BPS, lost * HALF_BPS / taken)); // ≤ MOST_BPS
    }
}
