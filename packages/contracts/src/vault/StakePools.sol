// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../Governed.sol";
import {StakeVotes} from "../StakeVotes.sol";
import {IEmission} from "../interfaces/IEmission.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {IStakeVotes} from "../interfaces/IStakeVotes.sol";
import {IWitanToken} from "../interfaces/IWitanToken.sol";
import {Holds} from "../libraries/Holds.sol";
import {Liability} from "../libraries/Liability.sol";
import {PoolMath} from "../libraries/PoolMath.sol";
import {StakeNodes} from "./StakeNodes.sol";

/// @dev The pool of each node: its rewards, its slashes, and the queue of those who leave.
abstract contract StakePools is StakeNodes, Governed, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Holds for Holds.Hold;

    /// @param seen slashes of the node before the request
    struct Request {
        address account;
        uint48 requestedAt;
        uint32 seen;
        uint64 nodeId;
        uint128 assets;
    }

    uint256 private constant MAX_REPORTER_BPS = 4999; // below the burn
    uint48 private constant MAX_HOLD = 2; // unbonding times: a decision takes less than one, and there is time to act on it
    uint256 private constant MIN_RESIDUE = 1e12; // nobody fills an owner's list with requests of dust

    IERC20 public immutable token;
    IEmission public immutable emission;
    /// @inheritdoc IStakeVault
    IStakeVotes public immutable votes;
    /// @inheritdoc IStakeVault
    uint48 public immutable unbonding;
    /// @inheritdoc IStakeVault
    uint48 public immutable rewardUnlock;

    /// @inheritdoc IStakeVault
    uint256 public requestCount;
    /// @inheritdoc IStakeVault
    uint256 public accountedAssets;
    mapping(uint256 requestId => Request) internal _requests;
    /// @dev Four a word.
    mapping(address account => uint64[]) internal _requestsOf;
    mapping(uint64 nodeId => Liability.Slash[]) internal _slashes;
    mapping(uint64 nodeId => Holds.Hold) internal _holds;

    constructor(address token_, address emission_, address authority_, uint48 unbonding_, uint48 rewardUnlock_)
        Governed(authority_)
    {
        token = IERC20(token_);
        emission = IEmission(emission_);
        unbonding = unbonding_;
        rewardUnlock = rewardUnlock_;
        votes = new StakeVotes();
    }

    /// @inheritdoc IStakeVault
    function sync(uint64 nodeId) external nonReentrant returns (uint256 reward) {
        Node storage node = _node(nodeId);
        reward = _sync(nodeId, node);
        _checkpoint(nodeId, node);
    }

    /// @inheritdoc IStakeVault
    function rewardPool(uint64 nodeId, uint256 assets) external nonReentrant {
        if (assets == 0) revert ZeroAssets();
        Node storage node = _node(nodeId);
        _sync(nodeId, node);
        _checkpoint(nodeId, node);
        emit RewardPaidIn(nodeId, msg.sender, assets);
        address to = address(this);
        if (node.shares == 0) {
            to = node.owner;
            emit OwnerPaid(nodeId, to, assets);
        } else {
            _lockReward(nodeId, node, assets);
        }
        token.safeTransferFrom(msg.sender, to, assets);
    }

    /// @inheritdoc IStakeVault
    function hold(uint64 nodeId) external restricted {
        _node(nodeId);
        Holds.Hold storage holding = _holds[nodeId];
        holding.add(maxHold());
        emit Held(nodeId, holding.since, holding.open);
    }

    /// @inheritdoc IStakeVault
    function release(uint64 nodeId, uint48 heldAt) external restricted {
        Holds.Hold storage holding = _holds[nodeId];
        holding.remove(heldAt);
        emit Released(nodeId, heldAt, holding.open);
    }

    /// @inheritdoc IStakeVault
    function slash(uint64 nodeId, uint16 bps, uint48 faultAt, address reporter, uint16 reporterBps)
        external
        nonReentrant
        restricted
        returns (uint256 burned, uint256 reward)
    {
        if (bps == 0 || bps > PoolMath.BPS) revert SlashOutOfBounds(bps, PoolMath.BPS);
        if (reporterBps > MAX_REPORTER_BPS) revert ReporterPartTooHigh(reporterBps, MAX_REPORTER_BPS);
        if (faultAt > clock()) revert FaultInFuture(faultAt, clock());
        Node storage node = _node(nodeId);
        _sync(nodeId, node);

        // Whoever left before the fault, or longer ago than the liability lasts, is not hit. It lasts while the node is held.
        uint256 lasted = Math.saturatingSub(_heldFrom(nodeId), unbonding);
        uint48 liableSince = uint48(Math.max(faultAt, lasted)); // ≤ clock
        uint48 earliest = uint48(Math.saturatingSub(lasted, maxHold())); // a hold never reaches further back
        _slashes[nodeId].push(Liability.Slash(liableSince, earliest, bps));
        uint256 taken = _cut(nodeId, node, bps);
        reward = reporter == address(0) ? 0 : PoolMath.partDown(taken, reporterBps);
        burned = taken - reward;
        accountedAssets -= taken;
        votes.voidNode(nodeId);
        emit Slashed(nodeId, reporter, bps, faultAt, liableSince, burned, reward, node.locked, node.generation);
        _checkpoint(nodeId, node);
        _burn(burned);
        if (reward > 0) token.safeTransfer(reporter, reward);
    }

    /// @inheritdoc IStakeVault
    function heldSince(uint64 nodeId) public view returns (uint48 since) {
        return _holds[nodeId].heldSince(maxHold());
    }

    /// @inheritdoc IStakeVault
    function maxHold() public view returns (uint48) {
        return MAX_HOLD * unbonding;
    }

    /// @inheritdoc IStakeVault
    function stakeOf(uint64 nodeId) public view returns (uint256 assets) {
        Node storage node = _nodes[nodeId];
        return node.assets + _unlockable(node);
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
            unbonding: node.unbonding,
            generation: node.generation,
            slashes: _slashes[nodeId].length
        });
    }

    /// @dev Unlocks what is due and pulls new rewards; the caller writes the checkpoint. What comes when nobody has shares
    /// any more is the owner's: it never was stake. The emission contract is an immutable peer that calls nothing back but
    /// the token.
    function _sync(uint64 nodeId, Node storage node) internal returns (uint256 reward) {
        uint256 due = _unlockable(node);
        node.assets += due.toUint128();
        node.locked -= due.toUint128();
        node.unlockedAt = clock();

        reward = emission.pullPool(nodeId);
        if (reward == 0) return 0;
        if (node.shares == 0) {
            _payOwner(nodeId, node.owner, reward);
            return reward;
        }
        _lockReward(nodeId, node, reward);
    }

    /// @dev Of a pool that has shares and is up to date.
    function _lockReward(uint64 nodeId, Node storage node, uint256 reward) private {
        uint256 remaining = node.unlockEnd > clock() ? node.unlockEnd - clock() : 0;
        node.unlockEnd = clock() + PoolMath.blendedPeriodDown(node.locked, remaining, reward, rewardUnlock).toUint48();
        node.locked += reward.toUint128();
        accountedAssets += reward;
        emit RewardAdded(nodeId, reward, node.locked, node.unlockEnd);
    }

    function _join(Node storage node, uint256 assets) internal returns (uint256 shares) {
        shares = PoolMath.toSharesDown(assets, node.assets, node.shares);
        if (shares == 0) revert AmountTooSmall(assets);
        node.shares += shares.toUint128();
        node.assets += assets.toUint128();
    }

    function _leave(uint64 nodeId, Node storage node, uint256 shares) internal returns (uint256 assets) {
        assets = PoolMath.toAssetsDown(shares, node.assets, node.shares);
        node.shares -= shares.toUint128();
        node.assets -= assets.toUint128();
        _releaseResidue(nodeId, node);
    }

    function _queue(uint64 nodeId, Node storage node, address account, uint256 assets)
        internal
        returns (uint256 requestId)
    {
        requestId = ++requestCount;
        node.unbonding += assets.toUint128();
        _requests[requestId] = Request(account, clock(), _slashes[nodeId].length.toUint32(), nodeId, assets.toUint128());
        _requestsOf[account].push(requestId.toUint64());
    }

    /// @dev When stake is liable that left `unbonding` seconds before, or later: when the node began to be held, or now.
    function _heldFrom(uint64 nodeId) internal view returns (uint48 time) {
        time = heldSince(nodeId);
        if (time == 0) time = clock();
    }

    function _burn(uint256 assets) internal {
        if (assets > 0) IWitanToken(address(token)).burn(assets);
    }

    /// @dev Takes a part of the pool, the locked rewards too. A pool that has collapsed is closed: what was left goes
    /// with it, its shares are worth nothing and the next staker begins a new generation.
    function _cut(uint64 nodeId, Node storage node, uint256 bps) private returns (uint256 taken) {
        uint256 assets = PoolMath.partUp(node.assets, bps);
        uint256 locked = PoolMath.partUp(node.locked, bps);
        if (PoolMath.isCollapsed(node.assets - assets, node.shares)) {
            (assets, locked) = (node.assets, node.locked);
            node.shares = 0;
            ++node.generation;
            emit PoolClosed(nodeId, node.generation);
        }
        node.assets -= assets.toUint128();
        node.locked -= locked.toUint128();
        return assets + locked;
    }

    /// @dev Without shares nobody could ever claim what a pool still holds (locked rewards above all), and it would count
    /// as stake that cannot be lost: it leaves to the owner, liable as all that leaves, but for dust.
    function _releaseResidue(uint64 nodeId, Node storage node) private {
        uint256 residue = uint256(node.assets) + node.locked;
        if (node.shares != 0 || residue == 0) return;
        node.assets = 0;
        node.locked = 0;
        if (residue < MIN_RESIDUE) {
            accountedAssets -= residue;
            _payOwner(nodeId, node.owner, residue);
        } else {
            emit ResidueReleased(_queue(nodeId, node, node.owner, residue), nodeId, node.owner, residue);
        }
    }

    function _payOwner(uint64 nodeId, address owner, uint256 assets) private {
        emit OwnerPaid(nodeId, owner, assets);
        token.safeTransfer(owner, assets);
    }

    function _unlockable(Node storage node) private view returns (uint256) {
        return PoolMath.unlockedDown(node.locked, node.unlockedAt, node.unlockEnd, block.timestamp);
    }
}
