// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGauge} from "../interfaces/IGauge.sol";

/// @notice Where an account points its stake: up to eight pairs of a netuid and a weight, sixteen bits each, in one
/// word; the first pair is in the lowest bits, and a netuid of 0 ends the list.
library PointList {
    uint256 internal constant MAX_POINTS = 8;
    uint256 internal constant PAIR_BITS = 32;

    function pack(uint16[] calldata netuids, uint16[] calldata weights) internal pure returns (uint256 points) {
        if (netuids.length != weights.length) revert IGauge.PointsMismatch(netuids.length, weights.length);
        if (netuids.length > MAX_POINTS) revert IGauge.TooManyPoints(netuids.length, MAX_POINTS);
        uint16 previous = 0;
        for (uint256 i = 0; i < netuids.length; ++i) {
            if (netuids[i] <= previous) revert IGauge.PointsNotAscending(netuids[i], previous);
            if (weights[i] == 0) revert IGauge.PointWithoutWeight(netuids[i]);
            previous = netuids[i];
            points |= (uint256(weights[i]) << 16 | previous) << (PAIR_BITS * i);
        }
    }

    function first(uint256 points) internal pure returns (uint16 netuid, uint16 weight) {
        return (uint16(points), uint16(points >> 16));
    }

    function rest(uint256 points) internal pure returns (uint256) {
        return points >> PAIR_BITS;
    }

    function weightSum(uint256 points) internal pure returns (uint256 sum) {
        for (; points != 0; points >>= PAIR_BITS) {
            sum += uint16(points >> 16);
        }
    }

    function unpack(uint256 points) internal pure returns (uint16[] memory netuids, uint16[] memory weights) {
        uint256 count = 0;
        while (count < MAX_POINTS && points >> (PAIR_BITS * count) != 0) {
            ++count;
        }
        (netuids, weights) = (new uint16[](count), new uint16[](count));
        for (uint256 i = 0; i < count; ++i) {
            (netuids[i], weights[i]) = first(points >> (PAIR_BITS * i));
        }
    }
}
