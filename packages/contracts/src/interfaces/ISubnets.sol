// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Subnets, their neurons and the address records of operators
/// @notice The verifying contract of the network's one EIP-712 domain, `{name: "Witan", version: "1"}`. Creating a
/// subnet and registering burn the token; parameters are fixed at creation.
interface ISubnets {
    /// @notice What the owner of a subnet chooses, within the bounds of the specification (Parameters).
    /// @param epochLength seconds: `minEpochLength()` … 7 days
    /// @param revealWindow seconds after the epoch's end in which its rows are revealed: 1 … epochLength / 2
    /// @param activityCutoff epochs without a vote after which a voter's stake does not count: 2 … 100
    /// @param maxUids slots: 1 … 64
    /// @param maxValidators permits: 1 … 16
    /// @param kappa stake that must stand behind a score, of 65535: 32767 … 58982
    /// @param bondsAlpha weight of this epoch's bond, parts per million: 10,000 … 1,000,000
    /// @param bondsPenalty part of an over-vote that is removed from bonds, of 65535
    /// @param ownerCut bps of the emission: at most 1800; the three cuts make 10,000
    /// @param minersCut bps of the emission
    /// @param validatorsCut bps of the emission
    /// @param priceHalfLife epochs in which the registration price halves: 1 … 1,000
    /// @param stakeThreshold wei below which stake does not count
    /// @param initialPrice wei: the registration price at creation
    /// @param minPrice wei: at least 1
    /// @param maxPrice wei: minPrice ≤ initialPrice ≤ maxPrice
    struct Parameters {
        uint32 epochLength;
        uint32 revealWindow;
        uint16 activityCutoff;
        uint16 maxUids;
        uint16 maxValidators;
        uint16 kappa;
        uint32 bondsAlpha;
        uint16 bondsPenalty;
        uint16 ownerCut;
        uint16 minersCut;
        uint16 validatorsCut;
        uint32 priceHalfLife;
        uint128 stakeThreshold;
        uint128 initialPrice;
        uint128 minPrice;
        uint128 maxPrice;
    }

    /// @param startedAt unix seconds: epoch e is [startedAt + e·epochLength, + epochLength)
    /// @param neuronCount slots taken; uids are 0 … neuronCount − 1
    /// @param mechanism identifier of the scoring mechanism
    struct Subnet {
        address owner;
        uint48 startedAt;
        uint16 neuronCount;
        bytes32 mechanism;
        string name;
        Parameters parameters;
    }

    /// @notice One row of the metagraph.
    /// @param stake the node's unlocked stake now, in wei
    /// @param recordDigest digest of the operator's address record; 0 when it has none or it is expired
    struct Neuron {
        uint16 uid;
        uint64 nodeId;
        uint48 registeredAt;
        address operator;
        address owner;
        uint16 takeBps;
        uint256 stake;
        bytes32 recordDigest;
        uint64 recordSeq;
        uint64 recordExpiry;
    }

    /// @notice Who votes in a slot: all that a commitment binds to.
    struct Slot {
        uint16 uid;
        uint64 nodeId;
        uint48 registeredAt;
    }

    /// @param digest EIP-712 struct hash of `AddressRecord`
    /// @param seq only grows
    /// @param expiry unix seconds
    struct Record {
        bytes32 digest;
        uint64 seq;
        uint64 expiry;
    }

    /// @param burned wei
    event SubnetCreated(
        uint16 indexed netuid, address indexed owner, Subnet subnet, bytes32[] modelVersions, uint256 burned
    );
    event NeuronRegistered(
        uint16 indexed netuid, uint16 indexed uid, uint64 indexed nodeId, address owner, address operator, uint256 price
    );
    event Announced(address indexed operator, bytes32 recordDigest, uint64 seq, uint64 expiry);

