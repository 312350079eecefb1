// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISubnetTerms} from "../interfaces/ISubnetTerms.sol";

/// @notice The parameters of a subnet over time and the windows of its epochs.
/// @dev Versions are in the order of their epochs, the first is that of the creation, and only the last can be
/// pending. A version is fixed once its first epoch has begun, and a pending one always begins where the running epoch
/// ends, so no window that has begun depends on anything that can still change.
library Timeline {
    using SafeCast for uint256;

    /// @param fromEpoch its first epoch
    /// @param fromTime where that epoch starts, unix seconds
    struct Version {
        ISubnetTerms.Parameters parameters;
        uint64 fromEpoch;
        uint48 fromTime;
    }

    function latest(Version[] storage versions) internal view returns (Version storage) {
        return versions[versions.length - 1];
    }

    function isPending(Version storage version) internal view returns (bool) {
        return version.fromTime > block.timestamp;
    }

    /// @notice The version of the running epoch.
    function inForce(Version[] storage versions) internal view returns (Version storage version) {
        version = latest(versions);
        if (isPending(version)) version = versions[versions.length - 2]; // the first version is never pending
    }

    /// @dev One place where the words are unpacked, for the size of the contract.
    function read(Version storage version) internal view returns (ISubnetTerms.Parameters memory) {
        return version.parameters;
    }

    /// @notice The version of an epoch, to come or gone; that of an open epoch is among the last three.
    function versionOf(Version[] storage versions, uint256 epoch) internal view returns (Version storage) {
        uint256 low = 0;
        uint256 high = versions.length - 1;
        if (versions[high].fromEpoch <= epoch) return versions[high];
        // The version is in [low, high): the first one is from epoch 0.
        while (high - low > 1) {
            uint256 middle = Math.average(low, high);
            if (versions[middle].fromEpoch <= epoch) low = middle;
            else high = middle;
        }
        return versions[low];
    }

    function currentEpoch(Version[] storage versions) internal view returns (uint64) {
        Version storage v = inForce(versions);
        return uint64(v.fromEpoch + (block.timestamp - v.fromTime) / v.parameters.epochLength); // seconds have 48 bits
    }

    function startOf(Version[] storage versions, uint256 epoch) internal view returns (uint48) {
        return _startIn(versionOf(versions, epoch), epoch);
    }

    /// @notice What `ISubnetTerms.windows` says.
    function windows(Version[] storage versions, uint64 epoch)
        internal
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd)
    {
        Version storage own = versionOf(versions, epoch);
        uint32 epochLength = own.parameters.epochLength;
        uint32 nextLength = versionOf(versions, uint256(epoch) + 1).parameters.epochLength;
        start = _startIn(own, epoch);
        end = start + epochLength;
        revealEnd = (end + Math.min(own.parameters.revealWindow, nextLength / 2)).toUint48();
        settleEnd = (end + Math.min(epochLength, nextLength)).toUint48();
    }

    function _startIn(Version storage v, uint256 epoch) private view returns (uint48) {
        return (v.fromTime + (epoch - v.fromEpoch) * v.parameters.epochLength).toUint48();
    }
}
