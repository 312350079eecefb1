// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICuratorBallots} from "../interfaces/ICuratorBallots.sol";

/// @notice The part of `DatasetRegistry` that counts curators' votes; knows nothing of money and versions.
abstract contract CuratorBallots is ICuratorBallots {
    /// @dev A roster is read whole when it is appointed, never when a vote is cast.
    uint256 public constant MAX_CURATORS = 15;

    /// @inheritdoc ICuratorBallots
    uint48 public immutable votePeriod;

    /// @inheritdoc ICuratorBallots
    uint256 public ballotCount;
    /// @inheritdoc ICuratorBallots
    mapping(uint256 ballotId => mapping(address curator => bool)) public hasVoted;
    /// @inheritdoc ICuratorBallots
    mapping(uint256 setId => mapping(uint32 roster => mapping(address account => bool))) public isCurator;
    mapping(uint256 ballotId => Ballot) private _ballots;
    mapping(uint256 setId => uint32) private _roster;
    mapping(uint256 setId => mapping(uint32 roster => address[])) private _curators;

    constructor(uint48 votePeriod_) {
        votePeriod = votePeriod_;
    }

    /// @inheritdoc ICuratorBallots
    function vote(uint256 ballotId, bool support) external {
        Ballot storage b = _openBallot(ballotId);
        if (block.timestamp >= b.endsAt) revert BallotEnded(ballotId, b.endsAt);
        if (!isCurator[b.setId][b.roster][msg.sender]) revert NotCurator(b.setId, b.roster, msg.sender);
        if (b.kind == Kind.Flag && b.initiator == msg.sender) revert OwnFlag(ballotId, msg.sender);
        if (hasVoted[ballotId][msg.sender]) revert AlreadyVoted(ballotId, msg.sender);

        hasVoted[ballotId][msg.sender] = true;
        if (support) ++b.yes;
        else ++b.no;
        emit BallotVoted(ballotId, msg.sender, support, b.yes, b.no);
        uint256 size = _curators[b.setId][b.roster].length;
        if (uint256(b.yes) * 2 > size) _close(ballotId, b, Outcome.Accepted);
        else if (uint256(b.no) * 2 > size) _close(ballotId, b, Outcome.Refused);
    }

    /// @inheritdoc ICuratorBallots
    function lapse(uint256 ballotId) external {
        Ballot storage b = _openBallot(ballotId);
        if (block.timestamp < b.endsAt) revert BallotRunning(ballotId, b.endsAt);
        _close(ballotId, b, Outcome.Lapsed);
    }

    /// @inheritdoc ICuratorBallots
    function ballot(uint256 ballotId) external view returns (Ballot memory) {
        return _ballot(ballotId);
    }

    /// @inheritdoc ICuratorBallots
    function curatorsOf(uint256 setId) external view returns (address[] memory curators, uint32 roster) {
        roster = _roster[setId];
        return (_curators[setId][roster], roster);
    }

    function _setCurators(uint256 setId, address[] calldata curators) internal {
        if (curators.length == 0 || curators.length > MAX_CURATORS) {
            revert CuratorsOutOfBounds(curators.length, MAX_CURATORS);
        }
        uint32 roster = ++_roster[setId];
        for (uint256 i = 0; i < curators.length; ++i) {
            address curator = curators[i];
            if (curator == address(0) || isCurator[setId][roster][curator]) revert CuratorInvalid(curator);
            isCurator[setId][roster][curator] = true;
        }
        _curators[setId][roster] = curators;
        emit CuratorsSet(setId, roster, curators);
    }

    function _openedBallot(uint256 setId, Kind kind) internal returns (uint256 ballotId) {
        ballotId = ++ballotCount;
        uint48 endsAt = uint48(block.timestamp) + votePeriod;
        uint32 roster = _roster[setId];
        _ballots[ballotId] = Ballot(setId, msg.sender, endsAt, roster, 0, 0, kind, Outcome.Open);
        emit BallotOpened(ballotId, setId, kind, msg.sender, roster, endsAt);
    }

    function _rosterOf(uint256 setId) internal view returns (uint32) {
        return _roster[setId];
    }

    function _ballot(uint256 ballotId) internal view returns (Ballot storage b) {
        b = _ballots[ballotId];
        if (b.endsAt == 0) revert BallotUnknown(ballotId);
    }

    /// @dev What follows from a decision.
    function _decided(uint256 ballotId, Ballot storage b) internal virtual;

    function _openBallot(uint256 ballotId) private view returns (Ballot storage b) {
        b = _ballot(ballotId);
        if (b.outcome != Outcome.Open) revert BallotDecided(ballotId, b.outcome);
    }

    function _close(uint256 ballotId, Ballot storage b, Outcome outcome) private {
        b.outcome = outcome;
        emit BallotClosed(ballotId, outcome);
        _decided(ballotId, b);
    }
}
