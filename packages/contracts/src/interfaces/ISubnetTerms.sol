// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Subnets: their parameters and epochs
/// @notice What the owners chose (see `ISubnetLifecycle`), and the windows of the epochs that follow from it.
interface ISubnetTerms {
    /// @notice Who may register: anybody, or the members that `ISubnetMembers` keeps.
    enum Membership {
        Open,
        Consortium
    }

    /// @notice What the owner of a subnet chooses, within the bounds of the specification (Parameters); four words.
    /// @param epochLength seconds: `minEpochLength()` … 7 days
    /// @param revealWindow seconds after the epoch's end in which its rows are revealed: 1 … epochLength / 2
    /// @param activityCutoff epochs without a vote after which a voter's stake does not count: 2 … 100
    /// @param maxUids slots: 1 … 512; times maxValidators at most 24,576, with liquidAlpha 6144
    /// @param maxValidators permits: 1 … 256
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
    /// @param liquidAlpha whether the weight of a bond depends on its cell
    /// @param alphaLow of 65535: 1638 … alphaHigh
    /// @param alphaHigh of 65535: alphaLow … 65535
    /// @param alphaSteepness hundredths: 0 … 10,000
    /// @param minWeights weights that a row has at least: 0 … 512
    /// @param maxWeightRatio the largest part of a row that one weight may be, of 65535: 1 … 65535
    /// @param weightsVersion rows of an older version are refused
    /// @param immunity whole epochs in which a new neuron cannot be pruned: 2 … 1000
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
        bool liquidAlpha;
        uint16 alphaLow;
        uint16 alphaHigh;
        uint16 alphaSteepness;
        uint16 minWeights;
        uint16 maxWeightRatio;
        uint32 weightsVersion;
        uint16 immunity;
    }

    /// @param startedAt when epoch 0 started, unix seconds
    /// @param neuronCount slots, vacant ones included; uids are 0 … neuronCount − 1
    /// @param closesAt when the last epoch ends, unix seconds; 0: not dissolved
    /// @param lock wei that the owner gets back once the last epoch is closed
    /// @param mechanism identifier of the scoring mechanism
    /// @param parameters those in force now
    struct Subnet {
        address owner;
        uint48 startedAt;
        uint16 neuronCount;
        Membership membership;
        uint48 closesAt;
        uint128 lock;
        bytes32 mechanism;
        string name;
        Parameters parameters;
    }

    /// @notice What a subnet costs.
    /// @param floorPrice wei burned at least
    /// @param halfLife seconds in which the price, doubled by each creation, halves
    /// @param lock wei held until the subnet is dissolved and its last epoch closed
    /// @param listedFromStart the first so many subnets earn without a decision; on a local chain only
    struct CreationTerms {
        uint128 floorPrice;
        uint32 halfLife;
        uint128 lock;
        uint16 listedFromStart;
    }

    error SubnetUnknown(uint256 netuid);
    error NotSubnetOwner(uint16 netuid, address caller, address owner);
    error PriceExceeded(uint256 price, uint256 maxPrice);
    error ParameterOutOfBounds(bytes32 name, uint256 value, uint256 low, uint256 high);
    error CutsNotWhole(uint256 sum, uint256 whole);
    error MinEpochLengthTooShort(uint256 minEpochLength, uint256 required);
    error HalfLifeZero();
    error ListedFromStart(uint16 count, uint256 chainId);
    error Dissolved(uint16 netuid, uint256 closesAt);
    error EpochNeverStarts(uint16 netuid, uint64 epoch, uint64 lastEpoch);

    function subnet(uint16 netuid) external view returns (Subnet memory);

    /// @notice The parameters of the running epoch.
    function parameters(uint16 netuid) external view returns (Parameters memory);

    /// @notice The parameters of an epoch; of one to come: as things stand.
    function parametersAt(uint16 netuid, uint64 epoch) external view returns (Parameters memory);

    /// @notice The parameters from the next epoch on, if they change.
    function pendingParameters(uint16 netuid)
        external
        view
        returns (bool pending, uint64 fromEpoch, Parameters memory parameters);

    /// @notice The running epoch. Reverts with `Dissolved` when no epoch is running any more.
    function currentEpoch(uint16 netuid) external view returns (uint64 epoch);

    /// @notice The windows of an epoch, unix seconds, each from its start to before its end. It runs from `start` to
    /// `end`, is revealed to `revealEnd` and settled from then to `settleEnd`, where it is closed.
    /// `revealEnd` = end + min(revealWindow, half of the next epoch); `settleEnd` = end + min(epochLength, that of the
    /// next): it is closed when the next one ends. Reverts with `EpochNeverStarts` past a dissolved subnet's last one.
    /// @dev `start` and `end` are fixed when the epoch begins, `revealEnd` and `settleEnd` when it ends.
    function windows(uint16 netuid, uint64 epoch)
        external
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd);

    /// @notice `windows` and `parametersAt` at once.
    function epochContext(uint16 netuid, uint64 epoch)
        external
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd, Parameters memory parameters);

    /// @notice Start of epoch 0 in unix seconds, epoch and reveal window of the running epoch in seconds.
    function timing(uint16 netuid) external view returns (uint48 startedAt, uint32 epochLength, uint32 revealWindow);

    function modelVersions(uint16 netuid) external view returns (bytes32[] memory);

    function ownerOf(uint16 netuid) external view returns (address owner);

    /// @notice Who may accept the subnet; 0: nobody.
    function candidateOf(uint16 netuid) external view returns (address candidate);

    /// @notice Subnets so far; the last netuid.
    function subnetCount() external view returns (uint16);

    /// @notice Wei that `createSubnet` burns now.
    function creationPrice() external view returns (uint256);

    function creationTerms() external view returns (CreationTerms memory);

    /// @notice Shortest epoch in seconds: 600 or more except on a local chain.
    function minEpochLength() external view returns (uint32);
}
