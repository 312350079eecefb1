// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRevenueSource} from "./interfaces/IRevenueSource.sol";
import {IRevenueSplitter} from "./interfaces/IRevenueSplitter.sol";
import {RevenueSplit} from "./libraries/RevenueSplit.sol";
import {Payouts} from "./revenue/Payouts.sol";
import {SplitTables} from "./revenue/SplitTables.sol";
import {ValidatorPots} from "./revenue/ValidatorPots.sol";

/// @dev The model registry is trusted with whom it names, not with answering.
contract RevenueSplitter is SplitTables, ValidatorPots {
    using SafeERC20 for IERC20;

    /// @param token the network's
    /// @param models the model registry; without one the creators' part is the pool's
    struct Peers {
        address token;
        address vault;
        address subnets;
        address members;
        address consensus;
        address models;
        address treasury;
    }

    uint256 private constant MAX_CREATORS = 4; // the model's and three ancestors'
    uint256 private constant MAX_DATA_SETS = 8;
    /// @dev Some seven times what a registry needs for the longest lists.
    uint256 private constant SOURCE_GAS = 300_000;
    /// @dev A call gets at most 63/64 of what is left: this leaves `SOURCE_GAS` for it.
    uint256 private constant MIN_GAS = SOURCE_GAS + SOURCE_GAS / 32;

    IRevenueSource public immutable models;

    /// @inheritdoc IRevenueSplitter
    mapping(uint16 netuid => mapping(uint64 nodeId => mapping(uint256 modelId => uint256))) public pendingOf;

    constructor(Peers memory peers, uint48 tableDelay_)
        SplitTables(peers.members, tableDelay_)
        Payouts(peers.token)
        ValidatorPots(peers.vault, peers.subnets, peers.consensus, peers.treasury)
    {
        models = IRevenueSource(peers.models);
        token.forceApprove(peers.vault, type(uint256).max);
    }

    /// @inheritdoc IRevenueSplitter
    function payIn(Revenue[] calldata revenues) external nonReentrant {
        uint256 sum = 0;
        uint64 known = 0;
        for (uint256 i = 0; i < revenues.length; ++i) {
            Revenue calldata r = revenues[i];
            if (r.assets == 0) continue;
            if (r.nodeId != known && vault.ownerOf(r.nodeId) == address(0)) revert NodeUnknown(r.nodeId);
            known = r.nodeId;
            sum += r.assets;
            pendingOf[r.netuid][r.nodeId][r.modelId] += r.assets;
            emit RevenuePaidIn(r.netuid, r.nodeId, r.modelId, r.assets);
        }
        token.safeTransferFrom(msg.sender, address(this), sum);
    }

    /// @inheritdoc IRevenueSplitter
    function distribute(uint16 netuid, uint64 nodeId, uint256 modelId) external nonReentrant returns (uint256 assets) {
        assets = pendingOf[netuid][nodeId][modelId];
        if (assets == 0) revert NothingDue();
        pendingOf[netuid][nodeId][modelId] = 0;

        (Table memory table, bool isDefault) = _tableOf(netuid);
        RevenueSplit.Parts memory parts = RevenueSplit.split(assets, table);
        uint256 rest = _payDataSets(modelId, parts.dataSets);
        (parts.dataSets, parts.creators) = (parts.dataSets - rest, parts.creators + rest);
        rest = _payCreators(modelId, parts.creators);
        (parts.creators, parts.pool) = (parts.creators - rest, parts.pool + rest);
        RevenueSplit.check(assets, parts, isDefault);

        _fillPot(netuid, parts.validators);
        _credit(treasury, parts.treasury);
        emit Distributed(
            netuid, nodeId, modelId, parts.creators, parts.pool, parts.dataSets, parts.validators, parts.treasury
        );
        if (parts.pool > 0) vault.rewardPool(nodeId, parts.pool);
    }

    /// @inheritdoc IRevenueSplitter
    function creatorsOf(uint256 modelId) external view returns (address[] memory creators, uint16[] memory bps) {
        (creators, bps) = models.creatorsOf(modelId);
        _checkPayees(creators, bps, MAX_CREATORS);
    }

    /// @inheritdoc IRevenueSplitter
    function dataSetsOf(uint256 modelId) external view returns (address[] memory payees, uint16[] memory bps) {
        (payees, bps) = models.dataSetsOf(modelId);
        _checkPayees(payees, bps, MAX_DATA_SETS);
    }

    /// @return rest what is left, for the pool: nothing, or all when there is no creator
    function _payCreators(uint256 modelId, uint256 assets) private returns (uint256 rest) {
        if (assets == 0) return 0;
        _checkGas();
        try this.creatorsOf{gas: SOURCE_GAS}(modelId) returns (address[] memory creators, uint16[] memory bps) {
            rest = _payAll(creators, bps, assets);
            if (creators.length == 0) return rest;
            _credit(creators[0], rest);
            return 0;
        } catch {
            return assets;
        }
    }

    /// @return rest what is left, for the creators
    function _payDataSets(uint256 modelId, uint256 assets) private returns (uint256 rest) {
        if (assets == 0) return 0;
        _checkGas();
        try this.dataSetsOf{gas: SOURCE_GAS}(modelId) returns (address[] memory payees, uint16[] memory bps) {
            return _payAll(payees, bps, assets);
        } catch {
            return assets;
        }
    }

    function _payAll(address[] memory payees, uint16[] memory bps, uint256 assets) private returns (uint256 rest) {
        uint256[] memory shares;
        (shares, rest) = RevenueSplit.divide(assets, bps);
        for (uint256 i = 0; i < payees.length; ++i) {
            _credit(payees[i], shares[i]);
        }
    }

    /// @dev Else whoever distributes could starve the registry's answer and move its payees' parts.
    function _checkGas() private view {
        uint256 left = gasleft();
        if (left < MIN_GAS) revert GasTooLow(left, MIN_GAS);
    }

    // solhint-disable gas-custom-errors, reason-string
    /// @dev What it refuses is caught: the list counts as empty, and nobody reads a reason.
    function _checkPayees(address[] memory payees, uint16[] memory bps, uint256 limit) private pure {
        require(payees.length <= limit && payees.length == bps.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < payees.length; ++i) {
            require(payees[i] != address(0));
            sum += bps[i];
        }
        require(sum <= RevenueSplit.BPS);
    }
}
