// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";

/// @notice What the subnets need of a vault: nodes, their owners and keys. A key stays its node's for good.
contract VaultPeer {
    uint64 public nodeCount;
    mapping(address operator => uint64) public everNodeOf;
    mapping(uint64 nodeId => address) public ownerOf;
    mapping(uint64 nodeId => address) public operatorOf;

    function createNode(address owner, address operator) external returns (uint64 nodeId) {
        if (everNodeOf[operator] != 0) revert IStakeVault.OperatorTaken(operator, everNodeOf[operator]);
        nodeId = ++nodeCount;
        (everNodeOf[operator], ownerOf[nodeId], operatorOf[nodeId]) = (nodeId, owner, operator);
    }

    function setOperator(uint64 nodeId, address operator) external {
        if (everNodeOf[operator] != 0) revert IStakeVault.OperatorTaken(operator, everNodeOf[operator]);
        (everNodeOf[operator], operatorOf[nodeId]) = (nodeId, operator);
    }

    function nodeOf(address operator) external view returns (uint64) {
        uint64 ever = everNodeOf[operator];
        return operatorOf[ever] == operator ? ever : 0;
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
    bytes private _validatorPay;
    uint64 private _epoch;
    IConsensus.LastSettled private _lastSettled;

    function setPay(uint32[] calldata pay) external {
        uint256[] memory packed = new uint256[]((pay.length + 7) / 8);
        for (uint256 uid = 0; uid < pay.length; ++uid) {
            packed[uid / 8] |= uint256(pay[uid]) << (32 * (uid % 8));
        }
        _incentive = abi.encodePacked(packed);
        _validatorPay = new bytes(_incentive.length);
    }

    /// @param validatorPay as `incentive`: eight a word
    function setPay(uint256 incentive, uint256 validatorPay, uint64 epoch) external {
        (_incentive, _validatorPay, _epoch) = (abi.encode(incentive), abi.encode(validatorPay), epoch);
    }

    function setSettled(uint64 epoch) external {
        (_lastSettled.settled, _lastSettled.epoch) = (true, epoch);
    }

    function lastSettled(uint16) external view returns (IConsensus.LastSettled memory) {
        return _lastSettled;
    }

    function lastPay(uint16) external view returns (bytes32 payHash, uint64 epoch, uint48 end) {
        if (_incentive.length == 0) return (bytes32(0), 0, 0);
        return (keccak256(abi.encode(_incentive, _validatorPay)), _epoch, type(uint48).max);
    }

    function payData() external view returns (ISubnets.LastPay memory) {
        return ISubnets.LastPay(_incentive, _validatorPay);
    }
}
