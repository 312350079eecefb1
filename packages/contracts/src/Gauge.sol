// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed} from "./Governed.sol";
import {IGauge} from "./interfaces/IGauge.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {EmissionSchedule} from "./libraries/EmissionSchedule.sol";
import {PointList} from "./libraries/PointList.sol";
import {ValueTrace} from "./libraries/ValueTrace.sol";

/// @notice The part of `Emission` that says what a subnet is due; knows nothing of epochs and money.
abstract contract Gauge is IGauge, Governed {
    using ValueTrace for uint256[];
    using PointList for uint256;

    struct Pointing {
        uint256 points;
        uint256 stake;
    }

    /// @notice A place on the timelines, up to which a subnet has read them.
    /// @param since when the segment of `_total` begins, unix seconds
    /// @param index wei that the subnet was due until then
    /// @param segment position in `_total`
    /// @param own position in the subnet's own line: the word in force in the segment
    struct Cursor {
        uint256 since;
        uint256 index;
        uint256 segment;
        uint256 own;
    }

    /// @dev A line's value: votes in wei in the low 128 bits, the number of active subnets (of a subnet: 0 or 1) in 64
    /// above, and in the total of all the largest share in basis points.
    uint256 private constant VOTE_BITS = 128;
    uint256 private constant SHARE_SHIFT = 192;
    int256 private constant ONE_ACTIVE = int256(1 << VOTE_BITS);
    uint256 private constant BPS = 10_000;
    uint256 private constant SHARE_ONE = 1e18;
    /// @dev Of each active subnet: dust weighs nothing against it, and it is next to nothing once stake is pointed in
    /// earnest.
    uint256 private constant BASE_VOTES = 1e18;
    uint256 private constant POSITION_BITS = 56;

    IStakeVault public immutable vault;
    ISubnets public immutable subnets;
    /// @inheritdoc IGauge
    uint256 public immutable scheduleCap;
    /// @inheritdoc IGauge
    uint32 public immutable gaugePeriod;

    /// @inheritdoc IGauge
    uint48 public startedAt;
    /// @dev Only what counts: active subnets and the votes for them.
    uint256[] private _total;
    mapping(uint16 netuid => uint256[]) private _lines;
    /// @dev As a timeline of `Cursor`: `advance` leaves one behind wherever an epoch may still end before it.
    mapping(uint16 netuid => uint256[]) private _cursors;
    mapping(address account => Pointing) private _pointings;

    modifier onlySubnets() {
        if (msg.sender != address(subnets)) revert NotSubnets(msg.sender, address(subnets));
        _;
    }

    modifier onlyVault() {
        if (msg.sender != address(vault)) revert NotVault(msg.sender, address(vault));
        _;
    }

    constructor(
        address vault_,
        address subnets_,
        address authority_,
        uint256 scheduleCap_,
        uint32 gaugePeriod_,
        uint16 maxShareBps_
    ) Governed(authority_) {
        if (gaugePeriod_ == 0) revert GaugePeriodZero();
        _checkMaxShare(maxShareBps_);
        vault = IStakeVault(vault_);
        subnets = ISubnets(subnets_);
        scheduleCap = scheduleCap_;
        gaugePeriod = gaugePeriod_;
        _total.addFrom(0, int256(uint256(maxShareBps_) << SHARE_SHIFT));
        emit MaxShareSet(maxShareBps_, 0);
    }

    /// @inheritdoc IGauge
    function activate(uint16 netuid) external onlySubnets {
        if (isActive(netuid)) revert SubnetAlreadyActive(netuid);
        if (startedAt == 0) startedAt = _now();
        _switch(netuid, 1);
        if (_cursors[netuid].length == 0) {
            (, uint256 segment) = _total.positionAt(block.timestamp);
            _cursors[netuid].push(_packed(Cursor(block.timestamp, 0, segment, 0)));
        }
        emit SubnetActivated(netuid, _now(), activeSubnets());
    }

    /// @inheritdoc IGauge
    function deactivate(uint16 netuid) external onlySubnets {
        if (!isActive(netuid)) revert SubnetNotActive(netuid);
        _switch(netuid, -1);
        emit SubnetDeactivated(netuid, _now(), activeSubnets());
    }

    /// @inheritdoc IGauge
    function setMaxShare(uint16 maxShareBps_) external restricted {
        _checkMaxShare(maxShareBps_);
        uint48 since = nextBoundary();
        int256 change = int256(uint256(maxShareBps_)) - int256(uint256(_total.latest() >> SHARE_SHIFT));
        _total.addFrom(since, change << SHARE_SHIFT);
        emit MaxShareSet(maxShareBps_, since);
    }

    /// @inheritdoc IGauge
    function point(uint16[] calldata netuids, uint16[] calldata weights) external {
        uint256 points = PointList.pack(netuids, weights);
        for (uint256 i = 0; i < netuids.length; ++i) {
            if (!isActive(netuids[i])) revert SubnetNotActive(netuids[i]);
        }
        emit Pointed(msg.sender, netuids, weights);
        _vote(msg.sender, points);
    }

    /// @inheritdoc IGauge
    function stakeChanged(address account) external onlyVault {
        _vote(account, _pointings[account].points);
    }

    /// @inheritdoc IGauge
    function poke(address account) external {
        _vote(account, _pointings[account].points);
    }

    /// @inheritdoc IGauge
    function advance(uint16 netuid, uint256 maxSegments) external returns (uint256 moved) {
        (bool found,, Cursor memory cursor) = _cursorAt(netuid, block.timestamp);
        if (found) moved = _walk(netuid, cursor, block.timestamp, maxSegments);
        if (moved > 0) _cursors[netuid].push(_packed(cursor));
    }

    /// @inheritdoc IGauge
    function hasPointed(address account) external view returns (bool) {
        return _pointings[account].points != 0;
    }

    /// @inheritdoc IGauge
    function pointsOf(address account)
        external
        view
        returns (uint16[] memory netuids, uint16[] memory weights, uint256 stake)
    {
        stake = _pointings[account].stake;
        (netuids, weights) = _pointings[account].points.unpack();
    }

    /// @inheritdoc IGauge
    function votesAt(uint16 netuid, uint48 time) external view returns (uint256) {
        return uint128(_lines[netuid].valueAt(time));
    }

    /// @inheritdoc IGauge
    function totalVotesAt(uint48 time) external view returns (uint256) {
        return uint128(_total.valueAt(time));
    }

    /// @inheritdoc IGauge
    function shareAt(uint16 netuid, uint48 time) external view returns (uint256) {
        return _partDown(SHARE_ONE, _lines[netuid].valueAt(time), _total.valueAt(time));
    }

    /// @inheritdoc IGauge
    function dueAt(uint16 netuid, uint48 end) external view returns (uint256) {
        (bool found,, Cursor memory cursor) = _cursorAt(netuid, end);
        if (!found) return 0;
        _walk(netuid, cursor, end, type(uint256).max);
        return _indexAt(netuid, cursor, end);
    }

    /// @inheritdoc IGauge
    function isActive(uint16 netuid) public view returns (bool) {
        return _lines[netuid].latest() >> VOTE_BITS != 0;
    }

    /// @inheritdoc IGauge
    function activeSubnets() public view returns (uint256) {
        return _active(_total.latest());
    }

    /// @inheritdoc IGauge
    function maxShareBps() external view returns (uint16) {
        return uint16(_total.valueAt(block.timestamp) >> SHARE_SHIFT);
    }

    /// @inheritdoc IGauge
    function nextBoundary() public view returns (uint48) {
        return uint48((block.timestamp / gaugePeriod + 1) * gaugePeriod); // seconds have 48 bits
    }

    /// @inheritdoc IGauge
    function schedule(uint256 elapsed) public view returns (uint256) {
        return EmissionSchedule.scheduled(elapsed, scheduleCap);
    }

    /// @dev What the subnet was due until `end`; moves its cursor there. The cost is that of the segments in between.
    function _dueUntil(uint16 netuid, uint48 end) internal returns (uint256) {
        (bool found, uint256 position, Cursor memory cursor) = _cursorAt(netuid, end);
        if (!found) return 0;
        if (_walk(netuid, cursor, end, type(uint256).max) > 0) _cursors[netuid][position] = _packed(cursor);
        return _indexAt(netuid, cursor, end);
    }

    /// @dev A subnet enters (+1) or leaves (−1) now, with the votes for it, those in force and those pending.
    function _switch(uint16 netuid, int256 sign) private {
        uint256[] storage line = _lines[netuid];
        int256 held = int256(uint256(uint128(line.valueAt(block.timestamp))));
        int256 pending = int256(uint256(uint128(line.latest())));
        line.addFrom(_now(), sign * ONE_ACTIVE);
        _total.addFrom(_now(), sign * (ONE_ACTIVE + held));
        if (pending != held) _total.addFrom(nextBoundary(), sign * (pending - held));
    }

    /// @dev Replaces the account's votes, from the next boundary on.
    function _vote(address account, uint256 points) private {
        Pointing storage pointing = _pointings[account];
        (uint256 oldPoints, uint256 oldStake) = (pointing.points, pointing.stake);
        uint256 stake = points == 0 ? 0 : vault.stakedOf(account);
        if (points == oldPoints && stake == oldStake) return;
        pointing.points = points;
        pointing.stake = stake;
        uint48 since = nextBoundary();
        int256 change = _add(oldPoints, oldStake, -1, since) + _add(points, stake, 1, since);
        // Even without a change of the sum: a segment begins wherever a subnet's own line changes.
        _total.addFrom(since, change);
        emit VotesSet(account, stake, since);
    }

    /// @return change of the votes for active subnets
    function _add(uint256 points, uint256 stake, int256 sign, uint48 since) private returns (int256 change) {
        uint256 sum = points.weightSum();
        for (; points != 0; points = points.rest()) {
            (uint16 netuid, uint16 weight) = points.first();
            // Stake is below the cap of 2^85 wei, so nothing here comes near 256 bits.
            int256 votes = sign * int256(stake * weight / sum);
            if (votes == 0) continue;
            _lines[netuid].addFrom(since, votes);
            if (isActive(netuid)) change += votes;
        }
    }

    /// @dev Moves `cursor` to the segment in force at `until`, over at most `maxSegments`.
    function _walk(uint16 netuid, Cursor memory cursor, uint256 until, uint256 maxSegments)
        private
        view
        returns (uint256 moved)
    {
        uint256 segments = _total.length;
        _followLine(netuid, cursor);
        for (; moved < maxSegments && cursor.segment + 1 < segments; ++moved) {
            (uint256 next,) = ValueTrace.unpack(_total[cursor.segment + 1]);
            if (next > until) break;
            cursor.index = _indexAt(netuid, cursor, next);
            cursor.since = next;
            ++cursor.segment;
            _followLine(netuid, cursor);
        }
    }

    /// @dev Moves `cursor.own` to the word in force when the cursor's segment begins. It may lag behind even there: a
    /// subnet can leave in the very second in which its cursor was set.
    function _followLine(uint16 netuid, Cursor memory cursor) private view {
        uint256[] storage line = _lines[netuid];
        uint256 words = line.length;
        while (cursor.own + 1 < words) {
            (uint256 next,) = ValueTrace.unpack(line[cursor.own + 1]);
            if (next > cursor.since) break;
            ++cursor.own;
        }
    }

    /// @dev What the subnet was due until `time`, which lies in the cursor's segment.
    function _indexAt(uint16 netuid, Cursor memory cursor, uint256 time) private view returns (uint256) {
        (, uint256 own) = ValueTrace.unpack(_lines[netuid][cursor.own]);
        (, uint256 total) = ValueTrace.unpack(_total[cursor.segment]);
        uint256 amount = schedule(time - startedAt) - schedule(cursor.since - startedAt);
        return cursor.index + _partDown(amount, own, total);
    }

    /// @dev A subnet's part of `amount`, from the values of its own line and of all.
    function _partDown(uint256 amount, uint256 own, uint256 total) private pure returns (uint256) {
        if (own >> VOTE_BITS == 0) return 0;
        uint256 votes = uint128(total) + _active(total) * BASE_VOTES;
        uint256 part = amount * (uint128(own) + BASE_VOTES) / votes;
        return Math.min(part, amount * (total >> SHARE_SHIFT) / BPS);
    }

    function _active(uint256 total) private pure returns (uint256) {
        return uint64(total >> VOTE_BITS);
    }

    function _checkMaxShare(uint256 bps) private pure {
        if (bps == 0 || bps > BPS) revert MaxShareOutOfBounds(bps, 1, BPS);
    }

    /// @dev The last cursor at or before `time`; none before the subnet was ever active.
    function _cursorAt(uint16 netuid, uint256 time)
        private
        view
        returns (bool found, uint256 position, Cursor memory cursor)
    {
        uint256[] storage cursors = _cursors[netuid];
        (found, position) = cursors.positionAt(time);
        if (!found) return (found, position, cursor);
        (uint256 since, uint256 value) = ValueTrace.unpack(cursors[position]);
        cursor = Cursor(since, value >> (2 * POSITION_BITS), uint56(value >> POSITION_BITS), uint56(value));
    }

    /// @dev An index is below the cap of 2^85 wei, so it fits the 96 bits that positions leave.
    function _packed(Cursor memory cursor) private pure returns (uint256) {
        uint256 positions = cursor.segment << POSITION_BITS | cursor.own;
        return ValueTrace.pack(cursor.since, cursor.index << (2 * POSITION_BITS) | positions);
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
