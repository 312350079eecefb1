// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {RecentTrace} from "./RecentTrace.sol";

/// @notice Votes that a delegatee holds, summed per node in a bounded number of seats.
/// @dev A seat's history holds words of (node, slashes of the node, assets). Once the node is slashed again the word no
/// longer matches and counts nothing, without anybody having to visit it. A full tally gives the seat of the smallest
/// node to a bigger one; `tenancy` tells the votes of an earlier stay from those of the present one.
library VoteTally {
    using SafeCast for uint256;
    using Checkpoints for Checkpoints.Trace208;
    using RecentTrace for RecentTrace.Trace;

    uint256 internal constant MAX_SEATS = 32; // read at every vote

    /// @param place index of its history plus one; 0: none now
    /// @param tenancy stays so far
    struct Seat {
        uint8 place;
        uint32 tenancy;
    }

    struct Tally {
        Checkpoints.Trace208[] places;
        mapping(uint64 nodeId => Seat) seatOf;
    }

    /// @notice What an account's stake on a node contributes to its delegatee's tally.
    /// @param slashes of the node when it was counted: it is void after another one
    /// @param tenancy of the node's seat: it counts nothing in another one; 0: it was given no seat
    struct Count {
        uint104 assets;
        uint40 slashes;
        uint32 tenancy;
    }

    /// @notice Adds `assets` of a node; `slashes` is of all nodes.
    /// @return count what `remove` needs to take them out again
    function add(
        Tally storage self,
        mapping(uint64 nodeId => RecentTrace.Trace) storage slashes,
        uint64 nodeId,
        uint256 assets
    ) internal returns (Count memory count) {
        count = Count(assets.toUint104(), slashes[nodeId].latest().toUint40(), 0);
        if (assets == 0) return count;
        Seat storage seat = self.seatOf[nodeId];
        if (seat.place == 0 && !_seat(self, slashes, nodeId, assets)) return count;
        count.tenancy = seat.tenancy;
        Checkpoints.Trace208 storage place = self.places[seat.place - 1];
        (uint64 seated, uint256 marked, uint256 held) = _unpack(place.latest());
        if (seated != nodeId || marked != count.slashes) held = 0;
        _push(place, nodeId, count.slashes, held + assets);
    }

    /// @notice Takes out what `add` put in, if it still counts.
    function remove(
        Tally storage self,
        mapping(uint64 nodeId => RecentTrace.Trace) storage slashes,
        uint64 nodeId,
        Count memory count
    ) internal {
        if (!isCounted(self, slashes, nodeId, count)) return;
        Checkpoints.Trace208 storage place = self.places[self.seatOf[nodeId].place - 1];
        (,, uint256 held) = _unpack(place.latest());
        _push(place, nodeId, count.slashes, held - count.assets);
    }

    function isCounted(
        Tally storage self,
        mapping(uint64 nodeId => RecentTrace.Trace) storage slashes,
        uint64 nodeId,
        Count memory count
    ) internal view returns (bool) {
        Seat memory seat = self.seatOf[nodeId];
        return count.assets != 0 && seat.place != 0 && seat.tenancy == count.tenancy
            && slashes[nodeId].latest() == count.slashes;
    }

    function votes(Tally storage self, mapping(uint64 nodeId => RecentTrace.Trace) storage slashes)
        internal
        view
        returns (uint256 sum)
    {
        for (uint256 i = 0; i < self.places.length; ++i) {
            sum += _held(self.places[i], slashes);
        }
    }

    function votesAt(Tally storage self, mapping(uint64 nodeId => RecentTrace.Trace) storage slashes, uint48 time)
        internal
        view
        returns (uint256 sum)
    {
        for (uint256 i = 0; i < self.places.length; ++i) {
            (uint64 nodeId, uint256 marked, uint256 held) = _unpack(self.places[i].upperLookupRecent(time));
            if (held != 0 && slashes[nodeId].valueAt(time) == marked) sum += held;
        }
    }

    /// @dev A place never used, or that of the smallest node if it is smaller than `assets`.
    function _seat(
        Tally storage self,
        mapping(uint64 nodeId => RecentTrace.Trace) storage slashes,
        uint64 nodeId,
        uint256 assets
    ) private returns (bool seated) {
        uint256 chosen = self.places.length;
        uint256 smallest = assets;
        for (uint256 i = 0; i < self.places.length && smallest != 0; ++i) {
            uint256 held = _held(self.places[i], slashes);
            if (held < smallest) (chosen, smallest) = (i, held);
        }
        if (smallest != 0 && self.places.length < MAX_SEATS) chosen = self.places.length;
        if (chosen == MAX_SEATS) return false;
        if (chosen == self.places.length) {
            self.places.push();
        } else {
            (uint64 unseated,,) = _unpack(self.places[chosen].latest());
            self.seatOf[unseated].place = 0;
        }
        Seat storage seat = self.seatOf[nodeId];
        (seat.place, seat.tenancy) = (uint8(chosen + 1), seat.tenancy + 1); // at most MAX_SEATS
        return true;
    }

    function _held(Checkpoints.Trace208 storage place, mapping(uint64 nodeId => RecentTrace.Trace) storage slashes)
        private
        view
        returns (uint256)
    {
        (uint64 nodeId, uint256 marked, uint256 held) = _unpack(place.latest());
        return held != 0 && slashes[nodeId].latest() == marked ? held : 0;
    }

    function _push(Checkpoints.Trace208 storage place, uint64 nodeId, uint256 slashes, uint256 held) private {
        uint256 word = uint256(nodeId) << 144 | slashes << 104 | held.toUint104();
        place.push(uint48(block.timestamp), uint208(word)); // 64 + 40 + 104 bits
    }

    /// @dev The casts take the fields out.
    function _unpack(uint208 word) private pure returns (uint64 nodeId, uint256 slashes, uint256 held) {
        return (uint64(word >> 144), uint40(word >> 104), uint104(word));
    }
}
