// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What is read of a price or quality feed
/// @notice The part of Chainlink's interface of that name that this network calls; the signatures are theirs.
// solhint-disable-next-line interface-starts-with-i
interface AggregatorV3Interface {
    /// @return roundId of the round; consecutive ones differ by 1 within a phase
    /// @return answer in the feed's decimals
    /// @return startedAt unix seconds
    /// @return updatedAt unix seconds; 0 of a round without an answer
    /// @return answeredInRound deprecated
    function getRoundData(uint80 id)
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The same of the latest round.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
