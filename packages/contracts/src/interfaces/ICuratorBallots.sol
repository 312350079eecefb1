// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The curators of data sets and their votes
/// @notice One curator, one vote. A ballot is decided by a strict majority of the roster of curators that there was
/// when it began, whoever is appointed later; one without majority lapses at its end.
interface ICuratorBallots {
    enum Kind {
        Inclusion,
        Flag
    }

    enum Outcome {
        Open,
        Accepted,
        Refused,
        Lapsed
    }

    /// @param roster number of the roster that votes, counted from 1
    /// @param endsAt unix seconds from which nobody can vote
    /// @param initiator who proposed or flagged; has no vote on an own flag
    struct Ballot {
        uint256 setId;
        address initiator;
        uint48 endsAt;
        uint32 roster;
        uint8 yes;
        uint8 no;
        Kind kind;
        Outcome outcome;
    }

    event CuratorsSet(uint256 indexed setId, uint32 indexed roster, address[] curators);
    event BallotOpened(
        uint256 indexed ballotId, uint256 indexed setId, Kind kind, address initiator, uint32 roster, uint48 endsAt
    );
    event BallotVoted(uint256 indexed ballotId, address indexed curator, bool support, uint256 yes, uint256 no);
    event BallotClosed(uint256 indexed ballotId, Outcome outcome);

    error CuratorsOutOfBounds(uint256 count, uint256 most);
    error CuratorInvalid(address curator);
    error NotCurator(uint256 setId, uint32 roster, address account);
    error BallotUnknown(uint256 ballotId);
    error BallotDecided(uint256 ballotId, Outcome outcome);
    error BallotEnded(uint256 ballotId, uint256 endsAt);
    error BallotRunning(uint256 ballotId, uint256 endsAt);
    error AlreadyVoted(uint256 ballotId, address curator);
    error OwnFlag(uint256 ballotId, address curator);

    /// @notice Votes to include a version or to uphold a flag, or against it; the vote that makes a strict majority
    /// decides. Only curators of the ballot's roster, each once; not on an own flag.
    function vote(uint256 ballotId, bool support) external;

    /// @notice Closes a ballot that ended without a majority: a flag's bond goes back. Anybody may.
    function lapse(uint256 ballotId) external;

    function ballot(uint256 ballotId) external view returns (Ballot memory);

    /// @notice Ballots so far; the last ballotId.
    function ballotCount() external view returns (uint256);

    function hasVoted(uint256 ballotId, address curator) external view returns (bool);

    /// @notice The present curators and the number of their roster.
    function curatorsOf(uint256 setId) external view returns (address[] memory curators, uint32 roster);

    function isCurator(uint256 setId, uint32 roster, address account) external view returns (bool);

    /// @notice Seconds that a ballot lasts.
    function votePeriod() external view returns (uint48);
}
