// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";

/// @notice What the subnets need of a vault: nodes, their owners and keys. A key stays its node's for good.
contract VaultPeer {
    uint64 public nodeCount;
    mapping(address operator => uint64) public nodeOf;
    mapping(uint64 nodeId => address) public ownerOf;
    mapping(uint64 nodeId => address) public operatorOf;

    function createNode(address owner, address operator) external returns (uint64 nodeId) {
        if (nodeOf[operator] != 0) revert IStakeVault.OperatorTaken(operator, nodeOf[operator]);
        nodeId = ++nodeCount;
        (nodeOf[operator], ownerOf[nodeId], operatorOf[nodeId]) = (nodeId, owner, operator);
    }

    function setOperator(uint64 nodeId, address operator) external {
        if (nodeOf[operator] != 0) revert IStakeVault.OperatorTaken(operator, nodeOf[operator]);
        (nodeOf[operator], operatorOf[nodeId]) = (nodeId, operator);
    }

    function takeOf(uint64) external pure returns (uint16) {
        return 0;
    }

    function stakeOf(uint64 nodeId) external pure returns (uint256) {
        return uint256(nodeId) * 1e18;
    }
}

/// @notice Remembers what it was told.
contract EmissionPeer {
    mapping(uint16 netuid => bool) public isActive;
    uint256 public activeSubnets;
    uint256 public creditCount;
    mapping(bytes32 slotAndNode => uint256) public credits;

    function activate(uint16 netuid) external {
        isActive[netuid] = true;
        ++activeSubnets;
    }

    function deactivate(uint16 netuid) external {
        isActive[netuid] = false;
        --activeSubnets;
    }

    function slotAssigned(uint16, uint16, uint64) external pure {}

    function creditSlot(uint16 netuid, uint16 uid, uint64 nodeId) external {
        ++creditCount;
        ++credits[keccak256(abi.encode(netuid, uid, nodeId))];
    }

    function creditsOf(uint16 netuid, uint16 uid, uint64 nodeId) external view returns (uint256) {
        return credits[keccak256(abi.encode(netuid, uid, nodeId))];
    }
}

/// @notice Pays what it is told, as incentive.
contract ConsensusPeer {
    bytes private _incentive;

    function setPay(uint32[] calldata pay) external {
        uint256[] memory packed = new uint256[]((pay.length + 7) / 8);
        for (uint256 uid = 0; uid < pay.length; ++uid) {
            packed[uid / 8] |= uint256(pay[uid]) << (32 * (uid % 8));
        }
        _incentive = abi.encodePacked(packed);
    }

    function lastPay(uint16) external view returns (bytes32 payHash, uint48 end) {
        if (_incentive.length == 0) return (bytes32(0), 0);
        return (keccak256(abi.encode(_incentive, new bytes(_incentive.length))), type(uint48).max);
    }

    function payData() external view returns (ISubnets.LastPay memory) {
        return ISubnets.LastPay(_incentive, new bytes(_incentive.length));
    }
}
