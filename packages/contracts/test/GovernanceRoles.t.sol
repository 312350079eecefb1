// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {WitanGovernor} from "../src/WitanGovernor.sol";
import {IWitanAccess} from "../src/interfaces/IWitanAccess.sol";
import {IWitanTimelock} from "../src/interfaces/IWitanTimelock.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";
import {Vm} from "./Vm.sol";

/// @notice Who holds what after the deployment, and how governance reads from outside.
contract GovernanceRolesTest is GovernanceFixture {
    struct Grant {
        bytes32 role;
        address account;
    }

    uint256 private constant MAX_CODE_BYTES = 24_576;
    uint256 private constant MAX_INITCODE_BYTES = 49_152;

    function testTheDeploymentGrantsTheseRolesAndNoOther() public {
        vm.recordLogs();
        WitanGovernor created = new WitanGovernor(vault, address(court), governorTerms());
        Vm.Log[] memory logs = vm.getRecordedLogs();
        address lock = created.timelock();
        Grant[6] memory expected = [
            Grant(timelock.DEFAULT_ADMIN_ROLE(), lock),
            Grant(timelock.PROPOSER_ROLE(), address(created)),
            Grant(timelock.CANCELLER_ROLE(), address(created)),
            Grant(timelock.EXECUTOR_ROLE(), address(created)),
            Grant(bytes32(0), lock), // of the permissions: their admin
            Grant(bytes32(uint256(COURT)), address(court)) // and the court
        ];
        uint256 found = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (topic != IAccessControl.RoleGranted.selector && topic != IAccessManager.RoleGranted.selector) continue;
            address emitter = found >= 4 ? created.access() : lock;
            assertEq(logs[i].emitter, emitter, "emitter");
            assertEq(logs[i].topics[1], expected[found].role, "role");
            assertEq(address(uint160(uint256(logs[i].topics[2]))), expected[found].account, "account");
            ++found;
        }
        assertEq(found, expected.length, "all of them");
    }

    function testTheDeployerAndAllOthersHoldNothing() public view {
        address[6] memory others = [DEPLOYER, TREASURY, GUARDIAN, CREATOR, SLASHER, address(0)];
        bytes32[4] memory roles =
            [bytes32(0), timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE(), timelock.EXECUTOR_ROLE()];
        for (uint256 i = 0; i < others.length; ++i) {
            for (uint256 k = 0; k < roles.length; ++k) {
                assertTrue(!timelock.hasRole(roles[k], others[i]), "no role in the timelock");
            }
            (bool isAdmin,) = access.hasRole(0, others[i]);
            assertTrue(!isAdmin, "no admin");
        }
        (bool timelockIsAdmin, uint32 delay) = access.hasRole(0, address(timelock));
        assertTrue(timelockIsAdmin && delay == 0, "the timelock is");
    }

    function testDirectCallsRevert() public {
        address[5] memory callers = [DEPLOYER, GUARDIAN, CREATOR, MAJORITY, address(governor)];
        for (uint256 i = 0; i < callers.length; ++i) {
            refused(callers[i]);
        }
    }

    function testItReadsAsAnyGovernor() public view {
        assertTrue(governor.supportsInterface(type(IGovernor).interfaceId), "IGovernor");
        assertTrue(governor.supportsInterface(type(IERC165).interfaceId), "IERC165");
        assertTrue(timelock.supportsInterface(type(IAccessControl).interfaceId), "IAccessControl");
        assertEq(keccak256(bytes(governor.CLOCK_MODE())), keccak256("mode=timestamp"), "clock mode");
        assertEq(keccak256(bytes(vault.votes().CLOCK_MODE())), keccak256("mode=timestamp"), "of the votes");
        assertEq(governor.clock(), vault.votes().clock(), "one clock");
        assertEq(keccak256(bytes(governor.COUNTING_MODE())), keccak256("support=bravo&quorum=for,abstain"), "counting");
        assertEq(address(governor.token()), address(vault.votes()), "token");
        assertEq(governor.quorum(block.timestamp - 1), 100e18, "a tenth of 1,000");
        assertEq(governor.superQuorum(block.timestamp - 1), 600e18, "superQuorum");
        assertEq(governor.quorumNumerator(), 10, "quorumNumerator");
        assertEq(governor.quorumDenominator(), 100, "quorumDenominator");
        assertEq(governor.votingDelay(), 1 days, "votingDelay");
        assertEq(governor.votingPeriod(), 2 days, "votingPeriod");
        assertEq(governor.getVotes(MAJORITY, block.timestamp - 1), 590e18, "getVotes");
        assertEq(vault.votes().getPastTotalSupply(block.timestamp - 1), 1000e18, "getPastTotalSupply");
        assertEq(vault.votes().delegates(MAJORITY), MAJORITY, "delegates");
        assertTrue(governor.proposalNeedsQueuing(0), "queues");
        assertEq(keccak256(bytes(governor.name())), keccak256("Witan"), "name");
        assertEq(keccak256(bytes(governor.version())), keccak256("1"), "version");
    }

    function testTheContractsFit() public view {
        assertLe(address(governor).code.length, MAX_CODE_BYTES, "governor");
        assertLe(address(timelock).code.length, MAX_CODE_BYTES, "timelock");
        assertLe(address(access).code.length, MAX_CODE_BYTES, "access");
        bytes memory arguments = abi.encode(vault, address(court), governorTerms());
        assertLe(type(WitanGovernor).creationCode.length + arguments.length, MAX_INITCODE_BYTES, "creation");
    }

    /// @notice Whoever has the logs alone knows all that governance stores.
    function testTheStateIsInTheEvents() public {
        vm.recordLogs();
        decide(address(governor), abi.encodeCall(governor.setVotingPeriod, (1.5 days)));
        decide(address(governor), abi.encodeCall(governor.setVotingDelay, (0.5 days)));
        decide(address(governor), abi.encodeCall(governor.setLateQuorumVoteExtension, (0.25 days)));
        decide(address(governor), abi.encodeCall(governor.setProposalThreshold, (3e18)));
        decide(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (11)));
        decide(address(governor), abi.encodeCall(governor.updateSuperQuorumNumerator, (61)));
        decide(address(governor), abi.encodeCall(governor.setProposalGuardian, (FEW)));
        decide(address(timelock), abi.encodeCall(timelock.updateDelay, (0.75 days)));
        Proposal memory p = callOf(address(timelock), abi.encodeCall(timelock.setExecutionWindow, (1.25 days)));
        uint256 id = ready(p);
        execute(p);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(last(logs, "VotingPeriodSet(uint256,uint256)", 1), governor.votingPeriod(), "votingPeriod");
        assertEq(last(logs, "VotingDelaySet(uint256,uint256)", 1), governor.votingDelay(), "votingDelay");
        uint256 voteExtension = last(logs, "LateQuorumVoteExtensionSet(uint64,uint64)", 1);
        assertEq(voteExtension, governor.lateQuorumVoteExtension(), "voteExtension");
        uint256 threshold = last(logs, "ProposalThresholdSet(uint256,uint256)", 1);
        assertEq(threshold, governor.proposalThreshold(), "threshold");
        assertEq(last(logs, "QuorumNumeratorUpdated(uint256,uint256)", 1), governor.quorumNumerator(), "quorum");
        uint256 superQuorum = last(logs, "SuperQuorumNumeratorUpdated(uint256,uint256)", 1);
        assertEq(superQuorum, governor.superQuorumNumerator(), "super quorum");
        assertEq(last(logs, "GuardianTermSet(address,uint48)", 0), governor.guardianUntil(), "guardianUntil");
        uint256 guardian = last(logs, "ProposalGuardianSet(address,address)", 1);
        assertEq(guardian, uint160(governor.proposalGuardian()), "guardian");
        assertEq(last(logs, "MinDelayChange(uint256,uint256)", 1), timelock.getMinDelay(), "delay");
        assertEq(last(logs, "ExecutionWindowSet(uint256,uint256)", 1), timelock.executionWindow(), "window");
        assertEq(last(logs, "ProposalExpirySet(uint256,uint48)", 0), governor.proposalExpiry(id), "expiry");
        assertEq(last(logs, "OperationExpirySet(bytes32,uint48)", 0), governor.proposalExpiry(id), "of both");
    }

    /// @return word of the data of the last such event
    function last(Vm.Log[] memory logs, string memory signature, uint256 word) private pure returns (uint256) {
        for (uint256 i = logs.length; i > 0; --i) {
            if (logs[i - 1].topics[0] == keccak256(bytes(signature))) return wordsOf(logs[i - 1].data)[word];
        }
        revert NotTrue(signature);
    }

    function refused(address caller) private {
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, caller));
        governor.setVotingPeriod(1 days);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, caller));
        governor.setProposalGuardian(caller);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, caller));
        governor.relay(address(vault), 0, "");
        vm.expectRevert(abi.encodeWithSelector(IWitanTimelock.NotTimelock.selector, caller, address(timelock)));
        timelock.updateDelay(0);
        vm.expectRevert(abi.encodeWithSelector(IWitanTimelock.NotTimelock.selector, caller, address(timelock)));
        timelock.setExecutionWindow(1 days);
        vm.expectRevert(abi.encodeWithSelector(IWitanTimelock.NotTimelock.selector, caller, address(timelock)));
        timelock.replaceGovernor(caller);
        vm.expectRevert(abi.encodeWithSelector(IWitanAccess.NotAdmin.selector, caller));
        access.replaceAdmin(address(vault));
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManager.AccessManagerUnauthorizedAccount.selector, caller, uint64(0))
        );
        access.grantRole(1, caller, 0);
        if (caller == address(governor)) return vm.stopPrank();
        bytes32 proposer = timelock.PROPOSER_ROLE();
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, caller, proposer)
        );
        timelock.schedule(address(vault), 0, "", 0, 0, 1 days);
        vm.stopPrank();
    }
}
