// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {DisputeCourt} from "../src/DisputeCourt.sol";
import {Emission} from "../src/Emission.sol";
import {StakeVault} from "../src/StakeVault.sol";
import {Subnets} from "../src/Subnets.sol";
import {WitanAccess} from "../src/WitanAccess.sol";
import {WitanGovernor} from "../src/WitanGovernor.sol";
import {WitanTimelock} from "../src/WitanTimelock.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IDisputeCourt} from "../src/interfaces/IDisputeCourt.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {IWitanGovernor} from "../src/interfaces/IWitanGovernor.sol";
import {Test} from "./Test.sol";

/// @notice The network as it is deployed: one account, consecutive nonces, every peer address known beforehand.
abstract contract Deployment is Test {
    struct Plan {
        address kernel;
        address token;
        address vault;
        address subnets;
        address emission;
        address consensus;
        address governor;
        address timelock;
        address access;
        address court;
    }

    address internal constant DEPLOYER = address(0xDE910);
    address internal constant TREASURY = address(0x7EA5);
    address internal constant SLASHER = address(0x51A5);
    uint64 internal constant COURT = 1;
    uint128 internal constant BOND = 10e18;
    uint16 internal constant SLASH_BPS = 1000;
    address internal constant GUARDIAN = address(0x6A4D);
    uint256 internal constant GENESIS = 1_000_000e18;
    uint128 internal constant CREATION_PRICE = 100e18;
    uint32 internal constant CREATION_HALF_LIFE = 4 days;
    uint128 internal constant CREATION_LOCK = 50e18;
    uint48 internal constant UNBONDING = 14 days;
    uint48 internal constant REWARD_UNLOCK = 1 days;
    uint48 internal constant MOVE_LOCK = 1 days;
    uint32 internal constant MIN_EPOCH_LENGTH = 600;
    uint32 internal constant GAUGE_PERIOD = 600;

    address internal kernel;
    WitanToken internal token;
    StakeVault internal vault;
    Subnets internal subnets;
    Emission internal emission;
    IConsensus internal consensus;
    WitanGovernor internal governor;
    WitanTimelock internal timelock;
    WitanAccess internal access;
    DisputeCourt internal court;

    function deploy() internal {
        Plan memory plan = _plan();
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (TREASURY, GENESIS);
        // By their code, so that the tests are not compiled the way these two are.
        bytes memory kernelCode = vm.getCode("EpochKernel.sol:EpochKernel");
        bytes memory consensusCode = vm.getCode("Consensus.sol:Consensus");

        vm.startPrank(DEPLOYER);
        kernel = _create(kernelCode);
        token = new WitanToken(plan.emission, accounts, amounts);
        vault =
            new StakeVault(plan.token, plan.subnets, plan.emission, plan.access, UNBONDING, REWARD_UNLOCK, MOVE_LOCK);
        subnets = new Subnets(
            plan.token, plan.vault, plan.emission, plan.consensus, plan.access, creationTerms(), MIN_EPOCH_LENGTH
        );
        emission = new Emission(plan.token, plan.vault, plan.subnets, plan.consensus, plan.access, terms());
        consensus = IConsensus(
            _create(abi.encodePacked(consensusCode, abi.encode(plan.subnets, plan.vault, plan.emission, plan.kernel)))
        );
        governor = new WitanGovernor(vault, plan.court, governorTerms());
        court = new DisputeCourt(plan.token, plan.vault, plan.subnets, plan.timelock, plan.access, courtTerms());
        vm.stopPrank();
        timelock = WitanTimelock(payable(governor.timelock()));
        access = WitanAccess(governor.access());

        assertEq(kernel, plan.kernel, "kernel address");
        assertEq(address(token), plan.token, "token address");
        assertEq(address(vault), plan.vault, "vault address");
        assertEq(address(subnets), plan.subnets, "subnets address");
        assertEq(address(emission), plan.emission, "emission address");
        assertEq(address(consensus), plan.consensus, "consensus address");
        assertEq(address(governor), plan.governor, "governor address");
        assertEq(address(timelock), plan.timelock, "timelock address");
        assertEq(address(access), plan.access, "access address");
        assertEq(address(court), plan.court, "court address");
    }

    /// @dev The longest cycle there may be.
    function governorTerms() internal pure virtual returns (IWitanGovernor.GovernorTerms memory) {
        return IWitanGovernor.GovernorTerms({
            votingDelay: 1 days,
            votingPeriod: 2 days,
            voteExtension: 1 days,
            timelockDelay: 1 days,
            executionWindow: 2 days,
            minCycle: 1 days,
            maxCycle: 7 days,
            quorumPercent: 10,
            superQuorumPercent: 60,
            proposalThreshold: 1e18,
            maxProposalThreshold: 1000e18,
            guardian: GUARDIAN,
            guardianTerm: 180 days,
            voters: IVotes(address(0))
        });
    }

    function courtTerms() internal pure virtual returns (IDisputeCourt.CourtTerms memory) {
        return IDisputeCourt.CourtTerms({bond: BOND, slashBps: SLASH_BPS, margin: 1 days});
    }

    /// @notice As the stakers would decide: another court beside the network's.
    function appointCourt() internal {
        vm.prank(address(timelock));
        access.grantRole(COURT, SLASHER, 0);
    }

    /// @dev All subnets are listed, so that a test of something else need not decide on each.
    function creationTerms() internal pure virtual returns (ISubnetTerms.CreationTerms memory) {
        return ISubnetTerms.CreationTerms(CREATION_PRICE, CREATION_HALF_LIFE, CREATION_LOCK, type(uint16).max);
    }

    function terms() internal pure virtual returns (IEmission.EmissionTerms memory) {
        return IEmission.EmissionTerms({bountyCap: 0, gaugePeriod: GAUGE_PERIOD, maxShareBps: 10_000});
    }

    function _plan() private view returns (Plan memory) {
        uint256 nonce = vm.getNonce(DEPLOYER);
        address planned = vm.computeCreateAddress(DEPLOYER, nonce + 6);
        return Plan({
            kernel: vm.computeCreateAddress(DEPLOYER, nonce),
            token: vm.computeCreateAddress(DEPLOYER, nonce + 1),
            vault: vm.computeCreateAddress(DEPLOYER, nonce + 2),
            subnets: vm.computeCreateAddress(DEPLOYER, nonce + 3),
            emission: vm.computeCreateAddress(DEPLOYER, nonce + 4),
            consensus: vm.computeCreateAddress(DEPLOYER, nonce + 5),
            governor: planned,
            timelock: vm.computeCreateAddress(planned, 1),
            access: vm.computeCreateAddress(planned, 2),
            court: vm.computeCreateAddress(DEPLOYER, nonce + 7)
        });
    }

    function _create(bytes memory code) private returns (address created) {
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
    }
}
