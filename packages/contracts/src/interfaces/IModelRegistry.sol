// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Models, their versions and where they come from
/// @notice A model is a token whose versions never change: digests of manifest, weights and evaluation, and the exact
/// versions of the data sets that it was trained on. Its owner publishes; only the DAO makes a version the live one, so
/// nothing is ever rolled back without a vote. A fork names the version it starts from and pays its ancestors.
interface IModelRegistry {
    /// @param versions of the data set, ascending
    struct TrainingSet {
        uint256 setId;
        uint32[] versions;
    }

    /// @param manifest the digest that nodes know the version by
    /// @param weights root of the SHA-256 digests of its files
    /// @param evaluation digest of the evaluation's report; zero without one
    /// @param licence keccak256 of the SPDX expression
    /// @param parent an earlier version of this model that it was trained from; 0 without one
    /// @param trainedOn data sets, ascending by number
    struct VersionTerms {
        bytes32 manifest;
        bytes32 weights;
        bytes32 evaluation;
        bytes32 licence;
        uint32 parent;
        TrainingSet[] trainedOn;
    }

    /// @param trainingRoot keccak256 of the sets, their versions and these versions' roots, in the order named
    struct Version {
        bytes32 manifest;
        bytes32 weights;
        bytes32 evaluation;
        bytes32 licence;
        bytes32 trainingRoot;
        uint32 parent;
        uint48 publishedAt;
        bool retired;
    }

    /// @param forkBps the part of a fork's income that goes to this model, for forks made from now on
    /// @param versions the newest version; 0 before the first
    /// @param live the version that nodes serve; 0 without one
    /// @param previous the version before, accepted until `graceEndsAt`
    /// @param graceEndsAt unix seconds
    /// @param parentModel the model that it was forked from; 0 without one
    /// @param parentVersion the version that it was forked from
    /// @param parentBps what the parent asked when it was forked
    struct Model {
        uint256 parentModel;
        uint32 parentVersion;
        uint16 parentBps;
        uint16 netuid;
        uint16 forkBps;
        uint32 versions;
        uint32 live;
        uint32 previous;
        uint48 graceEndsAt;
    }

    /// @param feed an AggregatorV3 feed of the model's quality, a contract; the zero address without a floor
    /// @param span seconds, at most 365 days; answers that stay under the floor for so long let anybody demote the live version
    /// @param least the lowest answer that keeps it, in the feed's decimals
    struct Floor {
        address feed;
        uint48 span;
        int256 least;
    }

    event ModelCreated(
        uint256 indexed modelId, address indexed owner, uint16 indexed netuid, string name, uint16 forkBps
    );
    event ModelForked(uint256 indexed modelId, uint256 indexed parentModel, uint32 parentVersion, uint16 parentBps);
    event ForkShareSet(uint256 indexed modelId, uint16 forkBps);
    event VersionPublished(uint256 indexed modelId, uint32 indexed version, bytes32 trainingRoot, VersionTerms terms);
    event VersionActivated(uint256 indexed modelId, uint32 indexed version, uint32 previous, uint48 graceEndsAt);
    event VersionRetired(uint256 indexed modelId, uint32 indexed version);
    /// @param roundId the feed's latest round then, and what it answered
    event VersionDemoted(uint256 indexed modelId, uint32 indexed version, uint80 roundId, int256 answer);
    event FloorSet(uint256 indexed modelId, address feed, uint48 span, int256 least);
    event ModelPolicySet(uint256 indexed modelId, bytes32 policy);
    event SubnetPolicySet(uint16 indexed netuid, bytes32 policy);

    error ModelUnknown(uint256 modelId);
    error ModelVersionUnknown(uint256 modelId, uint32 version);
    error NotModelOwner(uint256 modelId, address caller);
    error ForkShareTooHigh(uint16 bps, uint16 most);
    error ModelNameInvalid(uint256 length);
    error ModelVersionInvalid(bytes32 field);
    error VersionRetiredAlready(uint256 modelId, uint32 version);
    error AlreadyLive(uint256 modelId, uint32 version);
    /// @notice The manifest belongs to a model that the DAO activated it for.
    error ManifestTaken(bytes32 manifest, uint256 modelId);
    error TrainingSetsInvalid(uint256 index);
    /// @notice Training on a version takes an order, or the data set itself.
    error NoAccess(uint256 setId, uint32 version, address account);

