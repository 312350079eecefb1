// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the subnets ask of emission, beside activation
/// @dev Both only from the subnets contract.
interface ISlotEmission {
    /// @notice Credits what the slot has accrued to the owner of `nodeId`, who is about to lose it.
    function creditSlot(uint16 netuid, uint16 uid, uint64 nodeId) external;

    /// @notice Ends a subnet's share of the emission now.
    function deactivate(uint16 netuid) external;
}
