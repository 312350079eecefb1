// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {CuratorBallots} from "./dataset/CuratorBallots.sol";
import {DatasetRoyalties} from "./dataset/DatasetRoyalties.sol";
import {IDatasetRegistry} from "./interfaces/IDatasetRegistry.sol";
import {DatasetLeaf, RecordLeaf} from "./libraries/DatasetLeaf.sol";

contract DatasetRegistry is IDatasetRegistry, ERC721, AccessManaged, CuratorBallots, DatasetRoyalties {
    using SafeERC20 for IERC20;
    using ShortStrings for ShortString;
    using DatasetLeaf for RecordLeaf;

    /// @dev A record takes some 35,000 gas with its proof: 64 fit any block.
    uint256 public constant MAX_FLAG_RECORDS = 64;
    /// @dev Far above any sensible price; a bond of 64 records stays within 128 bits.
    uint128 public constant MAX_AMOUNT = 1_000_000e18;

    /// @inheritdoc IDatasetRegistry
    uint48 public immutable correctionPeriod;

    /// @inheritdoc IDatasetRegistry
    uint256 public datasetCount;
    /// @inheritdoc IDatasetRegistry
    mapping(uint256 setId => mapping(bytes32 leaf => uint256 ballotId)) public flagOfLeaf;
    /// @inheritdoc IDatasetRegistry
    mapping(uint256 setId => mapping(uint64 number => uint48)) public dueAt;
    mapping(uint256 setId => Dataset) private _datasets;
    mapping(uint256 setId => ShortString) private _names;
    mapping(uint256 setId => mapping(uint32 number => Version)) private _versions;
    mapping(uint256 ballotId => VersionTerms) private _proposed;
    mapping(uint256 ballotId => Flag) private _flags;
    mapping(uint256 setId => mapping(address account => uint32 edition)) private _ordered;

    modifier onlySetOwner(uint256 setId) {
        if (_ownerOfSet(setId) != msg.sender) revert NotDatasetOwner(setId, msg.sender);
        _;
    }

    constructor(address authority_, address token_, uint48 votePeriod_, uint48 correctionPeriod_)
        ERC721("Witan Dataset", "WDATA")
        AccessManaged(authority_)
        CuratorBallots(votePeriod_)
        DatasetRoyalties(token_)
    {
        correctionPeriod = correctionPeriod_;
    }

    /// @inheritdoc IDatasetRegistry
    function create(string calldata name_, SetTerms calldata terms, address[] calldata curators)
        external
        returns (uint256 setId)
    {
        _checkAmount("price", terms.price);
        _checkAmount("flagBond", terms.flagBond);
        _checkAmount("flagReward", terms.flagReward);
        if (terms.contributorsBps > BPS) revert TermsOutOfBounds("contributorsBps", terms.contributorsBps, BPS);
        if (bytes(name_).length == 0) revert TermsOutOfBounds("name", 0, 31);
        setId = ++datasetCount;
        _names[setId] = ShortStrings.toShortString(name_);
        _datasets[setId].terms = terms;
        emit DatasetCreated(setId, msg.sender, name_, terms);
        _setCurators(setId, curators);
        _mint(msg.sender, setId);
    }

    /// @inheritdoc IDatasetRegistry
    function setCurators(uint256 setId, address[] calldata curators) external {
        if (_ownerOfSet(setId) != msg.sender) _checkCanCall(msg.sender, msg.data);
        _setCurators(setId, curators);
    }

    /// @inheritdoc IDatasetRegistry
    function setPrice(uint256 setId, uint128 price) external onlySetOwner(setId) {
        _checkAmount("price", price);
        _datasets[setId].terms.price = price;
        emit PriceSet(setId, price);
    }

    /// @inheritdoc IDatasetRegistry
    function fund(uint256 setId, uint128 amount) external {
        _ownerOfSet(setId);
        _setReserve(setId, _datasets[setId].reserve + amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IDatasetRegistry
    function releaseReserve(uint256 setId, uint128 amount) external onlySetOwner(setId) {
        uint128 reserve = _datasets[setId].reserve;
        if (amount > reserve) revert ReserveTooSmall(setId, reserve, amount);
        _setReserve(setId, reserve - amount);
        _credit(msg.sender, amount);
    }

    /// @inheritdoc IDatasetRegistry
    function proposeVersion(uint256 setId, VersionTerms calldata terms) external returns (uint256 ballotId) {
        _ownerOfSet(setId);
        _checkVersion(setId, terms);
        ballotId = _openedBallot(setId, Kind.Inclusion);
        _proposed[ballotId] = terms;
        emit VersionProposed(ballotId, setId, terms);
    }

    /// @inheritdoc IDatasetRegistry
    function flag(
        uint256 setId,
        uint32 number,
        RecordLeaf[] calldata records,
        bytes32[][] calldata proofs,
        bytes32 reason,
        uint32 roster,
        uint128 minReward
    ) external returns (uint256 ballotId) {
        if (!isListed(setId)) revert NotListed(setId);
        if (roster != _rosterOf(setId)) revert RosterChanged(setId, roster, _rosterOf(setId));
        if (records.length == 0 || records.length > MAX_FLAG_RECORDS || proofs.length != records.length) {
            revert FlagRecordsOutOfBounds(records.length, proofs.length, MAX_FLAG_RECORDS);
        }
        ballotId = _openedBallot(setId, Kind.Flag);
        Flag memory f = _promise(setId, number, records.length, minReward);
        _flags[ballotId] = f;
        bytes32[] memory leaves = _markLeaves(setId, number, records, proofs, ballotId);
        emit Flagged(ballotId, setId, number, leaves, reason, f.bond, f.reward);
        token.safeTransferFrom(msg.sender, address(this), f.bond);
    }

    /// @inheritdoc IDatasetRegistry
    function correct(uint256 setId, VersionTerms calldata terms, uint64 upTo)
        external
        onlySetOwner(setId)
        returns (uint32 number)
    {
        Dataset storage set = _datasets[setId];
        _checkVersion(setId, terms);
        if (upTo <= set.answered || upTo > set.upheld) {
            revert AnswersOutOfBounds(setId, upTo, set.answered, set.upheld);
        }
        uint64 most = _versions[setId][set.versions].terms.records;
        if (terms.records > most) revert CorrectionGrows(setId, terms.records, most);
        if (_isOverdue(setId)) _setListed(setId, false);
        set.answered = upTo;
        number = _include(setId, terms);
        emit Corrected(setId, number, upTo);
    }

    /// @inheritdoc IDatasetRegistry
    function delistOverdue(uint256 setId) external {
        if (!_isOverdue(setId)) revert NotOverdue(setId);
        _setListed(setId, false);
    }

    /// @inheritdoc IDatasetRegistry
    function proveUncorrected(uint256 setId, RecordLeaf calldata record, bytes32[] calldata proof) external {
        if (!isListed(setId)) revert NotListed(setId);
        Dataset storage set = _datasets[setId];
        bytes32 leaf = record.leafOf();
        uint64 number = _flags[flagOfLeaf[setId][leaf]].number;
        if (number == 0 || number > set.answered) revert NotCondemned(leaf);
        _requireIn(leaf, _versions[setId][set.versions].terms.root, proof);
        uint128 reserve = set.reserve;
        _setListed(setId, false);
        _setReserve(setId, 0);
        _credit(msg.sender, reserve);
    }

    /// @inheritdoc IDatasetRegistry
    function setListed(uint256 setId, bool listed) external restricted {
        _ownerOfSet(setId);
        Dataset storage set = _datasets[setId];
        if (listed && set.answered < set.upheld) revert StillFlagged(setId, set.answered, set.upheld);
        _setListed(setId, listed);
    }

    /// @inheritdoc IDatasetRegistry
    function order(uint256 setId, uint128 maxPrice) external {
        if (!isListed(setId)) revert NotListed(setId);
        Dataset storage set = _datasets[setId];
        uint128 price = set.terms.price;
        if (price > maxPrice) revert PriceExceeded(price, maxPrice);
        _ordered[setId][msg.sender] = set.editions;
        emit Ordered(setId, msg.sender, set.editions, price);
        if (price == 0) return;
        _split(setId, set.versions, price);
        token.safeTransferFrom(msg.sender, address(this), price);
    }

    /// @inheritdoc IDatasetRegistry
    function dataset(uint256 setId) external view returns (Dataset memory) {
        _ownerOfSet(setId);
        return _datasets[setId];
    }

    /// @inheritdoc IDatasetRegistry
    function nameOf(uint256 setId) external view returns (string memory) {
        _ownerOfSet(setId);
        return _names[setId].toString();
    }

    /// @inheritdoc IDatasetRegistry
    function version(uint256 setId, uint32 number) external view returns (Version memory) {
        return _version(setId, number);
    }

    /// @inheritdoc IDatasetRegistry
    function flagOf(uint256 ballotId) external view returns (Flag memory) {
        return _flags[ballotId];
    }

    /// @inheritdoc IDatasetRegistry
    function hasAccess(uint256 setId, uint32 number, address account) external view returns (bool) {
        return _ownerOfSet(setId) == account || _version(setId, number).edition <= _ordered[setId][account];
    }

    /// @inheritdoc IDatasetRegistry
    function isRecord(uint256 setId, uint32 number, RecordLeaf calldata record, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return DatasetLeaf.isIn(record.leafOf(), _version(setId, number).terms.root, proof);
    }

    /// @inheritdoc IDatasetRegistry
    function isListed(uint256 setId) public view returns (bool) {
        Dataset storage set = _datasets[setId];
        return set.versions > 0 && !set.delisted && !_isOverdue(setId);
    }

    function _decided(uint256 ballotId, Ballot storage b) internal override {
        if (b.kind == Kind.Flag) {
            _settleFlag(ballotId, b);
        } else if (b.outcome == Outcome.Accepted) {
            VersionTerms memory terms = _proposed[ballotId];
            Dataset storage set = _datasets[b.setId];
            if (set.delisted) revert NotListed(b.setId);
            ++set.editions;
            _include(b.setId, terms);
        }
    }

    function _ownerOfSet(uint256 setId) internal view override returns (address owner) {
        owner = _ownerOf(setId);
        if (owner == address(0)) revert DatasetUnknown(setId);
    }

    function _contributorsBps(uint256 setId) internal view override returns (uint16) {
        return _datasets[setId].terms.contributorsBps;
    }

    function _contributorsOf(uint256 setId, uint32 number) internal view override returns (bytes32, uint64) {
        VersionTerms storage terms = _version(setId, number).terms;
        return (terms.contributorsRoot, terms.records);
    }

    /// @dev Takes the reward out of the reserve; the caller takes the bond.
    function _promise(uint256 setId, uint32 number, uint256 records, uint128 minReward)
        private
        returns (Flag memory f)
    {
        Dataset storage set = _datasets[setId];
        if (number != set.versions) revert VersionOutdated(setId, number, set.versions);
        uint256 wanted = set.terms.flagReward * records;
        uint128 reward = wanted < set.reserve ? uint128(wanted) : set.reserve;
        if (reward < minReward) revert RewardTooLow(setId, reward, minReward);
        // At most 64 times 2^80 wei.
        f = Flag(number, uint32(records), 0, uint128(set.terms.flagBond * records), reward);
        if (reward > 0) _setReserve(setId, set.reserve - reward);
    }

    function _markLeaves(
        uint256 setId,
        uint32 number,
        RecordLeaf[] calldata records,
        bytes32[][] calldata proofs,
        uint256 ballotId
    ) private returns (bytes32[] memory leaves) {
        bytes32 root = _version(setId, number).terms.root;
        leaves = new bytes32[](records.length);
        for (uint256 i = 0; i < records.length; ++i) {
            bytes32 leaf = records[i].leafOf();
            uint256 former = flagOfLeaf[setId][leaf];
            if (former != 0 && uint8(_ballot(former).outcome) < uint8(Outcome.Refused)) {
                revert AlreadyFlagged(leaf, former);
            }
            _requireIn(leaf, root, proofs[i]);
            flagOfLeaf[setId][leaf] = ballotId;
            leaves[i] = leaf;
        }
    }

    function _settleFlag(uint256 ballotId, Ballot storage b) private {
        uint256 setId = b.setId;
        Dataset storage set = _datasets[setId];
        Flag storage f = _flags[ballotId];
        if (b.outcome == Outcome.Accepted) {
            uint64 number = ++set.upheld;
            f.number = number;
            uint48 due = uint48(block.timestamp) + correctionPeriod;
            dueAt[setId][number] = due;
            emit FlagUpheld(ballotId, setId, number, due);
            _credit(b.initiator, uint256(f.bond) + f.reward);
            return;
        }
        if (f.reward > 0) _setReserve(setId, set.reserve + f.reward);
        _credit(b.outcome == Outcome.Refused ? _ownerOfSet(setId) : b.initiator, f.bond);
    }

    function _include(uint256 setId, VersionTerms memory terms) private returns (uint32 number) {
        Dataset storage set = _datasets[setId];
        if (terms.parent != set.versions) revert VersionOutdated(setId, terms.parent, set.versions);
        number = ++set.versions;
        _versions[setId][number] = Version(terms, set.editions, uint48(block.timestamp));
        emit VersionIncluded(setId, number, set.editions, terms);
    }

    function _setListed(uint256 setId, bool listed) private {
        _datasets[setId].delisted = !listed;
        emit Listed(setId, listed);
    }

    function _setReserve(uint256 setId, uint128 reserve) private {
        _datasets[setId].reserve = reserve;
        emit ReserveChanged(setId, reserve);
    }

    /// @dev Flags fall due in the order in which they were upheld.
    function _isOverdue(uint256 setId) private view returns (bool) {
        Dataset storage set = _datasets[setId];
        return set.answered < set.upheld && block.timestamp > dueAt[setId][set.answered + 1];
    }

    function _version(uint256 setId, uint32 number) private view returns (Version storage v) {
        v = _versions[setId][number];
        if (v.includedAt == 0) revert VersionUnknown(setId, number);
    }

    function _checkVersion(uint256 setId, VersionTerms calldata terms) private view {
        if (terms.root == 0) revert VersionInvalid("root");
        if (terms.manifest == 0) revert VersionInvalid("manifest");
        if (terms.contributorsRoot == 0) revert VersionInvalid("contributorsRoot");
        if (terms.records == 0) revert VersionInvalid("records");
        uint32 newest = _datasets[setId].versions;
        if (terms.parent != newest) revert VersionOutdated(setId, terms.parent, newest);
    }

    function _requireIn(bytes32 leaf, bytes32 root, bytes32[] calldata proof) private pure {
        if (!DatasetLeaf.isIn(leaf, root, proof)) revert RecordNotProven(leaf, root);
    }

    function _checkAmount(bytes32 field, uint128 amount) private pure {
        if (amount > MAX_AMOUNT) revert TermsOutOfBounds(field, amount, MAX_AMOUNT);
    }
}
