// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract StakeVaultRedelegateTest is VaultFixture {
    function testStakeMovesWithoutUnbonding() public {
        uint256 shares = stakeAs(ALICE, 1, 10e18);
        stakeAs(BOB, 2, 5e18);
        vm.prank(ALICE);
        uint256 received = vault.redelegate(1, 2, shares / 2);
        assertEq(received, shares / 2, "shares of the same worth");
        assertEq(vault.assetsOf(1, ALICE), 5e18, "left");
        assertEq(vault.assetsOf(2, ALICE), 5e18, "arrived");
        assertEq(vault.stakeOf(2), 10e18, "in the pool");
        assertEq(vault.accountedAssets(), 15e18, "nothing came or went");
        assertEq(vault.stakedOf(ALICE), 10e18, "staked");
        assertEq(vault.pool(1).unbonding, 0, "no unbonding");
    }

    function testRefusals() public {
        uint256 shares = stakeAs(ALICE, 1, 10e18);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.ZeroShares.selector));
        vault.redelegate(1, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SameNode.selector, 1));
        vault.redelegate(1, 1, shares);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, 9));
        vault.redelegate(1, 9, shares);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, 9));
        vault.redelegate(9, 1, shares);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.InsufficientShares.selector, 1, ALICE, shares + 1, shares));
        vault.redelegate(1, 2, shares + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.AmountTooSmall.selector, 0));
        vault.redelegate(1, 2, 1);
        vm.stopPrank();
    }

    function testMovedStakeRestsForTheMoveLock() public {
        stakeAs(ALICE, 1, 10e18);
        stakeAs(BOB, 2, 10e18);
        moveAs(ALICE, 1, 2);
        uint256 movableAt = block.timestamp + MOVE_LOCK;
        assertEq(vault.positionsOf(ALICE, 0, 9)[0].movableAt, movableAt, "said beforehand");
        moveAs(BOB, 2, 3); // the lock is Alice's
        vm.warp(movableAt - 1);
        uint256 shares = vault.sharesOf(2, ALICE);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.MoveLocked.selector, 2, ALICE, movableAt));
        vault.redelegate(2, 3, shares);
        vm.warp(movableAt);
        moveAs(ALICE, 2, 3);
        assertEq(vault.assetsOf(3, ALICE), 10e18, "moved on");
    }

    function testLockedStakeMayStillUnbond() public {
        stakeAs(ALICE, 1, 10e18);
        moveAs(ALICE, 1, 2);
        unstakeAs(ALICE, 2);
        assertEq(vault.pool(2).unbonding, 10e18, "unbonding");
    }

    function testMovedStakeOwesForFaultsBeforeItLeft() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(BOB, 1, 100e18);
        pass(1 hours);
        uint256 faultAt = block.timestamp; // the very second in which it leaves
        moveAs(ALICE, 1, 2);
        pass(1 hours);
        assertEq(slash(1, 3000, faultAt), 30e18, "the pool at once");
        assertEq(vault.debtOf(ALICE), 30e18, "who left owes its part");
        assertEq(vault.debtOf(BOB), 0, "who stayed has paid");

        uint256 supply = token.totalSupply();
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.DebtPaid(ALICE, 2, 30e18, 30e24, 0);
        assertEq(vault.syncVotes(ALICE, 2), 70e18, "anybody collects it");
        assertEq(vault.debtOf(ALICE), 0, "paid");
        assertEq(supply - token.totalSupply(), 30e18, "burned");
        assertEq(vault.stakedOf(ALICE), 70e18, "counted");
        assertEq(votes.getVotes(ALICE), 70e18, "votes");
        assertEq(vault.accountedAssets(), 140e18, "accounted");
    }

    function testALaterFaultOfTheNodeLeftIsNotOwed() public {
        stakeAs(ALICE, 1, 100e18);
        moveAs(ALICE, 1, 2);
        pass(1);
        slash(1, 10_000, block.timestamp);
        assertEq(vault.debtOf(ALICE), 0, "left before");
    }

    function testAnEarlierSlashIsNotOwedTwice() public {
        stakeAs(ALICE, 1, 100e18);
        slash(1, 5000, block.timestamp);
        moveAs(ALICE, 1, 2); // in the same second
        assertEq(vault.assetsOf(2, ALICE), 50e18, "half is left");
        assertEq(vault.debtOf(ALICE), 0, "and that is all");
        slash(1, 5000, block.timestamp);
        assertEq(vault.debtOf(ALICE), 25e18, "the next one finds it");
    }

    function testLiabilityLastsTheUnbondingTime() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        moveAs(ALICE, 1, 2);
        vm.warp(faultAt + UNBONDING);
        vault.syncVotes(ALICE, 2); // forgets nothing
        slash(1, 5000, faultAt);
        assertEq(vault.debtOf(ALICE), 50e18, "to its last second");
    }

    function testLiabilityEndsWithTheUnbondingTime() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(BOB, 1, 100e18);
        uint256 faultAt = block.timestamp;
        moveAs(ALICE, 1, 2);
        vm.warp(faultAt + UNBONDING + 1);
        slash(1, 5000, faultAt);
        assertEq(vault.debtOf(ALICE), 0, "too late for who left");
        assertEq(vault.assetsOf(1, BOB), 50e18, "never for who stayed");
    }

    function testStakeThatReturnsIsNotHitTwice() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(BOB, 1, 100e18);
        uint256 faultAt = block.timestamp;
        moveAs(ALICE, 1, 2);
        pass(MOVE_LOCK);
        moveAs(ALICE, 2, 1);
        slash(1, 5000, faultAt);
        assertEq(vault.debtOf(ALICE), 0, "liable with the pool");
        assertEq(vault.assetsOf(1, ALICE), 50e18, "once");
    }

    function testPartOfTheStakeReturns() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        moveAs(ALICE, 1, 2);
        pass(MOVE_LOCK);
        uint256 quarter = vault.toSharesUp(2, 25e18);
        vm.prank(ALICE);
        vault.redelegate(2, 1, quarter);
        slash(1, 10_000, faultAt);
        assertEq(vault.debtOf(ALICE), 75e18, "what did not return");
        vault.syncVotes(ALICE, 2);
        assertEq(wealthOf(ALICE), 0, "all of it");
    }

    function testWhatReturnsIsForgottenOnce() public {
        uint256 half = stakeAs(ALICE, 1, 100e18) / 2;
        uint256 faultAt = block.timestamp;
        vm.startPrank(ALICE);
        vault.redelegate(1, 2, half);
        vault.redelegate(1, 3, half);
        vm.stopPrank();
        pass(MOVE_LOCK);
        moveAs(ALICE, 2, 1);
        slash(1, 10_000, faultAt);
        assertEq(vault.debtOf(ALICE), 50e18, "the other half is still away");
        assertEq(wealthOf(ALICE), 0, "and lost as well");
    }

    function testADebtIsTakenFromEveryPosition() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        uint256 third = vault.sharesOf(1, ALICE) / 4;
        vm.startPrank(ALICE);
        vault.redelegate(1, 2, third);
        vault.redelegate(1, 3, third);
        vault.redelegate(1, 4, third);
        vm.stopPrank();
        uint256 request = unstakeAs(ALICE, 4);
        slash(1, 10_000, faultAt);
        assertEq(vault.debtOf(ALICE), 75e18, "three of four quarters");
        vault.syncVotes(ALICE, 1);
        vault.syncVotes(ALICE, 2);
        vault.syncVotes(ALICE, 3);
        assertEq(vault.debtOf(ALICE), 25e18, "the rest is on its way out");
        assertEq(vault.nodesOf(ALICE).length, 0, "no positions left");
        pass(UNBONDING);
        assertEq(withdrawAs(ALICE, request), 0, "nothing is paid");
        assertEq(vault.debtOf(ALICE), 0, "paid");
        assertEq(vault.accountedAssets(), 0, "nothing owed");
        assertEq(token.balanceOf(address(vault)), 0, "nothing left");
    }

    /// @notice A position that is worth nothing goes for the debt as well, and an event says so.
    function testWorthlessSharesTakenForADebtAreTold() public {
        stakeAs(ALICE, 2, 1);
        slash(2, 1, block.timestamp); // rounded up, it takes all of a wei
        stakeAs(ALICE, 1, 100e18);
        moveAs(ALICE, 1, 3);
        slash(1, 5000, block.timestamp);
        uint256 shares = vault.sharesOf(2, ALICE);
        assertLe(1, shares, "held");
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.DebtPaid(ALICE, 2, 0, shares, 50e18);
        vault.syncVotes(ALICE, 2);
        assertEq(vault.sharesOf(2, ALICE), 0, "taken");
    }

    function testDeparturesAreBounded() public {
        createNodes(16);
        stakeAs(ALICE, 1, 100e18);
        uint256 part = vault.sharesOf(1, ALICE) / 20;
        vm.startPrank(ALICE);
        for (uint64 to = 2; to < 18; ++to) {
            vault.redelegate(1, to, part);
        }
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooManyDepartures.selector, ALICE, 16));
        vault.redelegate(1, 18, part);
        pass(UNBONDING + 1);
        vault.redelegate(1, 18, part);
        vm.stopPrank();
        slash(1, 10_000, block.timestamp);
        assertEq(vault.debtOf(ALICE), 5e18, "only the last is liable");
    }

    function testPositionsAreBounded() public {
        createNodes(30);
        for (uint64 nodeId = 1; nodeId <= 32; ++nodeId) {
            stakeAs(ALICE, nodeId, 1e18);
        }
        fund(ALICE, 1e18);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TooManyPositions.selector, ALICE, 32));
        vault.stake(33, 1e18);
        unstakeAs(ALICE, 5);
        vm.prank(ALICE);
        vault.stake(33, 1e18);
        assertEq(vault.nodesOf(ALICE).length, 32, "full again");
        assertEq(vault.positionsOf(ALICE, 30, 10).length, 2, "last page");
        assertEq(vault.positionsOf(ALICE, 40, 10).length, 0, "past the end");
    }

    function testFuzzNobodyGainsByMoving(uint256 mine, uint256 theirs, uint256 gift, uint256 part) public {
        mine = bound(mine, 1e6, 1000e18);
        theirs = bound(theirs, 1e6, 1000e18);
        gift = bound(gift, 1, 1000e18);
        stakeAs(ALICE, 1, mine);
        stakeAs(BOB, 2, theirs);
        reward(2, gift);
        pass(REWARD_UNLOCK);
        uint256 before = vault.assetsOf(2, BOB);
        uint256 wealth = wealthOf(ALICE);
        uint256 shares = bound(part, 1, vault.sharesOf(1, ALICE));
        uint256 moved = vault.toAssetsDown(1, shares);
        vm.assume(vault.toSharesDown(2, moved) > 0);
        vm.prank(ALICE);
        vault.redelegate(1, 2, shares);
        assertLe(wealthOf(ALICE), wealth, "rounded against the mover");
        assertLe(before, vault.assetsOf(2, BOB), "the others lose nothing");
        assertLe(vault.accountedAssets(), token.balanceOf(address(vault)), "solvent");
    }

    function testFuzzMovedStakeLosesWhatStayingWouldHave(uint256 assets, uint256 bps) public {
        assets = bound(assets, 1e6, 1000e18);
        bps = bound(bps, 1, 10_000);
        stakeAs(ALICE, 1, assets);
        stakeAs(BOB, 1, assets);
        stakeAs(CAROL, 2, assets);
        moveAs(ALICE, 1, 2);
        slash(1, uint16(bps), block.timestamp);
        uint256 before = vault.assetsOf(2, CAROL);
        vault.syncVotes(ALICE, 2);
        assertLe(wealthOf(ALICE), vault.assetsOf(1, BOB), "no better off than who stayed");
        assertLe(vault.assetsOf(1, BOB), wealthOf(ALICE) + 2, "nor worse, to the wei");
        assertEq(vault.assetsOf(2, CAROL), before, "the others are untouched");
        assertEq(vault.debtOf(ALICE), 0, "paid");
    }
}
