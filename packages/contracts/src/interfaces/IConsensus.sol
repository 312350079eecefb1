// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Commit, reveal, snapshot, settle
/// @notice Voters commit to their weights during an epoch [S, T) and reveal them in [T, T + revealWindow). From T on
/// anybody takes the epoch's snapshot, and from T + revealWindow until T + epochLength anybody settles it: the contract
/// itself computes consensus, incentive, bonds and dividends (specification: The epoch). Not settled by then, the epoch
/// is void: rows, bonds and permits stand as they were and its emission joins the next.
/// @dev Only hashes are stored; the data are in events and in the calldata of `snapshot`, `reveal` and `settle`. Packed
/// lists: uid 0 in the lowest bits; `uint16` sixteen, `uint32` eight, `uint64` four a word; bitmaps 256 uids a word.
/// Everything `settle` reads is fixed before its window opens, so it does not matter who settles or when.
interface IConsensus {
    /// @param hash the open commitment; 0: none
    /// @param epoch the epoch it is for
    /// @param committedAt unix seconds
    /// @param revealed whether its row was revealed
    struct Commitment {
        bytes32 hash;
        uint64 epoch;
        uint48 committedAt;
        bool revealed;
    }

    /// @param rowHash keccak256 of the time at which the last revealed row was committed (one word) and of its words; 0:
    /// none was revealed
    /// @param lastUpdate when that row was committed, unix seconds; the registration when there is none
    /// @param commitments of even and odd epochs
    struct VoterState {
        uint16 uid;
        uint64 nodeId;
        uint48 registeredAt;
        bytes32 rowHash;
        uint48 lastUpdate;
        Commitment[2] commitments;
    }

    /// @notice The windows and rules that `settle` works by, so that it asks no other contract for them.
    /// @param end T, unix seconds, as are `revealEnd` and `settleEnd`
    /// @param activityCutoff seconds without a vote after which a voter's stake does not count
    /// @dev The others are those of `ISubnetTerms.Parameters` at S.
    struct Terms {
        uint48 end;
        uint48 revealEnd;
        uint48 settleEnd;
        uint64 activityCutoff;
        uint16 kappa;
        uint32 bondsAlpha;
        uint16 bondsPenalty;
        bool liquidAlpha;
        uint16 alphaLow;
        uint16 alphaHigh;
        uint16 alphaSteepness;
        uint16 ownerCut;
        uint16 minersCut;
        uint16 validatorsCut;
    }

    /// @notice What an epoch's snapshot fixes. A vacant slot has stake 0.
    /// @param uids slots that were taken before T
    /// @param stakes uint32: quantised stake at S, 0 below the threshold
    /// @param registeredAt uint64: unix seconds
    /// @param takes uint16: bps, in force at S; 0 without stake
    /// @param newPermits bitmap: the permits that this epoch grants
    /// @param ownSlots bitmap: slots that the subnet's owner declared its own
    struct Snapshot {
        Terms terms;
        uint16 uids;
        uint256[] stakes;
        uint256[] registeredAt;
        uint256[] takes;
        uint256[] newPermits;
        uint256[] ownSlots;
    }

    /// @notice What `settle` takes beside the snapshot: one entry a voter (`voters`), in order.
    /// @param committedAt unix seconds: when the row was committed; 0 without one
    /// @param rowWords words of a row of `rows`: at least ceil(uids / 16), and enough for the longest
    /// @param rows uint16: the last revealed rows, `rowWords` words each, zeros where the row is shorter or absent
    /// @param bonds uint16: bond rows that the last settlement stored, one a permit it granted; empty before the first
    /// @param claim uint32: the consensus, ceil(uids / 8) words; empty only with 16 voters or fewer
    struct Votes {
        uint256[] committedAt;
        uint16 rowWords;
        uint256[] rows;
        uint256[] bonds;
        uint256[] claim;
    }

    /// @param settled whether any epoch was settled
    /// @param epoch the last one settled
    /// @param end its T, unix seconds
    /// @param blockNumber the block whose `EpochSettled` has its results
    /// @param uids its slots
    /// @param bondsHash keccak256 of its bond rows, `ceil(uids / 16)` words a holder of `permits`
    /// @param payHash keccak256(abi.encode(incentive, validatorPay)), both as in its `EpochSettled`
    /// @param permits bitmap: permits in force for the next settlement
    struct LastSettled {
        bool settled;
        uint64 epoch;
        uint48 end;
        uint48 blockNumber;
        uint16 uids;
        bytes32 bondsHash;
        bytes32 payHash;
        uint256[] permits;
    }

    /// @notice What an epoch resulted in: words of packed `uint32` by uid, concatenated.
    /// @param permits bitmap: permits that it granted, in force for the next
    /// @param consensus of 2^30
    /// @param validatorTrust of 2^30
    /// @param incentive of 2^31
    /// @param dividends of 2^31
    /// @param validatorPay of 2^31
    /// @param bondsHash keccak256 of the bond rows to hand in next: what the rules give for the calldata of this
    /// settlement, or for the events since any earlier one
    struct Result {
        uint16 uids;
        uint256[] permits;
        bytes consensus;
        bytes validatorTrust;
        bytes incentive;
        bytes dividends;
        bytes validatorPay;
        bytes32 bondsHash;
    }

