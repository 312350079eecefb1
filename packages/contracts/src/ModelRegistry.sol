// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {IDatasetRegistry} from "./interfaces/IDatasetRegistry.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {FeedFloor} from "./libraries/FeedFloor.sol";

contract ModelRegistry is IModelRegistry, ERC721, AccessManaged {
    using ShortStrings for ShortString;

    struct Activation {
        uint256 modelId;
        uint32 number;
    }

    uint16 private constant BPS = 10_000;
    /// @dev Of a fork's income: its maker keeps at least half.
    uint16 public constant MAX_FORK_BPS = 5000;
    /// @dev Bounds what a payment for a model costs.
    uint256 public constant PAID_ANCESTORS = 3;
    uint256 public constant MAX_TRAINING_SETS = 8;
    uint256 public constant MAX_SET_VERSIONS = 8;
    uint48 public constant MAX_FLOOR_SPAN = 365 days;

    IDatasetRegistry public immutable datasets;
    /// @inheritdoc IModelRegistry
    uint48 public immutable gracePeriod;

    /// @inheritdoc IModelRegistry
    uint256 public modelCount;
    /// @inheritdoc IModelRegistry
    mapping(bytes32 manifest => Activation) public versionOfManifest;
    /// @inheritdoc IModelRegistry
    mapping(uint16 netuid => bytes32) public subnetPolicy;
    mapping(uint16 netuid => uint256[]) private _activated;
    mapping(uint256 modelId => Model) private _models;
    mapping(uint256 modelId => ShortString) private _names;
    mapping(uint256 modelId => bytes32) private _policies;
    mapping(uint256 modelId => Floor) private _floors;
    mapping(uint256 modelId => mapping(uint32 number => Version)) private _versions;
    mapping(uint256 modelId => mapping(uint32 number => TrainingSet[])) private _trainedOn;

    modifier onlyModelOwner(uint256 modelId) {
        if (_ownerOfModel(modelId) != msg.sender) revert NotModelOwner(modelId, msg.sender);
        _;
    }

    constructor(address authority_, address datasets_, uint48 gracePeriod_)
        ERC721("Witan Model", "WMODEL")
        AccessManaged(authority_)
    {
        datasets = IDatasetRegistry(datasets_);
        gracePeriod = gracePeriod_;
    }

    /// @inheritdoc IModelRegistry
    function create(string calldata name_, uint16 netuid, uint16 forkBps) external returns (uint256 modelId) {
        return _create(name_, netuid, forkBps);
    }

    /// @inheritdoc IModelRegistry
    function fork(uint256 parentModel, uint32 parentVersion, string calldata name_, uint16 netuid, uint16 forkBps)
        external
        returns (uint256 modelId)
    {
        _version(parentModel, parentVersion);
        modelId = _create(name_, netuid, forkBps);
        // The parent is there already, so its number is lower: a lineage never closes into a circle.
        Model storage m = _models[modelId];
        (m.parentModel, m.parentVersion, m.parentBps) = (parentModel, parentVersion, _models[parentModel].forkBps);
        emit ModelForked(modelId, parentModel, parentVersion, m.parentBps);
    }

    /// @inheritdoc IModelRegistry
    function setForkShare(uint256 modelId, uint16 forkBps) external onlyModelOwner(modelId) {
        _checkForkShare(forkBps);
        _models[modelId].forkBps = forkBps;
        emit ForkShareSet(modelId, forkBps);
    }

    /// @inheritdoc IModelRegistry
    function publish(uint256 modelId, VersionTerms calldata terms)
        external
        onlyModelOwner(modelId)
        returns (uint32 number)
    {
        if (terms.manifest == 0) revert ModelVersionInvalid("manifest");
        if (terms.weights == 0) revert ModelVersionInvalid("weights");
        if (terms.licence == 0) revert ModelVersionInvalid("licence");
        Model storage m = _models[modelId];
        if (terms.parent > m.versions) revert ModelVersionUnknown(modelId, terms.parent);
        number = ++m.versions;
        bytes32 trainingRoot = _recordTraining(modelId, number, terms.trainedOn);
        _versions[modelId][number] = Version({
            manifest: terms.manifest,
            weights: terms.weights,
            evaluation: terms.evaluation,
            licence: terms.licence,
            trainingRoot: trainingRoot,
            parent: terms.parent,
            publishedAt: uint48(block.timestamp),
            retired: false
        });
        emit VersionPublished(modelId, number, trainingRoot, terms);
    }

    /// @inheritdoc IModelRegistry
    function activate(uint256 modelId, uint32 number) external restricted {
        Version storage v = _version(modelId, number);
        Model storage m = _models[modelId];
        if (v.retired) revert VersionRetiredAlready(modelId, number);
        if (m.live == number) revert AlreadyLive(modelId, number);
        uint256 holder = versionOfManifest[v.manifest].modelId;
        if (holder != 0 && holder != modelId) revert ManifestTaken(v.manifest, holder);

        versionOfManifest[v.manifest] = Activation(modelId, number);
        // Set by the first activation and never zero again.
        if (m.graceEndsAt == 0) _activated[m.netuid].push(modelId);
        uint48 graceEndsAt = uint48(block.timestamp) + gracePeriod;
        (m.previous, m.live, m.graceEndsAt) = (m.live, number, graceEndsAt);
        emit VersionActivated(modelId, number, m.previous, graceEndsAt);
    }

    /// @inheritdoc IModelRegistry
    function retire(uint256 modelId, uint32 number) external onlyModelOwner(modelId) {
        Version storage v = _version(modelId, number);
        if (v.retired) revert VersionRetiredAlready(modelId, number);
        v.retired = true;
        Model storage m = _models[modelId];
        if (m.live == number) m.live = 0;
        if (m.previous == number) m.previous = 0;
        emit VersionRetired(modelId, number);
    }

    /// @inheritdoc IModelRegistry
    function setFloor(uint256 modelId, Floor calldata floor) external restricted {
        _ownerOfModel(modelId);
        bool isNone = floor.feed == address(0) && floor.span == 0 && floor.least == 0;
        bool isFloor = floor.feed.code.length > 0 && floor.span > 0 && floor.span <= MAX_FLOOR_SPAN;
        if (!isNone && !isFloor) revert FloorInvalid(floor.feed, floor.span);
        _floors[modelId] = floor;
        emit FloorSet(modelId, floor.feed, floor.span, floor.least);
    }

    /// @inheritdoc IModelRegistry
    function demote(uint256 modelId) external {
        _ownerOfModel(modelId);
        Model storage m = _models[modelId];
        Floor storage floor = _floors[modelId];
        uint32 number = m.live;
        if (number == 0 || floor.feed == address(0)) revert NothingToDemote(modelId);
        (uint80 roundId, int256 answer) =
            FeedFloor.requireBroken(floor.feed, floor.least, floor.span, m.graceEndsAt - gracePeriod);
        (m.live, m.previous) = (0, 0);
        emit VersionDemoted(modelId, number, roundId, answer);
    }

    /// @inheritdoc IModelRegistry
    function setModelPolicy(uint256 modelId, bytes32 policy) external restricted {
        _ownerOfModel(modelId);
        _policies[modelId] = policy;
        emit ModelPolicySet(modelId, policy);
    }

    /// @inheritdoc IModelRegistry
    function setSubnetPolicy(uint16 netuid, bytes32 policy) external restricted {
        subnetPolicy[netuid] = policy;
        emit SubnetPolicySet(netuid, policy);
    }

    /// @inheritdoc IModelRegistry
    function model(uint256 modelId) external view returns (Model memory) {
        _ownerOfModel(modelId);
        return _models[modelId];
    }

    /// @inheritdoc IModelRegistry
    function activatedIn(uint16 netuid) external view returns (uint256[] memory modelIds) {
        return _activated[netuid];
    }

    /// @inheritdoc IModelRegistry
    function nameOf(uint256 modelId) external view returns (string memory) {
        _ownerOfModel(modelId);
        return _names[modelId].toString();
    }

    /// @inheritdoc IModelRegistry
    function version(uint256 modelId, uint32 number) external view returns (Version memory) {
        return _version(modelId, number);
    }

    /// @inheritdoc IModelRegistry
    function trainedOn(uint256 modelId, uint32 number) external view returns (TrainingSet[] memory) {
        _version(modelId, number);
        return _trainedOn[modelId][number];
    }

    /// @inheritdoc IModelRegistry
    function floorOf(uint256 modelId) external view returns (Floor memory) {
        _ownerOfModel(modelId);
        return _floors[modelId];
    }

    /// @inheritdoc IModelRegistry
    function isAccepted(uint256 modelId, uint32 number) external view returns (bool) {
        Model storage m = _models[modelId];
        if (number == 0) return false;
        return number == m.live || (number == m.previous && block.timestamp < m.graceEndsAt);
    }

    /// @inheritdoc IModelRegistry
    function policyOf(uint256 modelId) external view returns (bytes32 policy) {
        _ownerOfModel(modelId);
        policy = _policies[modelId];
        if (policy == 0) policy = subnetPolicy[_models[modelId].netuid];
    }

    /// @inheritdoc IModelRegistry
    function creatorsOf(uint256 modelId) external view returns (address[] memory accounts, uint16[] memory bps) {
        uint256[] memory ancestors = ancestorsOf(modelId, PAID_ANCESTORS);
        accounts = new address[](ancestors.length + 1);
        bps = new uint16[](ancestors.length + 1);
        uint256 part = BPS;
        uint256 id = modelId;
        for (uint256 i = 0; i < ancestors.length; ++i) {
            uint256 passedOn = part * _models[id].parentBps / BPS;
            (accounts[i], bps[i]) = (_ownerOf(id), uint16(part - passedOn)); // of at most 10,000
            (part, id) = (passedOn, ancestors[i]);
        }
        (accounts[ancestors.length], bps[ancestors.length]) = (_ownerOf(id), uint16(part)); // of at most 10,000
    }

    /// @inheritdoc IModelRegistry
    function dataSetsOf(uint256 modelId) external view returns (address[] memory payees, uint16[] memory bps) {
        _ownerOfModel(modelId);
        Model storage m = _models[modelId];
        TrainingSet[] storage sets = _trainedOn[modelId][m.live != 0 ? m.live : m.versions];
        uint256 count = sets.length;
        (payees, bps) = (new address[](count), new uint16[](count));
        uint256 paid = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 setId = sets[i].setId;
            if (!datasets.isListed(setId)) continue;
            (payees[paid], bps[paid]) = (IERC721(address(datasets)).ownerOf(setId), uint16(BPS / count)); // of 10,000
            ++paid;
        }
        assembly ("memory-safe") {
            mstore(payees, paid)
            mstore(bps, paid)
        }
    }

    /// @inheritdoc IModelRegistry
    function ancestorsOf(uint256 modelId, uint256 most) public view returns (uint256[] memory modelIds) {
        _ownerOfModel(modelId);
        uint256 count = 0;
        for (uint256 id = _models[modelId].parentModel; id != 0 && count < most; id = _models[id].parentModel) {
            ++count;
        }
        modelIds = new uint256[](count);
        uint256 next = modelId;
        for (uint256 i = 0; i < count; ++i) {
            next = _models[next].parentModel;
            modelIds[i] = next;
        }
    }

    function _create(string calldata name_, uint16 netuid, uint16 forkBps) private returns (uint256 modelId) {
        if (bytes(name_).length == 0 || bytes(name_).length > 31) revert ModelNameInvalid(bytes(name_).length);
        _checkForkShare(forkBps);
        modelId = ++modelCount;
        _names[modelId] = ShortStrings.toShortString(name_);
        Model storage m = _models[modelId];
        (m.netuid, m.forkBps) = (netuid, forkBps);
        emit ModelCreated(modelId, msg.sender, netuid, name_, forkBps);
        _mint(msg.sender, modelId);
    }

    /// @dev Sets ascend, and so do the versions of each: what was trained on has one spelling.
    function _recordTraining(uint256 modelId, uint32 number, TrainingSet[] calldata sets)
        private
        returns (bytes32 trainingRoot)
    {
        if (sets.length > MAX_TRAINING_SETS) revert TrainingSetsInvalid(sets.length);
        bytes32[][] memory roots = new bytes32[][](sets.length);
        for (uint256 i = 0; i < sets.length; ++i) {
            if (i > 0 && sets[i].setId <= sets[i - 1].setId) revert TrainingSetsInvalid(i);
            roots[i] = _rootsOf(sets[i], i);
            _trainedOn[modelId][number].push(sets[i]);
        }
        return keccak256(abi.encode(sets, roots));
    }

    function _rootsOf(TrainingSet calldata set, uint256 index) private view returns (bytes32[] memory roots) {
        uint256 count = set.versions.length;
        if (count == 0 || count > MAX_SET_VERSIONS) revert TrainingSetsInvalid(index);
        roots = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint32 number = set.versions[i];
            if (i > 0 && number <= set.versions[i - 1]) revert TrainingSetsInvalid(index);
            roots[i] = datasets.version(set.setId, number).terms.root;
            if (!datasets.hasAccess(set.setId, number, msg.sender)) revert NoAccess(set.setId, number, msg.sender);
        }
    }

    function _ownerOfModel(uint256 modelId) private view returns (address owner) {
        owner = _ownerOf(modelId);
        if (owner == address(0)) revert ModelUnknown(modelId);
    }

    function _version(uint256 modelId, uint32 number) private view returns (Version storage v) {
        v = _versions[modelId][number];
        if (v.publishedAt == 0) revert ModelVersionUnknown(modelId, number);
    }

    function _checkForkShare(uint16 forkBps) private pure {
        if (forkBps > MAX_FORK_BPS) revert ForkShareTooHigh(forkBps, MAX_FORK_BPS);
    }
}
