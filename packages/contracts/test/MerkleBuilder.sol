// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice Trees as the protocol builds them: node i has the children 2i + 1 and 2i + 2, leaf k is the k-th from the end.
library MerkleBuilder {
    function treeOf(bytes32[] memory leaves) internal pure returns (bytes32[] memory nodes) {
        uint256 count = leaves.length;
        nodes = new bytes32[](2 * count - 1);
        for (uint256 i = 0; i < count; ++i) {
            nodes[2 * count - 2 - i] = leaves[i];
        }
        for (uint256 i = count - 1; i > 0; --i) {
            nodes[i - 1] = Hashes.commutativeKeccak256(nodes[2 * i - 1], nodes[2 * i]);
        }
    }

    function proofOf(bytes32[] memory nodes, uint256 leaf) internal pure returns (bytes32[] memory proof) {
        uint256 length = 0;
        for (uint256 i = nodes.length - 1 - leaf; i > 0; i = (i - 1) / 2) {
            ++length;
        }
        proof = new bytes32[](length);
        uint256 place = 0;
        for (uint256 i = nodes.length - 1 - leaf; i > 0; i = (i - 1) / 2) {
            proof[place++] = nodes[i % 2 == 0 ? i - 1 : i + 1];
        }
    }
}
