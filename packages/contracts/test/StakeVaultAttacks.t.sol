// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {NaiveStaking} from "./NaiveStaking.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice Every attack twice: first it works on `NaiveStaking`, then it fails on the vault.
contract StakeVaultAttacksTest is VaultFixture {
    NaiveStaking private naive;

    function setUp() public override {
        super.setUp();
        naive = new NaiveStaking();
    }

    // First-depositor inflation: a share of one wei, a donation, and the next deposit rounds down to nothing.

    function testInflationWorksOnNaiveStaking() public {
        naive.stake(ALICE, 1, 1);
        naive.reward(1, 100e18);
        naive.stake(BOB, 1, 100e18);
        assertEq(naive.assetsOf(BOB, 1), 0, "the victim's deposit is gone");
        assertEq(naive.assetsOf(ALICE, 1), 200e18 + 1, "the attacker has it");
    }

    function testInflationFails() public {
        stakeAs(ALICE, 1, 1);
        reward(1, 100e18);
        pass(REWARD_UNLOCK);
        stakeAs(BOB, 1, 100e18);
        assertLe(100e18 - 1e14, vault.assetsOf(1, BOB), "the victim keeps its deposit");
        assertLe(vault.assetsOf(1, ALICE), 51e18, "the attacker lost half of its donation");
    }

    function testFuzzInflationNeverPays(uint256 seed, uint256 donation, uint256 deposit) public {
        seed = bound(seed, 1, 1e18);
        donation = bound(donation, 1, 1_000_000e18);
        deposit = bound(deposit, 1, 1_000_000e18);
        stakeAs(ALICE, 1, seed);
        reward(1, donation);
        pass(REWARD_UNLOCK);
        if (vault.toSharesDown(1, deposit) == 0) return; // refused, so nothing is lost
        uint256 before = vault.assetsOf(1, ALICE);
        stakeAs(BOB, 1, deposit);
        uint256 profit = vault.assetsOf(1, ALICE) - before;
        assertLe(profit, (seed + donation - before) + 1, "never more than was sunk into the virtual shares");
    }

    // Reward hopping: be in each pool when its reward arrives.

    function testHoppingWorksOnNaiveStaking() public {
        naive.stake(BOB, 1, 100e18);
        naive.stake(CAROL, 2, 100e18);
        naive.stake(ALICE, 1, 100e18);
        naive.reward(1, 10e18);
        naive.move(ALICE, 1, 2);
        naive.reward(2, 10e18);
        assertLe(110e18, naive.assetsOf(ALICE, 2), "half of both rewards");
        assertLe(naive.assetsOf(CAROL, 2), 105e18, "at the cost of those who stay");
    }

    function testHoppingFails() public {
        stakeAs(BOB, 1, 100e18);
        stakeAs(CAROL, 2, 100e18);
        stakeAs(ALICE, 1, 100e18);
        reward(1, 10e18);
        moveAs(ALICE, 1, 2); // at once after the first reward: it is locked, and stays behind
        assertEq(vault.assetsOf(2, ALICE), 100e18, "nothing of the first");
        reward(2, 10e18);
        uint256 shares = vault.sharesOf(2, ALICE);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.MoveLocked.selector, 2, ALICE, block.timestamp + MOVE_LOCK));
        vault.redelegate(2, 1, shares);
        pass(MOVE_LOCK);
        moveAs(ALICE, 2, 1);
        assertLe(vault.assetsOf(1, ALICE), 105e18, "one reward, as if it had stayed");
        assertLe(110e18 - 1, vault.assetsOf(1, BOB), "the whole first reward is with who stayed");
    }

    // Escaping a slash: the fault is known, the slash not yet executed.

    function testEscapesWorkOnNaiveStaking() public {
        naive.stake(ALICE, 1, 100e18);
        naive.stake(BOB, 1, 100e18);
        naive.stake(CAROL, 1, 100e18);
        naive.move(ALICE, 1, 2);
        naive.requestUnstake(BOB, 1);
        naive.move(CAROL, 1, 2);
        naive.requestUnstake(CAROL, 2);
        naive.slash(1, 5000, address(0), 0);
        naive.withdraw(BOB);
        naive.withdraw(CAROL);
        assertEq(naive.assetsOf(ALICE, 2), 100e18, "by redelegation");
        assertEq(naive.taken(BOB), 100e18, "by unstaking");
        assertEq(naive.taken(CAROL), 100e18, "by both in chain");
    }

    function testEscapeByRedelegationFails() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        pass(1);
        moveAs(ALICE, 1, 2);
        pass(MOVE_LOCK);
        moveAs(ALICE, 2, 3);
        pass(UNBONDING - MOVE_LOCK);
        slash(1, 5000, faultAt);
        assertEq(wealthOf(ALICE), 50e18, "followed through two moves");
        uint256 shares = vault.sharesOf(3, ALICE);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.InsufficientShares.selector, 3, ALICE, shares, shares / 2));
        vault.requestUnstake(3, shares); // the debt comes first
    }

    function testEscapeByUnstakingFails() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        pass(1);
        uint256 request = unstakeAs(ALICE, 1);
        pass(UNBONDING - 1);
        slash(1, 5000, faultAt);
        pass(1);
        assertEq(withdrawAs(ALICE, request), 50e18, "paid after the slash");
    }

    function testEscapeByBothInChainFails() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        pass(1);
        moveAs(ALICE, 1, 2);
        uint256 request = unstakeAs(ALICE, 2);
        pass(UNBONDING - 1);
        slash(1, 5000, faultAt);
        pass(1);
        assertEq(withdrawAs(ALICE, request), 50e18, "paid less the debt");
        assertEq(vault.debtOf(ALICE), 0, "paid");
    }

    /// @notice Returning with other stake swaps what is liable, never how much.
    function testEscapeByReturningFails() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(ALICE, 3, 100e18);
        uint256 faultAt = block.timestamp;
        pass(1);
        moveAs(ALICE, 1, 2);
        moveAs(ALICE, 3, 1);
        uint256 first = unstakeAs(ALICE, 1);
        uint256 second = unstakeAs(ALICE, 2);
        slash(1, 5000, faultAt);
        pass(UNBONDING);
        assertEq(withdrawAs(ALICE, first) + withdrawAs(ALICE, second), 150e18, "half of what was there is gone");
    }

    /// @notice The last staker's locked rewards do not slip out to the owner.
    function testEscapeOfLockedRewardsFails() public {
        stakeAs(ownerOf(1), 1, 100e18);
        reward(1, 50e18);
        unstakeAs(ownerOf(1), 1);
        slash(1, 5000, block.timestamp);
        assertEq(wealthOf(ownerOf(1)), 75e18, "half of both");
    }

    // One stake, two votes: vote, move the stake to another node or account, vote again.

    function testVotingTwiceWorksOnNaiveStaking() public {
        naive.stake(ALICE, 1, 100e18);
        naive.vote(ALICE, 1, 1);
        naive.requestUnstake(ALICE, 1);
        naive.withdraw(ALICE);
        naive.stake(BOB, 1, 100e18); // the same tokens
        naive.vote(BOB, 1, 1);
        assertEq(naive.ballots(1), 200e18, "counted twice");
    }

    function testVotingTwiceFails() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 snapshot = block.timestamp;
        pass(1);
        moveAs(ALICE, 1, 2);
        pass(1);
        uint256 request = unstakeAs(ALICE, 2);
        pass(UNBONDING);
        uint256 assets = withdrawAs(ALICE, request);
        vm.prank(ALICE);
        assertTrue(token.transfer(BOB, assets), "transfer");
        vm.startPrank(BOB);
        token.approve(address(vault), assets);
        vault.stake(1, assets);
        votes.delegate(CAROL);
        vm.stopPrank();
        pass(1);
        assertEq(voices(snapshot), 100e18, "at the snapshot");
        assertEq(voices(snapshot + 1), 100e18, "after the move");
        assertEq(voices(snapshot + 2), 0, "on its way out");
        assertEq(voices(block.timestamp - 1), 100e18, "with its new holder");
    }

    /// @notice Every way to hold or give votes within one second counts once at the end of it.
    function testVotingTwiceInOneSecondFails() public {
        stakeAs(ALICE, 1, 100e18);
        delegateAs(ALICE, BOB);
        delegateAs(ALICE, CAROL);
        moveAs(ALICE, 1, 2);
        delegateAs(ALICE, ALICE);
        pass(1);
        assertEq(voices(block.timestamp - 1), 100e18, "once");
        stakeAs(BOB, 1, 50e18);
        unstakeAs(BOB, 1);
        pass(1);
        assertEq(voices(block.timestamp - 1), 100e18, "stake of a moment has no vote");
    }

    // Self-slashing: be one's own reporter.

    function testSelfSlashingWorksOnNaiveStaking() public {
        naive.stake(ALICE, 1, 100e18);
        naive.slash(1, 10_000, REPORTER, 10_000);
        assertEq(naive.taken(REPORTER), 100e18, "out at once, without unbonding and at no cost");
    }

    function testSelfSlashingFails() public {
        stakeAs(ALICE, 1, 100e18);
        vm.startPrank(SLASHER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.ReporterPartTooHigh.selector, 5000, 4999));
        vault.slash(1, 10_000, uint48(block.timestamp), REPORTER, 5000);
        vault.slash(1, 10_000, uint48(block.timestamp), REPORTER, 4999);
        vm.stopPrank();
        assertLe(wealthOf(ALICE) + token.balanceOf(REPORTER), 50e18, "more than half is gone");
    }

    // Rounding to zero: stake so small that its part of a slash is no wei.

    function testRoundingToZeroWorksOnNaiveStaking() public {
        for (uint64 nodeId = 1; nodeId <= 3; ++nodeId) {
            naive.stake(ALICE, nodeId, 9999);
            naive.slash(nodeId, 1, address(0), 0);
            assertEq(naive.assetsOf(ALICE, nodeId), 9999, "not slashed");
        }
        naive.stake(BOB, 4, 1e6);
        naive.reward(4, 1e18);
        naive.stake(CAROL, 4, 1e11);
        assertEq(naive.assetsOf(CAROL, 4), 0, "and a deposit that buys nothing is kept");
    }

    function testRoundingToZeroFails() public {
        for (uint64 nodeId = 1; nodeId <= 3; ++nodeId) {
            stakeAs(ALICE, nodeId, 9999);
            uint256 part = vault.sharesOf(nodeId, ALICE) / 3;
            vm.prank(ALICE);
            uint256 request = vault.requestUnstake(nodeId, part);
            vm.prank(ALICE);
            vault.redelegate(nodeId, 4, part);
            slash(nodeId, 1, block.timestamp);
            assertLe(vault.assetsOf(nodeId, ALICE), 3332, "at least a wei of the pool");
            assertEq(vault.unstakeRequest(request).assets, 3332, "of what is unbonding");
            assertEq(vault.debtOf(ALICE), 1, "and of what moved");
        }
        stakeAs(BOB, 1, 1e6);
        reward(1, 1_000_000e18);
        pass(REWARD_UNLOCK);
        fund(CAROL, 1);
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.AmountTooSmall.selector, 1));
        vault.stake(1, 1); // a deposit that buys nothing is refused
    }

    function voices(uint256 time) private view returns (uint256) {
        return votes.getPastVotes(ALICE, time) + votes.getPastVotes(BOB, time) + votes.getPastVotes(CAROL, time);
    }
}
