// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IStakeVault} from "./IStakeVault.sol";
import {ISubnets} from "./ISubnets.sol";

/// @title What a network takes over from the one it was forked from
/// @notice The tokens of the network's genesis are here. Each holder of the export claims its own once, with a proof:
/// free tokens and what its stake was worth, paid as tokens or staked at once. What nobody claims in a year is the
/// treasury's. Accounts that were left out are not in the tree, and their tokens do not exist.
/// @notice Subnets, models, data sets and terms of the export have a tree of their own. Whoever owned one makes it again
/// in the registries of this network, and shows with `adopt`, once, that the new one is the old one to the digest.
/// @dev Leaves are keccak256 twice (OpenZeppelin's standard tree). Nobody has a right here: everything is fixed when the
/// contract is created. Always: the token balance ≥ the claims that are still to come, until they are swept.
interface IForkClaim {
    /// @notice What an export is made of. `Terms` are those of the network, one item; the others can be adopted.
    enum Kind {
        Terms,
        Subnet,
        Model,
        Dataset
    }

    /// @notice The network that the fork begins.
    struct Peers {
        address token;
        IStakeVault vault;
        ISubnets subnets;
        IDatasetRegistry datasets;
        IModelRegistry models;
        address treasury;
    }

    /// @param exportDigest keccak256 of the export's canonical JSON
    /// @param claimsRoot of leaves (account, liquid, staked)
    /// @param stateRoot of leaves (kind, id, owner, digest)
    /// @param supply wei of all claims together
    struct Origin {
        bytes32 exportDigest;
        bytes32 claimsRoot;
        bytes32 stateRoot;
        uint256 supply;
    }

    event Claimed(address indexed account, uint256 liquid, uint256 staked);
    event Swept(address indexed treasury, uint256 assets);
    /// @notice Item `id` of the export goes on as `successor` in this network.
    event Adopted(Kind indexed kind, uint256 indexed id, uint256 indexed successor, address owner);

    error ClaimedAlready(address account);
    error ClaimNotProven(address account, uint256 liquid, uint256 staked);
    error StakeExceedsClaim(uint256 assets, uint256 claim);
    error SweepTooEarly(uint256 sweepableAt);
    error ClaimsSwept(uint256 sweepableAt);
    error AdoptedAlready(Kind kind, uint256 id, uint256 successor);
    /// @notice The export has no such item of this owner and with what the successor holds now.
    error ItemNotProven(Kind kind, uint256 id, address owner, bytes32 digest);
    error NotAdoptable(Kind kind);
    /// @notice A stranger could make one that differs in what no digest says, and give it to the owner.
    error NotItemOwner(Kind kind, uint256 successor, address caller, address owner);

    /// @notice Pays an account what the export has for it. Anybody may call.
    /// @param liquid wei that it held, was owed or had in contracts
    /// @param staked wei that its stake was worth, unbonding stake included
    function claim(address account, uint256 liquid, uint256 staked, bytes32[] calldata proof) external;

    /// @notice `claim` of the caller, of which `assets` wei are staked on a node and the rest is paid. An account that has
    /// stake elsewhere already claims and then stakes (see `IStakeVault.stakeFor`).
    function claimAndStake(uint256 liquid, uint256 staked, uint64 nodeId, uint256 assets, bytes32[] calldata proof)
        external;

    /// @notice Gives the treasury what nobody claimed in a year. Anybody may call.
    function sweep() external returns (uint256 assets);

    /// @notice Records that an item of the export goes on as `successor`, which must have the same owner and the same
    /// `digestOf`. Once for each. Only that owner.
    function adopt(Kind kind, uint256 id, uint256 successor, bytes32[] calldata proof) external;

    /// @notice What a leaf of the state tree says about an item like this one of the present network.
    /// @dev Subnet: name, mechanism, membership, parameters in force, model versions. Model: name, fork share, live
    /// version, policy in force, and of each version all digests, parent, whether retired, and the roots of the data it
    /// was trained on. Data set: name, and of each version its terms and edition.
    function digestOf(Kind kind, uint256 id) external view returns (bytes32 digest);

    /// @notice Whether the export has this item.
    function isExported(Kind kind, uint256 id, address owner, bytes32 digest, bytes32[] calldata proof)
        external
        view
        returns (bool);

    function hasClaimed(address account) external view returns (bool);

    /// @notice The item of this network that goes on for one of the export; 0: none yet.
    function successorOf(Kind kind, uint256 id) external view returns (uint256 successor);

    /// @notice The item of the export that one of this network goes on for; 0: none.
    function originOf(Kind kind, uint256 successor) external view returns (uint256 id);

    function exportDigest() external view returns (bytes32);
    function claimsRoot() external view returns (bytes32);
    function stateRoot() external view returns (bytes32);

    /// @notice Wei of all claims together.
    function supply() external view returns (uint256);

    /// @notice Unix seconds.
    function sweepableAt() external view returns (uint48);
}