    error FloorInvalid(address feed, uint48 span);
    error NothingToDemote(uint256 modelId);

    /// @notice Creates a model of the caller, for a subnet.
    /// @param name 1 to 31 bytes
    /// @param forkBps at most 5,000
    function create(string calldata name, uint16 netuid, uint16 forkBps) external returns (uint256 modelId);

    /// @notice Creates a model of the caller that starts from a version of another and pays its owner `forkBps` of
    /// what it earns, as the other model asks now.
    function fork(uint256 parentModel, uint32 parentVersion, string calldata name, uint16 netuid, uint16 forkBps)
        external
        returns (uint256 modelId);

    /// @notice What forks from now on pay. Only the owner.
    function setForkShare(uint256 modelId, uint16 forkBps) external;

    /// @notice Adds a version. Only the owner, who must have access to every named version of a data set.
    function publish(uint256 modelId, VersionTerms calldata terms) external returns (uint32 version);

    /// @notice Makes a version the live one; the one before is accepted for the grace period. Only the DAO.
    function activate(uint256 modelId, uint32 version) external;

    /// @notice Withdraws a version for good, at once; a live one leaves the model without. Only the owner.
    function retire(uint256 modelId, uint32 version) external;

    /// @notice What the model's feed must answer; a floor of zeros takes it away. Only the DAO.
    function setFloor(uint256 modelId, Floor calldata floor) external;

    /// @notice Leaves a model without a live version whose feed stayed under the floor for its whole span, all of it
    /// since the version went live. Anybody may; nothing older comes back without a vote, which may make it live again.
    /// Fails with an error of `FeedFloor` while that is not so.
    function demote(uint256 modelId) external;

    /// @notice The policy that answers of the model follow; zero leaves it to its subnet. Only the DAO.
    function setModelPolicy(uint256 modelId, bytes32 policy) external;

    /// @notice The policy of every model of a subnet that has none of its own. Only the DAO.
    function setSubnetPolicy(uint16 netuid, bytes32 policy) external;

    function modelCount() external view returns (uint256);
    function model(uint256 modelId) external view returns (Model memory);

    /// @notice The subnet's models of which the DAO ever made a version live, in the order of their first. All that can
    /// have a live version now: whoever follows a subnet need not look at what anybody may create.
    function activatedIn(uint16 netuid) external view returns (uint256[] memory modelIds);

    function nameOf(uint256 modelId) external view returns (string memory);
    function version(uint256 modelId, uint32 number) external view returns (Version memory);
    function trainedOn(uint256 modelId, uint32 number) external view returns (TrainingSet[] memory);

    /// @notice What keeps the live version; zeros without a floor.
    function floorOf(uint256 modelId) external view returns (Floor memory);

    /// @notice Whether answers of the version count now: it is live, or was within the grace period.
    function isAccepted(uint256 modelId, uint32 number) external view returns (bool);

    /// @notice The model and version that the DAO activated a manifest for; zeros without.
    function versionOfManifest(bytes32 manifest) external view returns (uint256 modelId, uint32 number);

    /// @notice Digest of the policy in force for the model; zero without one.
    function policyOf(uint256 modelId) external view returns (bytes32);

    function subnetPolicy(uint16 netuid) external view returns (bytes32);

    /// @notice Who is paid for the model: its owner and the owners of up to three ancestors.
    /// @return accounts 1 to 4, the model's own first; an account may be there twice
    /// @return bps adding up to 10,000
    function creatorsOf(uint256 modelId) external view returns (address[] memory accounts, uint16[] memory bps);

    /// @notice Whom the model's data sets pay: the owners of those sets of its live version, or else its newest, that
    /// are listed. The sets have equal parts; that of one which is not listed is left to the creators.
    /// @return payees at most 8; an account may be there twice
    /// @return bps adding up to at most 10,000
    function dataSetsOf(uint256 modelId) external view returns (address[] memory payees, uint16[] memory bps);

    /// @notice The model's ancestors, the parent first, at most `most`.
    function ancestorsOf(uint256 modelId, uint256 most) external view returns (uint256[] memory modelIds);

    /// @notice Seconds in which the version before the live one is still accepted.
    function gracePeriod() external view returns (uint48);
}
