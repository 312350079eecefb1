// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RecordLeaf} from "../libraries/DatasetLeaf.sol";

/// @title Data sets, their versions and what is wrong with them
/// @notice A data set is a token whose versions never change: a Merkle root over its records, each with source,
/// licence and contributor. Curators vote versions in. Anybody can flag records with a bond; flags that curators
/// uphold must be answered by a corrected version in time, or the set is delisted. A record whose flag was upheld is
/// condemned for good: who proves that an answer still contains it delists the set.
/// @dev A set is the token with its number. Whoever buys a token buys credits that fall due later with it.
interface IDatasetRegistry {
    /// @param price wei of an order
    /// @param flagBond wei that a flag costs for each record; back unless it is refused
    /// @param flagReward wei for each record of an upheld flag, as far as the set's reserve goes
    /// @param contributorsBps the contributors' part of every payment; the owner gets the rest
    struct SetTerms {
        uint128 price;
        uint128 flagBond;
        uint128 flagReward;
        uint16 contributorsBps;
    }

    /// @param reserve wei for rewards that are not promised to a flag yet
    /// @param versions the newest version; 0 before the first is included
    /// @param editions versions that curators included; a correction belongs to the edition it corrects
    /// @param upheld flags upheld so far
    /// @param answered flags that a correction has answered, in the order in which they were upheld
    struct Dataset {
        SetTerms terms;
        uint128 reserve;
        uint32 versions;
        uint32 editions;
        uint64 upheld;
        uint64 answered;
        bool delisted;
    }

    /// @param root of the tree of records
    /// @param manifest digest of the manifest
    /// @param contributorsRoot of the tree of contributors' shares
    /// @param licence keccak256 of the SPDX expression
    /// @param records leaves of the tree
    /// @param parent the version that it follows: the newest one, 0 for the first
    struct VersionTerms {
        bytes32 root;
        bytes32 manifest;
        bytes32 contributorsRoot;
        bytes32 licence;
        uint64 records;
        uint32 parent;
    }

    struct Version {
        VersionTerms terms;
        uint32 edition;
        uint48 includedAt;
    }

    /// @param version the version that has the flagged records
    /// @param records how many
    /// @param number place in the order of upheld flags, from 1; 0 unless upheld
    /// @param bond wei, held while the ballot is open
    /// @param reward wei, promised from the reserve
    struct Flag {
        uint32 version;
        uint32 records;
        uint64 number;
        uint128 bond;
        uint128 reward;
    }

    event DatasetCreated(uint256 indexed setId, address indexed owner, string name, SetTerms terms);
    event PriceSet(uint256 indexed setId, uint256 price);
    event ReserveChanged(uint256 indexed setId, uint256 reserve);
    event VersionProposed(uint256 indexed ballotId, uint256 indexed setId, VersionTerms terms);
    event VersionIncluded(uint256 indexed setId, uint32 indexed version, uint32 edition, VersionTerms terms);
    event Flagged(
        uint256 indexed ballotId,
        uint256 indexed setId,
        uint32 indexed version,
        bytes32[] leaves,
        bytes32 reason,
        uint256 bond,
        uint256 reward
    );
    event FlagUpheld(uint256 indexed ballotId, uint256 indexed setId, uint64 number, uint48 dueAt);
    event Corrected(uint256 indexed setId, uint32 indexed version, uint64 answered);
    event Listed(uint256 indexed setId, bool listed);
    event Ordered(uint256 indexed setId, address indexed account, uint32 edition, uint256 price);

    error DatasetUnknown(uint256 setId);
    error VersionUnknown(uint256 setId, uint32 version);
    error NotDatasetOwner(uint256 setId, address caller);
    error TermsOutOfBounds(bytes32 field, uint256 value, uint256 most);
    error VersionInvalid(bytes32 field);
    /// @notice What is said of a set follows, or flags, its newest version.
    error VersionOutdated(uint256 setId, uint32 version, uint32 newest);
    /// @notice A correction removes or replaces records; more of them are for the curators to include.
    error CorrectionGrows(uint256 setId, uint64 records, uint64 most);
    error NotListed(uint256 setId);
    error FlagRecordsOutOfBounds(uint256 records, uint256 proofs, uint256 most);
    error RecordNotProven(bytes32 leaf, bytes32 root);
    error AlreadyFlagged(bytes32 leaf, uint256 ballotId);
    error RosterChanged(uint256 setId, uint32 roster, uint32 current);
    error RewardTooLow(uint256 setId, uint256 reward, uint256 least);
    /// @notice A correction answers flags up to one that was upheld and not answered.
    error AnswersOutOfBounds(uint256 setId, uint64 upTo, uint64 answered, uint64 upheld);
    error NotOverdue(uint256 setId);
    error StillFlagged(uint256 setId, uint64 answered, uint64 upheld);
    error NotCondemned(bytes32 leaf);
    error ReserveTooSmall(uint256 setId, uint256 reserve, uint256 asked);
    error PriceExceeded(uint256 price, uint256 maxPrice);

