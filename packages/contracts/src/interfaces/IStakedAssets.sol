// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the gauge asks of the vault
interface IStakedAssets {
    /// @notice Wei that the account has staked, over all nodes, as of their last sync; unbonding stake does not count.
    function stakedOf(address account) external view returns (uint256 assets);
}
