// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {PoolMath} from "./PoolMath.sol";

/// @notice What stake that left a node still owes for the node's faults.
/// @dev A slash names the moment from which on leaving was too late. So a departure needs no more than the number of
/// slashes it was not there for, and one that is older than the window can never be hit again. Nor does it walk through
/// what came after that: who is slashed often enough would make it too long a way.
library Liability {
    using SafeCast for uint256;

    uint256 internal constant MAX_DEPARTURES = 16; // walked at every move of the account

    /// @param since stake that left at this moment or later is liable, unix seconds
    /// @param earliest what left before is beyond this slash and all that follow, unix seconds
    struct Slash {
        uint48 since;
        uint48 earliest;
        uint16 bps;
    }

    /// @notice Stake moved from a node to another one. One word.
    /// @param seen slashes of the node that are accounted for
    /// @param assets wei that left, less what was lost to slashes since
    struct Departure {
        uint64 nodeId;
        uint48 leftAt;
        uint32 seen;
        uint112 assets;
    }

    /// @param debt wei lost to slashes and not yet taken from the account
    struct Account {
        uint256 debt;
        Departure[] departures;
    }

    /// @notice What is left of `assets` that left at `leftAt`, after the slashes from `seen` on.
    function remainingDown(Slash[] storage slashes, uint256 assets, uint256 leftAt, uint256 seen)
        internal
        view
        returns (uint256)
    {
        for (uint256 i = seen; i < slashes.length; ++i) {
            Slash memory s = slashes[i];
            if (leftAt < s.earliest) break;
            if (leftAt >= s.since) assets -= PoolMath.partUp(assets, s.bps);
        }
        return assets;
    }

    /// @notice Turns the slashes since the last call into debt and forgets the departures older than `window`.
    /// @param heldFrom when a node began to be held, unix seconds; now, if it is not
    /// @return added wei of new debt
    function settle(
        Account storage self,
        mapping(uint64 nodeId => Slash[]) storage slashes,
        function(uint64) view returns (uint48) heldFrom,
        uint256 window
    ) internal returns (uint256 added) {
        for (uint256 i = self.departures.length; i > 0; --i) {
            Departure memory d = self.departures[i - 1];
            Slash[] storage ofNode = slashes[d.nodeId];
            uint256 remaining = remainingDown(ofNode, d.assets, d.leftAt, d.seen);
            added += d.assets - remaining;
            if (remaining == 0 || d.leftAt + window < heldFrom(d.nodeId)) {
                _remove(self, i - 1);
            } else if (d.seen != ofNode.length) {
                self.departures[i - 1] = Departure(d.nodeId, d.leftAt, ofNode.length.toUint32(), remaining.toUint112());
            }
        }
        if (added != 0) self.debt += added;
    }

    /// @notice Records a departure now from a node with `seen` slashes. The account must be settled.
    /// @return recorded false: the account has as many departures as it may
    function depart(Account storage self, uint64 nodeId, uint256 assets, uint256 seen)
        internal
        returns (bool recorded)
    {
        if (self.departures.length == MAX_DEPARTURES) return false;
        self.departures.push(Departure(nodeId, uint48(block.timestamp), seen.toUint32(), assets.toUint112()));
        return true;
    }

    /// @notice Forgets as much of what departed from a node as comes back to it: there it is liable with the pool.
    /// The account must be settled.
    function comeBack(Account storage self, uint64 nodeId, uint256 assets) internal {
        for (uint256 i = self.departures.length; i > 0; --i) {
            Departure storage d = self.departures[i - 1];
            if (d.nodeId != nodeId) continue;
            uint256 back = Math.min(assets, d.assets);
            assets -= back;
            d.assets -= back.toUint112();
            if (d.assets == 0) _remove(self, i - 1);
        }
    }

    /// @notice A held node that stake of the account left within `window` seconds before it was held; 0: none.
    function heldNode(Account storage self, function(uint64) view returns (uint48) heldSince, uint256 window)
        internal
        view
        returns (uint64 nodeId)
    {
        for (uint256 i = 0; i < self.departures.length; ++i) {
            Departure memory d = self.departures[i];
            uint256 since = heldSince(d.nodeId);
            if (since != 0 && d.leftAt + window >= since) return d.nodeId;
        }
    }

    /// @notice The debt that `settle` would leave.
    function owed(Account storage self, mapping(uint64 nodeId => Slash[]) storage slashes)
        internal
        view
        returns (uint256 debt)
    {
        debt = self.debt;
        for (uint256 i = 0; i < self.departures.length; ++i) {
            Departure memory d = self.departures[i];
            debt += d.assets - remainingDown(slashes[d.nodeId], d.assets, d.leftAt, d.seen);
        }
    }

    /// @dev Called while walking downwards: what takes the place was already visited.
    function _remove(Account storage self, uint256 index) private {
        uint256 last = self.departures.length - 1;
        if (index != last) self.departures[index] = self.departures[last];
        self.departures.pop();
    }
}
