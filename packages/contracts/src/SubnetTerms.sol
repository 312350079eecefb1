// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SubnetState} from "./SubnetState.sol";
import {ISubnetTerms} from "./interfaces/ISubnetTerms.sol";
import {Timeline} from "./libraries/Timeline.sol";

/// @dev What `Subnets` says about subnets, beside their slots.
abstract contract SubnetTerms is ISubnetTerms, SubnetState {
    using Timeline for Timeline.Version[];
    using Timeline for Timeline.Version;

    /// @inheritdoc ISubnetTerms
    function subnet(uint16 netuid) external view returns (Subnet memory) {
        return _subnet(_state(netuid));
    }

    /// @inheritdoc ISubnetTerms
    function parameters(uint16 netuid) external view returns (Parameters memory) {
        return _state(netuid).versions.inForce().read();
    }

    /// @inheritdoc ISubnetTerms
    function parametersAt(uint16 netuid, uint64 epoch) external view returns (Parameters memory) {
        return _state(netuid).versions.versionOf(epoch).read();
    }

    /// @inheritdoc ISubnetTerms
    function pendingParameters(uint16 netuid)
        external
        view
        returns (bool pending, uint64 fromEpoch, Parameters memory parameters_)
    {
        Timeline.Version storage last = _state(netuid).versions.latest();
        if (last.isPending()) return (true, last.fromEpoch, last.read());
    }

    /// @inheritdoc ISubnetTerms
    function currentEpoch(uint16 netuid) external view returns (uint64 epoch) {
        State storage state = _state(netuid);
        if (state.closesAt != 0 && state.closesAt <= block.timestamp) revert Dissolved(netuid, state.closesAt);
        return state.versions.currentEpoch();
    }

    /// @inheritdoc ISubnetTerms
    function windows(uint16 netuid, uint64 epoch)
        public
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd)
    {
        State storage state = _state(netuid);
        if (state.closesAt != 0 && epoch > state.lastEpoch) revert EpochNeverStarts(netuid, epoch, state.lastEpoch);
        return state.versions.windows(epoch);
    }

    /// @inheritdoc ISubnetTerms
    function epochContext(uint16 netuid, uint64 epoch)
        external
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd, Parameters memory parameters_)
    {
        (start, end, revealEnd, settleEnd) = windows(netuid, epoch);
        parameters_ = _states[netuid].versions.versionOf(epoch).read();
    }

    /// @inheritdoc ISubnetTerms
    function timing(uint16 netuid) external view returns (uint48 startedAt, uint32 epochLength, uint32 revealWindow) {
        State storage state = _state(netuid);
        Timeline.Version storage version = state.versions.inForce();
        return (state.startedAt, version.parameters.epochLength, version.parameters.revealWindow);
    }

    /// @inheritdoc ISubnetTerms
    function modelVersions(uint16 netuid) external view returns (bytes32[] memory) {
        return _state(netuid).modelVersions;
    }

    /// @inheritdoc ISubnetTerms
    function ownerOf(uint16 netuid) external view returns (address owner) {
        return _state(netuid).owner;
    }

    /// @inheritdoc ISubnetTerms
    function candidateOf(uint16 netuid) external view returns (address candidate) {
        return _state(netuid).candidate;
    }

    /// @inheritdoc ISubnetTerms
    function creationPrice() external view returns (uint256) {
        return _creationPrice();
    }

    /// @inheritdoc ISubnetTerms
    function creationTerms() external view returns (CreationTerms memory) {
        return CreationTerms(_floorPrice, _halfLife, _lock, _listedFromStart);
    }

    /// @inheritdoc ISubnetTerms
    function subnetCount() external view returns (uint16) {
        return _subnetCount;
    }

    /// @inheritdoc ISubnetTerms
    function minEpochLength() external view returns (uint32) {
        return _minEpochLength;
    }
}
