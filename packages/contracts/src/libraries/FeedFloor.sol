// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "../interfaces/AggregatorV3Interface.sol";

/// @notice Whether a feed's answers stayed under a floor.
library FeedFloor {
    /// @dev Bounds what a demotion costs; a feed that answers more often needs a shorter span.
    uint256 internal constant MAX_ROUNDS = 256;

    /// @notice The feed did not answer within the span: silence is not a bad answer.
    error FeedStale(address feed, uint256 updatedAt);
    error FeedUnreadable(address feed, uint80 roundId);
    /// @notice This round was not under the floor.
    error FloorHeld(uint80 roundId, int256 answer);
    /// @notice The feed has not answered for the version that is live for a whole span.
    error FloorTooSoon(uint256 roundUpdatedAt, uint256 liveSince);
    error TooManyRounds(uint256 most);

    /// @notice Fails unless every answer that stood at any time in the last `span` seconds was under `least`, none of
    /// them given before `liveSince`.
    /// @return roundId the latest round, and what it answered
    function requireBroken(address feed, int256 least, uint48 span, uint256 liveSince)
        internal
        view
        returns (uint80 roundId, int256 answer)
    {
        uint256 from = block.timestamp - span;
        uint256 updatedAt;
        (roundId, answer, updatedAt) = _latest(feed);
        if (updatedAt <= from) revert FeedStale(feed, updatedAt);
        _check(feed, roundId, answer, updatedAt, least, liveSince);
        uint80 round = roundId;
        for (uint256 seen = 1; seen < MAX_ROUNDS; ++seen) {
            int256 before;
            unchecked {
                --round; // below the first round there is none to read
            }
            (before, updatedAt) = _at(feed, round);
            _check(feed, round, before, updatedAt, least, liveSince);
            // This one stood when the span began.
            if (updatedAt <= from) return (roundId, answer);
        }
        revert TooManyRounds(MAX_ROUNDS);
    }

    function _check(address feed, uint80 round, int256 answer, uint256 updatedAt, int256 least, uint256 liveSince)
        private
        pure
    {
        if (updatedAt == 0) revert FeedUnreadable(feed, round);
        if (updatedAt < liveSince) revert FloorTooSoon(updatedAt, liveSince);
        if (answer >= least) revert FloorHeld(round, answer);
    }

    function _latest(address feed) private view returns (uint80 roundId, int256 answer, uint256 updatedAt) {
        try AggregatorV3Interface(feed).latestRoundData() returns (uint80 id, int256 a, uint256, uint256 at_, uint80) {
            return (id, a, at_);
        } catch {
            revert FeedUnreadable(feed, 0);
        }
    }

    function _at(address feed, uint80 round) private view returns (int256 answer, uint256 updatedAt) {
        try AggregatorV3Interface(feed).getRoundData(round) returns (uint80, int256 a, uint256, uint256 at_, uint80) {
            return (a, at_);
        } catch {
            revert FeedUnreadable(feed, round);
        }
    }
}
