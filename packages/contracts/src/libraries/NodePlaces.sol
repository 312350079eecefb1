// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";

/// @notice The subnets in which a node earns, so that its pool can be paid and its owner can claim without a search.
library NodePlaces {
    uint256 internal constant MAX_PLACES = 16;

    /// @param held whether the node holds the slot; if not, it left something to claim
    struct Place {
        uint16 netuid;
        uint16 uid;
        bool held;
    }

    /// @notice The node takes a slot.
    function take(Place[] storage places, uint16 netuid, uint16 uid, uint64 nodeId) internal {
        if (!_put(places, Place(netuid, uid, true))) revert IEmission.TooManySubnets(nodeId, MAX_PLACES);
    }

    /// @notice The node has something to claim where it holds no slot. Without room it is not noted: then `claim` still
    /// pays it, and only `claimAll` passes it by.
    function keepNote(Place[] storage places, uint16 netuid) internal {
        (bool held,) = holding(places, netuid);
        if (!held) _put(places, Place(netuid, 0, false));
    }

    /// @notice Forgets the subnet.
    function remove(Place[] storage places, uint16 netuid) internal {
        uint256 length = places.length;
        for (uint256 i = 0; i < length; ++i) {
            if (places[i].netuid != netuid) continue;
            places[i] = places[length - 1];
            places.pop();
            return;
        }
    }

    function holding(Place[] storage places, uint16 netuid) internal view returns (bool held, uint16 uid) {
        uint256 length = places.length;
        for (uint256 i = 0; i < length; ++i) {
            Place memory place = places[i];
            if (place.netuid == netuid) return (place.held, place.uid);
        }
    }

    function _put(Place[] storage places, Place memory place) private returns (bool) {
        uint256 length = places.length;
        for (uint256 i = 0; i < length; ++i) {
            if (places[i].netuid != place.netuid) continue;
            places[i] = place;
            return true;
        }
        if (length == MAX_PLACES) return false;
        places.push(place);
        return true;
    }
}
