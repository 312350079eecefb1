// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @title Decisions of the stakers
/// @notice OpenZeppelin's Governor over the votes of staked tokens (`IStakeVotes`, timestamp clock). A proposal is
/// decided by those who had stake at its snapshot, waits in the timelock and is then executed by anybody, or has expired
/// one cycle after it was proposed.
/// @dev Reads as any `IGovernor`: settings, `COUNTING_MODE`, `proposalVotes`, `timelock`, `proposalEta`. A majority of all
/// stake ends a vote early, as nothing can change its result any more: the super quorum is above one half.
interface IWitanGovernor {
    /// @param votingDelay between a proposal and its snapshot; all times in seconds
    /// @param voteExtension time left at least to vote after the quorum was reached
    /// @param timelockDelay between the queueing and the execution of a proposal
    /// @param executionWindow in which it may be executed
    /// @param minCycle least length of each phase, for good
    /// @param maxCycle most from a proposal to the end of its execution, for good
    /// @param quorumPercent of all stake, for or abstaining
    /// @param superQuorumPercent of all stake, for: ends the vote
    /// @param proposalThreshold votes needed to propose, wei
    /// @param maxProposalThreshold most that the threshold can ever be, for good, wei
    /// @param guardian may cancel proposals, for one term; 0: nobody
    /// @param guardianTerm how long a guardian's power lasts, for good
    /// @param voters whose votes count, for good: the members of a consortium, or 0 for stake
    struct GovernorTerms {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint48 voteExtension;
        uint48 timelockDelay;
        uint48 executionWindow;
        uint48 minCycle;
        uint48 maxCycle;
        uint256 quorumPercent;
        uint256 superQuorumPercent;
        uint256 proposalThreshold;
        uint256 maxProposalThreshold;
        address guardian;
        uint48 guardianTerm;
        IVotes voters;
    }

    /// @notice The proposal can be executed until and at `expiresAt`, unix seconds. A later event replaces an earlier one.
    event ProposalExpirySet(uint256 indexed proposalId, uint48 expiresAt);
    event GuardianTermSet(address indexed guardian, uint48 until);

    error QuorumOutOfBounds(uint256 percent, uint256 low, uint256 high);
    error SuperQuorumOutOfBounds(uint256 percent, uint256 low, uint256 high);
    error ProposalThresholdTooHigh(uint256 threshold, uint256 high);
    error GuardianTermTooLong(uint256 term, uint256 high);
    /// @notice Another timelock comes with another governor.
    error TimelockFixed(address timelock);
    /// @notice Queued now, the proposal could be executed only after its end.
    error ProposalTooLate(uint256 proposalId, uint256 executableAt, uint256 expiresAt);

    /// @notice From a proposal to the end of its execution, in seconds, for proposals made now.
    function cycle() external view returns (uint256);

    /// @notice The end of a proposal's execution, unix seconds; 0: unknown proposal.
    function proposalExpiry(uint256 proposalId) external view returns (uint48);

    /// @notice The end of the guardian's term, unix seconds.
    function guardianUntil() external view returns (uint48);

    /// @notice How long a guardian's power lasts, in seconds; immutable.
    function guardianTerm() external view returns (uint48);

    /// @notice The most that the proposal threshold can ever be, wei; immutable.
    function maxProposalThreshold() external view returns (uint256);

    /// @notice Who may call what: its only admin is the timelock. Created with the governor.
    function access() external view returns (address);
}
