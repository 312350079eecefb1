// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SlotWord} from "./SlotWord.sol";

/// @notice Which slots the owner of a subnet has declared its own, over time: a bit a uid.
/// @dev A declaration is about the slot's holder. When the holder changes its bit is cleared from the next epoch on,
/// and until then `declaredAt` leaves it out because the new holder came after the declaration was in force.
library OwnSlots {
    using SlotWord for uint256;

    uint256 private constant WORDS = 4; // 1,024 uids

    /// @param fromTime the start of the epoch from which the bits count, unix seconds
    struct Version {
        uint48 fromTime;
        uint256[WORDS] bits;
    }

    /// @notice Sets or clears a bit from `nextStart` on.
    function set(Version[] storage versions, uint256 uid, bool own, uint48 nextStart) internal {
        Version storage draft = _draft(versions, nextStart);
        if (own) draft.bits[uid / 256] |= 1 << (uid % 256);
        else draft.bits[uid / 256] &= ~(1 << (uid % 256));
    }

    /// @notice Whether the bit is set in the last version, pending or in force.
    function isSet(Version[] storage versions, uint256 uid) internal view returns (bool) {
        uint256 count = versions.length;
        return count > 0 && versions[count - 1].bits[uid / 256] >> (uid % 256) & 1 == 1;
    }

    /// @notice The bits in force just before `timestamp`, of those slots whose holders then they were declared for.
    function declaredAt(Version[] storage versions, uint256[] storage slots, uint48 timestamp)
        internal
        view
        returns (uint256[] memory bits)
    {
        bits = new uint256[]((slots.length + 255) / 256);
        uint256 i = versions.length;
        while (i > 0 && versions[i - 1].fromTime >= timestamp) --i;
        if (i == 0) return bits;
        Version storage version = versions[i - 1];
        for (uint256 word = 0; word < bits.length; ++word) {
            bits[word] = _declaredHolders(version, slots, word, timestamp);
        }
    }

    function _declaredHolders(Version storage version, uint256[] storage slots, uint256 word, uint48 timestamp)
        private
        view
        returns (uint256 bits)
    {
        uint256 declared = version.bits[word];
        for (uint256 bit = 0; declared >> bit != 0; ++bit) {
            if (declared >> bit & 1 == 0) continue;
            (, uint48 registeredAt) = slots[word * 256 + bit].holderBefore(timestamp);
            if (registeredAt < version.fromTime) bits |= 1 << bit;
        }
    }

    /// @dev The version that begins at `nextStart`, which may be overwritten until then.
    function _draft(Version[] storage versions, uint48 nextStart) private returns (Version storage draft) {
        uint256 count = versions.length;
        if (count > 0 && versions[count - 1].fromTime >= nextStart) return versions[count - 1];
        draft = versions.push();
        draft.fromTime = nextStart;
        if (count > 0) draft.bits = versions[count - 1].bits;
    }
}
