// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What data sets earn
/// @notice Every payment for a data set is split between its owner and the contributors of one version. Contributors
/// claim their part with a proof of their share of the records; everything is credited and withdrawn by pull.
interface IDatasetRoyalties {
    /// @param paid wei for contributors in this round
    /// @param claimed wei of `paid` that were credited
    /// @param round grows when unclaimed royalties are swept
    /// @param provenRecords records of the contributors that have claimed once; never above the version's records
    /// @param lastPaidAt unix seconds
    struct Pool {
        uint128 paid;
        uint128 claimed;
        uint32 round;
        uint64 provenRecords;
        uint48 lastPaidAt;
    }

    event Credited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event RoyaltyPaid(
        uint256 indexed setId, uint32 indexed version, address indexed payer, uint256 toOwner, uint256 toContributors
    );
    event RoyaltyClaimed(
        uint256 indexed setId, uint32 indexed version, address indexed contributor, uint256 records, uint256 amount
    );
    event RoyaltySwept(uint256 indexed setId, uint32 indexed version, address indexed owner, uint256 amount);

    error NothingToWithdraw(address account);
    /// @notice The account has no such share of the version.
    error ShareNotProven(uint256 setId, uint32 version, address contributor, uint256 records);
    /// @notice The shares claimed in a version whose tree lies add up to more than its records.
    error SharesExceedRecords(uint256 setId, uint32 version, uint256 records);
    error NotYetUnclaimed(uint256 setId, uint32 version, uint256 sweepableAt);

    /// @notice Pays for a version, split like an order. Needs an allowance. Anybody may, for instance a splitter.
    /// @param amount wei
    function payRoyalty(uint256 setId, uint32 version, uint128 amount) external;

    /// @notice Credits a contributor with what its share of the records earned since its last claim, rounded down.
    /// Anybody may, with the proof of the share.
    /// @param records the contributor's records in the version
    /// @param proof from `DatasetContributor(contributor, records)` to the version's `contributorsRoot`
    function claimRoyalty(uint256 setId, uint32 version, address contributor, uint64 records, bytes32[] calldata proof)
        external
        returns (uint256 amount);

    /// @notice Credits the set's owner with what nobody claimed in a year since the last payment for the version.
    function sweepRoyalty(uint256 setId, uint32 version) external returns (uint256 amount);

    /// @notice Pays out what the account was credited with. Anybody may trigger it; the account gets it.
    function withdraw(address account) external returns (uint256 amount);

    /// @notice Wei that the account can withdraw.
    function creditOf(address account) external view returns (uint256);

    function poolOf(uint256 setId, uint32 version) external view returns (Pool memory);

    /// @notice The share of the records that a contributor has proven; 0 before its first claim.
    function provenShareOf(uint256 setId, uint32 version, address contributor) external view returns (uint64);
}
