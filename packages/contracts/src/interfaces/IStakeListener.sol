// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the vault tells the emission contract about accounts
/// @notice Accounts that pointed their stake at subnets weigh by it: the vault reports every change of
/// `IStakeVault.stakedOf` of such an account, after it wrote everything. Neither call may enter the vault but to read.
interface IStakeListener {
    /// @notice Whether the account's stake is pointed at anything.
    function hasPointed(address account) external view returns (bool);

    /// @notice The account's `stakedOf` changed. Only the vault.
    function stakeChanged(address account) external;
}