    error SubnetUnknown(uint256 netuid);
    error NeuronUnknown(uint256 netuid, uint256 uid);
    error NotRegistered(uint256 netuid, address operator);
    error AlreadyRegistered(uint256 netuid, address operator, uint256 uid);
    error SubnetFull(uint256 netuid, uint256 maxUids);
    error PriceExceeded(uint256 price, uint256 maxPrice);
    error ParameterOutOfBounds(bytes32 name, uint256 value, uint256 low, uint256 high);
    error CutsNotWhole(uint256 sum, uint256 whole);
    error MinEpochLengthTooShort(uint256 minEpochLength, uint256 required);
    error ModelVersionsMissing();
    error TooManyModelVersions(uint256 count, uint256 limit);
    error NameTooLong(uint256 length, uint256 limit);
    error OperatorZero();
    error NotNodeOwner(uint64 nodeId, address caller, address owner);
    error SignatureExpired(uint256 deadline);
    error SignatureInvalid(address signer, address expected);
    error OperatorUnknown(address operator);
    error SeqNotGreater(address operator, uint64 seq, uint64 current);
    error ExpiryOutOfBounds(uint64 expiry, uint256 low, uint256 high);

    /// @notice Creates a subnet owned by the caller and burns `creationPrice()` of the caller's tokens (allowance).
    /// Its epoch 0 and its share of emission start now.
    /// @param mechanism identifier of the scoring mechanism
    /// @param modelVersions the versions that miners serve: 1 … 32
    /// @param name for people: at most 64 bytes
    function createSubnet(
        Parameters calldata parameters,
        bytes32 mechanism,
        bytes32[] calldata modelVersions,
        string calldata name
    ) external returns (uint16 netuid);

    /// @notice Registers `operator` into the next free slot; the caller pays and is, or becomes, the node's owner.
    /// Burns the price from the caller (allowance).
    /// @param deadline unix seconds after which the consent is void
    /// @param operatorSig EIP-712 `OperatorConsent(address owner,uint256 nonce,uint256 deadline)` with owner = caller
    /// and nonce = `nonces(operator)`, 65 bytes
    /// @param maxPrice the most the caller pays, in wei
    function register(uint16 netuid, address operator, uint256 deadline, bytes calldata operatorSig, uint256 maxPrice)
        external
        returns (uint16 uid);

    /// @notice Publishes the digest of an operator's address record. Anybody may relay it.
    /// @param seq greater than that of the record before
    /// @param expiry unix seconds, at most 30 days ahead
    /// @param operatorSig EIP-712 `Announcement(bytes32 recordDigest,uint64 seq,uint64 expiry)` by the operator
    function announce(address operator, bytes32 recordDigest, uint64 seq, uint64 expiry, bytes calldata operatorSig)
        external;

    /// @notice What `register` costs now, in wei.
    function registrationPrice(uint16 netuid) external view returns (uint256 price);

    /// @notice The last record announced, expired or not.
    function record(address operator) external view returns (Record memory);

    /// @notice The record in force; all zero when there is none or it is expired.
    function resolve(address operator) external view returns (Record memory);

    function subnet(uint16 netuid) external view returns (Subnet memory);

    function parameters(uint16 netuid) external view returns (Parameters memory);

    /// @notice Start of epoch 0 in unix seconds, epoch and reveal window in seconds.
    function timing(uint16 netuid) external view returns (uint48 startedAt, uint32 epochLength, uint32 revealWindow);

    function modelVersions(uint16 netuid) external view returns (bytes32[] memory);

    function neuron(uint16 netuid, uint16 uid) external view returns (Neuron memory);

    /// @notice Neurons `from` … `from + count − 1`, as far as they exist.
    function neurons(uint16 netuid, uint16 from, uint16 count) external view returns (Neuron[] memory);

    /// @notice Nodes and registration times of the slots registered before `timestamp`, in uid order.
    function slotsBefore(uint16 netuid, uint48 timestamp)
        external
        view
        returns (uint64[] memory nodeIds, uint48[] memory registeredAt);

    /// @notice The slot of a uid. Reverts with `NeuronUnknown`.
    function slot(uint16 netuid, uint16 uid) external view returns (Slot memory);

    /// @notice The slot of an operator. Reverts with `NotRegistered`.
    function slotOf(uint16 netuid, address operator) external view returns (Slot memory);

    function uidOf(uint16 netuid, address operator) external view returns (uint16 uid);

    function ownerOf(uint16 netuid) external view returns (address owner);

    /// @notice The nonce that the operator's next consent signs.
    function nonces(address operator) external view returns (uint256);

    /// @notice Subnets so far; the last netuid.
    function subnetCount() external view returns (uint16);

    /// @notice Wei burned by `createSubnet`.
    function creationPrice() external view returns (uint256);

    /// @notice Shortest epoch in seconds: 600 or more except on a local chain.
    function minEpochLength() external view returns (uint32);
}
