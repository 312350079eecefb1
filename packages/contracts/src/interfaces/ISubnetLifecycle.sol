// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetTerms} from "./ISubnetTerms.sol";

/// @title Subnets: their creation, their owners and their end
/// @notice Anybody creates a subnet for a burned price and a lock that comes back when it is dissolved. Its owner
/// chooses parameters within bounds; a change takes effect where the running epoch ends.
interface ISubnetLifecycle {
    /// @param burned wei
    event SubnetCreated(
        uint16 indexed netuid,
        address indexed owner,
        ISubnetTerms.Subnet subnet,
        bytes32[] modelVersions,
        uint256 burned
    );
    /// @notice From `fromEpoch` on, unless set again before it begins.
    event ParametersSet(
        uint16 indexed netuid, uint64 indexed fromEpoch, uint48 fromTime, ISubnetTerms.Parameters parameters
    );
    event ModelVersionsSet(uint16 indexed netuid, bytes32[] modelVersions);
    event OwnershipOffered(uint16 indexed netuid, address indexed owner, address indexed candidate);
    event OwnershipTransferred(uint16 indexed netuid, address indexed previousOwner, address indexed owner);
    event SubnetDissolved(uint16 indexed netuid, uint64 lastEpoch, uint48 closesAt);
    event LockReleased(uint16 indexed netuid, address indexed owner, uint256 amount);

    error NotCandidate(uint16 netuid, address caller, address candidate);
    /// @notice One change in two epochs: the next one can begin with `epoch`.
    error ChangedRecently(uint16 netuid, uint256 epoch);
    /// @notice The subnet has more slots than that; uids never shrink.
    error SlotsExceedMaxUids(uint16 netuid, uint256 slots, uint256 maxUids);
    /// @notice The permits granted so far would vote on more cells than one settlement holds: lower `maxValidators` first,
    /// and raise `maxUids` once an epoch is settled under it.
    error TooManyVoters(uint16 netuid, uint256 voters, uint256 maxUids, uint256 maxCells);
    error ModelVersionsMissing();
    error TooManyModelVersions(uint256 count, uint256 limit);
    error NameTooLong(uint256 length, uint256 limit);
    error NotDissolved(uint16 netuid);
    error StillOpen(uint16 netuid, uint256 settleEnd);
    error LockAlreadyReleased(uint16 netuid);
    /// @notice What the stakers decided begins with `fromEpoch`; an owner does not overwrite it before.
    error SetByStakers(uint16 netuid, uint256 fromEpoch);

    /// @notice Creates a subnet owned by the caller, burns `creationPrice()` and takes the lock of `creationTerms()`
    /// (allowance for both). Its epoch 0 starts now; it has a share of the emission once it is listed. In a consortium
    /// the caller is the first member.
    /// @param mechanism identifier of the scoring mechanism
    /// @param modelVersions the versions that miners serve: 1 … 32
    /// @param name for people: at most 64 bytes
    /// @param maxPrice the most the caller burns, in wei
    function createSubnet(
        ISubnetTerms.Parameters calldata parameters,
        ISubnetTerms.Membership membership,
        bytes32 mechanism,
        bytes32[] calldata modelVersions,
        string calldata name,
        uint256 maxPrice
    ) external returns (uint16 netuid);

    /// @notice Changes the parameters from the next epoch on. Only the subnet's owner, with effect at most once in two
    /// epochs; until the next epoch begins the change may be overwritten. `maxUids` counts for registrations at once
    /// when it falls, and cannot fall below the number of slots.
    function setParameters(uint16 netuid, ISubnetTerms.Parameters calldata parameters) external;

    /// @notice As `setParameters`, within the wider bounds of the stakers: what the arithmetic is proven for. Only who
    /// the permissions let. Counted among the changes of the owner, who may change it again once it began.
    function decideParameters(uint16 netuid, ISubnetTerms.Parameters calldata parameters) external;

    /// @notice Gives the subnet a share of the emission from now on. Only who the permissions let.
    function list(uint16 netuid) external;

    /// @notice Ends the subnet's share of the emission now; it may be listed again. Only who the permissions let.
    function delist(uint16 netuid) external;

    /// @notice Replaces the versions that miners serve, at once. Only the subnet's owner.
    function setModelVersions(uint16 netuid, bytes32[] calldata modelVersions) external;

    /// @notice Offers the subnet to another account; 0 withdraws the offer. Only the subnet's owner.
    function transferOwnership(uint16 netuid, address candidate) external;

    /// @notice Takes an offered subnet, the claim to its lock included. Only the candidate.
    function acceptOwnership(uint16 netuid) external;

    /// @notice Closes the subnet: no epoch starts after the running one, nobody registers any more, and its share of
    /// the emission ends now. Only the subnet's owner; there is no way back.
    function dissolve(uint16 netuid) external;

    /// @notice Pays the lock of a dissolved subnet to its owner once its last epoch is closed. Anybody may call.
    function releaseLock(uint16 netuid) external returns (uint256 amount);
}
