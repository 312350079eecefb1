// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the subnets ask of the stake vault, beside `createNode`
interface IOperatorKeys {
    /// @notice Makes `operator` the node's key; only the subnets contract. The key before loses its power and stays
    /// liable. Reverts when `operator` belongs to another node.
    function setOperator(uint64 nodeId, address operator) external;
}
