// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGoverned} from "./IGoverned.sol";

/// @title The emission schedule and each subnet's share of it
/// @notice One token a second at first; the rate halves after every 10,500,000 tokens scheduled, and the schedule ends
/// at the cap less the genesis. Its clock starts with the first active subnet. At every moment an active subnet is due
/// the smaller of (votes for it) / (votes for all active subnets) and `maxShareBps`, where the votes are the stake
/// pointed at a subnet and a base of one token: while nobody points, active subnets share equally, and the first dust
/// that is pointed moves dust. What the limit cuts off, and what rounding down loses, is never scheduled for anybody.
/// @dev Stake moves votes only at the next boundary, a multiple of `gaugePeriod` in unix seconds; a subnet enters and
/// leaves at once. So a vote cast now never changes what is over, whoever settles it and whenever. Changes are words of
/// timelines, and a subnet reads those since its last accounted epoch: no loop runs over subnets or accounts, so their
/// number needs no bound, and a word is only written for a boundary at which something changes.
interface IGauge is IGoverned {
    event SubnetActivated(uint16 indexed netuid, uint48 since, uint256 activeSubnets);
    event SubnetDeactivated(uint16 indexed netuid, uint48 since, uint256 activeSubnets);
    /// @notice An account's list; its votes follow in `VotesSet` when they change.
    event Pointed(address indexed account, uint16[] netuids, uint16[] weights);
    /// @notice From `since` on the account's list counts with `stake` wei: floor(stake · weight / sum of weights) each.
    event VotesSet(address indexed account, uint256 stake, uint48 since);

    /// @notice The largest share of a subnet from `since` on, unless set again before.
    event MaxShareSet(uint16 maxShareBps, uint48 since);

    error NotSubnets(address caller, address subnets);
    error NotVault(address caller, address vault);
    error SubnetAlreadyActive(uint16 netuid);
    error SubnetNotActive(uint16 netuid);
    error PointsMismatch(uint256 netuids, uint256 weights);
    error TooManyPoints(uint256 count, uint256 limit);
    error PointsNotAscending(uint16 netuid, uint16 previous);
    error PointWithoutWeight(uint16 netuid);
    error GaugePeriodZero();
    error MaxShareOutOfBounds(uint256 maxShareBps, uint256 low, uint256 high);

    /// @notice Starts a subnet's share now; stake pointed at it earlier counts again. Only the subnets contract.
    function activate(uint16 netuid) external;

    /// @notice Ends a subnet's share now. What it was due until now, and what it carries, its last epochs still pay.
    /// Only the subnets contract.
    function deactivate(uint16 netuid) external;

    /// @notice Sets the largest share of a subnet from the next boundary on: 1 … 10,000. Only who the permissions let.
    function setMaxShare(uint16 maxShareBps_) external;

    /// @notice Points the caller's stake at active subnets, from the next boundary on. Replaces the list before; an
    /// empty list points at none.
    /// @param netuids ascending, at most 8
    /// @param weights the caller's stake is split in proportion; none is 0
    function point(uint16[] calldata netuids, uint16[] calldata weights) external;

    /// @notice Reads the account's stake again, from the next boundary on. Only the vault, when the stake changes; does
    /// nothing for an account that points nowhere, and never fails.
    function stakeChanged(address account) external;

    /// @notice `stakeChanged` for anybody, after rewards or a slash.
    function poke(address account) external;

    /// @notice Moves the subnet's reading of its timeline on by at most `maxSegments`, so that after a very long pause
    /// its next settlement has little left to read. Changes no amount. Anybody may call.
    /// @return moved segments passed; 0: nothing left to do
    function advance(uint16 netuid, uint256 maxSegments) external returns (uint256 moved);

    function hasPointed(address account) external view returns (bool);

    /// @notice The account's list, and the stake it counts with from the next boundary on.
    function pointsOf(address account)
        external
        view
        returns (uint16[] memory netuids, uint16[] memory weights, uint256 stake);

    /// @notice Wei of stake pointed at the subnet at `time`, without the base, in the future as far as it is known.
    function votesAt(uint16 netuid, uint48 time) external view returns (uint256);

    /// @notice Wei of stake pointed at all active subnets at `time`, without the base.
    function totalVotesAt(uint48 time) external view returns (uint256);

    /// @notice The subnet's share at `time`, of 1e18, rounded down.
    function shareAt(uint16 netuid, uint48 time) external view returns (uint256);

    /// @notice Wei that the subnet was due from the start of the schedule to `end`, which is not before the end of its
    /// last accounted epoch.
    function dueAt(uint16 netuid, uint48 end) external view returns (uint256);

    function isActive(uint16 netuid) external view returns (bool);

    function activeSubnets() external view returns (uint256);

    /// @notice The next moment at which votes change, unix seconds.
    function nextBoundary() external view returns (uint48);

    /// @notice Wei scheduled in the first `elapsed` seconds.
    function schedule(uint256 elapsed) external view returns (uint256);

    /// @notice The schedule's last wei: cap less genesis.
    function scheduleCap() external view returns (uint256);

    /// @notice Unix seconds; 0 before the first active subnet.
    function startedAt() external view returns (uint48);

    /// @notice Seconds between boundaries.
    function gaugePeriod() external view returns (uint32);

    /// @notice The largest share of a subnet in force now, bps of the schedule.
    function maxShareBps() external view returns (uint16);
}
