// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Commit, reveal, settle
/// @notice Voters commit to their weights during an epoch [S, T), reveal them in [T, T + revealWindow), and anybody
/// settles the epoch in [T + revealWindow, T + epochLength): the contract itself computes consensus, incentive, bonds
/// and dividends (specification: The epoch). Not settled by then, the epoch is void: rows, bonds and permits stand as
/// they were and its emission joins the next.
/// @dev Rows, bond rows: dense `uint16` of 65535, sixteen a word, uid 0 in the lowest bits, ceil(n / 16) words; a
/// shorter row means zeros. Only their hashes are stored, `keccak256(abi.encodePacked(words))` or 0 for no words; the data are in the
/// events. Everything `settle` reads is fixed before its window opens, so it does not matter who settles or when.
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

    /// @param rowHash hash of the last revealed row; 0: none, or an empty one
    /// @param bondHash hash of the bond row; 0: none, or all zero
    /// @param lastUpdate when the row was committed, unix seconds; the registration when there is none
    /// @param commitments of even and odd epochs
    struct VoterState {
        uint16 uid;
        uint64 nodeId;
        uint48 registeredAt;
        bytes32 rowHash;
        bytes32 bondHash;
        uint48 lastUpdate;
        Commitment[2] commitments;
    }

    /// @param taken whether the epoch has a snapshot
    /// @param n slots registered before T
    /// @param newPermit bit uid: the permits that this epoch grants
    /// @param stakes quantised stakes, eight `uint32` a word, uid 0 in the lowest bits
    struct Snapshot {
        bool taken;
        uint64 epoch;
        uint16 n;
        uint256 newPermit;
        uint256[] stakes;
    }

    /// @param settled whether any epoch was settled
    /// @param end its T, unix seconds
    /// @param permits bit uid: permits in force for the next settlement
    /// @param blockNumber the block whose `EpochSettled` has all results
    struct LastSettled {
        bool settled;
        uint64 epoch;
        uint48 end;
        uint48 blockNumber;
        uint256 permits;
    }

    /// @notice Everything an epoch resulted in; arrays by uid, `n` long.
    /// @param n slots of the epoch
    /// @param permits bit uid: permits that this epoch granted, in force for the next
    /// @param stakes quantised
    /// @param consensus of 2^30
    /// @param validatorTrust of 2^30
    /// @param incentive of 2^32
    /// @param dividends of 2^32
    /// @param bonds packed bond rows of the holders of `permits`, by ascending uid, empty where all bonds are zero: what
    /// the next `settle` takes
    struct Result {
        uint16 n;
        uint256 permits;
        uint32[] stakes;
        uint32[] consensus;
        uint32[] validatorTrust;
        uint64[] incentive;
        uint64[] dividends;
        uint256[][] bonds;
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
    event SnapshotTaken(uint16 indexed netuid, uint64 indexed epoch, uint16 n, uint256 newPermit, uint256[] stakes);
    event EpochSettled(uint16 indexed netuid, uint64 indexed epoch, address indexed settler, Result result);

    /// @notice A commitment is for the epoch that is running.
    error NotCurrentEpoch(uint64 epoch, uint64 current);
    error CommitmentZero();
    error CommitmentMissing(uint16 uid, uint64 epoch);
    error CommitmentMismatch(uint16 uid, bytes32 computed, bytes32 committed);
    error AlreadyRevealed(uint16 uid, uint64 epoch);
    error RevealClosed(uint64 epoch, uint256 closedAt);
    error RowTooLong(uint256 words, uint256 maxWords);
    error TooEarly(uint256 opensAt);
    /// @notice The settlement window of the epoch is over.
    error Void(uint64 epoch);
    error AlreadySettled(uint64 epoch);
    error AlreadySnapshotted(uint64 epoch);
    error RowCountMismatch(uint256 rows, uint256 bonds, uint256 permits);
    /// @notice The row handed in is not the one this voter revealed last.
    error RowMismatch(uint16 uid);
    /// @notice The bond row handed in is not the one stored at the last settlement.
    error BondsMismatch(uint16 uid);

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

    /// @notice Stores quantised stakes at S, the permits they grant and the number of slots. Once an epoch, from T on.
    function snapshot(uint16 netuid, uint64 epoch) external;

    /// @notice Settles an epoch; takes the snapshot too when there is none.
    /// @param rows last revealed row of each voter (`voters`), empty where it has none
    /// @param bonds bond row of each voter, empty where it has none
    function settle(uint16 netuid, uint64 epoch, uint256[][] calldata rows, uint256[][] calldata bonds) external;

    /// @notice The uids, ascending, whose rows and bonds `settle` takes: holders of the permits of the last settled
    /// epoch, or, when none is settled, of those that this epoch's stakes grant (final from T on).
    function voters(uint16 netuid, uint64 epoch) external view returns (uint16[] memory uids);

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

    /// @notice The epoch that is running.
    function currentEpoch(uint16 netuid) external view returns (uint64 epoch);

    /// @notice Unix seconds: [start, end) voting, [end, revealEnd) revealing, [revealEnd, settleEnd) settling.
    function windows(uint16 netuid, uint64 epoch)
        external
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd);

    function voterState(uint16 netuid, uint16 uid) external view returns (VoterState memory);

    /// @notice Voter states of uids `from` … `from + count − 1`, as far as they exist.
    function voterStates(uint16 netuid, uint16 from, uint16 count) external view returns (VoterState[] memory);

    /// @notice Bit uid: the permits of the last settled epoch; 0 when none is settled.
    function permits(uint16 netuid) external view returns (uint256 bitmap);

    function lastSettled(uint16 netuid) external view returns (LastSettled memory);

    /// @notice The last snapshot taken; `taken` is false before the first.
    function lastSnapshot(uint16 netuid) external view returns (Snapshot memory);
}
