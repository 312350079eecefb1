// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDatasetRoyalties} from "../interfaces/IDatasetRoyalties.sol";
import {DatasetLeaf} from "../libraries/DatasetLeaf.sol";

/// @notice The part of `DatasetRegistry` that holds tokens: credits of accounts and royalties of contributors.
abstract contract DatasetRoyalties is IDatasetRoyalties {
    using SafeERC20 for IERC20;

    uint48 public constant CLAIM_PERIOD = 365 days;
    uint256 internal constant BPS = 10_000;

    IERC20 public immutable token;

    /// @inheritdoc IDatasetRoyalties
    mapping(address account => uint256) public creditOf;
    /// @inheritdoc IDatasetRoyalties
    mapping(uint256 setId => mapping(uint32 version => mapping(address contributor => uint64))) public provenShareOf;
    mapping(uint256 setId => mapping(uint32 version => Pool)) private _pools;
    mapping(
        uint256 setId => mapping(uint32 version => mapping(uint32 round => mapping(address contributor => uint128)))
    ) private _claimed;

    constructor(address token_) {
        token = IERC20(token_);
    }

    /// @inheritdoc IDatasetRoyalties
    function payRoyalty(uint256 setId, uint32 version, uint128 amount) external {
        _split(setId, version, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IDatasetRoyalties
    function claimRoyalty(uint256 setId, uint32 version, address contributor, uint64 records, bytes32[] calldata proof)
        external
        returns (uint256 amount)
    {
        (bytes32 root, uint64 total) = _contributorsOf(setId, version);
        if (!DatasetLeaf.isIn(DatasetLeaf.contributorLeafOf(contributor, records), root, proof) || records == 0) {
            revert ShareNotProven(setId, version, contributor, records);
        }
        Pool storage pool = _pools[setId][version];
        uint64 proven = provenShareOf[setId][version][contributor];
        if (proven == 0) {
            // 64 bits each: their sum has 65.
            if (uint256(pool.provenRecords) + records > total) revert SharesExceedRecords(setId, version, total);
            pool.provenRecords += records;
            provenShareOf[setId][version][contributor] = records;
        } else if (proven != records) {
            revert ShareNotProven(setId, version, contributor, records);
        }
        uint128 earned = uint128(Math.mulDiv(pool.paid, records, total)); // records are at most the total
        amount = earned - _claimed[setId][version][pool.round][contributor];
        _claimed[setId][version][pool.round][contributor] = earned;
        pool.claimed += uint128(amount);
        emit RoyaltyClaimed(setId, version, contributor, records, amount);
        _credit(contributor, amount);
    }

    /// @inheritdoc IDatasetRoyalties
    function sweepRoyalty(uint256 setId, uint32 version) external returns (uint256 amount) {
        Pool storage pool = _pools[setId][version];
        uint256 sweepableAt = uint256(pool.lastPaidAt) + CLAIM_PERIOD;
        if (block.timestamp < sweepableAt) revert NotYetUnclaimed(setId, version, sweepableAt);
        amount = pool.paid - pool.claimed;
        (pool.paid, pool.claimed) = (0, 0);
        ++pool.round;
        address owner = _ownerOfSet(setId);
        emit RoyaltySwept(setId, version, owner, amount);
        _credit(owner, amount);
    }

    /// @inheritdoc IDatasetRoyalties
    function withdraw(address account) external returns (uint256 amount) {
        amount = creditOf[account];
        if (amount == 0) revert NothingToWithdraw(account);
        creditOf[account] = 0;
        emit Withdrawn(account, amount);
        token.safeTransfer(account, amount);
    }

    /// @inheritdoc IDatasetRoyalties
    function poolOf(uint256 setId, uint32 version) external view returns (Pool memory) {
        return _pools[setId][version];
    }

    /// @dev The caller takes the tokens.
    function _split(uint256 setId, uint32 version, uint128 amount) internal {
        _contributorsOf(setId, version);
        uint128 toContributors = uint128(uint256(amount) * _contributorsBps(setId) / BPS); // a part of 128 bits
        uint256 toOwner = amount - toContributors;
        Pool storage pool = _pools[setId][version];
        pool.paid += toContributors;
        pool.lastPaidAt = uint48(block.timestamp);
        emit RoyaltyPaid(setId, version, msg.sender, toOwner, toContributors);
        _credit(_ownerOfSet(setId), toOwner);
    }

    function _credit(address account, uint256 amount) internal {
        if (amount == 0) return;
        creditOf[account] += amount;
        emit Credited(account, amount);
    }

    function _ownerOfSet(uint256 setId) internal view virtual returns (address);

    function _contributorsBps(uint256 setId) internal view virtual returns (uint16);

    /// @dev Reverts when there is no such version.
    function _contributorsOf(uint256 setId, uint32 version) internal view virtual returns (bytes32 root, uint64 records);
}
