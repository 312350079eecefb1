// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "./interfaces/IEpochKernel.sol";

/// @title EpochKernel
/// @notice The documentation, with units and errors, stands at the interface.
contract EpochKernel is IEpochKernel {
    uint256 private constant MAX_UIDS = 256;
    uint256 private constant U16_ONE = 65_535;
    uint256 private constant PPM_ONE = 1_000_000;
    uint256 private constant MAX_QUANTISED_STAKE = (1 << 31) - 1;
    uint256 private constant WEIGHT_BITS = 30;
    uint256 private constant SHARE_BITS = 32;
    /// Keeps 2^22 of precision for the smallest incentive over the largest column of bonds (2^74).
    uint256 private constant BOND_PRICE_BITS = 128;
    uint256 private constant CELL_BITS = 16;
    uint256 private constant CELLS_PER_WORD = 16;
    /// A stored bond of 1 in the unit of exact bonds, 1 / (10^6 * 65535 * 2^30).
    uint256 private constant BOND_UNIT = PPM_ONE << WEIGHT_BITS;

    /// The voters (holders of `permits`, ascending by uid) and what each brings; first index = position among them.
    struct Voters {
        uint256[] uids;
        uint256[] stake;
        uint256 totalStake;
        uint256[][] weights;
    }

    /// @inheritdoc IEpochKernel
    function run(Input calldata input) external pure returns (Output memory output) {
        _check(input);
        Voters memory voters;
        voters.uids = _uidsIn(input.permits);
        _fillActiveStake(input, voters);
        _fillWeights(input, voters);

        uint256[] memory consensus = _consensus(voters, input.stake.length, input.kappa);
        uint256[] memory incentive;
        (output.validatorTrust, incentive) = _trustAndIncentive(voters, consensus);
        uint256[][] memory exactBonds = _exactBonds(input, voters, consensus);
        uint256[] memory dividends = _dividends(voters, exactBonds, incentive);

        output.minersVoted = _sum(incentive) != 0;
        output.validatorPay = _toUint64(output.minersVoted ? dividends : _payByStake(input, voters));
        output.consensus = _toUint32(consensus);
        output.incentive = _toUint64(incentive);
        output.dividends = _toUint64(dividends);
        output.bonds = _storedBonds(input, voters, exactBonds);
        output.activeStake = voters.totalStake;
    }

    /// @inheritdoc IEpochKernel
    function selectPermits(uint32[] calldata stake, uint16 maxValidators) external pure returns (uint256 permits) {
        uint256 n = stake.length;
        if (n > MAX_UIDS) revert TooManyUids(n, MAX_UIDS);
        // Stake above uid: of two equal stakes the higher uid has the larger key.
        uint256[] memory keys = new uint256[](n);
        uint256 count;
        for (uint256 uid = 0; uid < n; ++uid) {
            if (stake[uid] != 0) _insertDescending(keys, count++, (uint256(stake[uid]) << 8) | uid);
        }
        for (uint256 k = 0; k < count && k < maxValidators; ++k) {
            permits |= 1 << (keys[k] & 0xff);
        }
    }

    /// @inheritdoc IEpochKernel
    function quantise(uint256[] calldata stakes) external pure returns (uint32[] memory quantised) {
        uint256 n = stakes.length;
        if (n > MAX_UIDS) revert TooManyUids(n, MAX_UIDS);
        uint256 total;
        for (uint256 uid = 0; uid < n; ++uid) {
            if (stakes[uid] > type(uint128).max) revert StakeTooLarge(uid, stakes[uid]);
            total += stakes[uid];
        }
        quantised = new uint32[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            quantised[uid] = uint32(
                total <= MAX_QUANTISED_STAKE ? stakes[uid] : _mulDivDown(stakes[uid], MAX_QUANTISED_STAKE, total)
            );
        }
    }

    /// Rule 1: stake counts if its holder has a permit, is active and withheld nothing.
    function _fillActiveStake(Input calldata input, Voters memory voters) private pure {
        uint256 count = voters.uids.length;
        voters.stake = new uint256[](count);
        for (uint256 v = 0; v < count; ++v) {
            uint256 uid = voters.uids[v];
            bool inactive = uint256(input.lastUpdate[uid]) + input.activityCutoff < input.endsAt;
            if (inactive || _has(input.withheld, uid)) continue;
            voters.stake[v] = input.stake[uid];
            voters.totalStake += input.stake[uid];
        }
    }

    /// Rules 2 and 3: masked rows, each normalised.
    function _fillWeights(Input calldata input, Voters memory voters) private pure {
        uint64[] memory registeredAt = input.registeredAt;
        uint256 count = voters.uids.length;
        voters.weights = new uint256[][](count);
        for (uint256 v = 0; v < count; ++v) {
            uint256 uid = voters.uids[v];
            uint256[] memory row = _unpackRow(input.rows[v], registeredAt.length);
            _mask(row, uid, registeredAt, input.committedAt[uid]);
            _normalise(row, WEIGHT_BITS);
            voters.weights[v] = row;
        }
    }

    /// Rule 2: no vote for oneself, none for who registered at or after the row was committed.
    function _mask(uint256[] memory row, uint256 voter, uint64[] memory registeredAt, uint256 committedAt) private pure {
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
        uint256[] memory keys = new uint256[](voters.uids.length);
        for (uint256 uid = 0; uid < n; ++uid) {
            consensus[uid] = _weightedMedian(voters, uid, kappa, keys);
        }
    }

    /// Rule 4: the largest score whose supporters hold kappa of the active stake; 0 if only an absent vote does.
    /// @param keys Room for one sort key a voter: score above stake.
    function _weightedMedian(Voters memory voters, uint256 uid, uint256 kappa, uint256[] memory keys)
        private
        pure
        returns (uint256)
    {
        uint256 count;
        for (uint256 v = 0; v < voters.stake.length; ++v) {
            uint256 score = voters.weights[v][uid];
            if (score == 0 || voters.stake[v] == 0) continue;
            _insertDescending(keys, count++, (score << 32) | voters.stake[v]);
        }
        uint256 needed = kappa * voters.totalStake;
        uint256 support;
        for (uint256 k = 0; k < count; ++k) {
            support += keys[k] & type(uint32).max;
            if (support * U16_ONE >= needed) return keys[k] >> 32;
        }
        return 0;
    }

    /// Rule 5: clips the weights' contribution at consensus; trust a uid, incentive a uid.
    function _trustAndIncentive(Voters memory voters, uint256[] memory consensus)
        private
        pure
        returns (uint32[] memory validatorTrust, uint256[] memory incentive)
    {
        uint256 n = consensus.length;
        validatorTrust = new uint32[](n);
        incentive = new uint256[](n);
        for (uint256 v = 0; v < voters.uids.length; ++v) {
            uint256[] memory row = voters.weights[v];
            uint256 stake = voters.stake[v];
            uint256 trust;
            for (uint256 uid = 0; uid < n; ++uid) {
                uint256 clipped = _min(row[uid], consensus[uid]);
                trust += clipped;
                incentive[uid] += stake * clipped;
            }
            validatorTrust[voters.uids[v]] = uint32(trust);
        }
        _normalise(incentive, SHARE_BITS);
    }

    /// Rule 6: moving average of the stored bonds and this epoch's clipped weights, without any rounding.
    function _exactBonds(Input calldata input, Voters memory voters, uint256[] memory consensus)
        private
        pure
        returns (uint256[][] memory bonds)
    {
        uint64[] memory registeredAt = input.registeredAt;
        uint256 kept = (PPM_ONE - input.bondsAlpha) << WEIGHT_BITS;
        bonds = new uint256[][](voters.uids.length);
        for (uint256 v = 0; v < bonds.length; ++v) {
            uint256[] memory row = _unpackRow(input.bonds[v], consensus.length);
            for (uint256 uid = 0; uid < row.length; ++uid) {
                if (registeredAt[uid] > input.lastSettledEnd) row[uid] = 0;
                uint256 fresh = _bondWeight(voters.weights[v][uid], consensus[uid], input.bondsPenalty);
                row[uid] = kept * row[uid] + input.bondsAlpha * fresh;
            }
            bonds[v] = row;
        }
    }

    /// Rule 6: the weight with `penalty` of its excess over consensus removed, multiples of 1 / (65535 * 2^30).
    function _bondWeight(uint256 weight, uint256 consensus, uint256 penalty) private pure returns (uint256) {
        uint256 clipped = _min(weight, consensus);
        return U16_ONE * clipped + (U16_ONE - penalty) * (weight - clipped);
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
            if (voters.stake[v] == 0) continue;
            uint256 worth;
            for (uint256 uid = 0; uid < prices.length; ++uid) {
                worth += bonds[v][uid] * prices[uid];
            }
            dividends[voters.uids[v]] = voters.stake[v] * worth;
        }
        _normalise(dividends, SHARE_BITS);
    }

    /// Rule 7: incentive over the sum of each column of bonds.
    function _bondPricesDown(uint256[][] memory bonds, uint256[] memory incentive)
        private
        pure
        returns (uint256[] memory prices)
    {
        prices = new uint256[](incentive.length);
        for (uint256 v = 0; v < bonds.length; ++v) {
            for (uint256 uid = 0; uid < prices.length; ++uid) {
                prices[uid] += bonds[v][uid];
            }
        }
        for (uint256 uid = 0; uid < prices.length; ++uid) {
            if (prices[uid] != 0) prices[uid] = (incentive[uid] << BOND_PRICE_BITS) / prices[uid];
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
        _normalise(pay, SHARE_BITS);
    }

    /// Rule 6: rows to keep, one a holder of the new permits; who held none in this epoch has no bonds yet.
    function _storedBonds(Input calldata input, Voters memory voters, uint256[][] memory exactBonds)
        private
        pure
        returns (uint256[][] memory rows)
    {
        uint256[] memory holders = _uidsIn(input.newPermits);
        rows = new uint256[][](holders.length);
        uint256 v;
        for (uint256 h = 0; h < holders.length; ++h) {
            while (v < voters.uids.length && voters.uids[v] < holders[h]) ++v;
            if (v < voters.uids.length && voters.uids[v] == holders[h]) rows[h] = _packBondsDown(exactBonds[v]);
        }
    }

    /// Rounds exact bonds down to multiples of 1/65535, sixteen a word; empty when all are zero.
    function _packBondsDown(uint256[] memory bonds) private pure returns (uint256[] memory words) {
        words = new uint256[](_wordsFor(bonds.length));
        uint256 any;
        for (uint256 uid = 0; uid < bonds.length; ++uid) {
            uint256 cell = bonds[uid] / BOND_UNIT;
            any |= cell;
            words[uid / CELLS_PER_WORD] |= cell << (CELL_BITS * (uid % CELLS_PER_WORD));
        }
        if (any == 0) return new uint256[](0);
    }

    function _unpackRow(uint256[] calldata words, uint256 n) private pure returns (uint256[] memory row) {
        row = new uint256[](n);
        for (uint256 k = 0; k < words.length; ++k) {
            uint256 word = words[k];
            uint256 end = _min(n, (k + 1) * CELLS_PER_WORD);
            for (uint256 uid = k * CELLS_PER_WORD; uid < end; ++uid) {
                row[uid] = word & type(uint16).max;
                word >>= CELL_BITS;
            }
        }
    }

    /// Scales values in place so that they sum to at most 2^bits; all zeros stay zeros.
    function _normalise(uint256[] memory values, uint256 bits) private pure {
        uint256 total = _sum(values);
        if (total == 0) return;
        for (uint256 k = 0; k < values.length; ++k) {
            values[k] = (values[k] << bits) / total;
        }
    }

    /// Puts `key` into the sorted prefix keys[0 .. count).
    function _insertDescending(uint256[] memory keys, uint256 count, uint256 key) private pure {
        uint256 position = count;
        while (position > 0 && keys[position - 1] < key) {
            keys[position] = keys[position - 1];
            --position;
        }
        keys[position] = key;
    }

    function _uidsIn(uint256 bitmap) private pure returns (uint256[] memory uids) {
        uids = new uint256[](_count(bitmap));
        uint256 k;
        for (uint256 uid = 0; k < uids.length; ++uid) {
            if (_has(bitmap, uid)) uids[k++] = uid;
        }
    }

    function _check(Input calldata input) private pure {
        uint256 n = input.stake.length;
        if (n > MAX_UIDS) revert TooManyUids(n, MAX_UIDS);
        if (input.bondsAlpha > PPM_ONE) revert BondsAlphaTooLarge(input.bondsAlpha);
        _checkLength("registeredAt", n, input.registeredAt.length);
        _checkLength("lastUpdate", n, input.lastUpdate.length);
        _checkLength("committedAt", n, input.committedAt.length);
        _checkBitmap("permits", input.permits, n);
        _checkBitmap("newPermits", input.newPermits, n);
        _checkBitmap("withheld", input.withheld, n);
        uint256 voters = _count(input.permits);
        _checkRows("rows", input.rows, voters, n);
        _checkRows("bonds", input.bonds, voters, n);
        uint256 total;
        for (uint256 uid = 0; uid < n; ++uid) {
            total += input.stake[uid];
        }
        if (total > MAX_QUANTISED_STAKE) revert QuantisedStakeTooLarge(total);
    }

    function _checkLength(bytes32 field, uint256 expected, uint256 actual) private pure {
        if (actual != expected) revert WrongLength(field, expected, actual);
    }

    function _checkBitmap(bytes32 field, uint256 bitmap, uint256 n) private pure {
        if (n < MAX_UIDS && bitmap >> n != 0) revert UnknownUid(field, bitmap, n);
    }

    function _checkRows(bytes32 field, uint256[][] calldata rows, uint256 voters, uint256 n) private pure {
        _checkLength(field, voters, rows.length);
        uint256 maximum = _wordsFor(n);
        for (uint256 v = 0; v < voters; ++v) {
            if (rows[v].length > maximum) revert RowTooLong(field, v, rows[v].length, maximum);
        }
    }

    function _toUint32(uint256[] memory values) private pure returns (uint32[] memory narrow) {
        narrow = new uint32[](values.length);
        for (uint256 k = 0; k < values.length; ++k) {
            narrow[k] = uint32(values[k]);
        }
    }

    function _toUint64(uint256[] memory values) private pure returns (uint64[] memory narrow) {
        narrow = new uint64[](values.length);
        for (uint256 k = 0; k < values.length; ++k) {
            narrow[k] = uint64(values[k]);
        }
    }

    function _sum(uint256[] memory values) private pure returns (uint256 total) {
        for (uint256 k = 0; k < values.length; ++k) {
            total += values[k];
        }
    }

    function _count(uint256 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) {
            ++count;
        }
    }

    function _has(uint256 bitmap, uint256 uid) private pure returns (bool) {
        return (bitmap >> uid) & 1 == 1;
    }

    function _wordsFor(uint256 n) private pure returns (uint256) {
        return (n + CELLS_PER_WORD - 1) / CELLS_PER_WORD;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _mulDivDown(uint256 x, uint256 y, uint256 denominator) private pure returns (uint256) {
        return (x * y) / denominator;
    }
}
