// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {IWitanToken} from "./interfaces/IWitanToken.sol";
import {EmissionBooks} from "./libraries/EmissionBooks.sol";
import {EmissionIndex} from "./libraries/EmissionIndex.sol";
import {EmissionSchedule} from "./libraries/EmissionSchedule.sol";
import {EmissionSplit} from "./libraries/EmissionSplit.sol";

contract Emission is IEmission {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Checkpoints for Checkpoints.Trace208;
    using EmissionBooks for EmissionBooks.Books;

    /// @param index wei a subnet was due at `accountedUntil`, counted from the start of the schedule
    struct Account {
        uint128 index;
        uint48 accountedUntil;
        uint128 ownerAccrued;
    }

    address public immutable token;
    IStakeVault public immutable vault;
    ISubnets public immutable subnets;
    address public immutable consensus;
    /// @inheritdoc IEmission
    uint256 public immutable scheduleCap;

    /// @inheritdoc IEmission
    uint48 public startedAt;
    /// @inheritdoc IEmission
    mapping(uint16 netuid => mapping(uint64 nodeId => uint256)) public claimable;
    /// @inheritdoc IEmission
    mapping(uint64 nodeId => uint256) public poolAccrued;
    mapping(uint16 netuid => Account) private _accounts;
    mapping(uint16 netuid => EmissionBooks.Books) private _booksOf;
    EmissionBooks.Books private _books;
    /// @dev `EmissionIndex` words by the time from which they hold: one each time the number of active subnets changes.
    Checkpoints.Trace208 private _index;

    constructor(address token_, address vault_, address subnets_, address consensus_) {
        token = token_;
        vault = IStakeVault(vault_);
        subnets = ISubnets(subnets_);
        consensus = consensus_;
        scheduleCap = IWitanToken(token_).cap() - IWitanToken(token_).genesisSupply();
    }

    /// @inheritdoc IEmission
    function activate(uint16 netuid) external {
        if (msg.sender != address(subnets)) revert NotSubnets(msg.sender, address(subnets));
        Account storage account = _accounts[netuid];
        if (account.accountedUntil != 0) revert SubnetAlreadyActive(netuid);
        uint48 since = uint48(block.timestamp);
        if (startedAt == 0) startedAt = since;
        uint256 index = indexAt(since);
        uint256 active = activeSubnets() + 1;
        _index.push(since, EmissionIndex.pack(index, since, active));
        account.index = index.toUint128();
        account.accountedUntil = since;
        emit SubnetActivated(netuid, since, active, index);
    }

    /// @inheritdoc IEmission
    function payEpoch(uint16 netuid, uint64 epoch, Payment calldata payment) external returns (uint256 emission) {
        if (msg.sender != consensus) revert NotConsensus(msg.sender, consensus);
        uint256 scheduled = _account(netuid, payment.end);
        emission = scheduled + _booksOf[netuid].carried;
        Paid memory paid = EmissionSplit.split(emission, subnets.parameters(netuid), vault, payment);

        _credit(netuid, paid);
        _booksOf[netuid].recordEpoch(scheduled, paid);
        uint256 minted = _books.recordEpoch(scheduled, paid);
        emit EpochPaid(netuid, epoch, paid);
        if (minted > 0) IWitanToken(token).mint(address(this), minted);
    }

    /// @inheritdoc IEmission
    function pullPool(uint64 nodeId) external returns (uint256 amount) {
        if (msg.sender != address(vault)) revert NotVault(msg.sender, address(vault));
        amount = poolAccrued[nodeId];
        if (amount == 0) return 0;
        poolAccrued[nodeId] = 0;
        emit PoolPulled(nodeId, amount);
        IERC20(token).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IEmission
    function claim(uint16 netuid, uint64[] calldata nodeIds) external returns (uint256 amount) {
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            uint64 nodeId = nodeIds[i];
            uint256 due = claimable[netuid][nodeId];
            if (due == 0) continue;
            claimable[netuid][nodeId] = 0;
            amount += due;
            address owner = vault.ownerOf(nodeId);
            emit Claimed(netuid, nodeId, owner, due);
            _pay(netuid, owner, due);
        }
    }

    /// @inheritdoc IEmission
    function claimOwnerCut(uint16 netuid) external returns (uint256 amount) {
        amount = _accounts[netuid].ownerAccrued;
        if (amount == 0) return 0;
        _accounts[netuid].ownerAccrued = 0;
        address owner = subnets.ownerOf(netuid);
        emit OwnerCutClaimed(netuid, owner, amount);
        _pay(netuid, owner, amount);
    }

    /// @inheritdoc IEmission
    function ownerClaimable(uint16 netuid) external view returns (uint256) {
        return _accounts[netuid].ownerAccrued;
    }

    /// @inheritdoc IEmission
    function supply() external view returns (Supply memory) {
        return _books.read();
    }

    /// @inheritdoc IEmission
    function supplyOf(uint16 netuid) external view returns (Supply memory) {
        return _booksOf[netuid].read();
    }

    /// @inheritdoc IEmission
    function schedule(uint256 elapsed) public view returns (uint256) {
        return EmissionSchedule.scheduled(elapsed, scheduleCap);
    }

    /// @inheritdoc IEmission
    function indexAt(uint48 timestamp) public view returns (uint256) {
        (uint256 index, uint256 since, uint256 active) = EmissionIndex.unpack(_index.upperLookupRecent(timestamp));
        if (active == 0) return 0;
        return index + (schedule(timestamp - startedAt) - schedule(since - startedAt)) / active;
    }

    /// @inheritdoc IEmission
    function activeSubnets() public view returns (uint256 active) {
        (,, active) = EmissionIndex.unpack(_index.latest());
    }

    /// @inheritdoc IEmission
    function accountedUntil(uint16 netuid) external view returns (uint48) {
        return _accounts[netuid].accountedUntil;
    }

    /// @dev Moves the subnet's account to `end`; returns what the schedule gave it since the last accounted epoch.
    function _account(uint16 netuid, uint48 end) private returns (uint256 scheduled) {
        Account storage account = _accounts[netuid];
        if (end <= account.accountedUntil) revert EpochAlreadyPaid(netuid, end, account.accountedUntil);
        uint256 index = indexAt(end);
        scheduled = index - account.index;
        account.index = index.toUint128();
        account.accountedUntil = end;
    }

    function _credit(uint16 netuid, Paid memory paid) private {
        _accounts[netuid].ownerAccrued += paid.owner.toUint128();
        for (uint256 uid = 0; uid < paid.nodeIds.length; ++uid) {
            uint64 nodeId = paid.nodeIds[uid];
            uint256 toOwner = paid.incentive[uid] + paid.take[uid];
            if (toOwner > 0) claimable[netuid][nodeId] += toOwner;
            if (paid.pooled[uid] > 0) poolAccrued[nodeId] += paid.pooled[uid];
        }
    }

    function _pay(uint16 netuid, address owner, uint256 amount) private {
        _booksOf[netuid].recordClaim(amount);
        _books.recordClaim(amount);
        IERC20(token).safeTransfer(owner, amount);
    }
}
