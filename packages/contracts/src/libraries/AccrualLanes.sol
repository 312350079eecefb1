// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";
import {EmissionSplit} from "./EmissionSplit.sol";

/// @notice What the slots of a subnet have accrued: four lanes of 64 bits a word, in gwei, uid 0 in the lowest bits. A
/// lane never overflows: all emission is below 2^55 gwei.
library AccrualLanes {
    /// @param owed by uid, what the node's owner claims
    /// @param pooled by uid, what goes to the node's stake pool
    struct Lanes {
        uint256[1 << 14] owed;
        uint256[1 << 14] pooled;
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
    /// the packed words in calldata; then the sums of an epoch, by lane.
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
    }

    uint256 private constant LANE = type(uint64).max;

    /// @notice Adds an epoch's pay of every slot. Nobody voted: `parts.miners` is 0 and `incentive` is not read.
    function addEpoch(Lanes storage lanes, EmissionSplit.Parts memory parts, IEmission.Payment calldata p)
        internal
        returns (Sums memory sums)
    {
        uint256 groups = _checkLengths(p);
        Frame memory frame = _frame(lanes, p);
        (frame.miners, frame.validators) = (parts.miners, parts.validators);
        _addGroups(frame, groups);
        sums.incentive = _laneSum(frame.incentiveSum);
        sums.own = _laneSum(frame.ownSum);
        sums.take = _laneSum(frame.takeSum);
        sums.pooled = _laneSum(frame.pooledSum);
        _checkPart("incentive", sums.incentive, parts.miners);
        _checkPart("validatorPay", sums.take + sums.pooled, parts.validators);
    }

    /// @notice Takes the pay that `addEpoch` gave one slot out of its lanes again.
    /// @return owed gwei, incentive and take
    /// @return pooled gwei
    function removePay(
        Lanes storage lanes,
        EmissionSplit.Parts memory parts,
        IEmission.Payment calldata p,
        uint256 uid
    ) internal returns (uint256 owed, uint256 pooled) {
        uint256 pay = EmissionSplit.shareDown(parts.validators, _field(p.validatorPay, uid, 32));
        uint256 take = EmissionSplit.bpsDown(pay, _field(p.takes, uid, 16));
        (owed, pooled) = (take, pay - take);
        if (p.voted && !_isOwn(p.ownSlots, uid)) {
            owed += EmissionSplit.shareDown(parts.miners, _field(p.incentive, uid, 32));
        }
        // The lanes hold at least what they were just given.
        lanes.owed[uid / 4] -= owed << _shift(uid);
        lanes.pooled[uid / 4] -= pooled << _shift(uid);
    }

    /// @return gwei that the slot had accrued for its node's owner
    function clearOwed(Lanes storage lanes, uint256 uid) internal returns (uint256) {
        return _clear(lanes.owed, uid);
    }

    /// @return gwei that the slot had accrued for its node's pool
    function clearPooled(Lanes storage lanes, uint256 uid) internal returns (uint256) {
        return _clear(lanes.pooled, uid);
    }

    function owedTo(Lanes storage lanes, uint256 uid) internal view returns (uint256) {
        return lanes.owed[uid / 4] >> _shift(uid) & LANE;
    }

    function pooledFor(Lanes storage lanes, uint256 uid) internal view returns (uint256) {
        return lanes.pooled[uid / 4] >> _shift(uid) & LANE;
    }

    /// @dev The hot path, hence assembly: 256 slots are 64 words, and their storage costs 5,000 gas a word at least; in
    /// Solidity the arithmetic would cost as much again. Per group of eight slots, one word of shares, it computes the
    /// lanes of two words and touches only words that change.
    function _addGroups(Frame memory frame, uint256 groups) private {
        // Memory-safe: reads and writes the words of `frame` only.
        assembly ("memory-safe") {
            // The parts of `whole` by the four shares in x (32 bits each), as four lanes. Products are below 2^87, so
            // two of them, 128 bits apart, share one multiplication: shares 0 and 2, then 1 and 3.
            function toLanesDown(whole, x) -> lanes {
                let even := or(and(x, 0xffffffff), shl(64, and(x, 0xffffffff0000000000000000)))
                x := shr(32, x)
                let odd := or(and(x, 0xffffffff), shl(64, and(x, 0xffffffff0000000000000000)))
                let mask := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
                lanes := or(and(shr(31, mul(whole, even)), mask), shl(64, and(shr(31, mul(whole, odd)), mask)))
            }
            // The lanes of the slots whose bits are set in `four`.
            function laneMask(four) -> mask {
                mask := or(or(and(four, 1), shl(63, and(four, 2))), or(shl(126, and(four, 4)), shl(189, and(four, 8))))
                mask := mul(mask, 0xffffffffffffffff)
            }
            function addTo(pointer, amount) {
                mstore(pointer, add(mload(pointer), amount))
            }
            // Validators are few: their shares one by one. `bps`: their takes, 16 bits each.
            function splitDown(whole, shares, bps) -> take, pooled {
                for { let shift := 0 } shares { shift := add(shift, 64) } {
                    let share := and(shares, 0xffffffff)
                    if share {
                        let pay := shr(31, mul(whole, share))
                        let part := div(mul(pay, and(bps, 0xffff)), 10000)
                        take := or(take, shl(shift, part))
                        pooled := or(pooled, shl(shift, sub(pay, part)))
                    }
                    shares := shr(32, shares)
                    bps := shr(16, bps)
                }
            }
            // Four slots: word `i` of both lane arrays.
            function addFour(f, i, shares, own, pay, bps) {
                let owed := toLanesDown(mload(f), shares)
                addTo(add(f, 0x120), owed)
                if own {
                    own := and(owed, laneMask(own))
                    addTo(add(f, 0x140), own)
                    owed := sub(owed, own)
                }
                if pay {
                    let take, pooled := splitDown(mload(add(f, 0x20)), pay, bps)
                    addTo(add(f, 0x160), take)
                    addTo(add(f, 0x180), pooled)
                    owed := add(owed, take)
                    if pooled {
                        let slot := add(mload(add(f, 0x60)), i)
                        sstore(slot, add(sload(slot), pooled))
                    }
                }
                if owed {
                    let slot := add(mload(add(f, 0x40)), i)
                    sstore(slot, add(sload(slot), owed))
                }
            }
            for { let g := 0 } lt(g, groups) { g := add(g, 1) } {
                let shares := calldataload(add(mload(add(frame, 0x80)), shl(5, g)))
                let pay := calldataload(add(mload(add(frame, 0xa0)), shl(5, g)))
                if iszero(or(shares, pay)) { continue }
                let bps := calldataload(add(mload(add(frame, 0xc0)), shl(5, shr(1, g))))
                bps := shr(shl(7, and(g, 1)), bps)
                let own := 0
                if lt(shr(5, g), mload(add(frame, 0x100))) {
                    own := calldataload(add(mload(add(frame, 0xe0)), shl(5, shr(5, g))))
                    own := and(shr(shl(3, and(g, 31)), own), 0xff)
                }
                let low := 0xffffffffffffffffffffffffffffffff
                addFour(frame, shl(1, g), and(shares, low), and(own, 0xf), and(pay, low), bps)
                addFour(frame, add(shl(1, g), 1), shr(128, shares), shr(4, own), shr(128, pay), shr(64, bps))
            }
        }
    }

    function _frame(Lanes storage lanes, IEmission.Payment calldata p) private view returns (Frame memory frame) {
        (uint256[1 << 14] storage owed, uint256[1 << 14] storage pooled) = (lanes.owed, lanes.pooled);
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
        }
    }

    function _clear(uint256[1 << 14] storage words, uint256 uid) private returns (uint256 amount) {
        amount = words[uid / 4] >> _shift(uid) & LANE;
        if (amount > 0) words[uid / 4] -= amount << _shift(uid);
    }

    /// @return groups of eight slots
    function _checkLengths(IEmission.Payment calldata p) private pure returns (uint256 groups) {
        groups = (uint256(p.uids) + 7) / 8;
        if (p.voted) _checkLength("incentive", 32 * groups, p.incentive.length);
        _checkLength("validatorPay", 32 * groups, p.validatorPay.length);
        _checkLength("takes", 32 * ((groups + 1) / 2), p.takes.length);
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
