// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IEpochKernel
/// @notice The rules of one epoch as a pure function of its inputs: Yuma consensus with Yuma3 bonds. Rules 1 to 8 are
/// those of docs/design/0001-epoch-arithmetic.md; `runEpoch` of the protocol package returns the same integers.
/// @dev Units: weights, consensus and validator trust are multiples of 2^-30, shares (incentive, dividends, pay)
/// multiples of 2^-32, stored weights and bonds multiples of 1/65535. Every division floors. A bitmap holds uid i in
/// bit i. A packed row is a dense uint16[n], sixteen cells a word, uid 0 in the lowest bits; a missing word means
/// zeros, cells at or beyond n are ignored. A list of rows or bonds holds one entry a permit holder in ascending order of uid;
/// an empty entry is a row of zeros.
interface IEpochKernel {
    /// @notice More uids than a bitmap has bits.
    error TooManyUids(uint256 uids, uint256 maximum);
    /// @notice An array that must have one entry per uid, or per permit holder, has another length.
    error WrongLength(bytes32 field, uint256 expected, uint256 actual);
    /// @notice A bitmap names a uid that does not exist.
    error UnknownUid(bytes32 field, uint256 bitmap, uint256 uids);
    /// @notice A packed row has more words than the uids need.
    error RowTooLong(bytes32 field, uint256 holder, uint256 words, uint256 maximum);
    /// @notice Quantised stakes must sum to less than 2^31.
    error QuantisedStakeTooLarge(uint256 total);
    /// @notice A stake, in wei, does not fit 128 bits.
    error StakeTooLarge(uint256 uid, uint256 stake);
    /// @notice The weight of this epoch's bond exceeds 1 (10^6 ppm).
    error BondsAlphaTooLarge(uint256 ppm);

    /// @param kappa Stake that must stand behind a score, of 65535.
    /// @param bondsPenalty How much of an over-vote is removed from bonds, of 65535.
    /// @param bondsAlpha Weight of this epoch's bond in the moving average, of 10^6.
    /// @param endsAt T, the end of the epoch, unix seconds.
    /// @param activityCutoff Seconds without a reveal after which a voter is inactive.
    /// @param lastSettledEnd End of the last settled epoch, unix seconds; 0 when none was settled.
    /// @param permits Permits of the last settled epoch, or `newPermits` when none was settled.
    /// @param newPermits This epoch's permits, from `selectPermits`.
    /// @param withheld Voters that committed in this epoch and did not reveal.
    /// @param stake Quantised stake at the start of the epoch, 0 below the threshold; from `quantise`.
    /// @param registeredAt Registration time of each uid, unix seconds.
    /// @param lastUpdate Time of each uid's last reveal (its registration when none), unix seconds.
    /// @param committedAt Time at which the row that stands for each uid was committed, unix seconds.
    /// @param rows Packed weight rows, one a holder of `permits`.
    /// @param bonds Packed bond rows of the last settled epoch, one a holder of `permits`.
    struct Input {
        uint16 kappa;
        uint16 bondsPenalty;
        uint32 bondsAlpha;
        uint64 endsAt;
        uint64 activityCutoff;
        uint64 lastSettledEnd;
        uint256 permits;
        uint256 newPermits;
        uint256 withheld;
        uint32[] stake;
        uint64[] registeredAt;
        uint64[] lastUpdate;
        uint64[] committedAt;
        uint256[][] rows;
        uint256[][] bonds;
    }

    /// @param consensus C of each uid, multiples of 2^-30.
    /// @param validatorTrust Sum of each uid's clipped weights, multiples of 2^-30.
    /// @param incentive Share of each uid in the miners' part, multiples of 2^-32.
    /// @param dividends Share of each uid by its bonds, multiples of 2^-32.
    /// @param validatorPay Share of each uid in the validators' part, multiples of 2^-32: `dividends`; if nobody voted
    /// usefully, its active stake, or its stake when nobody is active.
    /// @param minersVoted Whether any miner has incentive; otherwise the miners' part is not minted.
    /// @param bonds Packed bond rows to store, one a holder of `newPermits`; empty when all its bonds are zero.
    /// @param activeStake Quantised stake of permitted, active voters that withheld nothing.
    struct Output {
        uint32[] consensus;
        uint32[] validatorTrust;
        uint64[] incentive;
        uint64[] dividends;
        uint64[] validatorPay;
        bool minersVoted;
        uint256[][] bonds;
        uint256 activeStake;
    }

    /// @notice Rules 1 to 8 for one epoch.
    function run(Input calldata input) external pure returns (Output memory output);

    /// @notice Rule 1: the `maxValidators` largest non-zero stakes; of two equal stakes the higher uid goes first.
    /// @return permits Bitmap of the chosen uids.
    function selectPermits(uint32[] calldata stake, uint16 maxValidators) external pure returns (uint256 permits);

    /// @notice Scales stakes (wei) down so that they sum to less than 2^31, rounding each down; smaller sums stay.
    function quantise(uint256[] calldata stakes) external pure returns (uint32[] memory quantised);
}
