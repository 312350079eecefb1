// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorProposalGuardian} from "@openzeppelin/contracts/governance/extensions/GovernorProposalGuardian.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorSuperQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorSuperQuorum.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {
    GovernorVotesSuperQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesSuperQuorumFraction.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {WitanAccess} from "./WitanAccess.sol";
import {WitanTimelock} from "./WitanTimelock.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {IWitanGovernor} from "./interfaces/IWitanGovernor.sol";

contract WitanGovernor is
    IWitanGovernor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotesSuperQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl,
    GovernorProposalGuardian
{
    using SafeCast for uint256;

    uint256 private constant MAX_QUORUM_PERCENT = 20;
    /// @dev A majority of all stake: no vote that is left can change the result.
    uint256 private constant MIN_SUPER_QUORUM_PERCENT = 51;
    uint256 private constant MAX_GUARDIAN_TERM = 365 days;

    /// @inheritdoc IWitanGovernor
    address public immutable access;
    /// @inheritdoc IWitanGovernor
    uint48 public immutable guardianTerm;
    /// @inheritdoc IWitanGovernor
    uint256 public immutable maxProposalThreshold;

    /// @inheritdoc IWitanGovernor
    uint48 public guardianUntil;
    /// @inheritdoc IWitanGovernor
    mapping(uint256 proposalId => uint48) public proposalExpiry;

    /// @dev Creates timelock and permissions, so that nobody else ever holds a role in them.
    /// @param court may hold and slash stake, until a decision says otherwise
    constructor(IStakeVault vault, address court, GovernorTerms memory terms)
        Governor("Witan")
        GovernorSettings(terms.votingDelay, terms.votingPeriod, 0)
        GovernorVotes(address(terms.voters) == address(0) ? vault.votes() : terms.voters)
        GovernorVotesQuorumFraction(terms.quorumPercent)
        GovernorVotesSuperQuorumFraction(terms.superQuorumPercent)
        GovernorPreventLateQuorum(terms.voteExtension)
        GovernorTimelockControl(_createTimelock(vault, terms))
    {
        if (terms.guardianTerm > MAX_GUARDIAN_TERM) {
            revert GuardianTermTooLong(terms.guardianTerm, MAX_GUARDIAN_TERM);
        }
        guardianTerm = terms.guardianTerm;
        maxProposalThreshold = terms.maxProposalThreshold;
        access = address(new WitanAccess(timelock(), address(vault), court));
        _startTerm(terms.guardian, terms.guardianTerm);
        if (terms.proposalThreshold > terms.maxProposalThreshold) {
            revert ProposalThresholdTooHigh(terms.proposalThreshold, terms.maxProposalThreshold);
        }
        _setProposalThreshold(terms.proposalThreshold);
        _checkCycle();
    }

    /// @inheritdoc GovernorSettings
    function setVotingDelay(uint48 newVotingDelay) public override {
        super.setVotingDelay(newVotingDelay);
        _checkCycle();
    }

    /// @inheritdoc GovernorSettings
    function setVotingPeriod(uint32 newVotingPeriod) public override {
        super.setVotingPeriod(newVotingPeriod);
        _checkCycle();
    }

    /// @inheritdoc GovernorPreventLateQuorum
    function setLateQuorumVoteExtension(uint48 newVoteExtension) public override {
        super.setLateQuorumVoteExtension(newVoteExtension);
        _checkCycle();
    }

    /// @inheritdoc GovernorSettings
    function setProposalThreshold(uint256 newProposalThreshold) public override {
        if (newProposalThreshold > maxProposalThreshold) {
            revert ProposalThresholdTooHigh(newProposalThreshold, maxProposalThreshold);
        }
        super.setProposalThreshold(newProposalThreshold);
    }

    /// @dev The new guardian has one term, and so has the old one when it is set again.
    function setProposalGuardian(address newProposalGuardian) public override onlyGovernance {
        _startTerm(newProposalGuardian, guardianTerm);
    }

    /// @inheritdoc GovernorTimelockControl
    function updateTimelock(TimelockController) public view override {
        revert TimelockFixed(timelock());
    }

    /// @inheritdoc GovernorProposalGuardian
    function proposalGuardian() public view override returns (address) {
        return clock() > guardianUntil ? address(0) : super.proposalGuardian();
    }

    /// @inheritdoc IWitanGovernor
    function cycle() public view returns (uint256) {
        WitanTimelock executor = WitanTimelock(payable(timelock()));
        return votingDelay() + votingPeriod() + lateQuorumVoteExtension() + executor.getMinDelay()
            + executor.executionWindow();
    }

    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorVotesSuperQuorumFraction, GovernorTimelockControl)
        returns (ProposalState)
    {
        ProposalState voted = Governor.state(proposalId);
        ProposalState current = super.state(proposalId);
        // Canceled by a vote's end or its guardian is final; the timelock forgets what expires, which reads as canceled.
        if (voted == ProposalState.Canceled || clock() <= proposalExpiry[proposalId]) return current;
        if (current == ProposalState.Defeated || current == ProposalState.Executed) return current;
        return ProposalState.Expired;
    }

    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function proposalVotes(uint256 proposalId)
        public
        view
        override(GovernorCountingSimple, GovernorSuperQuorum)
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)
    {
        return super.proposalVotes(proposalId);
    }

    /// @inheritdoc GovernorVotes
    function clock() public view override(Governor, GovernorVotes) returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc GovernorVotes
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override(Governor, GovernorVotes) returns (string memory) {
        return "mode=timestamp";
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _setExpiry(proposalId, clock() + cycle());
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48 eta) {
        eta = super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
        uint256 expiry = proposalExpiry[proposalId];
        if (eta > expiry) revert ProposalTooLate(proposalId, eta, expiry);
        _setExpiry(proposalId, Math.min(expiry, eta + WitanTimelock(payable(timelock())).executionWindow()));
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _updateQuorumNumerator(uint256 percent) internal override {
        if (percent == 0 || percent > MAX_QUORUM_PERCENT) revert QuorumOutOfBounds(percent, 1, MAX_QUORUM_PERCENT);
        super._updateQuorumNumerator(percent);
    }

    function _updateSuperQuorumNumerator(uint256 percent) internal override {
        if (percent < MIN_SUPER_QUORUM_PERCENT || percent > quorumDenominator()) {
            revert SuperQuorumOutOfBounds(percent, MIN_SUPER_QUORUM_PERCENT, quorumDenominator());
        }
        super._updateSuperQuorumNumerator(percent);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    /// @dev The proposer as long as nobody can have voted, and the guardian.
    function _validateCancel(uint256 proposalId, address caller)
        internal
        view
        override(Governor, GovernorProposalGuardian)
        returns (bool)
    {
        address guardian = proposalGuardian();
        return (guardian != address(0) && caller == guardian) || Governor._validateCancel(proposalId, caller);
    }

    function _setExpiry(uint256 proposalId, uint256 time) private {
        proposalExpiry[proposalId] = time.toUint48();
        emit ProposalExpirySet(proposalId, proposalExpiry[proposalId]);
    }

    function _startTerm(address guardian, uint48 term) private {
        _setProposalGuardian(guardian);
        guardianUntil = clock() + term;
        emit GuardianTermSet(guardian, guardianUntil);
    }

    function _createTimelock(IStakeVault vault, GovernorTerms memory terms) private returns (TimelockController) {
        return new WitanTimelock(
            terms.timelockDelay, terms.executionWindow, terms.minCycle, terms.maxCycle, vault.unbonding()
        );
    }

    function _checkCycle() private view {
        WitanTimelock(payable(timelock())).checkCycle(votingDelay(), votingPeriod(), lateQuorumVoteExtension());
    }
}
