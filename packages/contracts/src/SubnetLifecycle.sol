// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SubnetState} from "./SubnetState.sol";
import {IConsensus} from "./interfaces/IConsensus.sol";
import {ISubnetLifecycle} from "./interfaces/ISubnetLifecycle.sol";
import {ISubnetTerms} from "./interfaces/ISubnetTerms.sol";
import {ParameterBounds} from "./libraries/ParameterBounds.sol";
import {RegistrationPrice} from "./libraries/RegistrationPrice.sol";
import {Timeline} from "./libraries/Timeline.sol";

/// @dev Code of `Subnets` that does not fit in one contract: created by its constructor, fixed for good, and run on its
/// storage, as its address. Called directly it knows no subnet and emission refuses to start one.
contract SubnetLifecycle is ISubnetLifecycle, SubnetState {
    using SafeERC20 for IERC20;
    using Timeline for Timeline.Version[];
    using Timeline for Timeline.Version;

    uint256 private constant MAX_MODEL_VERSIONS = 32;
    uint256 private constant MAX_NAME_BYTES = 64;
    uint256 private constant EPOCHS_BETWEEN_CHANGES = 2;

    constructor(
        address token_,
        address emission_,
        address members_,
        address consensus_,
        address authority_,
        ISubnetTerms.CreationTerms memory terms,
        uint32 minEpochLength_
    ) SubnetState(token_, emission_, members_, consensus_, authority_, terms, minEpochLength_) {}

    /// @inheritdoc ISubnetLifecycle
    function createSubnet(
        ISubnetTerms.Parameters memory parameters_,
        ISubnetTerms.Membership membership,
        bytes32 mechanism,
        bytes32[] calldata modelVersions_,
        string calldata name,
        uint256 maxPrice
    ) external returns (uint16 netuid) {
        _checkModelVersions(modelVersions_.length);
        if (bytes(name).length > MAX_NAME_BYTES) revert NameTooLong(bytes(name).length, MAX_NAME_BYTES);
        uint256 price = _creationPrice();
        if (price > maxPrice) revert ISubnetTerms.PriceExceeded(price, maxPrice);

        netuid = ++_subnetCount;
        State storage state = _states[netuid];
        (state.owner, state.startedAt, state.membership) = (msg.sender, _now(), membership);
        (state.mechanism, state.name, state.modelVersions) = (mechanism, name, modelVersions_);
        (state.price, state.pricedAt, state.lock) = (parameters_.initialPrice, _now(), _lock);
        ParameterBounds.checkOwners(parameters_, _minEpochLength);
        _addVersion(state, parameters_, 0, _now());
        (_priceAtCreation, _createdAt) = (RegistrationPrice.doubled(price), _now());
        emit SubnetCreated(netuid, msg.sender, _subnet(state), modelVersions_, price);
        _startSubnet(netuid, membership, price);
    }

    /// @inheritdoc ISubnetLifecycle
    function setParameters(uint16 netuid, ISubnetTerms.Parameters memory parameters_) external {
        State storage state = _owned(netuid);
        ParameterBounds.checkOwners(parameters_, _minEpochLength);
        bool isVoted = state.votedEpoch != 0 && state.versions.latest().fromEpoch == state.votedEpoch;
        if (isVoted && state.versions.latest().isPending()) revert SetByStakers(netuid, state.votedEpoch);
        _setParameters(netuid, state, parameters_);
    }

    /// @inheritdoc ISubnetLifecycle
    function decideParameters(uint16 netuid, ISubnetTerms.Parameters memory parameters_) external restricted {
        State storage state = _state(netuid);
        ParameterBounds.checkStakers(parameters_, _minEpochLength);
        state.votedEpoch = _setParameters(netuid, state, parameters_);
    }

    /// @inheritdoc ISubnetLifecycle
    function list(uint16 netuid) external restricted {
        _checkNotDissolved(netuid, _state(netuid));
        emission.activate(netuid);
    }

    /// @inheritdoc ISubnetLifecycle
    function delist(uint16 netuid) external restricted {
        _state(netuid);
        emission.deactivate(netuid);
    }

    /// @inheritdoc ISubnetLifecycle
    function setModelVersions(uint16 netuid, bytes32[] calldata modelVersions_) external {
        _checkModelVersions(modelVersions_.length);
        _owned(netuid).modelVersions = modelVersions_;
        emit ModelVersionsSet(netuid, modelVersions_);
    }

    /// @inheritdoc ISubnetLifecycle
    function transferOwnership(uint16 netuid, address candidate) external {
        _owned(netuid).candidate = candidate;
        emit OwnershipOffered(netuid, msg.sender, candidate);
    }

    /// @inheritdoc ISubnetLifecycle
    function acceptOwnership(uint16 netuid) external {
        State storage state = _state(netuid);
        if (msg.sender != state.candidate) revert NotCandidate(netuid, msg.sender, state.candidate);
        emit OwnershipTransferred(netuid, state.owner, msg.sender);
        (state.owner, state.candidate) = (msg.sender, address(0));
    }

    /// @inheritdoc ISubnetLifecycle
    function dissolve(uint16 netuid) external {
        State storage state = _owned(netuid);
        _checkNotDissolved(netuid, state);
        uint64 lastEpoch = state.versions.currentEpoch();
        (, uint48 closesAt,,) = state.versions.windows(lastEpoch);
        (state.lastEpoch, state.closesAt) = (lastEpoch, closesAt);
        emit SubnetDissolved(netuid, lastEpoch, closesAt);
        if (emission.isActive(netuid)) emission.deactivate(netuid);
    }

    /// @inheritdoc ISubnetLifecycle
    function releaseLock(uint16 netuid) external returns (uint256 amount) {
        State storage state = _state(netuid);
        if (state.closesAt == 0) revert NotDissolved(netuid);
        (,,, uint48 settleEnd) = state.versions.windows(state.lastEpoch);
        if (block.timestamp < settleEnd) revert StillOpen(netuid, settleEnd);
        amount = state.lock;
        if (amount == 0) revert LockAlreadyReleased(netuid);
        state.lock = 0;
        emit LockReleased(netuid, state.owner, amount);
        IERC20(address(token)).safeTransfer(state.owner, amount);
    }

    function _startSubnet(uint16 netuid, ISubnetTerms.Membership membership, uint256 price) private {
        if (membership == ISubnetTerms.Membership.Consortium) members.found(netuid, msg.sender);
        token.burnFrom(msg.sender, price);
        if (_lock > 0) IERC20(address(token)).safeTransferFrom(msg.sender, address(this), _lock);
        if (netuid <= _listedFromStart) emission.activate(netuid);
    }

    function _setParameters(uint16 netuid, State storage state, ISubnetTerms.Parameters memory parameters_)
        private
        returns (uint64 fromEpoch)
    {
        _checkNotDissolved(netuid, state);
        uint256 slots = state.slots.length;
        if (parameters_.maxUids < slots) revert SlotsExceedMaxUids(netuid, slots, parameters_.maxUids);
        // A change of the half-life begins with the new epoch, from the price that the old one led to.
        (state.price, state.pricedAt) = (uint128(_registrationPrice(state)), _now()); // at most maxPrice

        if (state.versions.latest().isPending()) state.versions.pop();
        fromEpoch = state.versions.currentEpoch() + 1;
        uint256 count = state.versions.length;
        uint256 earliest = count == 1 ? 1 : state.versions.latest().fromEpoch + EPOCHS_BETWEEN_CHANGES;
        if (fromEpoch < earliest) revert ChangedRecently(netuid, earliest);
        _checkVoters(netuid, state, parameters_);
        uint48 fromTime = state.versions.startOf(fromEpoch);
        _addVersion(state, parameters_, fromEpoch, fromTime);
        emit ParametersSet(netuid, fromEpoch, fromTime, parameters_);
    }

    function _addVersion(
        State storage state,
        ISubnetTerms.Parameters memory parameters_,
        uint64 fromEpoch,
        uint48 fromTime
    ) private {
        Timeline.Version storage version = state.versions.push();
        version.parameters = parameters_;
        (version.fromEpoch, version.fromTime) = (fromEpoch, fromTime);
    }

    /// @dev Until the first settlement under the new parameters, who votes are the holders of permits that older ones
    /// granted: those of the running epoch or, if that is not settled, of the last settled one.
    function _checkVoters(uint16 netuid, State storage state, ISubnetTerms.Parameters memory parameters_) private view {
        IConsensus.LastSettled memory last = consensus.lastSettled(netuid);
        uint256 voters = state.versions.inForce().parameters.maxValidators;
        if (last.settled) voters = Math.max(voters, state.versions.versionOf(last.epoch).parameters.maxValidators);
        uint256 limit = ParameterBounds.maxCells(parameters_);
        if (voters * parameters_.maxUids > limit) revert TooManyVoters(netuid, voters, parameters_.maxUids, limit);
    }

    function _checkModelVersions(uint256 count) private pure {
        if (count == 0) revert ModelVersionsMissing();
        if (count > MAX_MODEL_VERSIONS) revert TooManyModelVersions(count, MAX_MODEL_VERSIONS);
    }
}
