// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../interfaces/IConsensus.sol";
import {ISubnets} from "../interfaces/ISubnets.sol";
import {Lanes} from "./Lanes.sol";
import {RowRules} from "./RowRules.sol";
import {VoterWord} from "./VoterWord.sol";

/// @notice Commitments and rows of all voters, and the check of what a settlement hands in against them.
library VoterBook {
    using Lanes for uint256[];

    /// @dev What belongs to a slot's holder. `commitments` by the parity of their epoch: those of e + 1 are made while
    /// e is still being revealed and settled.
    struct Voter {
        bytes32 rowHash;
        uint48 rowCommittedAt;
        IConsensus.Commitment[2] commitments;
    }

    /// @dev The last settlement of a subnet as stored: `IConsensus.LastSettled` with room for the permits of 1,024 uids,
    /// which need no length beside `uids`; and the last snapshot, whose epoch shares the first word.
    struct Settled {
        bool settled;
        uint64 epoch;
        uint48 end;
        uint48 blockNumber;
        uint16 uids;
        uint64 snapshotEpoch;
        bytes32 snapshotHash;
        bytes32 bondsHash;
        bytes32 payHash;
        uint256[4] permits;
    }

    /// @param voters by slot holder: a slot's next holder starts with nothing
    /// @param withheld bit uid: committed and not revealed; by netuid, epoch and word of the bitmap
    struct Book {
        mapping(uint256 key => Voter) voters;
        mapping(uint256 key => uint256) withheld;
    }

    function commit(
        Book storage book,
        uint16 netuid,
        ISubnets.Slot memory slot,
        uint64 epoch,
        bytes32 hash,
        uint48 time
    ) internal {
        voterOf(book, netuid, slot.uid, slot.registeredAt).commitments[epoch & 1] =
            IConsensus.Commitment(hash, epoch, time, false);
        book.withheld[_withheldKey(netuid, epoch, slot.uid / Lanes.BITS_A_WORD)] |= _bit(slot.uid);
    }

    /// @return committedAt when the row was committed
    function reveal(
        Book storage book,
        uint16 netuid,
        ISubnets.Slot memory slot,
        uint64 epoch,
        bytes32 computed,
        uint256[] calldata row
    ) internal returns (uint48 committedAt) {
        Voter storage voter = voterOf(book, netuid, slot.uid, slot.registeredAt);
        IConsensus.Commitment storage commitment = voter.commitments[epoch & 1];
        bytes32 committed = commitment.hash;
        if (committed == bytes32(0) || commitment.epoch != epoch) {
            revert IConsensus.CommitmentMissing(slot.uid, epoch);
        }
        if (commitment.revealed) revert IConsensus.AlreadyRevealed(slot.uid, epoch);
        if (computed != committed) revert IConsensus.CommitmentMismatch(slot.uid, computed, committed);

        committedAt = commitment.committedAt;
        commitment.revealed = true;
        voter.rowHash = RowRules.hash(committedAt, _placeOf(row), row.length);
        voter.rowCommittedAt = committedAt;
        book.withheld[_withheldKey(netuid, epoch, slot.uid / Lanes.BITS_A_WORD)] &= ~_bit(slot.uid);
    }

    /// @notice The last settlement without what it paid, each word read once.
    function load(Settled storage stored) internal view returns (IConsensus.LastSettled memory last) {
        (last.settled, last.epoch, last.end) = (stored.settled, stored.epoch, stored.end);
        (last.blockNumber, last.uids, last.bondsHash) = (stored.blockNumber, stored.uids, stored.bondsHash);
        last.permits = new uint256[](Lanes.words(last.uids, Lanes.BITS_A_WORD));
        for (uint256 word = 0; word < last.permits.length; ++word) {
            last.permits[word] = stored.permits[word];
        }
    }

    /// @notice Checks bonds and rows against their hashes.
    /// @return words what the kernel takes, one a voter: holders of the permits in force whose slots have not changed
    /// hands since these were granted
    function check(
        Book storage book,
        uint16 netuid,
        uint64 epoch,
        IConsensus.LastSettled memory last,
        IConsensus.Snapshot calldata snapshot,
        IConsensus.Votes calldata votes
    ) internal view returns (uint256[] memory words) {
        _checkBonds(last, votes.bonds);
        uint256[] memory holders =
            last.settled ? members(last.permits, last.uids) : members(snapshot.newPermits, snapshot.uids);
        uint256 permittedAt = last.settled ? last.end : snapshot.terms.end;
        uint256 count = _words(book, netuid, permittedAt, last.settled, snapshot, votes, holders);
        if (count != votes.committedAt.length) revert IConsensus.VoterCountMismatch(votes.committedAt.length, count);
        words = holders;
        assembly ("memory-safe") {
            mstore(words, count)
        }
        _markWithheld(book, netuid, epoch, words);
    }

    /// @dev Replaces uids by what the kernel takes, leaving out whose permit was its predecessor's.
    function _words(
        Book storage book,
        uint16 netuid,
        uint256 permittedAt,
        bool hasBonds,
        IConsensus.Snapshot calldata snapshot,
        IConsensus.Votes calldata votes,
        uint256[] memory holders
    ) private view returns (uint256 count) {
        (uint256[] calldata registrations, uint256[] calldata committed) = (snapshot.registeredAt, votes.committedAt);
        (uint256[] calldata rows, uint256 stride) = (votes.rows, votes.rowWords);
        // Cannot overflow: counts below 1,024 and words of a calldata list.
        unchecked {
            for (uint256 k = 0; k < holders.length; ++k) {
                uint256 uid = holders[k];
                uint256 registeredAt = registrations.u64At(uid); // the snapshot has all uids that ever had a permit
                if (registeredAt >= permittedAt) continue;
                if (count == committed.length) revert IConsensus.VoterCountMismatch(count, count + 1);
                uint256 committedAt = committed.wordAt(count);
                bytes32 stored = voterOf(book, netuid, uid, uint48(registeredAt)).rowHash; // a time of 48 bits
                if (!_matches(stored, committedAt, rows, count * stride, stride)) {
                    revert IConsensus.RowMismatch(uint16(uid)); // of a slot
                }
                uint256 updatedAt = committedAt == 0 ? registeredAt : committedAt;
                holders[count++] = VoterWord.pack(uid, hasBonds ? k + 1 : 0, updatedAt, committedAt);
            }
        }
    }

    function voterOf(Book storage book, uint16 netuid, uint256 uid, uint48 registeredAt)
        internal
        view
        returns (Voter storage)
    {
        return book.voters[uint256(netuid) << 64 | uid << 48 | registeredAt];
    }

    function withheldAt(Book storage book, uint16 netuid, uint64 epoch, uint256 word) internal view returns (uint256) {
        return book.withheld[_withheldKey(netuid, epoch, word)];
    }

    /// @notice Members of a bitmap, ascending.
    /// @param uids at least as many as the bitmap has members
    function members(uint256[] memory bitmap, uint256 uids) internal pure returns (uint256[] memory list) {
        list = new uint256[](uids);
        // Memory-safe: writes to `list` only.
        assembly ("memory-safe") {
            let place := list
            let from := 0
            let end := add(add(bitmap, 0x20), shl(5, mload(bitmap)))
            for { let word := add(bitmap, 0x20) } lt(word, end) { word := add(word, 0x20) } {
                let uid := from
                for { let bits := mload(word) } bits {} {
                    // Past the zeros, by halves, then past the one.
                    if iszero(and(bits, 0xffffffff)) {
                        for {} iszero(and(bits, 0xffffffff)) { uid := add(uid, 32) } { bits := shr(32, bits) }
                    }
                    if iszero(and(bits, 0xffff)) {
                        bits := shr(16, bits)
                        uid := add(uid, 16)
                    }
                    if iszero(and(bits, 0xff)) {
                        bits := shr(8, bits)
                        uid := add(uid, 8)
                    }
                    if iszero(and(bits, 0xf)) {
                        bits := shr(4, bits)
                        uid := add(uid, 4)
                    }
                    if iszero(and(bits, 3)) {
                        bits := shr(2, bits)
                        uid := add(uid, 2)
                    }
                    if iszero(and(bits, 1)) {
                        bits := shr(1, bits)
                        uid := add(uid, 1)
                    }
                    place := add(place, 0x20)
                    mstore(place, uid)
                    bits := shr(1, bits)
                    uid := add(uid, 1)
                }
                from := add(from, 256)
            }
            mstore(list, shr(5, sub(place, list)))
        }
    }

    function _checkBonds(IConsensus.LastSettled memory last, uint256[] calldata bonds) private pure {
        bytes32 stored = last.settled ? last.bondsHash : keccak256("");
        bytes32 computed;
        // Memory-safe: uses free memory, as `abi.encodePacked` would, without keeping it.
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            calldatacopy(buffer, bonds.offset, shl(5, bonds.length))
            computed := keccak256(buffer, shl(5, bonds.length))
        }
        if (computed != stored) revert IConsensus.BondsMismatch(computed, stored);
    }

    function _matches(bytes32 stored, uint256 committedAt, uint256[] calldata rows, uint256 from, uint256 stride)
        private
        pure
        returns (bool)
    {
        if (rows.length < from + stride) return false;
        uint256 place = _placeOf(rows) + 32 * from;
        if (stored == bytes32(0)) return committedAt == 0 && RowRules.isZero(place, stride);
        return RowRules.hash(committedAt, place, stride) == stored;
    }

    function _markWithheld(Book storage book, uint16 netuid, uint64 epoch, uint256[] memory words) private view {
        uint256 key = type(uint256).max;
        uint256 bits = 0;
        // Cannot overflow: an index.
        unchecked {
            for (uint256 v = 0; v < words.length; ++v) {
                uint256 uid = VoterWord.uid(words[v]);
                uint256 next = _withheldKey(netuid, epoch, uid / Lanes.BITS_A_WORD);
                if (next != key) (key, bits) = (next, book.withheld[next]);
                if (bits & _bit(uid) != 0) words[v] |= VoterWord.WITHHELD;
            }
        }
    }

    function _placeOf(uint256[] calldata list) private pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := list.offset
        }
    }

    function _bit(uint256 uid) private pure returns (uint256) {
        return 1 << (uid % Lanes.BITS_A_WORD);
    }

    function _withheldKey(uint16 netuid, uint64 epoch, uint256 word) private pure returns (uint256) {
        return uint256(netuid) << 128 | uint256(epoch) << 64 | word;
    }
}