    /// @notice Creates a data set of the caller.
    /// @param name 1 to 31 bytes
    function create(string calldata name, SetTerms calldata terms, address[] calldata curators)
        external
        returns (uint256 setId);

    /// @notice Appoints the set's curators for ballots that begin from now on. The owner, or the DAO.
    function setCurators(uint256 setId, address[] calldata curators) external;

    /// @notice Only the owner.
    function setPrice(uint256 setId, uint128 price) external;

    /// @notice Adds to the reserve that pays rewards. Needs an allowance. Anybody may.
    function fund(uint256 setId, uint128 amount) external;

    /// @notice Credits the owner with a part of the reserve that is not promised to a flag.
    function releaseReserve(uint256 setId, uint128 amount) external;

    /// @notice Proposes a version; the curators vote. Anybody may.
    function proposeVersion(uint256 setId, VersionTerms calldata terms) external returns (uint256 ballotId);

    /// @notice Claims that records of the newest version are wrong, with the set's bond for each. Needs an allowance.
    /// @param records 1 to 64, none of them flagged in a ballot that is open or was upheld
    /// @param proofs one a record
    /// @param reason digest of what is wrong, for the curators
    /// @param roster the roster that must judge
    /// @param minReward least reward that the flagger wants to be promised, in wei
    function flag(
        uint256 setId,
        uint32 version,
        RecordLeaf[] calldata records,
        bytes32[][] calldata proofs,
        bytes32 reason,
        uint32 roster,
        uint128 minReward
    ) external returns (uint256 ballotId);

    /// @notice Adds a version that answers the upheld flags up to number `upTo`: it contains none of their records, and
    /// no more records than the newest version. Only the owner; after the time of the oldest one the set is delisted.
    function correct(uint256 setId, VersionTerms calldata terms, uint64 upTo) external returns (uint32 version);

    /// @notice Delists a set whose oldest upheld flag was not answered in time. Anybody may.
    function delistOverdue(uint256 setId) external;

    /// @notice Delists a set whose newest version contains a record of an answered flag; the caller gets the reserve.
    function proveUncorrected(uint256 setId, RecordLeaf calldata record, bytes32[] calldata proof) external;

    /// @notice Lists a set again, all of whose flags are answered, or delists one. Only the DAO.
    function setListed(uint256 setId, bool listed) external;

    /// @notice Buys access to the present edition, its corrections and all editions before. Needs an allowance.
    function order(uint256 setId, uint128 maxPrice) external;

    function datasetCount() external view returns (uint256);
    function dataset(uint256 setId) external view returns (Dataset memory);
    function nameOf(uint256 setId) external view returns (string memory);
    function version(uint256 setId, uint32 number) external view returns (Version memory);
    function flagOf(uint256 ballotId) external view returns (Flag memory);

    /// @notice The last ballot that flagged the record; 0 when none did.
    function flagOfLeaf(uint256 setId, bytes32 leaf) external view returns (uint256 ballotId);

    /// @notice Unix seconds until which an upheld flag, by its number, must be answered.
    function dueAt(uint256 setId, uint64 number) external view returns (uint48);

    /// @notice Whether the set has a version, was not delisted and has no overdue flag.
    function isListed(uint256 setId) external view returns (bool);

    function hasAccess(uint256 setId, uint32 number, address account) external view returns (bool);

    /// @notice Whether a record is in a version.
    function isRecord(uint256 setId, uint32 number, RecordLeaf calldata record, bytes32[] calldata proof)
        external
        view
        returns (bool);

    /// @notice Seconds in which an upheld flag must be answered.
    function correctionPeriod() external view returns (uint48);
}
