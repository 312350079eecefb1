// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEpochKernel} from "./interfaces/IEpochKernel.sol";
import {ColumnPrices} from "./libraries/ColumnPrices.sol";
import {ConsensusSearch} from "./libraries/ConsensusSearch.sol";
import {EpochInputCheck} from "./libraries/EpochInputCheck.sol";
import {EpochMatrix} from "./libraries/EpochMatrix.sol";
import {Lanes} from "./libraries/Lanes.sol";
import {LiquidBonds} from "./libraries/LiquidBonds.sol";
import {PermitSelection} from "./libraries/PermitSelection.sol";
import {Registrations} from "./libraries/Registrations.sol";
import {VoterReader} from "./libraries/VoterReader.sol";
import {BONDED, CLIPPED, RECORD, VoterRecord} from "./libraries/VoterRecord.sol";
import {VoterWord} from "./libraries/VoterWord.sol";

/// @title EpochKernel
/// @notice The documentation, with units and errors, stands at the interface; the arithmetic in
/// docs/design/0001-epoch-arithmetic.md.
contract EpochKernel is IEpochKernel {
    using EpochMatrix for EpochMatrix.Matrix;
    using Lanes for uint256[];
    using Registrations for Registrations.Times;
    using VoterWord for uint256;

    uint256 private constant U16_ONE = 65_535;
    uint256 private constant PPM_ONE = 1_000_000;
    uint256 private constant ALPHA_ONE = 1 << 20;
    uint256 private constant SHARE_BITS = 31;
    uint256 private constant CELLS_A_WORD = 16;

    /// @param allHold whether every voter is granted a new permit
    /// @param claim consensus, eight a word in uid order
    /// @param rank by uid, up to the end of the last word of a row
    /// @param sums of the columns at work, as are `totals` and `prices`
    struct Epoch {
        uint256 words;
        uint256 activeStake;
        uint256 needed;
        EpochMatrix.Matrix matrix;
        EpochMatrix.BondRule bondRule;
        bool isLiquid;
        LiquidBonds.Rule liquidRule;
        Registrations.Times times;
        bool allHold;
        uint256[] claim;
        uint256[] rank;
        EpochMatrix.Sums sums;
        uint256[4] totals;
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
        EpochInputCheck.check(rules, voters, stakes, registeredAt, newPermits, rows, claim);
        Epoch memory e;
        e.words = Lanes.words(rules.uids, CELLS_A_WORD);
        e.matrix = EpochMatrix.allocate(voters.length, e.words);
        e.times = Registrations.read(registeredAt, rules.uids, rules.lastSettledEnd);
        (e.activeStake, e.allHold) =
            VoterReader.readVoters(_inputs(rules, stakes, newPermits, bonds), voters, e.matrix.first);
        VoterReader.readRows(e.matrix, e.times, voters, rows.offsetOf(), 32 * uint256(rules.rowWords));
        e.needed = _neededUp(rules.kappa, e.activeStake);
        if (claim.length == 0) _findConsensus(e, Lanes.words(rules.uids, Lanes.U32_A_WORD));
        else e.claim = claim;
        _readBondRule(e, rules);
        _walk(e, rules);
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

    function _inputs(
        Rules calldata rules,
        uint256[] calldata stakes,
        uint256[] calldata newPermits,
        uint256[] calldata bonds
    ) private pure returns (VoterReader.Inputs memory) {
        return VoterReader.Inputs({
            uids: rules.uids,
            oldest: Math.saturatingSub(rules.endsAt, rules.activityCutoff),
            bondWords: rules.bondWords,
            bondLength: bonds.length,
            stakesAt: stakes.offsetOf(),
            permitsAt: newPermits.offsetOf(),
            bondsAt: bonds.offsetOf()
        });
    }

    function _largest(uint256[] memory list) private pure returns (uint256 largest) {
        for (uint256 k = 0; k < list.length; ++k) {
            if (list[k] > largest) largest = list[k];
        }
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
            ConsensusSearch.normalise(e.matrix, 32 * word);
            (uint256 even, uint256 odd) = ConsensusSearch.bisect(e.matrix, e.needed);
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
    function _walk(Epoch memory e, Rules calldata rules) private pure {
        e.rank = new uint256[](e.words * CELLS_A_WORD);
        for (uint256 word = 0; word < e.words; ++word) {
            // Bonds in a uid that registered after the last settled epoch belong to its former holder.
            uint256 kept = 0;
            if (word < rules.bondWords) kept = e.times.before(word, uint256(rules.lastSettledEnd) + 1);
            _walkWord(e, word, kept);
        }
    }

    function _walkWord(Epoch memory e, uint256 word, uint256 kept) private pure {
        (uint256 even, uint256 odd) = _claimsOf(e.claim, word);
        _clip(e, word, even, odd);
        if (e.bondRule.excess == 0) {
            e.matrix.moveBonds(e.bondRule, 32 * word, 0, CLIPPED, kept, e.sums);
            _price(e, word, 0, even, kept);
            e.matrix.moveBonds(e.bondRule, 32 * word, 1, CLIPPED, kept, e.sums);
        } else {
            e.matrix.keepExcess(e.bondRule.excess, 32 * word);
            e.matrix.moveBonds(e.bondRule, 32 * word, 0, BONDED, kept, e.sums);
            _price(e, word, 0, even, kept);
            e.matrix.moveBonds(e.bondRule, 32 * word, 1, BONDED, kept, e.sums);
        }
        _price(e, word, 1, odd, kept);
        e.matrix.addWorth(32 * word, e.prices);
    }

    /// @dev Rules 3 to 5, and whether the claims keep rule 4.
    function _clip(Epoch memory e, uint256 word, uint256 even, uint256 odd) private pure {
        (uint256 atLeastEven, uint256 aboveEven, uint256 atLeastOdd, uint256 aboveOdd) =
            e.matrix.clip(32 * word, even, odd);
        if (e.activeStake != 0) {
            even = EpochMatrix.badClaims(atLeastEven, aboveEven, e.needed);
            odd = EpochMatrix.badClaims(atLeastOdd, aboveOdd, e.needed);
        }
        if (even | odd != 0) _refuseClaim(word, even, odd);
    }

    /// @dev Records the ranks of the even or odd columns of a word and sets their prices.
    function _price(Epoch memory e, uint256 word, uint256 odd, uint256 claim, uint256 kept) private pure {
        if (e.isLiquid) LiquidBonds.move(e.matrix, e.liquidRule, 32 * word, odd, claim, kept, e.totals);
        else ColumnPrices.setTotals(e.bondRule, e.sums, e.totals);
        ColumnPrices.setPricesDown(e.sums, e.totals, Lanes.placeOf(e.rank, word * CELLS_A_WORD), odd, e.prices);
    }

    /// @dev The claims of a word's even and odd columns.
    function _claimsOf(uint256[] memory claim, uint256 word) private pure returns (uint256 even, uint256 odd) {
        uint256 low = claim[2 * word];
        uint256 high = 2 * word + 1 < claim.length ? claim[2 * word + 1] : 0;
        even = Lanes.compress32(low) | Lanes.compress32(high) << 128;
        odd = Lanes.compress32(low >> 32) | Lanes.compress32(high >> 32) << 128;
    }

    function _refuseClaim(uint256 word, uint256 badEven, uint256 badOdd) private pure {
        uint256 lane = 0;
        while ((badEven | badOdd) >> (32 * lane) & type(uint32).max == 0) ++lane;
        uint256 isOdd = badEven >> (32 * lane) & type(uint32).max == 0 ? 1 : 0;
        revert BadClaim(word * CELLS_A_WORD + 2 * lane + isOdd);
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
        output.incentive = new bytes(length);
        output.validatorTrust = new bytes(length);
        output.dividends = new bytes(length);
        (uint256 totalRank, uint256 totalWorth) = VoterRecord.weigh(e.matrix.first, e.matrix.end);
        output.minersVoted = totalRank != 0;
        if (output.minersVoted) Lanes.shareDown(e.rank, totalRank, SHARE_BITS, output.incentive);
        VoterRecord.report(e.matrix.first, voters, totalWorth, output.validatorTrust, output.dividends);
        output.validatorPay = output.minersVoted ? output.dividends : _payByStake(e, rules, voters, stakes, length);
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
                uint256 stake = VoterRecord.stakeOf(e.matrix.first + v * RECORD);
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
        if (holders == voters.length && e.allHold) {
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
