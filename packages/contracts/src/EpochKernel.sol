// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEpochKernel} from "./interfaces/IEpochKernel.sol";
import {ColumnPrices} from "./libraries/ColumnPrices.sol";
import {EpochInputCheck} from "./libraries/EpochInputCheck.sol";
import {EpochMatrix} from "./libraries/EpochMatrix.sol";
import {Lanes} from "./libraries/Lanes.sol";
import {LiquidBonds} from "./libraries/LiquidBonds.sol";
import {PermitSelection} from "./libraries/PermitSelection.sol";
import {VoterWord} from "./libraries/VoterWord.sol";

/// @title EpochKernel
/// @notice The documentation, with units and errors, stands at the interface; the arithmetic in
/// docs/design/0001-epoch-arithmetic.md.
contract EpochKernel is IEpochKernel {
    using EpochMatrix for EpochMatrix.Matrix;
    using Lanes for uint256[];
    using VoterWord for uint256;

    uint256 private constant U16_ONE = 65_535;
    uint256 private constant PPM_ONE = 1_000_000;
    uint256 private constant ALPHA_ONE = 1 << 20;
    uint256 private constant SHARE_BITS = 31;
    uint256 private constant CELLS_A_WORD = 16;

    /// @param newest the latest registration among the uids of each word of a row, unix seconds
    /// @param claim consensus, eight a word in uid order
    /// @param rank by uid, up to the end of the last word of a row
    /// @param sums of the columns at work, as are `totals` and `prices`
    struct Epoch {
        uint256 words;
        uint256 activeStake;
        uint256 needed;
        uint256 totalRank;
        EpochMatrix.Matrix matrix;
        EpochMatrix.BondRule bondRule;
        bool isLiquid;
        LiquidBonds.Rule liquidRule;
        uint256[] newest;
        uint256[] claim;
        uint256[] rank;
        EpochMatrix.Sums sums;
        uint256[8] totals;
        uint256[8] prices;
    }

    /// @inheritdoc IEpochKernel
    function run(
        Rules calldata rules,
        uint256[] calldata voters,
        uint256[] calldata stakes,
        uint256[] calldata registeredAt,
        uint256[] calldata newPermits,
        uint256[] calldata rows,
        uint256[] calldata bonds,
        uint256[] calldata claim
    ) external pure returns (Output memory output) {
        EpochInputCheck.check(rules, voters, stakes, registeredAt, newPermits, rows, bonds, claim);
        Epoch memory e;
        e.words = Lanes.words(rules.uids, CELLS_A_WORD);
        e.matrix = EpochMatrix.allocate(voters.length, e.words);
        _readRegistrations(e, registeredAt);
        _readVoters(e, rules, voters, stakes, rows, bonds);
        _maskRows(e, voters, registeredAt, rules.uids);
        e.needed = _neededUp(rules.kappa, e.activeStake);
        if (claim.length == 0) _findConsensus(e, Lanes.words(rules.uids, Lanes.U32_A_WORD));
        else e.claim = claim;
        _readBondRule(e, rules);
        _walk(e, rules, registeredAt);
        _report(e, rules, voters, stakes, output);
        _storeBonds(e, voters, newPermits, output);
    }

    /// @inheritdoc IEpochKernel
    function selectPermits(uint256[] calldata stakes, uint16 uids, uint16 maxValidators)
        external
        pure
        returns (uint256[] memory permits)
    {
        return PermitSelection.select(stakes, uids, maxValidators);
    }

    /// @inheritdoc IEpochKernel
    function quantise(uint256[] calldata stakes) external pure returns (uint256[] memory quantised) {
        return PermitSelection.quantiseDown(stakes);
    }

    function _readRegistrations(Epoch memory e, uint256[] calldata registeredAt) private pure {
        uint256[] memory newest = e.newest = new uint256[](e.words);
        // A word of a row has four words of times, the last one perhaps fewer.
        uint256 lastWord = registeredAt.length;
        assembly ("memory-safe") {
            function larger(largest, lane) -> result {
                result := largest
                if gt(lane, largest) { result := lane }
            }
            let place := add(newest, 0x20)
            let times := registeredAt.offset
            for { let k := 0 } lt(k, lastWord) { k := add(k, 1) } {
                let word := calldataload(times)
                let latest := mload(place)
                latest := larger(latest, and(word, 0xffffffffffffffff))
                latest := larger(latest, and(shr(64, word), 0xffffffffffffffff))
                latest := larger(latest, and(shr(128, word), 0xffffffffffffffff))
                latest := larger(latest, shr(192, word))
                mstore(place, latest)
                times := add(times, 0x20)
                if eq(and(k, 3), 3) { place := add(place, 0x20) }
            }
        }
    }

    /// @dev Rule 1 for each voter, and its row, copied.
    function _readVoters(
        Epoch memory e,
        Rules calldata rules,
        uint256[] calldata voters,
        uint256[] calldata stakes,
        uint256[] calldata rows,
        uint256[] calldata bonds
    ) private pure {
        (uint256 to, uint256 stride, uint256 from) = (e.matrix.rows, e.matrix.stride, 32 * uint256(rules.rowWords));
        assembly ("memory-safe") {
            let row := rows.offset
            for { let end := add(to, mul(voters.length, stride)) } lt(to, end) { to := add(to, stride) } {
                calldatacopy(to, row, stride)
                row := add(row, from)
            }
        }
        uint256 oldest = Math.saturatingSub(rules.endsAt, rules.activityCutoff);
        uint256 bondBytes = 32 * uint256(rules.bondWords);
        uint256 total;
        // Cannot overflow: stakes were checked to sum to less than 2^31.
        unchecked {
            for (uint256 v = 0; v < voters.length; ++v) {
                uint256 voter = voters.wordAt(v);
                bool counts = voter.lastUpdate() >= oldest && !voter.isWithheld();
                uint256 stake = counts ? stakes.u32At(voter.uid()) : 0;
                total += stake;
                e.matrix.setVoter(v, stake, _bondsAt(voter, bonds, bondBytes));
            }
        }
        e.activeStake = total;
    }

    /// @dev Calldata position of a voter's bond row; behind the calldata, where all is zero, when it has none.
    function _bondsAt(uint256 voter, uint256[] calldata bonds, uint256 bondBytes) private pure returns (uint256 place) {
        uint256 rowPlusOne = voter.bondRowPlusOne();
        assembly ("memory-safe") {
            place := calldatasize()
            if rowPlusOne { place := add(bonds.offset, mul(sub(rowPlusOne, 1), bondBytes)) }
        }
    }

    /// @dev Rules 2 and 3: no vote for oneself, nor for who registered at or after the row was committed.
    function _maskRows(Epoch memory e, uint256[] calldata voters, uint256[] calldata registeredAt, uint256 uids)
        private
        pure
    {
        uint256 tail = uids % CELLS_A_WORD;
        uint256 newest = _largest(e.newest);
        // Cannot overflow: indices and shifts below a word.
        unchecked {
            for (uint256 v = 0; v < voters.length; ++v) {
                uint256 voter = voters.wordAt(v);
                (uint256 uid, uint256 committedAt) = (voter.uid(), voter.committedAt());
                e.matrix.keep(v, uid >> 4, ~(U16_ONE << ((uid & 15) << 4)));
                if (tail != 0) e.matrix.keep(v, e.words - 1, (1 << (16 * tail)) - 1);
                if (newest < committedAt) continue;
                for (uint256 word = 0; word < e.words; ++word) {
                    if (e.newest[word] < committedAt) continue;
                    e.matrix.keep(v, word, _registeredBefore(registeredAt, word, uids, committedAt));
                }
            }
        }
        e.matrix.setReciprocalsUp();
    }

    function _largest(uint256[] memory list) private pure returns (uint256 largest) {
        for (uint256 k = 0; k < list.length; ++k) {
            if (list[k] > largest) largest = list[k];
        }
    }

    /// @dev Ones over the cells of a word whose uids registered before `time`.
    function _registeredBefore(uint256[] calldata registeredAt, uint256 word, uint256 uids, uint256 time)
        private
        pure
        returns (uint256 mask)
    {
        // A vacant slot brings every voter here, in every epoch, hence assembly. Memory-safe: reads calldata only.
        assembly ("memory-safe") {
            let from := add(registeredAt.offset, shl(7, word))
            for { let k := 4 } k {} {
                k := sub(k, 1)
                let times := calldataload(add(from, shl(5, k)))
                let low :=
                    or(
                        lt(and(times, 0xffffffffffffffff), time),
                        shl(16, lt(and(shr(64, times), 0xffffffffffffffff), time))
                    )
                let high := or(lt(and(shr(128, times), 0xffffffffffffffff), time), shl(16, lt(shr(192, times), time)))
                mask := or(shl(64, mask), mul(or(low, shl(32, high)), 0xffff))
            }
        }
        uint256 cells = uids - word * CELLS_A_WORD;
        if (cells < CELLS_A_WORD) mask &= (1 << (16 * cells)) - 1; // what lies behind the list
    }

    /// @dev Rule 4: the stake that must stand behind a score, at least 1.
    function _neededUp(uint256 kappa, uint256 activeStake) private pure returns (uint256) {
        uint256 needed = (kappa * activeStake + U16_ONE - 1) / U16_ONE;
        return needed == 0 ? 1 : needed;
    }

    /// @dev Rule 4 without a claim.
    function _findConsensus(Epoch memory e, uint256 claimWords) private pure {
        uint256[] memory claim = e.claim = new uint256[](claimWords);
        if (e.activeStake == 0) return;
        for (uint256 word = 0; word < e.words; ++word) {
            e.matrix.support(32 * word, 0, 0);
            (uint256 even, uint256 odd) = e.matrix.bisect(e.needed);
            claim[2 * word] = Lanes.interleave32(even & type(uint128).max, odd & type(uint128).max);
            if (2 * word + 1 < claimWords) claim[2 * word + 1] = Lanes.interleave32(even >> 128, odd >> 128);
        }
    }

    function _readBondRule(Epoch memory e, Rules calldata rules) private pure {
        uint256 alpha = ((uint256(rules.bondsAlpha) << 20) + PPM_ONE / 2) / PPM_ONE;
        uint256 excessKept = (((U16_ONE - rules.bondsPenalty) << 16) + U16_ONE / 2) / U16_ONE;
        e.bondRule = EpochMatrix.BondRule(excessKept, alpha * U16_ONE, (ALPHA_ONE - alpha) << 28);
        e.isLiquid = rules.liquidAlpha && _largest(e.claim) != 0;
        if (!e.isLiquid) return;
        e.liquidRule = LiquidBonds.read(rules.alphaLow, rules.alphaHigh, rules.alphaSteepness, excessKept);
    }

    /// @dev Rules 3 to 7, sixteen columns at a time.
    function _walk(Epoch memory e, Rules calldata rules, uint256[] calldata registeredAt) private pure {
        e.rank = new uint256[](e.words * CELLS_A_WORD);
        for (uint256 word = 0; word < e.words; ++word) {
            _walkWord(e, word, _keptBonds(e, rules, registeredAt, word));
        }
    }

    /// @dev Rule 6: ones over the cells of a word whose stored bonds stand; bonds in a uid that registered after the
    /// last settled epoch belong to its former holder.
    function _keptBonds(Epoch memory e, Rules calldata rules, uint256[] calldata registeredAt, uint256 word)
        private
        pure
        returns (uint256)
    {
        if (word >= rules.bondWords) return 0;
        if (e.newest[word] <= rules.lastSettledEnd) return type(uint256).max;
        return _registeredBefore(registeredAt, word, rules.uids, uint256(rules.lastSettledEnd) + 1);
    }

    function _walkWord(Epoch memory e, uint256 word, uint256 kept) private pure {
        uint256 low = e.claim[2 * word];
        uint256 high = 2 * word + 1 < e.claim.length ? e.claim[2 * word + 1] : 0;
        uint256 even = Lanes.compress32(low) | Lanes.compress32(high) << 128;
        uint256 odd = Lanes.compress32(low >> 32) | Lanes.compress32(high >> 32) << 128;
        _checkClaims(e, word, even, odd);
        _moveHalf(e, word, 0, even, kept);
        _moveHalf(e, word, 1, odd, kept);
        e.matrix.addWorth(32 * word, e.prices);
    }

    function _checkClaims(Epoch memory e, uint256 word, uint256 even, uint256 odd) private pure {
        (uint256 atLeastEven, uint256 aboveEven, uint256 atLeastOdd, uint256 aboveOdd) =
            e.matrix.support(32 * word, even, odd);
        uint256 badEven = even;
        uint256 badOdd = odd;
        if (e.activeStake != 0) {
            badEven = EpochMatrix.badClaims(atLeastEven, aboveEven, e.needed);
            badOdd = EpochMatrix.badClaims(atLeastOdd, aboveOdd, e.needed);
        }
        if (badEven | badOdd == 0) return;
        uint256 lane = 0;
        while ((badEven | badOdd) >> (32 * lane) & type(uint32).max == 0) ++lane;
        uint256 isOdd = badEven >> (32 * lane) & type(uint32).max == 0 ? 1 : 0;
        revert BadClaim(word * CELLS_A_WORD + 2 * lane + isOdd);
    }

    /// @dev Rules 5 and 6 for the even or odd columns of a word, whose ranks it records and whose prices it sets.
    function _moveHalf(Epoch memory e, uint256 word, uint256 odd, uint256 claim, uint256 kept) private pure {
        e.matrix.moveBonds(e.bondRule, 32 * word, odd, claim, kept, e.sums);
        if (e.isLiquid) LiquidBonds.move(e.matrix, e.liquidRule, 32 * word, odd, claim, kept, e.totals);
        else ColumnPrices.setTotals(e.bondRule, e.sums, e.totals);
        uint256 rankAt = Lanes.placeOf(e.rank, word * CELLS_A_WORD);
        e.totalRank += ColumnPrices.setPricesDown(e.sums, e.totals, rankAt, odd, e.prices);
    }

    /// @dev Rules 5, 7 and 8: shares of everybody.
    function _report(
        Epoch memory e,
        Rules calldata rules,
        uint256[] calldata voters,
        uint256[] calldata stakes,
        Output memory output
    ) private pure {
        uint256 length = 32 * Lanes.words(rules.uids, Lanes.U32_A_WORD);
        output.consensus = _toBytes(e.claim);
        output.activeStake = e.activeStake;
        output.minersVoted = e.totalRank != 0;
        output.incentive = new bytes(length);
        if (output.minersVoted) Lanes.shareDown(e.rank, e.totalRank, SHARE_BITS, output.incentive);
        output.validatorTrust = new bytes(length);
        output.dividends = new bytes(length);
        _reportVoters(e, voters, output.validatorTrust, output.dividends);
        output.validatorPay = output.minersVoted ? output.dividends : _payByStake(e, rules, voters, stakes, length);
    }

    /// @dev Leaves each voter's d of rule 7 where ranks were, by position; they are reported already.
    function _reportVoters(Epoch memory e, uint256[] calldata voters, bytes memory trusts, bytes memory dividends)
        private
        pure
    {
        uint256 total;
        uint256[] memory weighed = e.rank;
        // Cannot overflow: the sum of d is below 2^138.
        unchecked {
            for (uint256 v = 0; v < voters.length; ++v) {
                (uint256 stake, uint256 trust, uint256 worth) = e.matrix.voterAt(v);
                _put(trusts, voters.wordAt(v).uid(), Lanes.sum32(trust));
                weighed[v] = stake * worth;
                total += stake * worth;
            }
            if (total == 0) return;
            for (uint256 v = 0; v < voters.length; ++v) {
                _put(dividends, voters.wordAt(v).uid(), (weighed[v] << SHARE_BITS) / total);
            }
        }
    }

    /// @dev Rule 8: nobody voted usefully, so validators are paid by active stake, or by stake when nobody is active.
    function _payByStake(
        Epoch memory e,
        Rules calldata rules,
        uint256[] calldata voters,
        uint256[] calldata stakes,
        uint256 length
    ) private pure returns (bytes memory pay) {
        pay = new bytes(length);
        if (e.activeStake != 0) {
            for (uint256 v = 0; v < voters.length; ++v) {
                (uint256 stake,,) = e.matrix.voterAt(v);
                _put(pay, voters.wordAt(v).uid(), (stake << SHARE_BITS) / e.activeStake);
            }
            return pay;
        }
        uint256 total = EpochInputCheck.totalStake(stakes);
        if (total == 0) return pay;
        for (uint256 uid = 0; uid < rules.uids; ++uid) {
            _put(pay, uid, (stakes.u32At(uid) << SHARE_BITS) / total);
        }
    }

    /// @dev Rule 6: rows to keep, one a holder of the new permits; who held none in this epoch has no bonds yet.
    function _storeBonds(Epoch memory e, uint256[] calldata voters, uint256[] calldata newPermits, Output memory output)
        private
        pure
    {
        (uint256 stride, uint256 from) = (e.matrix.stride, e.matrix.rows);
        uint256 holders = PermitSelection.count(newPermits);
        if (holders == voters.length && _allHold(voters, newPermits)) {
            output.bonds = EpochMatrix.rowsOf(e.matrix, holders);
            return;
        }
        bytes memory stored = new bytes(holders * stride);
        uint256 holder = 0;
        uint256 v = 0;
        for (uint256 uid = 0; holder < holders; ++uid) {
            if (!newPermits.hasBit(uid)) continue;
            while (v < voters.length && voters.wordAt(v).uid() < uid) ++v;
            if (v < voters.length && voters.wordAt(v).uid() == uid) {
                assembly ("memory-safe") {
                    mcopy(add(add(stored, 0x20), mul(holder, stride)), add(from, mul(v, stride)), stride)
                }
            }
            ++holder;
        }
        output.bonds = stored;
    }

    function _allHold(uint256[] calldata voters, uint256[] calldata permits) private pure returns (bool) {
        // Cannot overflow: an index.
        unchecked {
            for (uint256 v = 0; v < voters.length; ++v) {
                if (!permits.hasBit(voters.wordAt(v).uid())) return false;
            }
        }
        return true;
    }

    /// @dev Sets the 32 bits of a uid, which are zero so far.
    function _put(bytes memory packed, uint256 uid, uint256 value) private pure {
        assembly ("memory-safe") {
            let place := add(add(packed, 0x20), shl(5, shr(3, uid)))
            mstore(place, or(mload(place), shl(shl(5, and(uid, 7)), value)))
        }
    }

    /// @dev The words of a list, without copying: `list` must not be used afterwards.
    function _toBytes(uint256[] memory list) private pure returns (bytes memory data) {
        assembly ("memory-safe") {
            mstore(list, shl(5, mload(list)))
            data := list
        }
    }
}
