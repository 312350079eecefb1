// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {StakeVault} from "../src/StakeVault.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {IStakeVotes} from "../src/interfaces/IStakeVotes.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {MockEmission} from "./MockEmission.sol";
import {StakeVaultHandler} from "./StakeVaultHandler.sol";
import {Vm} from "./Vm.sol";

/// @notice What holds whatever stakers and the court do. That slashing raises no claim, that no move enriches its
/// account and that no stake votes twice is checked by the handler at every move.
contract StakeVaultInvariants is InvariantTest {
    StakeVaultHandler private handler;
    WitanToken private token;
    StakeVault private vault;
    IStakeVotes private votes;
    MockEmission private emission;

    function setUp() public {
        handler = new StakeVaultHandler();
        (address token_, address vault_, address votes_, address emission_) = handler.parts();
        (token, vault) = (WitanToken(token_), StakeVault(vault_));
        (votes, emission) = (IStakeVotes(votes_), MockEmission(emission_));
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](13);
        selectors[0] = StakeVaultHandler.stakeSome.selector;
        selectors[1] = StakeVaultHandler.unstakeSome.selector;
        selectors[2] = StakeVaultHandler.moveSome.selector;
        selectors[3] = StakeVaultHandler.withdrawSome.selector;
        selectors[4] = StakeVaultHandler.syncSome.selector;
        selectors[5] = StakeVaultHandler.delegateSome.selector;
        selectors[6] = StakeVaultHandler.rewardSome.selector;
        selectors[7] = StakeVaultHandler.slashSome.selector;
        selectors[8] = StakeVaultHandler.wait.selector;
        selectors[9] = StakeVaultHandler.payInSome.selector;
        selectors[10] = StakeVaultHandler.holdSome.selector;
        selectors[11] = StakeVaultHandler.releaseSome.selector;
        selectors[12] = StakeVaultHandler.slashSome.selector;
    }

    /// @dev One campaign for all of them: 240 × 100 = 24,000 calls. The handler checks at each of them, this at every tenth.
    /// forge-config: default.invariant.runs = 240
    /// forge-config: default.invariant.depth = 100
    /// forge-config: default.invariant.check_interval = 10
    function invariantBooksAndVotes() public view {
        checkSolvency();
        checkClaims();
        checkVotes();
    }

    /// @notice The moves reach what they are meant to test.
    function testTheMovesReachEverything() public {
        vm.recordLogs();
        for (uint256 i = 0; i < 1200; ++i) {
            playMove(i);
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        atLeast(logs, "moved", IStakeVault.Redelegated.selector, 10);
        atLeast(logs, "left", IStakeVault.UnstakeRequested.selector, 10);
        atLeast(logs, "paid", IStakeVault.Withdrawn.selector, 10);
        atLeast(logs, "slashed", IStakeVault.Slashed.selector, 10);
        atLeast(logs, "closed", IStakeVault.PoolClosed.selector, 3);
        atLeast(logs, "requests slashed", IStakeVault.RequestSlashed.selector, 5);
        atLeast(logs, "indebted", IStakeVault.DebtIncurred.selector, 5);
        atLeast(logs, "debts paid", IStakeVault.DebtPaid.selector, 5);
        atLeast(logs, "held", IStakeVault.Held.selector, 10);
        atLeast(logs, "released", IStakeVault.Released.selector, 10);
        atLeast(logs, "residues", IStakeVault.ResidueReleased.selector, 1);
        atLeast(logs, "rewards paid in", IStakeVault.RewardPaidIn.selector, 10);
        atLeast(logs, "delegated", IVotes.DelegateChanged.selector, 10);
    }

    /// @dev Nothing comes from nowhere: what was put in and earned is in the vault, paid, given or burned.
    function checkSolvency() private view {
        uint256 owed = 0;
        for (uint64 nodeId = 1; nodeId <= handler.NODES(); ++nodeId) {
            IStakeVault.Pool memory pool = vault.pool(nodeId);
            owed += pool.assets + pool.locked + pool.unbonding;
            assertTrue(pool.shares > 0 || pool.assets + pool.locked == 0, "no stake without shares");
            assertLe(pool.shares + 1e6, 1e12 * (pool.assets + 1), "shares stay worth something");
        }
        assertEq(vault.accountedAssets(), owed, "accounted");
        assertEq(token.balanceOf(address(vault)), owed, "solvent, and nothing stuck");
    }

    function checkClaims() private view {
        uint256 due = 0;
        for (uint64 nodeId = 1; nodeId <= handler.NODES(); ++nodeId) {
            uint256 claimed = 0;
            for (uint256 i = 0; i < handler.ACTORS(); ++i) {
                claimed += vault.assetsOf(nodeId, handler.actor(i));
            }
            assertLe(claimed, vault.stakeOf(nodeId), "a pool covers its claims");
            due += vault.pool(nodeId).unbonding;
        }
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            (, IStakeVault.Unstake[] memory requests) = vault.requestsOf(handler.actor(i), 0, type(uint256).max);
            for (uint256 k = 0; k < requests.length; ++k) {
                due -= requests[k].assets; // underflows if the queue does not cover it
            }
        }
    }

    function checkVotes() private view {
        uint256 sum = 0;
        uint256 all = 0;
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            address account = handler.actor(i);
            uint256 staked = 0;
            for (uint64 nodeId = 1; nodeId <= handler.NODES(); ++nodeId) {
                uint256 counted = votes.countedOf(account, nodeId);
                staked += counted;
                if (!votes.isCounted(account, nodeId)) continue;
                sum += counted;
                assertLe(counted, vault.assetsOf(nodeId, account), "no vote without the stake behind it");
            }
            assertEq(vault.stakedOf(account), staked, "staked");
            assertEq(emission.lastStaked(account), staked, "the listener knows");
            all += votes.getVotes(account);
        }
        assertEq(all, sum, "every counted wei votes once");
    }
}
