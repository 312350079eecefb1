// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A slot in one word: from the lowest bits, its holder (nodeId of 64 bits, registeredAt of 48) and the holder
/// before it. A vacant slot is held by node 0 since it was vacated. A slot that never changed has no holder before.
/// @dev Two holders are enough because a slot changes at most once an epoch: docs/design/0008.
library SlotWord {
    uint256 private constant HOLDER_BITS = 112;

    function created(uint64 nodeId, uint256 timestamp) internal pure returns (uint256 word) {
        return uint256(nodeId) | timestamp << 64;
    }

    /// @notice The word after `nodeId` took the slot (0: after it was vacated).
    function changed(uint256 word, uint64 nodeId, uint256 timestamp) internal pure returns (uint256) {
        return created(nodeId, timestamp) | word << HOLDER_BITS & uint256(type(uint112).max) << HOLDER_BITS;
    }

    function node(uint256 word) internal pure returns (uint64) {
        return uint64(word);
    }

    /// @notice When the present holder came, or when the slot was vacated.
    function since(uint256 word) internal pure returns (uint48) {
        return uint48(word >> 64);
    }

    /// @notice Whether the slot existed before `timestamp`.
    function existedBefore(uint256 word, uint256 timestamp) internal pure returns (bool) {
        uint256 before = since(word >> HOLDER_BITS);
        return since(word) < timestamp || before != 0 && before < timestamp;
    }

    /// @notice The holder just before `timestamp`, of a slot that existed then.
    function holderBefore(uint256 word, uint256 timestamp) internal pure returns (uint64 nodeId, uint48 registeredAt) {
        uint256 holder = since(word) < timestamp ? word : word >> HOLDER_BITS;
        return (node(holder), since(holder));
    }

    /// @notice `holderBefore` of all slots that existed then, by uid.
    /// @dev Every settlement asks for every slot: one read of storage each and little else.
    function holdersBefore(uint256[] storage slots, uint256 before)
        internal
        view
        returns (uint64[] memory nodeIds, uint48[] memory registeredAt)
    {
        uint256 n = slots.length;
        while (n > 0 && !existedBefore(slots[n - 1], before)) --n; // slots come in the order of their uids
        nodeIds = new uint64[](n);
        registeredAt = new uint48[](n);
        assembly ("memory-safe") {
            mstore(0, slots.slot)
            let from := keccak256(0, 32) // where the elements of a dynamic array are stored
            for { let uid := 0 } lt(uid, n) { uid := add(uid, 1) } {
                let holder := sload(add(from, uid))
                if iszero(lt(and(shr(64, holder), 0xffffffffffff), before)) {
                    holder := shr(HOLDER_BITS, holder)
                }
                let offset := mul(add(uid, 1), 32) // after the length
                mstore(add(nodeIds, offset), and(holder, 0xffffffffffffffff))
                mstore(add(registeredAt, offset), and(shr(64, holder), 0xffffffffffff))
            }
        }
    }
}
