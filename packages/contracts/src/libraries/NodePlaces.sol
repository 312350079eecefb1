// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";

/// @notice The subnets in which a node earns, so that its pool can be paid and its owner can claim without a search.
library NodePlaces {
    uint256 internal constant MAX_PLACES = 16;

    /// @param held whether the node holds the slot; if not, it lost it and nobody has claimed there since
    struct Place {
        uint16 netuid;
        uint16 uid;
        bool held;
    }

    /// @notice The node takes a slot.
    function take(Place[] storage places, uint16 netuid, uint16 uid, uint64 nodeId) internal {
        (bool found, uint256 i) = _find(places, netuid);
        if (found) {
            places[i] = Place(netuid, uid, true);
        } else {
            if (places.length == MAX_PLACES) revert IEmission.TooManySubnets(nodeId, MAX_PLACES);
            places.push(Place(netuid, uid, true));
        }
    }

    /// @notice The node loses its slot. The place stays, for what is still to be claimed and to be paid.
    function lose(Place[] storage places, uint16 netuid) internal {
        (bool found, uint256 i) = _find(places, netuid);
        if (found) places[i].held = false;
    }

    /// @notice Forgets a place that the node does not hold.
    /// @return forgotten false: there was none
    function forget(Place[] storage places, uint16 netuid) internal returns (bool forgotten) {
        (bool found, uint256 i) = _find(places, netuid);
        if (!found || places[i].held) return false;
        places[i] = places[places.length - 1];
        places.pop();
        return true;
    }

    function holding(Place[] storage places, uint16 netuid) internal view returns (bool held, uint16 uid) {
        (bool found, uint256 i) = _find(places, netuid);
        if (found) (held, uid) = (places[i].held, places[i].uid);
    }

    function _find(Place[] storage places, uint16 netuid) private view returns (bool found, uint256 i) {
        uint256 length = places.length;
        while (i < length && places[i].netuid != netuid) {
            ++i;
        }
        return (i < length, i);
    }
}
