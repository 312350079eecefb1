// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Era k emits 10,500,000 tokens at 2^-k tokens a second.
library EmissionSchedule {
    uint256 internal constant RATE = 1e18; // wei a second in era 0
    uint256 internal constant ERA = 10_500_000e18; // wei an era
    uint256 internal constant ERA_SECONDS = ERA / RATE; // era 0; each later one takes twice as long

    /// @notice Wei scheduled in the first `elapsed` seconds, at most `limit`.
    function scheduled(uint256 elapsed, uint256 limit) internal pure returns (uint256 total) {
        uint256 era = 0;
        while (total < limit && elapsed >= ERA_SECONDS << era) {
            elapsed -= ERA_SECONDS << era;
            total += ERA;
            ++era;
        }
        // 1e18 is divisible by 2^18 and the cap ends the schedule within two eras: the shift loses nothing.
        if (total < limit) total += elapsed * (RATE >> era);
        return total < limit ? total : limit;
    }
}
