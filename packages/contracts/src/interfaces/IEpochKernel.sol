// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IEpochKernel
/// @notice The rules of one epoch as a pure function of its inputs: Yuma consensus with Yuma3 bonds. Rules 1 to 8 are
/// those of docs/design/0001-epoch-arithmetic.md; `runEpoch` of the protocol package returns the same integers.
/// @dev Units: weights, consensus and validator trust are multiples of 2^-30, shares (incentive, dividends, pay)
/// multiples of 2^-31, stored weights and bonds multiples of 1/65535. Lists are packed: `uint32` eight a word, `uint64`
/// four a word, `uint16` sixteen a word, uid 0 in the lowest bits; bitmaps hold uid i in bit i % 256 of word i / 256.
/// Lists in the output are the same words, concatenated.
interface IEpochKernel {
    error TooManyUids(uint256 uids, uint256 maximum);
    /// @notice A list has another length than the uids, or the voters, need.
    error WrongLength(bytes32 field, uint256 expected, uint256 actual);
    /// @notice A list or a voter names a uid that does not exist.
    error UnknownUid(bytes32 field, uint256 uids);
    /// @notice Voters come in ascending order of uid, each once.
    error VotersUnordered(uint256 position);
    /// @notice A voter's bond row lies outside of `bonds`.
    error BondRowUnknown(uint256 position, uint256 bondRow);
    /// @notice Quantised stakes must sum to less than 2^31.
    error QuantisedStakeTooLarge(uint256 total);
    /// @notice A stake, in wei, does not fit 128 bits.
    error StakeTooLarge(uint256 uid, uint256 stake);
    /// @notice A rule is outside of the range that the arithmetic was proven for.
    error RuleOutOfRange(bytes32 rule, uint256 value, uint256 maximum);
    /// @notice The claimed consensus of `uid` is not the largest score that the stake behind it supports (rule 4).
    error BadClaim(uint256 uid);

    /// @param kappa Stake that must stand behind a score, of 65535.
    /// @param bondsPenalty How much of an over-vote is removed from bonds, of 65535.
    /// @param bondsAlpha Weight of this epoch's bond in the moving average, of 10^6.
    /// @param liquidAlpha Whether that weight is found for each cell, from the three that follow.
    /// @param alphaLow Of 65535, at most `alphaHigh`.
    /// @param alphaHigh Of 65535.
    /// @param alphaSteepness Of the sigmoid, in hundredths: at most 65,535; the sigmoid is flat far below.
    /// @param endsAt T, the end of the epoch, unix seconds.
    /// @param activityCutoff Seconds without a reveal after which a voter is inactive.
    /// @param lastSettledEnd Last second of the last settled epoch, unix seconds: bonds in who registered later are cleared;
    /// 0 when none was settled.
    /// @param uids Slots of the epoch: at most 1,024.
    /// @param bondWords Words of a row of `bonds`; cells beyond them are 0.
    /// @param rowWords Words of a row of `rows`: at least ceil(uids / 16); cells beyond the uids are ignored.
    struct Rules {
        uint16 kappa;
        uint16 bondsPenalty;
        uint32 bondsAlpha;
        bool liquidAlpha;
        uint16 alphaLow;
        uint16 alphaHigh;
        uint16 alphaSteepness;
        uint64 endsAt;
        uint64 activityCutoff;
        uint64 lastSettledEnd;
        uint16 uids;
        uint16 bondWords;
        uint16 rowWords;
    }

    /// @param consensus uint32 by uid: C.
    /// @param validatorTrust uint32 by uid: the sum of its clipped weights.
    /// @param incentive uint32 by uid: share in the miners' part.
    /// @param dividends uint32 by uid: share by its bonds.
    /// @param validatorPay uint32 by uid: share in the validators' part: `dividends`; if nobody voted usefully, its
    /// active stake, or its stake when nobody is active.
    /// @param bonds Rows to store, ceil(uids / 16) words each, of the holders of `newPermits` in ascending order.
    /// @param minersVoted Whether any miner has incentive; otherwise the miners' part is not minted.
    /// @param activeStake Quantised stake of permitted, active voters that withheld nothing.
    struct Output {
        bytes consensus;
        bytes validatorTrust;
        bytes incentive;
        bytes dividends;
        bytes validatorPay;
        bytes bonds;
        bool minersVoted;
        uint256 activeStake;
    }

    /// @notice Rules 1 to 8 for one epoch.
    /// @param voters One word a permit holder, ascending: uid | (bondRow + 1) << 16 | withheld << 32 | lastUpdate << 64
    /// | committedAt << 128; bondRow is its row in `bonds` (no row: 0 in the field), withheld whether it committed in
    /// this epoch and did not reveal, the times are unix seconds.
    /// @param stakes uint32: quantised stake at the start of the epoch, 0 below the threshold; from `quantise`.
    /// @param registeredAt uint64: unix seconds.
    /// @param newPermits Bitmap: this epoch's permits, from `selectPermits`.
    /// @param rows uint16: weight rows of the voters, `rowWords` words each.
    /// @param bonds uint16: bond rows of the last settled epoch, `bondWords` words each.
    /// @param claim uint32: the consensus, checked against rule 4; an empty list lets the kernel find it, which costs
    /// several times the gas.
    function run(
        Rules calldata rules,
        uint256[] calldata voters,
        uint256[] calldata stakes,
        uint256[] calldata registeredAt,
        uint256[] calldata newPermits,
        uint256[] calldata rows,
        uint256[] calldata bonds,
        uint256[] calldata claim
    ) external pure returns (Output memory output);

    /// @notice Rule 1: the `maxValidators` largest non-zero stakes; of two equal stakes the higher uid goes first.
    /// @param stakes uint32: quantised
    /// @return permits Bitmap of the chosen uids.
    function selectPermits(uint256[] calldata stakes, uint16 uids, uint16 maxValidators)
        external
        pure
        returns (uint256[] memory permits);

    /// @notice Scales stakes (wei, one a word) down so that they sum to less than 2^31, rounding each down; smaller
    /// sums stay.
    /// @return quantised uint32
    function quantise(uint256[] calldata stakes) external pure returns (uint256[] memory quantised);
}
