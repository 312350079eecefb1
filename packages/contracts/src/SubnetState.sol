// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DoubleEndedQueue} from "@openzeppelin/contracts/utils/structs/DoubleEndedQueue.sol";
import {Governed} from "./Governed.sol";
import {IConsensus} from "./interfaces/IConsensus.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {ISubnetMembers} from "./interfaces/ISubnetMembers.sol";
import {ISubnetTerms} from "./interfaces/ISubnetTerms.sol";
import {IWitanToken} from "./interfaces/IWitanToken.sol";
import {OwnSlots} from "./libraries/OwnSlots.sol";
import {RegistrationPrice} from "./libraries/RegistrationPrice.sol";
import {Timeline} from "./libraries/Timeline.sol";

/// @dev What `Subnets` stores. The first base with storage of `Subnets` and of `SubnetLifecycle`, whose code works on
/// the storage of `Subnets`.
abstract contract SubnetState is Governed {
    using Timeline for Timeline.Version[];
    using Timeline for Timeline.Version;

    /// @param closesAt 0: not dissolved
    /// @param price wei after the last registration or change of parameters, at `pricedAt`
    /// @param changes of holders in the epoch of `lastChangedAt`
    /// @param votedEpoch from which the last parameters count that the stakers set
    /// @param slots `SlotWord`s
    /// @param vacated uids, the longest vacant first
    /// @param uidPlusOne 0: the node has no slot
    struct State {
        address owner;
        uint48 startedAt;
        uint48 closesAt;
        address candidate;
        uint48 lastChangedAt;
        uint16 changes;
        ISubnetTerms.Membership membership;
        uint128 price;
        uint48 pricedAt;
        uint64 lastEpoch;
        uint128 lock;
        uint64 votedEpoch;
        bytes32 mechanism;
        string name;
        bytes32[] modelVersions;
        Timeline.Version[] versions;
        OwnSlots.Version[] ownSlots;
        uint256[] slots;
        DoubleEndedQueue.Bytes32Deque vacated;
        mapping(uint64 nodeId => uint256) uidPlusOne;
    }

    uint256 private constant PUBLIC_MIN_EPOCH_LENGTH = 10 minutes;
    uint256 private constant LOCAL_MIN_EPOCH_LENGTH = 2; // one second to vote in, one to reveal in
    uint256 private constant LOCAL_CHAIN_ID = 31_337;

    IWitanToken public immutable token;
    IEmission public immutable emission;
    ISubnetMembers public immutable members;
    IConsensus public immutable consensus;
    uint32 internal immutable _minEpochLength;
    uint128 internal immutable _floorPrice;
    uint32 internal immutable _halfLife;
    uint128 internal immutable _lock;
    uint16 internal immutable _listedFromStart;

    uint16 internal _subnetCount;
    /// @dev After the last creation, at `_createdAt`.
    uint128 internal _priceAtCreation;
    uint48 internal _createdAt;
    mapping(uint16 netuid => State) internal _states;

    constructor(
        address token_,
        address emission_,
        address members_,
        address consensus_,
        address authority_,
        ISubnetTerms.CreationTerms memory terms,
        uint32 minEpochLength_
    ) Governed(authority_) {
        bool isLocal = block.chainid == LOCAL_CHAIN_ID;
        uint256 required = isLocal ? LOCAL_MIN_EPOCH_LENGTH : PUBLIC_MIN_EPOCH_LENGTH;
        if (minEpochLength_ < required) revert ISubnetTerms.MinEpochLengthTooShort(minEpochLength_, required);
        if (terms.halfLife == 0) revert ISubnetTerms.HalfLifeZero();
        if (terms.listedFromStart > 0 && !isLocal) {
            revert ISubnetTerms.ListedFromStart(terms.listedFromStart, block.chainid);
        }
        token = IWitanToken(token_);
        emission = IEmission(emission_);
        members = ISubnetMembers(members_);
        consensus = IConsensus(consensus_);
        _minEpochLength = minEpochLength_;
        (_floorPrice, _halfLife, _lock) = (terms.floorPrice, terms.halfLife, terms.lock);
        _listedFromStart = terms.listedFromStart;
    }

    function _creationPrice() internal view returns (uint256) {
        return RegistrationPrice.decayedUp(_priceAtCreation, block.timestamp - _createdAt, _halfLife, _floorPrice);
    }

    /// @dev Half-lives count in epochs of the version in force. A version that has begun since the price was set is the
    /// only one: setting parameters sets the price.
    function _registrationPrice(State storage state) internal view returns (uint256 price) {
        Timeline.Version storage version = state.versions.inForce();
        uint256 since = state.pricedAt;
        price = state.price;
        if (version.fromTime > since) {
            Timeline.Version storage before = state.versions.versionOf(version.fromEpoch - 1);
            price = _decayedUp(price, version.fromTime - since, before.parameters);
            since = version.fromTime;
        }
        price = Math.min(_decayedUp(price, block.timestamp - since, version.parameters), version.parameters.maxPrice);
    }

    function _state(uint16 netuid) internal view returns (State storage state) {
        state = _states[netuid];
        if (state.owner == address(0)) revert ISubnetTerms.SubnetUnknown(netuid);
    }

    function _owned(uint16 netuid) internal view returns (State storage state) {
        state = _state(netuid);
        if (msg.sender != state.owner) revert ISubnetTerms.NotSubnetOwner(netuid, msg.sender, state.owner);
    }

    function _checkNotDissolved(uint16 netuid, State storage state) internal view {
        if (state.closesAt != 0) revert ISubnetTerms.Dissolved(netuid, state.closesAt);
    }

    function _now() internal view returns (uint48) {
        return uint48(block.timestamp);
    }

    function _subnet(State storage state) internal view returns (ISubnetTerms.Subnet memory) {
        return ISubnetTerms.Subnet({
            owner: state.owner,
            startedAt: state.startedAt,
            neuronCount: uint16(state.slots.length), // at most maxUids
            membership: state.membership,
            closesAt: state.closesAt,
            lock: state.lock,
            mechanism: state.mechanism,
            name: state.name,
            parameters: state.versions.inForce().read()
        });
    }

    function _decayedUp(uint256 price, uint256 elapsed, ISubnetTerms.Parameters storage p)
        private
        view
        returns (uint256)
    {
        return RegistrationPrice.decayedUp(price, elapsed, uint256(p.priceHalfLife) * p.epochLength, p.minPrice);
    }
}
