// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {Liability} from "./libraries/Liability.sol";
import {PoolMath} from "./libraries/PoolMath.sol";
import {VoteTally} from "./libraries/VoteTally.sol";
import {StakeNodes} from "./vault/StakeNodes.sol";
import {StakePools} from "./vault/StakePools.sol";

contract StakeVault is StakePools {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Liability for Liability.Account;

    /// @param generation of the pool that the shares are of; they are worth nothing in a later one
    /// @param movableAt when the stake may be redelegated
    struct Holding {
        uint128 shares;
        uint32 generation;
        uint48 movableAt;
    }

    /// @dev Walked when the account delegates its votes; its own always have a seat.
    uint256 private constant MAX_POSITIONS = VoteTally.MAX_SEATS;

    /// @inheritdoc IStakeVault
    uint48 public immutable moveLock;

    mapping(address account => mapping(uint64 nodeId => Holding)) private _holdings;
    mapping(address account => uint64[]) private _nodesOf;
    mapping(address account => Liability.Account) private _liabilities;

    constructor(
        address token_,
        address subnets_,
        address emission_,
        address authority_,
        uint48 unbonding_,
        uint48 rewardUnlock_,
        uint48 moveLock_
    ) StakeNodes(subnets_) StakePools(token_, emission_, authority_, unbonding_, rewardUnlock_) {
        moveLock = moveLock_;
    }

    /// @inheritdoc IStakeVault
    function stake(uint64 nodeId, uint256 assets) external nonReentrant returns (uint256 shares) {
        return _stake(msg.sender, nodeId, assets);
    }

    /// @inheritdoc IStakeVault
    function stakeFor(address account, uint64 nodeId, uint256 assets) external nonReentrant returns (uint256 shares) {
        if (_nodesOf[account].length != 0 && sharesOf(nodeId, account) == 0) revert PositionUnasked(account, nodeId);
        return _stake(account, nodeId, assets);
    }

    /// @inheritdoc IStakeVault
    function stakeWithPermit(uint64 nodeId, uint256 assets, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
        returns (uint256 shares)
    {
        // Somebody else may have sent the permit first; then the allowance is there already.
        try IERC20Permit(address(token)).permit(msg.sender, address(this), assets, deadline, v, r, s) {} catch {}
        return _stake(msg.sender, nodeId, assets);
    }

    /// @inheritdoc IStakeVault
    function requestUnstake(uint64 nodeId, uint256 shares) external nonReentrant returns (uint256 requestId) {
        if (shares == 0) revert ZeroShares();
        (Node storage node, Holding storage holding) = _enter(msg.sender, nodeId);
        _checkOwnerMayLeave(nodeId, node);
        uint256 assets = _take(msg.sender, nodeId, node, holding, shares);
        if (assets == 0) revert AmountTooSmall(shares);
        requestId = _queue(nodeId, node, msg.sender, assets);
        emit UnstakeRequested(requestId, nodeId, msg.sender, assets, shares, clock() + unbonding);
        _exit(msg.sender, nodeId, node, holding);
        _notify(msg.sender);
    }

    /// @inheritdoc IStakeVault
    function redelegate(uint64 fromNode, uint64 toNode, uint256 shares)
        external
        nonReentrant
        returns (uint256 received)
    {
        if (shares == 0) revert ZeroShares();
        if (fromNode == toNode) revert SameNode(fromNode);
        (Node storage from, Holding storage held) = _enter(msg.sender, fromNode);
        _checkOwnerMayLeave(fromNode, from);
        if (clock() < held.movableAt) revert MoveLocked(fromNode, msg.sender, held.movableAt);
        uint256 assets = _take(msg.sender, fromNode, from, held, shares);
        _depart(msg.sender, fromNode, toNode, assets);
        _exit(msg.sender, fromNode, from, held);

        (Node storage to, Holding storage holding) = _enter(msg.sender, toNode);
        received = _join(to, assets);
        _setShares(msg.sender, toNode, holding, holding.shares + received);
        holding.movableAt = clock() + moveLock;
        emit Redelegated(fromNode, toNode, msg.sender, assets, shares, received);
        _exit(msg.sender, toNode, to, holding);
        _notify(msg.sender);
    }

    /// @inheritdoc IStakeVault
    function withdraw(uint256 requestId) external nonReentrant returns (uint256 assets) {
        return _withdraw(requestId);
    }

    /// @inheritdoc IStakeVault
    function withdrawAll(uint256[] calldata requestIds) external nonReentrant returns (uint256 assets) {
        for (uint256 i = 0; i < requestIds.length; ++i) {
            assets += _withdraw(requestIds[i]);
        }
    }

    /// @inheritdoc IStakeVault
    function syncVotes(address account, uint64 nodeId) external nonReentrant returns (uint256 assets) {
        (Node storage node, Holding storage holding) = _enter(account, nodeId);
        assets = _exit(account, nodeId, node, holding);
        _notify(account);
    }

    /// @inheritdoc IStakeVault
    function sharesOf(uint64 nodeId, address account) public view returns (uint256 shares) {
        Holding storage holding = _holdings[account][nodeId];
        return holding.generation == _nodes[nodeId].generation ? holding.shares : 0;
    }

    /// @inheritdoc IStakeVault
    function assetsOf(uint64 nodeId, address account) public view returns (uint256 assets) {
        return toAssetsDown(nodeId, sharesOf(nodeId, account));
    }

    /// @inheritdoc IStakeVault
    function stakedOf(address account) external view returns (uint256 assets) {
        return votes.stakedOf(account);
    }

    /// @inheritdoc IStakeVault
    function debtOf(address account) external view returns (uint256 assets) {
        return _liabilities[account].owed(_slashes);
    }

    /// @inheritdoc IStakeVault
    function nodesOf(address account) external view returns (uint64[] memory nodeIds) {
        return _nodesOf[account];
    }

    /// @inheritdoc IStakeVault
    function positionsOf(address account, uint256 from, uint256 count) external view returns (Position[] memory page) {
        uint64[] storage nodeIds = _nodesOf[account];
        page = new Position[](_pageLength(nodeIds.length, from, count));
        for (uint256 i = 0; i < page.length; ++i) {
            uint64 nodeId = nodeIds[from + i];
            page[i] = Position({
                nodeId: nodeId,
                shares: sharesOf(nodeId, account),
                assets: assetsOf(nodeId, account),
                movableAt: _holdings[account][nodeId].movableAt
            });
        }
    }

    /// @inheritdoc IStakeVault
    function requestsOf(address account, uint256 from, uint256 count)
        external
        view
        returns (uint256[] memory requestIds, Unstake[] memory page)
    {
        uint64[] storage ids = _requestsOf[account];
        page = new Unstake[](_pageLength(ids.length, from, count));
        requestIds = new uint256[](page.length);
        for (uint256 i = 0; i < page.length; ++i) {
            requestIds[i] = ids[from + i];
            page[i] = unstakeRequest(requestIds[i]);
        }
    }

    /// @inheritdoc IStakeVault
    function unstakeRequest(uint256 requestId) public view returns (Unstake memory) {
        Request memory r = _request(requestId);
        return Unstake({
            nodeId: r.nodeId,
            account: r.account,
            assets: Liability.remainingDown(_slashes[r.nodeId], r.assets, r.requestedAt, r.seen),
            requestedAt: r.requestedAt,
            availableAt: r.requestedAt + unbonding
        });
    }

    function _stake(address account, uint64 nodeId, uint256 assets) private returns (uint256 shares) {
        if (assets == 0) revert ZeroAssets();
        (Node storage node, Holding storage holding) = _enter(account, nodeId);
        shares = _join(node, assets);
        _setShares(account, nodeId, holding, holding.shares + shares);
        accountedAssets += assets;
        emit Staked(nodeId, account, assets, shares);
        _exit(account, nodeId, node, holding);
        _notify(account);
        token.safeTransferFrom(msg.sender, address(this), assets);
    }

    function _withdraw(uint256 requestId) private returns (uint256 assets) {
        Request memory r = _request(requestId);
        if (r.account != msg.sender) revert NotRequestAccount(requestId, msg.sender, r.account);
        if (clock() < r.requestedAt + unbonding) revert StillUnbonding(requestId, r.requestedAt + unbonding);
        if (r.assets == 0) revert RequestPaid(requestId);
        _checkNotHeld(requestId, r);

        uint256 remaining = Liability.remainingDown(_slashes[r.nodeId], r.assets, r.requestedAt, r.seen);
        if (remaining != r.assets) emit RequestSlashed(requestId, r.nodeId, msg.sender, r.assets - remaining);
        assets = remaining - _pay(msg.sender, r.nodeId, Math.min(_settle(msg.sender), remaining), 0);
        _requests[requestId].assets = 0;
        _nodes[r.nodeId].unbonding -= r.assets;
        accountedAssets -= r.assets;
        emit Withdrawn(requestId, r.nodeId, msg.sender, assets);
        _burn(r.assets - assets);
        if (assets > 0) token.safeTransfer(msg.sender, assets);
    }

    /// @dev Every move in a pool begins here: the pool is brought up to date and the account's debt taken from it.
    function _enter(address account, uint64 nodeId) private returns (Node storage node, Holding storage holding) {
        node = _node(nodeId);
        holding = _holdings[account][nodeId];
        _sync(nodeId, node);
        if (holding.generation != node.generation) {
            _setShares(account, nodeId, holding, 0);
            holding.generation = node.generation;
        }
        uint256 debt = _settle(account);
        if (debt == 0 || holding.shares == 0) return (node, holding);

        uint256 shares = Math.min(PoolMath.toSharesUp(debt, node.assets, node.shares), holding.shares);
        uint256 assets = _take(account, nodeId, node, holding, shares);
        _pay(account, nodeId, assets, shares);
        accountedAssets -= assets;
        _burn(assets);
    }

    /// @dev And ends here: the pool's stake is written, the account's counted.
    function _exit(address account, uint64 nodeId, Node storage node, Holding storage holding)
        private
        returns (uint256 assets)
    {
        _checkpoint(nodeId, node);
        assets = PoolMath.toAssetsDown(holding.shares, node.assets, node.shares);
        votes.count(account, nodeId, assets);
    }

    function _take(address account, uint64 nodeId, Node storage node, Holding storage holding, uint256 shares)
        private
        returns (uint256 assets)
    {
        uint256 held = holding.shares;
        if (shares > held) revert InsufficientShares(nodeId, account, shares, held);
        _setShares(account, nodeId, holding, held - shares);
        return _leave(nodeId, node, shares);
    }

    /// @dev Moved stake stays liable for what the node did before; what returns to a node is liable with its pool again.
    function _depart(address account, uint64 fromNode, uint64 toNode, uint256 assets) private {
        Liability.Account storage liability = _liabilities[account];
        liability.comeBack(toNode, assets);
        if (!liability.depart(fromNode, assets, _slashes[fromNode].length)) {
            revert TooManyDepartures(account, Liability.MAX_DEPARTURES);
        }
    }

    function _settle(address account) private returns (uint256 debt) {
        Liability.Account storage liability = _liabilities[account];
        uint256 added = liability.settle(_slashes, _heldFrom, unbonding);
        debt = liability.debt;
        if (added != 0) emit DebtIncurred(account, added, debt);
    }

    /// @dev Books `assets` taken from the account for its debt.
    function _pay(address account, uint64 nodeId, uint256 assets, uint256 shares) private returns (uint256) {
        if (assets == 0 && shares == 0) return 0;
        Liability.Account storage liability = _liabilities[account];
        liability.debt = Math.saturatingSub(liability.debt, assets);
        emit DebtPaid(account, nodeId, assets, shares, liability.debt);
        return assets;
    }

    function _setShares(address account, uint64 nodeId, Holding storage holding, uint256 shares) private {
        if (holding.shares == 0 && shares != 0) {
            if (_nodesOf[account].length == MAX_POSITIONS) revert TooManyPositions(account, MAX_POSITIONS);
            _nodesOf[account].push(nodeId);
        } else if (holding.shares != 0 && shares == 0) {
            _unlist(_nodesOf[account], nodeId);
        }
        holding.shares = shares.toUint128();
    }

    function _unlist(uint64[] storage nodeIds, uint64 nodeId) private {
        uint256 last = nodeIds.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (nodeIds[i] == nodeId) nodeIds[i] = nodeIds[last];
        }
        nodeIds.pop();
    }

    /// @dev Last of a move: the emission contract reads `stakedOf`.
    function _notify(address account) private {
        if (emission.hasPointed(account)) emission.stakeChanged(account);
    }

    /// @dev Its own stake is what a node's owner has to lose: it stays in the pool, but not for ever.
    function _checkOwnerMayLeave(uint64 nodeId, Node storage node) private view {
        uint48 until = _holds[nodeId].since + maxHold();
        bool isHeld = heldSince(nodeId) != 0 && clock() <= until;
        if (isHeld && msg.sender == node.owner) revert OwnerHeld(nodeId, msg.sender, until);
    }

    /// @dev A debt is taken from whatever the account withdraws, so what it redelegated counts as well.
    function _checkNotHeld(uint256 requestId, Request memory r) private view {
        uint64 nodeId = r.nodeId;
        uint48 since = heldSince(nodeId);
        if (since == 0 || r.requestedAt + unbonding < since) {
            nodeId = _liabilities[r.account].heldNode(heldSince, unbonding);
            since = heldSince(nodeId);
        }
        if (since != 0) revert WithdrawalHeld(requestId, nodeId, _holds[nodeId].latest + maxHold());
    }

    function _request(uint256 requestId) private view returns (Request memory r) {
        r = _requests[requestId];
        if (r.account == address(0)) revert RequestUnknown(requestId);
    }

    function _pageLength(uint256 length, uint256 from, uint256 count) private pure returns (uint256) {
        return Math.min(Math.saturatingSub(length, from), count);
    }
}
