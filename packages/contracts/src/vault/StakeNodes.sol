// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {RecentTrace} from "../libraries/RecentTrace.sol";

/// @dev Nodes, their keys and takes, and the history that others read.
abstract contract StakeNodes is IStakeVault, IERC6372 {
    using RecentTrace for RecentTrace.Trace;

    /// @dev `assets` and `locked` as of `unlockedAt`. Supply is below 2^85 wei and a wei buys at most 1e12 shares, so
    /// 128 bits hold everything.
    struct Node {
        address owner;
        uint48 unlockedAt;
        uint48 unlockEnd;
        address operator;
        uint48 takeRaisedAt;
        uint32 generation;
        uint128 assets;
        uint128 locked;
        uint128 shares;
        uint128 unbonding;
    }

    /// @param retiredAt unix seconds; 0: it serves
    struct Key {
        uint64 nodeId;
        uint48 retiredAt;
    }

    uint256 private constant MAX_TAKE_BPS = 1800;
    uint256 private constant TAKE_RAISE_INTERVAL = 30 days;

    address public immutable subnets;

    /// @inheritdoc IStakeVault
    uint64 public nodeCount;
    mapping(address operator => Key) private _keys;
    mapping(uint64 nodeId => Node) internal _nodes;
    mapping(uint64 nodeId => RecentTrace.Trace) private _stakes;
    mapping(uint64 nodeId => RecentTrace.Trace) private _takes;
    RecentTrace.Trace private _totalStake;

    constructor(address subnets_) {
        subnets = subnets_;
    }

    /// @inheritdoc IStakeVault
    function createNode(address owner, address operator) external returns (uint64 nodeId) {
        if (msg.sender != subnets) revert NotSubnets(msg.sender, subnets);
        nodeId = ++nodeCount;
        _nodes[nodeId].owner = owner;
        _bind(nodeId, operator);
        emit NodeCreated(nodeId, owner, operator);
    }

    /// @inheritdoc IStakeVault
    function setOperator(uint64 nodeId, address operator) external {
        if (msg.sender != subnets) revert NotSubnets(msg.sender, subnets);
        address previous = _node(nodeId).operator;
        _keys[previous].retiredAt = clock();
        _bind(nodeId, operator);
        emit OperatorSet(nodeId, operator, previous);
    }

    /// @inheritdoc IStakeVault
    function setTake(uint64 nodeId, uint16 takeBps) external {
        Node storage node = _node(nodeId);
        if (msg.sender != node.owner) revert NotNodeOwner(nodeId, msg.sender, node.owner);
        if (takeBps > MAX_TAKE_BPS) revert TakeTooHigh(takeBps, MAX_TAKE_BPS);
        if (takeBps > takeOf(nodeId)) {
            uint256 nextRaiseAt = node.takeRaisedAt + TAKE_RAISE_INTERVAL;
            if (node.takeRaisedAt != 0 && clock() < nextRaiseAt) revert TakeRaisedRecently(nodeId, nextRaiseAt);
            node.takeRaisedAt = clock();
        }
        _takes[nodeId].push(clock(), takeBps);
        emit TakeSet(nodeId, takeBps);
    }

    /// @inheritdoc IStakeVault
    function stakeAt(uint64 nodeId, uint48 timestamp) external view returns (uint256 assets) {
        _checkPast(timestamp);
        return _stakes[nodeId].valueAt(timestamp);
    }

    /// @inheritdoc IStakeVault
    function stakesAt(uint64[] calldata nodeIds, uint48 timestamp) external view returns (uint256[] memory assets) {
        _checkPast(timestamp);
        assets = new uint256[](nodeIds.length);
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            assets[i] = _stakes[nodeIds[i]].valueAt(timestamp);
        }
    }

    /// @inheritdoc IStakeVault
    function totalStakeAt(uint48 timestamp) external view returns (uint256 assets) {
        _checkPast(timestamp);
        return _totalStake.valueAt(timestamp);
    }

    /// @inheritdoc IStakeVault
    function takeAt(uint64 nodeId, uint48 timestamp) external view returns (uint16 takeBps) {
        _checkPast(timestamp);
        return uint16(_takes[nodeId].valueAt(timestamp)); // at most MAX_TAKE_BPS
    }

    /// @inheritdoc IStakeVault
    function takesAt(uint64[] calldata nodeIds, uint48 timestamp) external view returns (uint16[] memory takesBps) {
        _checkPast(timestamp);
        takesBps = new uint16[](nodeIds.length);
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            takesBps[i] = uint16(_takes[nodeIds[i]].valueAt(timestamp)); // at most MAX_TAKE_BPS
        }
    }

    /// @inheritdoc IStakeVault
    function nodeOf(address operator) external view returns (uint64 nodeId) {
        uint64 ever = everNodeOf(operator);
        return _nodes[ever].operator == operator ? ever : 0;
    }

    /// @inheritdoc IStakeVault
    function everNodeOf(address operator) public view returns (uint64 nodeId) {
        return _keys[operator].nodeId;
    }

    /// @inheritdoc IStakeVault
    function retiredAt(address operator) external view returns (uint48) {
        return _keys[operator].retiredAt;
    }

    /// @inheritdoc IStakeVault
    function operatorOf(uint64 nodeId) external view returns (address operator) {
        return _nodes[nodeId].operator;
    }

    /// @inheritdoc IStakeVault
    function ownerOf(uint64 nodeId) external view returns (address owner) {
        return _nodes[nodeId].owner;
    }

    /// @inheritdoc IStakeVault
    function takeOf(uint64 nodeId) public view returns (uint16 takeBps) {
        return uint16(_takes[nodeId].latest()); // at most MAX_TAKE_BPS
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev A key that ever served a node answers for what it signed then, so it never serves another one.
    function _bind(uint64 nodeId, address operator) private {
        uint64 ever = everNodeOf(operator);
        if (ever != 0 && ever != nodeId) revert OperatorTaken(operator, ever);
        _keys[operator] = Key(nodeId, 0);
        _nodes[nodeId].operator = operator;
    }

    function _checkpoint(uint64 nodeId, Node storage node) internal {
        RecentTrace.Trace storage trace = _stakes[nodeId];
        (uint256 last, uint256 assets) = (trace.latest(), node.assets);
        if (last == assets) return;
        trace.push(clock(), assets);
        _totalStake.push(clock(), _totalStake.latest() + assets - last);
        emit StakeUpdated(nodeId, assets);
    }

    function _node(uint64 nodeId) internal view returns (Node storage node) {
        node = _nodes[nodeId];
        if (node.owner == address(0)) revert NodeUnknown(nodeId);
    }

    function _checkPast(uint48 timestamp) private view {
        if (timestamp >= clock()) revert NotYetPast(timestamp, clock());
    }
}
