// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SlotWord} from "./SlotWord.sol";

/// @notice Who loses its slot when a subnet is full: of the neurons that are not immune the one with the lowest last
/// pay, then the earliest registration, then the lowest uid.
library Pruning {
    using SlotWord for uint256;

    /// @dev Above every key.
    uint256 private constant WHOLE_BPS = 10_000;
    uint256 private constant IMMUNE = type(uint256).max;

    /// @param slots `SlotWord`s by uid
    /// @param pay eight `uint32` a word; a uid beyond the end earned nothing
    /// @param immuneFrom unix seconds: who registered earlier is not immune
    struct Candidates {
        uint256[] slots;
        uint256[] pay;
        uint256 immuneFrom;
    }

    /// @notice What every uid earned, eight `uint32` a word: both shares weighed by their cuts in bps.
    function payOf(bytes calldata incentive, bytes calldata validatorPay, uint256 minersCut, uint256 validatorsCut)
        internal
        pure
        returns (uint256[] memory pay)
    {
        pay = new uint256[](incentive.length / 32);
        for (uint256 word = 0; word < pay.length; ++word) {
            uint256 mined = uint256(bytes32(incentive[32 * word:32 * word + 32]));
            uint256 voted = uint256(bytes32(validatorPay[32 * word:32 * word + 32]));
            for (uint256 shift = 0; shift < 256; shift += 32) {
                uint256 earned = uint32(mined >> shift) * minersCut + uint32(voted >> shift) * validatorsCut;
                pay[word] |= earned / WHOLE_BPS << shift; // at most 2^31
            }
        }
    }

    function next(Candidates memory c) internal pure returns (bool found, uint16 uid) {
        uint256 lowest = IMMUNE;
        for (uint256 i = 0; i < c.slots.length; ++i) {
            uint256 key = _key(c, i);
            if (key < lowest) lowest = key;
        }
        return (lowest != IMMUNE, uint16(lowest)); // a key ends with its uid
    }

    /// @return prunable false: immune or vacant, so without a rank
    /// @return rank how many go before this uid
    function rankOf(Candidates memory c, uint16 uid) internal pure returns (bool prunable, uint256 rank) {
        uint256 own = _key(c, uid);
        if (own == IMMUNE) return (false, 0);
        for (uint256 i = 0; i < c.slots.length; ++i) {
            if (_key(c, i) < own) ++rank;
        }
        return (true, rank);
    }

    /// @dev Pay, registration and uid in one number, so that the order of keys is the order of going.
    function _key(Candidates memory c, uint256 uid) private pure returns (uint256) {
        uint256 word = c.slots[uid];
        uint256 registeredAt = word.since();
        if (word.node() == 0 || registeredAt >= c.immuneFrom) return IMMUNE;
        uint256 pay = uid / 8 < c.pay.length ? uint32(c.pay[uid / 8] >> (32 * (uid % 8))) : 0;
        return pay << 64 | registeredAt << 16 | uid;
    }
}
