// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";
import {EmissionSplit} from "./EmissionSplit.sol";

/// @notice What the slots of a subnet have accrued: four lanes of 64 bits a word, in gwei, the first in the lowest bits.
/// A lane never overflows: all emission is below 2^55 gwei.
library AccrualLanes {
    /// @param owed by uid, what the node's owner claims
    /// @param pooled by place, what goes to the node's stake pool
    /// @param places by uid, sixteen a word: place plus one, 0: none yet. Few slots ever validate, and these lie anywhere
    /// among the uids: places keep their lanes together, so that an epoch writes a word for four of them.
    /// @param placeCount places given so far; a slot keeps its place for good, whoever holds it
    /// @param uids by place, sixteen a word: uid plus one, so that an epoch reads a word for sixteen of them, too
    struct Lanes {
        uint256[1 << 14] owed;
        uint256[1 << 14] pooled;
        uint256[1 << 12] places;
        uint256 placeCount;
        uint256[1 << 12] uids;
    }

    /// @notice Gwei of an epoch over all slots.
    /// @param incentive of all slots, the subnet owner's own included
    /// @param own of it, of the subnet owner's own slots: not accrued
    struct Sums {
        uint256 incentive;
        uint256 own;
        uint256 take;
        uint256 pooled;
    }

    /// @dev What the hot loop reads and writes, word by word: the parts in gwei; where the lanes begin in storage and
    /// the packed words in calldata; the sums of an epoch, by lane (`pooledSum`: of all); then where the uids of places
    /// begin in storage, and where in memory, and for how many uids, the pay for pools is noted.
    struct Frame {
        uint256 miners; // 0x00
        uint256 validators; // 0x20
        uint256 owedSlot; // 0x40
        uint256 pooledSlot; // 0x60
        uint256 incentiveAt; // 0x80
        uint256 payAt; // 0xa0
        uint256 takesAt; // 0xc0
        uint256 ownAt; // 0xe0
        uint256 ownWords; // 0x100
        uint256 incentiveSum; // 0x120
        uint256 ownSum; // 0x140
        uint256 takeSum; // 0x160
        uint256 pooledSum; // 0x180
        uint256 uidsSlot; // 0x1a0
        uint256 poolsAt; // 0x1c0
        uint256 poolCount; // 0x1e0
    }

    uint256 private constant LANE = type(uint64).max;

    /// @notice Adds an epoch's pay of every slot. Nobody voted: `parts.miners` is 0 and `incentive` is not read.
    function addEpoch(Lanes storage lanes, EmissionSplit.Parts memory parts, IEmission.Payment calldata p)
        internal
        returns (Sums memory sums)
    {
        _checkLengths(p);
        Frame memory frame = _frame(lanes, p);
        (frame.miners, frame.validators) = (parts.miners, parts.validators);
        uint256 words = (uint256(p.uids) + 3) / 4;
        uint256[] memory pools = _allocatePools(frame, words);
        _addWords(frame, words);
        if (_addPools(frame) > 0) _addPlaces(lanes, pools);
        sums.incentive = _laneSum(frame.incentiveSum);
        sums.own = _laneSum(frame.ownSum);
        sums.take = _laneSum(frame.takeSum);
        sums.pooled = frame.pooledSum;
        _checkPart("incentive", sums.incentive, parts.miners);
        _checkPart("validatorPay", sums.take + sums.pooled, parts.validators);
    }

    /// @notice Takes the pay that `addEpoch` gave one slot out of its lanes again.
    /// @return owed gwei, incentive and take
    /// @return pooled gwei
    function removePay(Lanes storage lanes, EmissionSplit.Parts memory parts, IEmission.Payment calldata p, uint256 uid)
        internal
        returns (uint256 owed, uint256 pooled)
    {
        uint256 pay = EmissionSplit.shareDown(parts.validators, _field(p.validatorPay, uid, 32));
        uint256 take = EmissionSplit.bpsDown(pay, _field(p.takes, uid, 16));
        (owed, pooled) = (take, pay - take);
        if (p.voted && !_isOwn(p.ownSlots, uid)) {
            owed += EmissionSplit.shareDown(parts.miners, _field(p.incentive, uid, 32));
        }
        // The lanes hold at least what they were just given.
        lanes.owed[uid / 4] -= owed << _shift(uid);
        if (pooled == 0) return (owed, pooled);
        uint256 place = placePlusOne(lanes, uid) - 1;
        lanes.pooled[place / 4] -= pooled << _shift(place);
    }

    /// @return gwei that the slot had accrued for its node's owner
    function clearOwed(Lanes storage lanes, uint256 uid) internal returns (uint256) {
        return _clear(lanes.owed, uid);
    }

    /// @return gwei that the slot had accrued for its node's pool
    function clearPooled(Lanes storage lanes, uint256 uid) internal returns (uint256) {
        uint256 place = placePlusOne(lanes, uid);
        return place == 0 ? 0 : _clear(lanes.pooled, place - 1);
    }

    function owedTo(Lanes storage lanes, uint256 uid) internal view returns (uint256) {
        return lanes.owed[uid / 4] >> _shift(uid) & LANE;
    }

    function pooledFor(Lanes storage lanes, uint256 uid) internal view returns (uint256) {
        uint256 place = placePlusOne(lanes, uid);
        return place == 0 ? 0 : lanes.pooled[(place - 1) / 4] >> _shift(place - 1) & LANE;
    }

    /// @return 0: the slot has no place among the pools yet
    function placePlusOne(Lanes storage lanes, uint256 uid) internal view returns (uint256) {
        return lanes.places[uid / 16] >> (16 * (uid % 16)) & type(uint16).max;
    }

    /// @dev The hot path, hence assembly: storage costs 5,000 gas a word, and the arithmetic adds some 450. Word i of
    /// the lanes is that of uids 4i … 4i + 3, whose shares are 16 bytes of calldata and whose takes are 8. Only words
    /// that change are touched.
    function _addWords(Frame memory frame, uint256 words) private {
        // Memory-safe: reads and writes the words of `frame` and, within their number, those of its pools only.
        assembly ("memory-safe") {
            let incentiveAt := mload(add(frame, 0x80))
            let payAt := mload(add(frame, 0xa0))
            let sum := 0
            for { let i := 0 } lt(i, words) { i := add(i, 1) } {
                // The lower uids are in the later bytes, so halves of a word of shares are read in swapped order.
                let x := xor(shl(4, i), 16)
                let pay := shr(128, calldataload(add(payAt, x)))
                x := shr(128, calldataload(add(incentiveAt, x)))
                let owed := 0
                if x {
                    // The miners' part by four shares, as four lanes. A product is below 2^87, so two of them, 128 bits
                    // apart, share one multiplication: shares 0 and 2, then 1 and 3.
                    x := or(x, shl(64, x))
                    owed := mul(mload(frame), and(x, 0xffffffff000000000000000000000000ffffffff))
                    x := mul(mload(frame), and(shr(32, x), 0xffffffff000000000000000000000000ffffffff))
                    owed := or(
                        and(shr(31, owed), 0xffffffffffffffff0000000000000000ffffffffffffffff),
                        shl(64, and(shr(31, x), 0xffffffffffffffff0000000000000000ffffffffffffffff))
                    )
                    sum := add(sum, owed)
                }
                if lt(shr(6, i), mload(add(frame, 0x100))) {
                    x := calldataload(add(mload(add(frame, 0xe0)), shl(5, shr(6, i))))
                    x := and(shr(shl(2, and(i, 63)), x), 0xf)
                    // From bits to the lanes whose incentive is not minted.
                    x := or(or(and(x, 1), shl(63, and(x, 2))), or(shl(126, and(x, 4)), shl(189, and(x, 8))))
                    x := and(owed, mul(x, 0xffffffffffffffff))
                    owed := sub(owed, x)
                    mstore(add(frame, 0x140), add(mload(add(frame, 0x140)), x))
                }
                if pay {
                    // Validators are few: their shares one by one, each split into take and rest.
                    let bps := shr(192, calldataload(add(mload(add(frame, 0xc0)), xor(shl(3, i), 24))))
                    let take := 0
                    for { let lane := 0 } pay { lane := add(lane, 64) } {
                        x := and(pay, 0xffffffff)
                        pay := shr(32, pay)
                        if x {
                            x := shr(31, mul(mload(add(frame, 0x20)), x))
                            let part := div(mul(x, and(shr(shr(2, lane), bps), 0xffff)), 10000)
                            take := or(take, shl(lane, part))
                            x := sub(x, part)
                            mstore(add(frame, 0x180), add(mload(add(frame, 0x180)), x))
                            mstore(add(mload(add(frame, 0x1c0)), add(shl(7, i), shr(1, lane))), x)
                        }
                    }
                    owed := add(owed, take)
                    mstore(add(frame, 0x160), add(mload(add(frame, 0x160)), take))
                }
                if owed {
                    x := add(mload(add(frame, 0x40)), i)
                    sstore(x, add(sload(x), owed))
                }
            }
            mstore(add(frame, 0x120), sum)
        }
    }

    function _allocatePools(Frame memory frame, uint256 words) private pure returns (uint256[] memory pools) {
        pools = new uint256[](4 * words);
        frame.poolCount = 4 * words;
        // Memory-safe: writes a word of `frame`.
        assembly ("memory-safe") {
            mstore(add(frame, 0x1c0), add(pools, 0x20))
        }
    }

    /// @dev Stores what `_addWords` noted for the pools of slots that have a place: place by place, until all is stored.
    /// @return left gwei for slots without a place
    function _addPools(Frame memory frame) private returns (uint256 left) {
        // Memory-safe: reads words of `frame` and its pools.
        assembly ("memory-safe") {
            left := mload(add(frame, 0x180))
            let pools := mload(add(frame, 0x1c0))
            let slot := mload(add(frame, 0x60))
            for { let uidsSlot := mload(add(frame, 0x1a0)) } left { uidsSlot := add(uidsSlot, 1) } {
                let uids := sload(uidsSlot)
                if iszero(uids) { break }
                for {} uids { slot := add(slot, 1) } {
                    let sum := 0
                    for { let lane := 0 } lt(lane, 256) { lane := add(lane, 64) } {
                        // No place yet: -1. An epoch may have fewer slots than one before it.
                        let uid := sub(and(uids, 0xffff), 1)
                        uids := shr(16, uids)
                        if lt(uid, mload(add(frame, 0x1e0))) {
                            let amount := mload(add(pools, shl(5, uid)))
                            left := sub(left, amount)
                            sum := or(sum, shl(lane, amount))
                        }
                    }
                    if sum { sstore(slot, add(sload(slot), sum)) }
                }
            }
        }
    }

    /// @dev Gives a place to each slot with pay for its pool that has none, and adds the pay.
    function _addPlaces(Lanes storage lanes, uint256[] memory pools) private {
        for (uint256 uid = 0; uid < pools.length; ++uid) {
            if (pools[uid] == 0 || placePlusOne(lanes, uid) != 0) continue;
            uint256 place = lanes.placeCount++;
            lanes.places[uid / 16] |= (place + 1) << (16 * (uid % 16));
            lanes.uids[place / 16] |= (uid + 1) << (16 * (place % 16));
            lanes.pooled[place / 4] += pools[uid] << _shift(place);
        }
    }

    function _frame(Lanes storage lanes, IEmission.Payment calldata p) private view returns (Frame memory frame) {
        (uint256[1 << 14] storage owed, uint256[1 << 14] storage pooled) = (lanes.owed, lanes.pooled);
        uint256[1 << 12] storage uids = lanes.uids;
        (bytes calldata incentive, bytes calldata pay) = (p.incentive, p.validatorPay);
        (bytes calldata takes, uint256[] calldata own) = (p.takes, p.ownSlots);
        // Memory-safe: writes words of `frame` only.
        assembly ("memory-safe") {
            mstore(add(frame, 0x40), owed.slot)
            mstore(add(frame, 0x60), pooled.slot)
            mstore(add(frame, 0x80), incentive.offset)
            mstore(add(frame, 0xa0), pay.offset)
            mstore(add(frame, 0xc0), takes.offset)
            mstore(add(frame, 0xe0), own.offset)
            mstore(add(frame, 0x100), own.length)
            mstore(add(frame, 0x1a0), uids.slot)
        }
    }

    function _clear(uint256[1 << 14] storage words, uint256 uid) private returns (uint256 amount) {
        amount = words[uid / 4] >> _shift(uid) & LANE;
        if (amount > 0) words[uid / 4] -= amount << _shift(uid);
    }

    function _checkLengths(IEmission.Payment calldata p) private pure {
        uint256 uids = p.uids;
        if (p.voted) _checkLength("incentive", 32 * ((uids + 7) / 8), p.incentive.length);
        _checkLength("validatorPay", 32 * ((uids + 7) / 8), p.validatorPay.length);
        _checkLength("takes", 32 * ((uids + 15) / 16), p.takes.length);
    }

    function _checkLength(bytes32 field, uint256 expected, uint256 actual) private pure {
        if (actual != expected) revert IEmission.WrongPaymentLength(field, expected, actual);
    }

    function _checkPart(bytes32 field, uint256 paid, uint256 part) private pure {
        if (paid > part) revert IEmission.PaymentTooLarge(field, paid, part);
    }

    /// @dev Field `uid` of packed words, `bits` wide.
    function _field(bytes calldata words, uint256 uid, uint256 bits) private pure returns (uint256) {
        uint256 perWord = 256 / bits;
        uint256 from = 32 * (uid / perWord);
        return uint256(bytes32(words[from:from + 32])) >> (bits * (uid % perWord)) & ((1 << bits) - 1);
    }

    function _isOwn(uint256[] calldata ownSlots, uint256 uid) private pure returns (bool) {
        return uid / 256 < ownSlots.length && ownSlots[uid / 256] >> (uid % 256) & 1 == 1;
    }

    function _laneSum(uint256 word) private pure returns (uint256) {
        return (word & LANE) + (word >> 64 & LANE) + (word >> 128 & LANE) + (word >> 192);
    }

    function _shift(uint256 uid) private pure returns (uint256) {
        return 64 * (uid % 4);
    }
}
