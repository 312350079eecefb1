// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {PoolMath} from "./libraries/PoolMath.sol";

contract StakeVault is IStakeVault, IERC6372, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Checkpoints for Checkpoints.Trace208;

    /// @dev `assets` and `locked` as of `unlockedAt`. Supply is below 2^85 wei and a share is worth at least 1e-6 wei,
    /// so 128 bits hold everything.
    struct Node {
        address owner;
        uint48 unlockedAt;
        uint48 unlockEnd;
        address operator;
        uint48 takeRaisedAt;
        uint128 assets;
        uint128 locked;
        uint128 shares;
        uint128 unbonding;
    }

    uint256 private constant MAX_TAKE_BPS = 1800;
    uint256 private constant TAKE_RAISE_INTERVAL = 30 days;

    IERC20 public immutable token;
    address public immutable subnets;
    IEmission public immutable emission;
    /// @inheritdoc IStakeVault
    uint48 public immutable unbonding;
    /// @inheritdoc IStakeVault
    uint48 public immutable rewardUnlock;

    /// @inheritdoc IStakeVault
    uint64 public nodeCount;
    /// @inheritdoc IStakeVault
    uint256 public requestCount;
    /// @inheritdoc IStakeVault
    uint256 public accountedAssets;
    /// @inheritdoc IStakeVault
    mapping(address operator => uint64) public nodeOf;
    /// @inheritdoc IStakeVault
    mapping(uint64 nodeId => mapping(address account => uint256)) public sharesOf;
    mapping(uint64 nodeId => Node) private _nodes;
    mapping(uint64 nodeId => Checkpoints.Trace208) private _stakes;
    mapping(uint64 nodeId => Checkpoints.Trace208) private _takes;
    mapping(uint256 requestId => Unstake) private _requests;

    constructor(address token_, address subnets_, address emission_, uint48 unbonding_, uint48 rewardUnlock_) {
        token = IERC20(token_);
        subnets = subnets_;
        emission = IEmission(emission_);
        unbonding = unbonding_;
        rewardUnlock = rewardUnlock_;
    }

    /// @inheritdoc IStakeVault
    function createNode(address owner, address operator) external returns (uint64 nodeId) {
        if (msg.sender != subnets) revert NotSubnets(msg.sender, subnets);
        if (nodeOf[operator] != 0) revert OperatorTaken(operator, nodeOf[operator]);
        nodeId = ++nodeCount;
        nodeOf[operator] = nodeId;
        _nodes[nodeId].owner = owner;
        _nodes[nodeId].operator = operator;
        emit NodeCreated(nodeId, owner, operator);
    }

    /// @inheritdoc IStakeVault
    function stake(uint64 nodeId, uint256 assets) external nonReentrant returns (uint256 shares) {
        return _stake(nodeId, assets);
    }

    /// @inheritdoc IStakeVault
    function stakeWithPermit(uint64 nodeId, uint256 assets, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
        returns (uint256 shares)
    {
        // Somebody else may have sent the permit first; then the allowance is there already.
        try IERC20Permit(address(token)).permit(msg.sender, address(this), assets, deadline, v, r, s) {} catch {}
        return _stake(nodeId, assets);
    }

    /// @inheritdoc IStakeVault
    function requestUnstake(uint64 nodeId, uint256 shares) external nonReentrant returns (uint256 requestId) {
        if (shares == 0) revert ZeroShares();
        Node storage node = _node(nodeId);
        uint256 held = sharesOf[nodeId][msg.sender];
        if (shares > held) revert InsufficientShares(nodeId, msg.sender, shares, held);
        _sync(nodeId, node);

        uint256 assets = PoolMath.toAssetsDown(shares, node.assets, node.shares);
        if (assets == 0) revert AmountTooSmall(shares);
        sharesOf[nodeId][msg.sender] = held - shares;
        node.shares -= shares.toUint128();
        node.assets -= assets.toUint128();
        node.unbonding += assets.toUint128();
        requestId = ++requestCount;
        uint48 availableAt = clock() + unbonding;
        _requests[requestId] = Unstake(nodeId, msg.sender, assets, clock(), availableAt);
        emit UnstakeRequested(requestId, nodeId, msg.sender, assets, shares, availableAt);
        _releaseResidue(nodeId, node);
        _checkpoint(nodeId, node);
    }

    /// @inheritdoc IStakeVault
    function withdraw(uint256 requestId) external nonReentrant returns (uint256 assets) {
        Unstake storage request = _requests[requestId];
        if (request.account == address(0)) revert RequestUnknown(requestId);
        if (request.account != msg.sender) revert NotRequestAccount(requestId, msg.sender, request.account);
        if (clock() < request.availableAt) revert StillUnbonding(requestId, request.availableAt);
        assets = request.assets;
        if (assets == 0) revert RequestPaid(requestId);

        request.assets = 0;
        _nodes[request.nodeId].unbonding -= assets.toUint128();
        accountedAssets -= assets;
        emit Withdrawn(requestId, request.nodeId, msg.sender, assets);
        token.safeTransfer(msg.sender, assets);
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
    function sync(uint64 nodeId) external nonReentrant returns (uint256 reward) {
        Node storage node = _node(nodeId);
        reward = _sync(nodeId, node);
        _checkpoint(nodeId, node);
    }

    /// @inheritdoc IStakeVault
    function stakeAt(uint64 nodeId, uint48 timestamp) public view returns (uint256 assets) {
        if (timestamp >= clock()) revert NotYetPast(timestamp, clock());
        return _stakes[nodeId].upperLookupRecent(timestamp);
    }

    /// @inheritdoc IStakeVault
    function stakesAt(uint64[] calldata nodeIds, uint48 timestamp) external view returns (uint256[] memory assets) {
        assets = new uint256[](nodeIds.length);
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            assets[i] = stakeAt(nodeIds[i], timestamp);
        }
    }

    /// @inheritdoc IStakeVault
    function takeAt(uint64 nodeId, uint48 timestamp) external view returns (uint16 takeBps) {
        if (timestamp >= clock()) revert NotYetPast(timestamp, clock());
        return uint16(_takes[nodeId].upperLookupRecent(timestamp)); // at most MAX_TAKE_BPS
    }

    /// @inheritdoc IStakeVault
    function stakeOf(uint64 nodeId) public view returns (uint256 assets) {
        Node storage node = _nodes[nodeId];
        return node.assets + _unlockable(node);
    }

    /// @inheritdoc IStakeVault
    function assetsOf(uint64 nodeId, address account) external view returns (uint256 assets) {
        return toAssetsDown(nodeId, sharesOf[nodeId][account]);
    }

    /// @inheritdoc IStakeVault
    function toAssetsDown(uint64 nodeId, uint256 shares) public view returns (uint256 assets) {
        return PoolMath.toAssetsDown(shares, stakeOf(nodeId), _nodes[nodeId].shares);
    }

    /// @inheritdoc IStakeVault
    function toSharesDown(uint64 nodeId, uint256 assets) external view returns (uint256 shares) {
        return PoolMath.toSharesDown(assets, stakeOf(nodeId), _nodes[nodeId].shares);
    }

    /// @inheritdoc IStakeVault
    function toSharesUp(uint64 nodeId, uint256 assets) external view returns (uint256 shares) {
        return PoolMath.toSharesUp(assets, stakeOf(nodeId), _nodes[nodeId].shares);
    }

    /// @inheritdoc IStakeVault
    function pool(uint64 nodeId) external view returns (Pool memory) {
        Node storage node = _node(nodeId);
        uint256 due = _unlockable(node);
        return Pool({
            owner: node.owner,
            operator: node.operator,
            takeBps: takeOf(nodeId),
            takeRaisedAt: node.takeRaisedAt,
            assets: node.assets + due,
            locked: node.locked - due,
            unlockEnd: node.unlockEnd,
            shares: node.shares,
            unbonding: node.unbonding
        });
    }

    /// @inheritdoc IStakeVault
    function unstakeRequest(uint256 requestId) external view returns (Unstake memory) {
        if (_requests[requestId].account == address(0)) revert RequestUnknown(requestId);
        return _requests[requestId];
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

    function _stake(uint64 nodeId, uint256 assets) private returns (uint256 shares) {
        if (assets == 0) revert ZeroAssets();
        Node storage node = _node(nodeId);
        _sync(nodeId, node);

        shares = PoolMath.toSharesDown(assets, node.assets, node.shares);
        if (shares == 0) revert AmountTooSmall(assets);
        sharesOf[nodeId][msg.sender] += shares;
        node.shares += shares.toUint128();
        node.assets += assets.toUint128();
        accountedAssets += assets;
        emit Staked(nodeId, msg.sender, assets, shares);
        _checkpoint(nodeId, node);
        token.safeTransferFrom(msg.sender, address(this), assets);
    }

    /// @dev Unlocks what is due and pulls new rewards; the caller writes the checkpoint. The emission contract is an
    /// immutable peer that calls nothing back but the token.
    function _sync(uint64 nodeId, Node storage node) private returns (uint256 reward) {
        uint256 due = _unlockable(node);
        node.assets += due.toUint128();
        node.locked -= due.toUint128();
        node.unlockedAt = clock();

        reward = emission.pullPool(nodeId);
        if (reward > 0) {
            uint256 remaining = node.unlockEnd > clock() ? node.unlockEnd - clock() : 0;
            node.unlockEnd = clock() + PoolMath.blendedPeriodUp(node.locked, remaining, reward, rewardUnlock).toUint48();
            node.locked += reward.toUint128();
            accountedAssets += reward;
            emit RewardAdded(nodeId, reward, node.locked, node.unlockEnd);
        }
        _releaseResidue(nodeId, node);
    }

    /// @dev Without shares nobody could ever claim what a pool holds (rounding dust, rewards still locked or late), and
    /// it would count as stake that cannot be lost: it goes to the owner, and the pool starts anew.
    function _releaseResidue(uint64 nodeId, Node storage node) private {
        uint256 residue = uint256(node.assets) + node.locked;
        if (node.shares != 0 || residue == 0) return;
        node.assets = 0;
        node.locked = 0;
        accountedAssets -= residue;
        emit ResidueReleased(nodeId, node.owner, residue);
        token.safeTransfer(node.owner, residue);
    }

    function _checkpoint(uint64 nodeId, Node storage node) private {
        if (_stakes[nodeId].latest() == node.assets) return;
        _stakes[nodeId].push(clock(), node.assets);
        emit StakeUpdated(nodeId, node.assets);
    }

    function _unlockable(Node storage node) private view returns (uint256) {
        return PoolMath.unlockedDown(node.locked, node.unlockedAt, node.unlockEnd, block.timestamp);
    }

    function _node(uint64 nodeId) private view returns (Node storage node) {
        node = _nodes[nodeId];
        if (node.owner == address(0)) revert NodeUnknown(nodeId);
    }
}
