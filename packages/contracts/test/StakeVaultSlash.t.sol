// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGoverned} from "../src/interfaces/IGoverned.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract StakeVaultSlashTest is VaultFixture {
    function testOnlyWhoThePermissionsLetSlashes() public {
        bytes4 selector = vault.slash.selector;
        vm.expectRevert(
            abi.encodeWithSelector(IGoverned.NotAuthorized.selector, address(this), address(vault), selector)
        );
        vault.slash(1, 1, 0, address(0), 0);
    }

    function testRefusals() public {
        uint48 time = uint48(block.timestamp);
        vm.startPrank(SLASHER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SlashOutOfBounds.selector, 0, 10_000));
        vault.slash(1, 0, time, REPORTER, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.SlashOutOfBounds.selector, 10_001, 10_000));
        vault.slash(1, 10_001, time, REPORTER, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.ReporterPartTooHigh.selector, 5000, 4999));
        vault.slash(1, 1, time, REPORTER, 5000);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.FaultInFuture.selector, time + 1, time));
        vault.slash(1, 1, time + 1, REPORTER, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, 9));
        vault.slash(9, 1, time, REPORTER, 0);
        vm.stopPrank();
    }

    function testSlashBurnsAndRewards() public {
        stakeAs(ALICE, 1, 100e18);
        reward(1, 40e18);
        pass(REWARD_UNLOCK / 2);
        emission.reward(1, 20e18); // earned, not pulled: slashable as well
        uint256 supply = token.totalSupply();
        uint48 faultAt = uint48(block.timestamp - 1);
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.Slashed(1, REPORTER, 1000, faultAt, faultAt, 12e18, 4e18, 36e18, 0);
        vm.prank(SLASHER);
        (uint256 burned, uint256 given) = vault.slash(1, 1000, faultAt, REPORTER, 2500);
        assertEq(burned, 12e18, "three quarters are burned");
        assertEq(given, 4e18, "a quarter is the reporter's");
        assertEq(token.balanceOf(REPORTER), 4e18, "paid");
        assertEq(supply - token.totalSupply(), 12e18, "burned");
        assertEq(vault.stakeOf(1), 108e18, "unlocked stake");
        assertEq(vault.pool(1).locked, 36e18, "locked rewards");
        assertEq(vault.accountedAssets(), 144e18, "accounted");
        assertEq(vault.pool(1).slashes, 1, "counted");
    }

    function testWithoutAReporterAllIsBurned() public {
        stakeAs(ALICE, 1, 100e18);
        vm.prank(SLASHER);
        (uint256 burned, uint256 given) = vault.slash(1, 1000, uint48(block.timestamp), address(0), 4999);
        assertEq(burned, 10e18, "all");
        assertEq(given, 0, "nobody");
    }

    function testUnbondingStakeIsSlashed() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        uint256 request = unstakeAs(ALICE, 1);
        pass(UNBONDING - 1);
        slash(1, 2500, faultAt);
        slash(1, 5000, faultAt);
        assertEq(vault.unstakeRequest(request).assets, 37.5e18, "shown at once");
        pass(1);
        uint256 supply = token.totalSupply();
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.RequestSlashed(request, 1, ALICE, 62.5e18);
        assertEq(withdrawAs(ALICE, request), 37.5e18, "paid less");
        assertEq(supply - token.totalSupply(), 62.5e18, "burned");
        assertEq(vault.accountedAssets(), 0, "accounted");
        assertEq(vault.pool(1).unbonding, 0, "unbonding");
    }

    function testARequestIsFreeOfEarlierSlashes() public {
        stakeAs(ALICE, 1, 100e18);
        slash(1, 5000, block.timestamp);
        uint256 request = unstakeAs(ALICE, 1); // in the same second
        assertEq(vault.unstakeRequest(request).assets, 50e18, "the pool was slashed before it left");
    }

    function testARequestIsFreeOfLaterFaults() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 request = unstakeAs(ALICE, 1);
        pass(1);
        slash(1, 10_000, block.timestamp);
        assertEq(vault.unstakeRequest(request).assets, 100e18, "left before the fault");
    }

    function testAnUncollectedRequestIsFreeInTheEnd() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 faultAt = block.timestamp;
        uint256 request = unstakeAs(ALICE, 1);
        vm.warp(faultAt + UNBONDING + 1);
        slash(1, 10_000, faultAt);
        assertEq(withdrawAs(ALICE, request), 100e18, "as if it had been withdrawn in time");
    }

    function testAFullySlashedRequestPaysNothing() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 request = unstakeAs(ALICE, 1);
        slash(1, 10_000, block.timestamp);
        pass(UNBONDING);
        assertEq(withdrawAs(ALICE, request), 0, "nothing");
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.RequestPaid.selector, request));
        vault.withdraw(request);
        assertEq(vault.accountedAssets(), 0, "closed");
    }

    function testWhatTheOwnerIsLeftIsLiableToo() public {
        stakeAs(ALICE, 1, 100e18);
        reward(1, 10e18);
        unstakeAs(ALICE, 1);
        slash(1, 10_000, block.timestamp);
        (, IStakeVault.Unstake[] memory requests) = vault.requestsOf(ownerOf(1), 0, 9);
        assertEq(requests.length, 1, "locked rewards leave to the owner");
        assertEq(requests[0].assets, 0, "slashed");
    }

    function testAClosedPoolBeginsAnew() public {
        uint256 old = stakeAs(ALICE, 1, 100e18);
        reward(1, 10e18);
        assertEq(slash(1, 10_000, block.timestamp), 110e18, "all");
        assertEq(vault.pool(1).generation, 1, "a new generation");
        assertEq(vault.sharesOf(1, ALICE), 0, "old shares are void");
        assertEq(vault.positionsOf(ALICE, 0, 9)[0].shares, 0, "still listed");

        assertEq(stakeAs(BOB, 1, 100e18), old, "a fresh price");
        assertEq(vault.assetsOf(1, BOB), 100e18, "and all of the stake");
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.InsufficientShares.selector, 1, ALICE, old, 0));
        vault.requestUnstake(1, old);
        vault.syncVotes(ALICE, 1);
        assertEq(vault.nodesOf(ALICE).length, 0, "delisted");
        assertEq(vault.stakedOf(ALICE), 0, "nothing staked");
        stakeAs(ALICE, 1, 1e18);
        assertEq(vault.assetsOf(1, ALICE), 1e18, "the old staker may return");
        reward(1, 1e18);
        pass(REWARD_UNLOCK);
        assertLe(102e18 - 2, vault.assetsOf(1, BOB) + vault.assetsOf(1, ALICE), "rewards work");
    }

    function testRepeatedSlashesNeverBreakThePool() public {
        for (uint256 i = 0; i < 12; ++i) {
            stakeAs(ALICE, 1, 1_000_000e18 / (i + 1));
            slash(1, 9900, block.timestamp);
        }
        assertLe(2, vault.pool(1).generation, "closed when a millionth was left");
        uint256 before = vault.assetsOf(1, BOB);
        stakeAs(BOB, 1, 1_000_000e18);
        assertLe(1_000_000e18 - 1, vault.assetsOf(1, BOB) - before, "still worth what was put in");
    }

    function testDustCannotBlockThePool() public {
        stakeAs(ALICE, 1, 1);
        slash(1, 1, block.timestamp);
        assertEq(vault.stakeOf(1), 0, "rounded up");
        stakeAs(BOB, 1, 10e18);
        assertLe(10e18 - 1, vault.assetsOf(1, BOB), "works");
        assertLe(vault.assetsOf(1, ALICE), 1, "at most the virtual wei comes back");
    }

    function testTheListenerHearsOfEveryChange() public {
        stakeAs(ALICE, 1, 100e18);
        assertEq(emission.changes(ALICE), 0, "not pointed");
        emission.point(ALICE);
        stakeAs(ALICE, 1, 100e18);
        assertEq(emission.lastStaked(ALICE), 200e18, "stake");
        moveAs(ALICE, 1, 2);
        assertEq(emission.lastStaked(ALICE), 200e18, "redelegate");
        assertEq(emission.changes(ALICE), 2, "once a move");
        slash(2, 5000, block.timestamp);
        vault.syncVotes(ALICE, 2);
        assertEq(emission.lastStaked(ALICE), 100e18, "slash");
        slash(1, 5000, block.timestamp);
        vault.syncVotes(ALICE, 2);
        assertEq(emission.lastStaked(ALICE), 0, "debt");
        stakeAs(ALICE, 2, 10e18);
        unstakeAs(ALICE, 2);
        assertEq(emission.lastStaked(ALICE), 0, "unstake");
        assertEq(emission.changes(ALICE), 6, "six moves");
    }

    function testFuzzSlash(uint256 first, uint256 second, uint256 locked, uint256 bps, uint256 part) public {
        first = bound(first, 1, 1_000_000e18);
        second = bound(second, 1, 1_000_000e18);
        locked = bound(locked, 1, 1_000_000e18);
        bps = bound(bps, 1, 10_000);
        stakeAs(ALICE, 1, first);
        stakeAs(BOB, 1, second);
        reward(1, locked);
        uint256[2] memory before = [vault.assetsOf(1, ALICE), vault.assetsOf(1, BOB)];
        vm.prank(SLASHER);
        (uint256 burned, uint256 given) =
            vault.slash(1, uint16(bps), uint48(block.timestamp), REPORTER, uint16(bound(part, 0, 4999)));
        assertTrue(given < burned, "the reporter's part is below the burn");
        assertLe((first + second + locked) * bps, (burned + given) * 10_000, "rounded up");
        uint256 left = 10_000 - bps;
        assertLe(vault.assetsOf(1, ALICE) * 10_000, before[0] * left + 10_000, "at least that part, to the wei");
        assertLe(vault.assetsOf(1, BOB) * 10_000, before[1] * left + 10_000, "at least that part, to the wei");
        assertLe(vault.assetsOf(1, ALICE), before[0], "never raised");
        assertLe(vault.accountedAssets(), token.balanceOf(address(vault)), "solvent");
        stakeAs(CAROL, 1, 1e18);
        assertLe(vault.assetsOf(1, CAROL), 1e18, "a later staker gains nothing");
    }
}
