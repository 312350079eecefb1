// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEpochKernel} from "./interfaces/IEpochKernel.sol";
import {DenseRow} from "./libraries/DenseRow.sol";
import {EpochInputCheck} from "./libraries/EpochInputCheck.sol";
import {UidBitmap} from "./libraries/UidBitmap.sol";
import {Vector} from "./libraries/Vector.sol";

/// @title EpochKernel
/// @notice The documentation, with units and errors, stands at the interface.
contract EpochKernel is IEpochKernel {
    using EpochInputCheck for Input;
    using UidBitmap for uint256;
    using Vector for uint256[];
    using Vector for uint64[];

    uint256 private constant U16_ONE = 65_535;
    uint256 private constant PPM_ONE = EpochInputCheck.PPM_ONE;
    uint256 private constant MAX_QUANTISED_STAKE = EpochInputCheck.MAX_QUANTISED_STAKE;
    uint256 private constant WEIGHT_BITS = 30;
    uint256 private constant SHARE_BITS = 32;
    /// Keeps 2^22 of precision for the smallest incentive over the largest column of bonds (2^74).
    uint256 private constant BOND_PRICE_BITS = 128;
    uint256 private constant UID_KEY_BITS = 8;
    uint256 private constant STAKE_KEY_BITS = 32;
    /// A stored bond of 1 in the unit of exact bonds, 1 / (10^6 * 65535 * 2^30).
    uint256 private constant BOND_UNIT = PPM_ONE << WEIGHT_BITS;

    /// The voters (holders of `permits`, ascending by uid) and what each brings; first index = position among them.
    struct Voters {
        uint16[] uids;
        uint256[] stake;
        uint256 totalStake;
        uint256[][] weights;
        uint256[] registeredAt;
    }

    /// Rule 6: what the moving average keeps of fresh weights, of stored bonds (in 2^-30), of an excess over consensus.
    struct BondRule {
        uint256 alpha;
        uint256 kept;
        uint256 excessKept;
    }

    /// @inheritdoc IEpochKernel
    function run(Input calldata input) external pure returns (Output memory output) {
        input.check();
        Voters memory voters;
        voters.uids = input.permits.members();
        _fillActiveStake(input, voters);
        _fillWeights(input, voters);

        uint256[] memory consensus = _consensus(voters, input.stake.length, input.kappa);
        uint256[] memory incentive;
        (output.validatorTrust, incentive) = _trustAndIncentive(voters, consensus);
        uint256[][] memory exactBonds = _exactBonds(input, voters, consensus);
        uint256[] memory dividends = _dividends(voters, exactBonds, incentive);

        output.minersVoted = incentive.sum() != 0;
        output.validatorPay = (output.minersVoted ? dividends : _payByStake(input, voters)).toUint64();
        output.consensus = consensus.toUint32();
        output.incentive = incentive.toUint64();
        output.dividends = dividends.toUint64();
        output.bonds = _storedBonds(input, voters, exactBonds);
        output.activeStake = voters.totalStake;
    }

    /// @inheritdoc IEpochKernel
    function selectPermits(uint32[] calldata stake, uint16 maxValidators) external pure returns (uint256 permits) {
        uint256 n = stake.length;
        EpochInputCheck.checkUids(n);
        // Stake above uid: of two equal stakes the higher uid has the larger key.
        uint256[] memory keys = new uint256[](n);
        uint256 count;
        for (uint256 uid = 0; uid < n; ++uid) {
            if (stake[uid] != 0) keys.insertDescending(count++, (uint256(stake[uid]) << UID_KEY_BITS) | uid);
        }
        for (uint256 k = 0; k < count && k < maxValidators; ++k) {
            permits |= 1 << (keys[k] & type(uint8).max);
        }
    }

    /// @inheritdoc IEpochKernel
    function quantise(uint256[] calldata stakes) external pure returns (uint32[] memory quantised) {
        uint256 n = stakes.length;
        EpochInputCheck.checkUids(n);
        uint256 total;
        for (uint256 uid = 0; uid < n; ++uid) {
            if (stakes[uid] > type(uint128).max) revert StakeTooLarge(uid, stakes[uid]);
            total += stakes[uid];
        }
        bool fits = total <= MAX_QUANTISED_STAKE;
        quantised = new uint32[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            uint256 stake = fits ? stakes[uid] : stakes[uid] * MAX_QUANTISED_STAKE / total;
            quantised[uid] = uint32(stake); // at most MAX_QUANTISED_STAKE
        }
    }

    /// Rule 1: stake counts if its holder has a permit, is active and withheld nothing.
    function _fillActiveStake(Input calldata input, Voters memory voters) private pure {
        uint256 count = voters.uids.length;
        voters.stake = new uint256[](count);
        for (uint256 v = 0; v < count; ++v) {
            uint256 uid = voters.uids[v];
            bool inactive = uint256(input.lastUpdate[uid]) + input.activityCutoff < input.endsAt;
            if (inactive || input.withheld.has(uid)) continue;
            voters.stake[v] = input.stake[uid];
            voters.totalStake += input.stake[uid];
        }
    }

    /// Rules 2 and 3: masked rows, each normalised.
    function _fillWeights(Input calldata input, Voters memory voters) private pure {
        uint256[] memory registeredAt = input.registeredAt.widen();
        uint256 count = voters.uids.length;
        voters.weights = new uint256[][](count);
        for (uint256 v = 0; v < count; ++v) {
            uint256 uid = voters.uids[v];
            uint256[] memory row = DenseRow.unpack(input.rows[v], registeredAt.length);
            _mask(row, uid, registeredAt, input.committedAt[uid]);
            row.normaliseDown(WEIGHT_BITS);
            voters.weights[v] = row;
        }
        voters.registeredAt = registeredAt;
    }

    /// Rule 2: no vote for oneself, none for who registered at or after the row was committed.
    function _mask(uint256[] memory row, uint256 voter, uint256[] memory registeredAt, uint256 committedAt)
        private
        pure
    {
        row[voter] = 0;
        for (uint256 uid = 0; uid < row.length; ++uid) {
            if (registeredAt[uid] >= committedAt) row[uid] = 0;
        }
    }

    /// Rule 4, for every uid.
    function _consensus(Voters memory voters, uint256 n, uint256 kappa)
        private
        pure
        returns (uint256[] memory consensus)
    {
        consensus = new uint256[](n);
        (uint256[] memory stake, uint256[][] memory weights) = (voters.stake, voters.weights);
        uint256[] memory keys = new uint256[](stake.length);
        uint256 needed = kappa * voters.totalStake;
        for (uint256 uid = 0; uid < n; ++uid) {
            uint256 count = _sortedVotes(stake, weights, uid, keys);
            consensus[uid] = _scoreWithSupport(keys, count, needed);
        }
    }

    /// The votes for `uid` that have a score and stake, into `keys` as score above stake, the largest score first.
    function _sortedVotes(uint256[] memory stake, uint256[][] memory weights, uint256 uid, uint256[] memory keys)
        private
        pure
        returns (uint256 count)
    {
        for (uint256 v = 0; v < stake.length; ++v) {
            uint256 score = weights[v][uid];
            if (score == 0 || stake[v] == 0) continue;
            keys.insertDescending(count, (score << STAKE_KEY_BITS) | stake[v]);
            ++count;
        }
    }

    /// Rule 4: the largest score whose supporters hold kappa of the active stake; 0 if only absent votes would.
    function _scoreWithSupport(uint256[] memory keys, uint256 count, uint256 needed) private pure returns (uint256) {
        uint256 support;
        for (uint256 k = 0; k < count; ++k) {
            support += keys[k] & type(uint32).max;
            if (support * U16_ONE >= needed) return keys[k] >> STAKE_KEY_BITS;
        }
        return 0;
    }

    /// Rule 5: what each row gives once clipped at consensus, as trust to its voter and as incentive to its targets.
    function _trustAndIncentive(Voters memory voters, uint256[] memory consensus)
        private
        pure
        returns (uint32[] memory validatorTrust, uint256[] memory incentive)
    {
        validatorTrust = new uint32[](consensus.length);
        incentive = new uint256[](consensus.length);
        for (uint256 v = 0; v < voters.uids.length; ++v) {
            uint256 trust = _addClippedRow(incentive, voters.weights[v], consensus, voters.stake[v]);
            validatorTrust[voters.uids[v]] = uint32(trust); // at most 2^30
        }
        incentive.normaliseDown(SHARE_BITS);
    }

    /// Rule 5: adds stake * clipped weight to each uid's rank; returns the sum of the clipped weights.
    function _addClippedRow(uint256[] memory rank, uint256[] memory row, uint256[] memory consensus, uint256 stake)
        private
        pure
        returns (uint256 trust)
    {
        // Cannot overflow: the sum of clipped weights is at most 2^30, a rank at most 2^61.
        unchecked {
            for (uint256 uid = 0; uid < row.length; ++uid) {
                uint256 clipped = Math.min(row[uid], consensus[uid]);
                trust += clipped;
                rank[uid] += stake * clipped;
            }
        }
    }

    /// Rule 6: moving average of the stored bonds and this epoch's clipped weights, without any rounding.
    function _exactBonds(Input calldata input, Voters memory voters, uint256[] memory consensus)
        private
        pure
        returns (uint256[][] memory bonds)
    {
        BondRule memory rule =
            BondRule(input.bondsAlpha, (PPM_ONE - input.bondsAlpha) << WEIGHT_BITS, U16_ONE - input.bondsPenalty);
        bonds = new uint256[][](voters.uids.length);
        for (uint256 v = 0; v < bonds.length; ++v) {
            bonds[v] = DenseRow.unpack(input.bonds[v], consensus.length);
            _clearNew(bonds[v], voters.registeredAt, input.lastSettledEnd);
            _moveBonds(bonds[v], voters.weights[v], consensus, rule);
        }
    }

    /// Rule 6: bonds in a uid that registered after the last settled epoch belong to its former holder.
    function _clearNew(uint256[] memory bonds, uint256[] memory registeredAt, uint256 lastSettledEnd) private pure {
        for (uint256 uid = 0; uid < bonds.length; ++uid) {
            if (registeredAt[uid] > lastSettledEnd) bonds[uid] = 0;
        }
    }

    /// Rule 6 for one row, in place: multiples of 1/65535 become exact bonds.
    function _moveBonds(
        uint256[] memory bonds,
        uint256[] memory weights,
        uint256[] memory consensus,
        BondRule memory rule
    ) private pure {
        (uint256 alpha, uint256 kept, uint256 excessKept) = (rule.alpha, rule.kept, rule.excessKept);
        // Cannot overflow: an exact bond is at most 10^6 * 65535 * 2^30 < 2^66.
        unchecked {
            for (uint256 uid = 0; uid < bonds.length; ++uid) {
                uint256 weight = weights[uid];
                uint256 clipped = Math.min(weight, consensus[uid]);
                uint256 fresh = U16_ONE * clipped + excessKept * (weight - clipped);
                bonds[uid] = kept * bonds[uid] + alpha * fresh;
            }
        }
    }

    /// Rule 7: what each voter's part of every column of bonds is worth, times its active stake.
    function _dividends(Voters memory voters, uint256[][] memory bonds, uint256[] memory incentive)
        private
        pure
        returns (uint256[] memory dividends)
    {
        uint256[] memory prices = _bondPricesDown(bonds, incentive);
        dividends = new uint256[](incentive.length);
        for (uint256 v = 0; v < bonds.length; ++v) {
            if (voters.stake[v] != 0) dividends[voters.uids[v]] = voters.stake[v] * _worth(bonds[v], prices);
        }
        dividends.normaliseDown(SHARE_BITS);
    }

    /// Rule 7: incentive over the sum of each column of bonds.
    function _bondPricesDown(uint256[][] memory bonds, uint256[] memory incentive)
        private
        pure
        returns (uint256[] memory prices)
    {
        prices = new uint256[](incentive.length);
        for (uint256 v = 0; v < bonds.length; ++v) {
            prices.add(bonds[v]);
        }
        for (uint256 uid = 0; uid < prices.length; ++uid) {
            if (prices[uid] != 0) prices[uid] = (incentive[uid] << BOND_PRICE_BITS) / prices[uid];
        }
    }

    /// Rule 7: a row of bonds at the price of each column.
    function _worth(uint256[] memory bonds, uint256[] memory prices) private pure returns (uint256 worth) {
        // Cannot overflow: a bond is at most its column, so the products sum to at most 2^160, 1 of all incentive.
        unchecked {
            for (uint256 uid = 0; uid < bonds.length; ++uid) {
                worth += bonds[uid] * prices[uid];
            }
        }
    }

    /// Rule 8: nobody voted usefully, so validators are paid by active stake, or by stake when nobody is active.
    function _payByStake(Input calldata input, Voters memory voters) private pure returns (uint256[] memory pay) {
        pay = new uint256[](input.stake.length);
        if (voters.totalStake == 0) {
            for (uint256 uid = 0; uid < pay.length; ++uid) {
                pay[uid] = input.stake[uid];
            }
        } else {
            for (uint256 v = 0; v < voters.uids.length; ++v) {
                pay[voters.uids[v]] = voters.stake[v];
            }
        }
        pay.normaliseDown(SHARE_BITS);
    }

    /// Rule 6: rows to keep, one a holder of the new permits; who held none in this epoch has no bonds yet.
    function _storedBonds(Input calldata input, Voters memory voters, uint256[][] memory exactBonds)
        private
        pure
        returns (uint256[][] memory rows)
    {
        uint16[] memory holders = input.newPermits.members();
        rows = new uint256[][](holders.length);
        uint256 v;
        for (uint256 h = 0; h < holders.length; ++h) {
            while (v < voters.uids.length && voters.uids[v] < holders[h]) ++v;
            if (v < voters.uids.length && voters.uids[v] == holders[h]) {
                rows[h] = DenseRow.packDown(exactBonds[v], BOND_UNIT);
            }
        }
    }
}
