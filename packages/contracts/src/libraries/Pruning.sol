// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SlotWord} from "./SlotWord.sol";

/// @notice Who loses its slot when a subnet is full: of the neurons that are not immune the one with the lowest last
/// pay, then the earliest registration, then the lowest uid.
library Pruning {
    using SlotWord for uint256;

    /// @dev Above every key.
    uint256 private constant IMMUNE = type(uint256).max;

    /// @param slots `SlotWord`s by uid
    /// @param pay by uid; a uid beyond the end earned nothing
    /// @param paidUntil unix seconds: whoever registered from then on has not been paid yet
    /// @param immuneFrom unix seconds: who registered earlier is not immune
    struct Candidates {
        uint256[] slots;
        uint256[] pay;
        uint256 paidUntil;
        uint256 immuneFrom;
    }

    /// @notice What every uid earned: both shares weighed by their cuts, in bps of 2^31.
    /// @param incentive eight `uint32` a word, uid 0 in the lowest bits; so is `validatorPay`
    function payOf(bytes calldata incentive, bytes calldata validatorPay, uint256 minersCut, uint256 validatorsCut)
        internal
        pure
        returns (uint256[] memory pay)
    {
        pay = new uint256[](incentive.length / 4);
        // Cannot overflow: shares of 31 bits, cuts of 14.
        unchecked {
            for (uint256 uid = 0; uid < pay.length; uid += 8) {
                uint256 mined = uint256(bytes32(incentive[4 * uid:4 * uid + 32]));
                uint256 voted = uint256(bytes32(validatorPay[4 * uid:4 * uid + 32]));
                for (uint256 lane = 0; lane < 8; ++lane) {
                    uint256 shift = 32 * lane;
                    pay[uid + lane] = uint32(mined >> shift) * minersCut + uint32(voted >> shift) * validatorsCut;
                }
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
        uint256 pay = uid < c.pay.length && registeredAt < c.paidUntil ? c.pay[uid] : 0;
        return pay << 64 | registeredAt << 16 | uid;
    }
}
