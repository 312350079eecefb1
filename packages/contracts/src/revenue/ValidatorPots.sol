// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IConsensus} from "../interfaces/IConsensus.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {ISubnets} from "../interfaces/ISubnets.sol";
import {Payouts} from "./Payouts.sol";

/// @dev The validators' part of each subnet. The vault, subnets and consensus are immutable peers.
abstract contract ValidatorPots is Payouts {
    using SafeCast for uint256;

    /// @param since when it last paid or was empty, unix seconds
    struct Pot {
        uint128 assets;
        uint48 since;
    }

    uint48 private constant STALE_AFTER = 90 days;
    uint256 private constant WORD_BYTES = 32;

    IStakeVault public immutable vault;
    ISubnets public immutable subnets;
    IConsensus public immutable consensus;
    /// @inheritdoc IRevenueSplitter
    address public immutable treasury;

    mapping(uint16 netuid => Pot) private _pots;

    constructor(address vault_, address subnets_, address consensus_, address treasury_) {
        vault = IStakeVault(vault_);
        subnets = ISubnets(subnets_);
        consensus = IConsensus(consensus_);
        treasury = treasury_;
    }

    /// @inheritdoc IRevenueSplitter
    function payValidators(uint16 netuid, ISubnets.LastPay calldata lastPay) external returns (uint256 assets) {
        (bytes32 stored,, uint48 end) = consensus.lastPay(netuid);
        bytes32 computed = keccak256(abi.encode(lastPay.incentive, lastPay.validatorPay));
        if (computed != stored) revert LastPayMismatch(computed, stored);
        (uint64[] memory nodeIds, uint256[] memory pay, uint256 sum) = _paidIn(netuid, end, lastPay.validatorPay);
        Pot storage pot = _pots[netuid];
        uint256 available = pot.assets;
        if (sum == 0 || available == 0) revert NothingDue();

        for (uint256 uid = 0; uid < nodeIds.length; ++uid) {
            if (pay[uid] == 0) continue;
            uint256 share = available * pay[uid] / sum;
            address owner = vault.ownerOf(nodeIds[uid]);
            emit ValidatorPaid(netuid, nodeIds[uid], owner, share);
            _credit(owner, share);
            assets += share;
        }
        pot.assets = (available - assets).toUint128();
        pot.since = uint48(block.timestamp);
    }

    /// @inheritdoc IRevenueSplitter
    function sweepPot(uint16 netuid) external returns (uint256 assets) {
        Pot storage pot = _pots[netuid];
        assets = pot.assets;
        if (assets == 0) revert NothingDue();
        if (block.timestamp < pot.since + STALE_AFTER) revert PotNotStale(netuid, pot.since + STALE_AFTER);
        pot.assets = 0;
        emit PotSwept(netuid, assets);
        _credit(treasury, assets);
    }

    /// @inheritdoc IRevenueSplitter
    function potOf(uint16 netuid) external view returns (uint256 assets, uint48 since) {
        return (_pots[netuid].assets, _pots[netuid].since);
    }

    function _fillPot(uint16 netuid, uint256 assets) internal {
        if (assets == 0) return;
        Pot storage pot = _pots[netuid];
        if (pot.assets == 0) pot.since = uint48(block.timestamp);
        pot.assets += assets.toUint128();
    }

    /// @dev By uid, who held the slot at the epoch's end and its pay; 0 for a slot whose holder then is forgotten.
    /// @param packed `uint32`, eight a word, uid 0 in the lowest bits
    function _paidIn(uint16 netuid, uint48 end, bytes calldata packed)
        private
        view
        returns (uint64[] memory nodeIds, uint256[] memory pay, uint256 sum)
    {
        uint48[] memory registeredAt;
        (nodeIds, registeredAt) = subnets.slotsAt(netuid, end);
        pay = new uint256[](nodeIds.length);
        for (uint256 uid = 0; uid < nodeIds.length; ++uid) {
            uint256 offset = uid / 8 * WORD_BYTES;
            if (offset >= packed.length) break;
            if (nodeIds[uid] == 0 || registeredAt[uid] >= end) continue;
            pay[uid] = uint32(uint256(bytes32(packed[offset:offset + WORD_BYTES])) >> (32 * (uid % 8))); // its own bits
            sum += pay[uid];
        }
    }
}