    event Committed(
        uint16 indexed netuid, uint16 indexed uid, uint64 indexed epoch, bytes32 commitment, uint48 committedAt
    );
    event Revealed(
        uint16 indexed netuid,
        uint16 indexed uid,
        uint64 indexed epoch,
        uint48 committedAt,
        uint256 version,
        uint256[] packedRow,
        bytes32 evidenceRoot
    );
    event SnapshotTaken(uint16 indexed netuid, uint64 indexed epoch, Snapshot snapshot);
    event EpochSettled(uint16 indexed netuid, uint64 indexed epoch, address indexed settler, Result result);

    /// @notice A commitment is for the epoch that is running.
    error NotCurrentEpoch(uint64 epoch, uint64 current);
    error CommitmentZero();
    error CommitmentMissing(uint16 uid, uint64 epoch);
    error CommitmentMismatch(uint16 uid, bytes32 computed, bytes32 committed);
    error AlreadyRevealed(uint16 uid, uint64 epoch);
    error RevealClosed(uint64 epoch, uint256 closedAt);
    error RowTooLong(uint256 words, uint256 maxWords);
    /// @notice The row was made for rules older than the subnet's `weightsVersion`.
    error VersionTooOld(uint256 version, uint256 required);
    /// @notice A row names at least `minWeights` neurons, or none.
    error TooFewWeights(uint256 count, uint256 minimum);
    /// @notice The largest weight of a row is at most `maxWeightRatio` / 65535 of its sum.
    error WeightTooLarge(uint256 largest, uint256 sum, uint256 maxWeightRatio);
    error TooEarly(uint256 opensAt);
    /// @notice The settlement window of the epoch is over.
    error Void(uint64 epoch);
    error AlreadySettled(uint64 epoch);
    error AlreadySnapshotted(uint64 epoch);
    error SnapshotMissing(uint64 epoch);
    /// @notice The snapshot handed in is not the one that was taken.
    error SnapshotMismatch(bytes32 computed, bytes32 stored);
    error VoterCountMismatch(uint256 actual, uint256 voters);
    /// @notice The row handed in is not the one this voter revealed last.
    error RowMismatch(uint16 uid);
    /// @notice The bond rows handed in are not those stored at the last settlement.
    error BondsMismatch(bytes32 computed, bytes32 stored);
    /// @notice So many voters settle with a claim only.
    error ClaimRequired(uint256 voters, uint256 limit);

    /// @notice Commits the caller's neuron to a row; replaces the commitment it made in the same epoch.
    /// @param epoch the running epoch, so that a late transaction reverts instead of binding the voter to a hash that
    /// it cannot reveal
    /// @param commitment keccak256(abi.encode(chainid, consensus, netuid, epoch, nodeId, registeredAt, version,
    /// packedRow, evidenceRoot, salt)), as `commitmentOf` computes it
    function commit(uint16 netuid, uint64 epoch, bytes32 commitment) external;

    /// @notice Reveals the row that the caller's neuron committed in `epoch`. A voter that committed and does not
    /// reveal has no active stake in that epoch.
    function reveal(
        uint16 netuid,
        uint64 epoch,
        uint256 version,
        uint256[] calldata packedRow,
        bytes32 evidenceRoot,
        bytes32 salt
    ) external;

    /// @notice Fixes the rules of the epoch, stakes at S, the permits they grant, takes and slots. Once an epoch, from T on; anybody.
    function snapshot(uint16 netuid, uint64 epoch) external;

    /// @notice Settles an epoch. A wrong `votes.claim` reverts with the kernel's `BadClaim(uid)`.
    function settle(uint16 netuid, uint64 epoch, Snapshot calldata snapshot_, Votes calldata votes) external;

    /// @notice The uids, ascending, whose rows settle the next epoch: holders of the permits of the last settled epoch
    /// that have not been replaced since; none before the first settlement, which takes the holders of its own
    /// snapshot's new permits.
    function voters(uint16 netuid) external view returns (uint16[] memory uids);

    /// @notice What `snapshot` would fix, or fixed: the same from T on until the epoch is void.
    function snapshotOf(uint16 netuid, uint64 epoch) external view returns (Snapshot memory);

    /// @notice The hash to commit to.
    function commitmentOf(
        uint16 netuid,
        uint64 epoch,
        uint64 nodeId,
        uint48 registeredAt,
        uint256 version,
        uint256[] calldata packedRow,
        bytes32 evidenceRoot,
        bytes32 salt
    ) external view returns (bytes32);

    function voterState(uint16 netuid, uint16 uid) external view returns (VoterState memory);

    /// @notice Voter states of uids `from` … `from + count − 1`, as far as they exist.
    function voterStates(uint16 netuid, uint16 from, uint16 count) external view returns (VoterState[] memory);

    /// @notice Bitmap of the voters that committed in an epoch and have not revealed.
    function withheld(uint16 netuid, uint64 epoch) external view returns (uint256[] memory bitmap);

    function lastSettled(uint16 netuid) external view returns (LastSettled memory);

    /// @notice `LastSettled.payHash`, `LastSettled.epoch` and `LastSettled.end`; 0 before the first settlement.
    function lastPay(uint16 netuid) external view returns (bytes32 payHash, uint64 epoch, uint48 end);

    /// @notice The epoch of the last snapshot and its hash; 0 before the first.
    function lastSnapshot(uint16 netuid) external view returns (uint64 epoch, bytes32 hash);
}
