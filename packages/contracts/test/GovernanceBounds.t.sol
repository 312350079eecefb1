// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {WitanGovernor} from "../src/WitanGovernor.sol";
import {IWitanAccess} from "../src/interfaces/IWitanAccess.sol";
import {IWitanGovernor} from "../src/interfaces/IWitanGovernor.sol";
import {IWitanTimelock} from "../src/interfaces/IWitanTimelock.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";
import {SuccessorGovernor} from "./SuccessorGovernor.sol";

/// @notice What no decision can do: the deployment begins at the longest cycle.
contract GovernanceBoundsTest is GovernanceFixture {
    function testNoSettingLeavesTheCycle() public {
        decideInVain(address(governor), abi.encodeCall(governor.setVotingDelay, (1 days + 1)), tooLong(1));
        decideInVain(address(governor), abi.encodeCall(governor.setVotingPeriod, (2 days + 1)), tooLong(1));
        decideInVain(address(governor), abi.encodeCall(governor.setLateQuorumVoteExtension, (1 days + 1)), tooLong(1));
        decideInVain(address(timelock), abi.encodeCall(timelock.updateDelay, (1 days + 1)), tooLong(1));
        decideInVain(address(timelock), abi.encodeCall(timelock.setExecutionWindow, (2 days + 1)), tooLong(1));
        assertEq(governor.cycle(), 7 days, "as it was");
    }

    function testNoPhaseIsShorterThanTheLeast() public {
        decideInVain(
            address(governor),
            abi.encodeCall(governor.setVotingPeriod, (1 days - 1)),
            // The extension is bounded by the period when it is set, not afterwards.
            outOfBounds("votingPeriod", 1 days - 1, 1 days)
        );
        decideInVain(
            address(timelock),
            abi.encodeCall(timelock.setExecutionWindow, (1 days - 1)),
            outOfBounds("executionWindow", 1 days - 1, 1 days)
        );
        decide(address(governor), abi.encodeCall(governor.setVotingDelay, (0)));
        decideInVain(
            address(timelock),
            abi.encodeCall(timelock.updateDelay, (1 days - 1)),
            outOfBounds("wait", 1 days - 1, 1 days)
        );
        decideInVain(
            address(timelock),
            abi.encodeCall(timelock.updateDelay, (type(uint256).max)),
            outOfBounds("delay", type(uint256).max, 0)
        );
    }

    /// @notice Whatever is decided, in whatever order: it is refused, or the cycle is within its bounds.
    function testFuzzTheCycleStaysWithinItsBounds(uint256[6] memory values, uint8[6] memory settings) public {
        for (uint256 i = 0; i < values.length; ++i) {
            uint256 value = bound(values[i], 0, 8 days);
            Proposal memory p = callOf(address(governor), abi.encodeCall(governor.setVotingDelay, (uint48(value))));
            uint256 setting = settings[i] % 5;
            if (setting == 1) p.calldatas[0] = abi.encodeCall(governor.setVotingPeriod, (uint32(value)));
            if (setting == 2) p.calldatas[0] = abi.encodeCall(governor.setLateQuorumVoteExtension, (uint48(value)));
            if (setting == 3) p.calldatas[0] = abi.encodeCall(timelock.updateDelay, (value));
            if (setting == 4) p.calldatas[0] = abi.encodeCall(timelock.setExecutionWindow, (value));
            if (setting > 2) p.targets[0] = address(timelock);
            ready(p);
            try governor.execute(p.targets, p.values, p.calldatas, keccak256(bytes(p.description))) {} catch {}
            assertLe(governor.cycle(), timelock.maxCycle(), "longest");
            assertLe(timelock.minCycle(), governor.votingDelay() + timelock.getMinDelay(), "wait");
            assertLe(timelock.minCycle(), governor.votingPeriod(), "vote");
            assertLe(timelock.minCycle(), timelock.executionWindow(), "execution");
        }
    }

    function testTheQuorumIsAtMostAFifthAndTheFastTrackAMajority() public {
        bytes memory reason = abi.encodeWithSelector(IWitanGovernor.QuorumOutOfBounds.selector, 21, 1, 20);
        decideInVain(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (21)), reason);
        reason = abi.encodeWithSelector(IWitanGovernor.QuorumOutOfBounds.selector, 0, 1, 20);
        decideInVain(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (0)), reason);
        reason = abi.encodeWithSelector(IWitanGovernor.SuperQuorumOutOfBounds.selector, 50, 51, 100);
        decideInVain(address(governor), abi.encodeCall(governor.updateSuperQuorumNumerator, (50)), reason);
        decide(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (20)));
        vm.warp(block.timestamp + 1);
        assertEq(governor.quorum(block.timestamp - 1), 200e18, "a fifth of 1,000");
    }

    function testTheThresholdHasACeiling() public {
        bytes memory reason =
            abi.encodeWithSelector(IWitanGovernor.ProposalThresholdTooHigh.selector, 1000e18 + 1, 1000e18);
        decideInVain(address(governor), abi.encodeCall(governor.setProposalThreshold, (1000e18 + 1)), reason);
        decide(address(governor), abi.encodeCall(governor.setProposalThreshold, (2e18)));
        assertEq(governor.proposalThreshold(), 2e18, "threshold");
    }

    function testNoDecisionTakesTheGovernorsRoles() public {
        bytes32[4] memory roles =
            [timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE(), timelock.EXECUTOR_ROLE(), bytes32(0)];
        for (uint256 i = 0; i < roles.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IWitanTimelock.RoleFixed.selector, roles[i], MAJORITY);
            decideInVain(address(timelock), abi.encodeCall(timelock.grantRole, (roles[i], MAJORITY)), reason);
            reason = abi.encodeWithSelector(IWitanTimelock.RoleFixed.selector, roles[i], address(governor));
            bytes memory revoke = abi.encodeCall(timelock.revokeRole, (roles[i], address(governor)));
            decideInVain(address(timelock), revoke, reason);
            bytes memory renounce = abi.encodeCall(timelock.renounceRole, (roles[i], address(governor)));
            bytes memory relay = abi.encodeCall(governor.relay, (address(timelock), 0, renounce));
            decideInVain(address(governor), relay, reason);
        }
        bytes memory fixedReason = abi.encodeWithSelector(IWitanGovernor.TimelockFixed.selector, address(timelock));
        bytes memory update = abi.encodeCall(governor.updateTimelock, (TimelockController(payable(MAJORITY))));
        decideInVain(address(governor), update, fixedReason);
    }

    function testNoDecisionTakesTheTimelocksAdminRole() public {
        bytes memory reason = abi.encodeWithSelector(IWitanAccess.AdminFixed.selector, address(timelock));
        decideInVain(address(access), abi.encodeCall(access.revokeRole, (0, address(timelock))), reason);
        decideInVain(address(access), abi.encodeCall(access.renounceRole, (0, address(timelock))), reason);
        // A delay of its own would lock it out as well.
        decideInVain(address(access), abi.encodeCall(access.grantRole, (0, address(timelock), 1 days)), reason);
        decideInVain(address(access), abi.encodeCall(access.replaceAdmin, (address(timelock))), reason);
        reason = abi.encodeWithSelector(IWitanAccess.AdminFixed.selector, MAJORITY);
        decideInVain(address(access), abi.encodeCall(access.grantRole, (0, MAJORITY, 0)), reason);
        reason = abi.encodeWithSelector(IWitanAccess.SuccessorWithoutCode.selector, MAJORITY);
        decideInVain(address(access), abi.encodeCall(access.replaceAdmin, (MAJORITY)), reason);
        reason = abi.encodeWithSelector(IWitanAccess.AccessDelayTooLong.selector, 7 days + 1, 7 days);
        bytes memory slow = abi.encodeCall(access.setTargetAdminDelay, (address(vault), 7 days + 1));
        decideInVain(address(access), slow, reason);
        decideInVain(address(access), abi.encodeCall(access.setGrantDelay, (1, 7 days + 1)), reason);
    }

    function testTheNextAdminFollowsInOneStep() public {
        decide(address(access), abi.encodeCall(access.replaceAdmin, (address(governor))));
        (bool old,) = access.hasRole(0, address(timelock));
        (bool current,) = access.hasRole(0, address(governor));
        assertTrue(!old && current, "one admin");
    }

    function testTheNextGovernorFollowsInOneStepWithinTheBounds() public {
        bytes memory reason = abi.encodeWithSelector(IWitanTimelock.NotAGovernor.selector, MAJORITY, address(timelock));
        decideInVain(address(timelock), abi.encodeCall(timelock.replaceGovernor, (MAJORITY)), reason);
        address slow = address(new SuccessorGovernor(vault.votes(), timelock, 2 days + 1));
        decideInVain(address(timelock), abi.encodeCall(timelock.replaceGovernor, (slow)), tooLong(1));
        WitanGovernor stranger = new WitanGovernor(vault, address(court), governorTerms());
        reason = abi.encodeWithSelector(IWitanTimelock.NotAGovernor.selector, stranger, address(timelock));
        decideInVain(address(timelock), abi.encodeCall(timelock.replaceGovernor, (address(stranger))), reason);

        SuccessorGovernor next = new SuccessorGovernor(vault.votes(), timelock, 1 days);
        decide(address(timelock), abi.encodeCall(timelock.replaceGovernor, (address(next))));
        assertEq(timelock.governor(), address(next), "in charge");
        bytes32[3] memory roles = [timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE(), timelock.EXECUTOR_ROLE()];
        for (uint256 i = 0; i < roles.length; ++i) {
            assertTrue(timelock.hasRole(roles[i], address(next)), "the new one");
            assertTrue(!timelock.hasRole(roles[i], address(governor)), "the old one");
        }
    }

    function testAnOperationWaitsTheDelayInForce() public {
        bytes memory later = abi.encodeCall(
            timelock.schedule, (address(vault), 0, "", bytes32(0), bytes32("far away"), uint256(3650 days))
        );
        bytes memory reason = abi.encodeWithSelector(IWitanTimelock.DelayNotInForce.selector, 3650 days, 1 days);
        bytes memory relay = abi.encodeCall(governor.relay, (address(timelock), 0, later));
        decideInVain(address(governor), relay, reason);
    }

    function testAPublicNetworkHasADayAtLeastAndAWeekAtMost() public {
        vm.chainId(1);
        IWitanGovernor.GovernorTerms memory t = governorTerms();
        new WitanGovernor(vault, address(court), t);
        t.minCycle = 1 days - 1;
        refusesTo(t, invalid(1 days - 1, 7 days, 7 days));
        (t.minCycle, t.maxCycle) = (1 days, 7 days + 1);
        refusesTo(t, invalid(1 days, 7 days + 1, 7 days));
        (t.minCycle, t.maxCycle) = (7 days, 6 days);
        refusesTo(t, invalid(7 days, 6 days, 7 days));
        (t.minCycle, t.maxCycle) = (1 days, 7 days);
        t.votingDelay = 1 days + 1;
        refusesTo(t, tooLong(1));
        t = governorTerms();
        t.quorumPercent = 21;
        refusesTo(t, abi.encodeWithSelector(IWitanGovernor.QuorumOutOfBounds.selector, 21, 1, 20));
        t = governorTerms();
        t.guardianTerm = 365 days + 1;
        refusesTo(t, abi.encodeWithSelector(IWitanGovernor.GuardianTermTooLong.selector, 365 days + 1, 365 days));
        t = governorTerms();
        t.proposalThreshold = 1000e18 + 1;
        bytes memory reason =
            abi.encodeWithSelector(IWitanGovernor.ProposalThresholdTooHigh.selector, 1000e18 + 1, 1000e18);
        refusesTo(t, reason);
    }

    function testALocalNetworkCountsInSeconds() public {
        IWitanGovernor.GovernorTerms memory t = governorTerms();
        (t.votingDelay, t.votingPeriod, t.voteExtension) = (0, 1, 0);
        (t.timelockDelay, t.executionWindow, t.minCycle, t.maxCycle) = (1, 1, 1, 3);
        WitanGovernor local = new WitanGovernor(vault, address(court), t);
        assertEq(local.cycle(), 3, "seconds");
    }

    function refusesTo(IWitanGovernor.GovernorTerms memory t, bytes memory reason) private {
        vm.expectRevert(reason);
        new WitanGovernor(vault, address(court), t);
    }

    function tooLong(uint256 excess) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IWitanTimelock.CycleOutOfBounds.selector, bytes32("cycle"), 7 days + excess, 1 days, 7 days
        );
    }

    function outOfBounds(bytes32 name, uint256 value, uint256 low) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IWitanTimelock.CycleOutOfBounds.selector, name, value, low, 7 days);
    }

    function invalid(uint256 low, uint256 high, uint256 most) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IWitanTimelock.CycleBoundsInvalid.selector, low, high, 1 days, most);
    }
}
