// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice Rewards that somebody pays in.
contract StakeVaultRewardsTest is VaultFixture {
    uint64 private constant NODE = 1;

    function setUp() public override {
        super.setUp();
        stakeAs(ALICE, NODE, 100e18);
        fund(BOB, 1000e18);
    }

    function payIn(uint64 nodeId, uint256 assets) private {
        vm.prank(BOB);
        vault.rewardPool(nodeId, assets);
    }

    function testItUnlocksLinearlyLikeAnEmissionReward() public {
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.RewardPaidIn(NODE, BOB, 24e18);
        payIn(NODE, 24e18);
        assertEq(vault.stakeOf(NODE), 100e18, "nothing at once");
        assertEq(vault.accountedAssets(), 124e18, "accounted");
        assertEq(token.balanceOf(address(vault)), 124e18, "pulled");
        pass(REWARD_UNLOCK / 4);
        assertEq(vault.stakeOf(NODE), 106e18, "a quarter");
        pass(REWARD_UNLOCK);
        assertEq(vault.stakeOf(NODE), 124e18, "all");
        assertLe(124e18 - 1e13, vault.assetsOf(NODE, ALICE), "the stakers'");
    }

    function testPaidInAndEmissionRewardsUnlockTogether() public {
        reward(NODE, 10e18);
        pass(REWARD_UNLOCK / 2);
        payIn(NODE, 5e18);
        // 5e18 due in half a day and 5e18 in a day: together in three quarters
        assertEq(vault.pool(NODE).unlockEnd, block.timestamp + uint256(REWARD_UNLOCK) * 3 / 4, "mean");
        assertEq(vault.pool(NODE).locked, 10e18, "both");
    }

    function testSmallRewardsDoNotPutOffTheUnlocking() public {
        payIn(NODE, 100e18);
        uint256 end = vault.pool(NODE).unlockEnd;
        for (uint256 i = 0; i < 200; ++i) {
            pass(1);
            payIn(NODE, 1);
        }
        assertLe(vault.pool(NODE).unlockEnd, end, "not by a second");
    }

    function testFuzzItIsNeverDueSoonerThanTheSmallerPeriodNorLaterThanTheLarger(uint256 a, uint256 b, uint256 wait)
        public
    {
        (a, b, wait) = (bound(a, 1, 400e18), bound(b, 1, 400e18), bound(wait, 0, REWARD_UNLOCK - 1));
        payIn(NODE, a);
        uint256 end = vault.pool(NODE).unlockEnd;
        pass(wait);
        payIn(NODE, b);
        uint256 later = vault.pool(NODE).unlockEnd;
        assertLe(end, later, "not before what was locked");
        assertLe(later, block.timestamp + REWARD_UNLOCK, "not after what is new");
    }

    function testWithoutSharesTheOwnerHasIt() public {
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.OwnerPaid(2, ownerOf(2), 7e18);
        payIn(2, 7e18);
        assertEq(token.balanceOf(ownerOf(2)), 7e18, "paid");
        assertEq(vault.accountedAssets(), 100e18, "no part of the vault");
        assertEq(token.balanceOf(address(vault)), 100e18, "nothing stuck");
    }

    function testWhoeverStakesAfterwardsSharesOnlyWhatUnlocksLater() public {
        payIn(NODE, 100e18);
        pass(REWARD_UNLOCK / 2);
        stakeAs(CAROL, NODE, 150e18);
        assertLe(vault.assetsOf(NODE, CAROL), 150e18, "no reward at once");
        unstakeAs(CAROL, NODE);
        assertLe(wealthOf(CAROL), 150e18, "nothing gained by passing through");
    }

    function testFirstDepositorInflationDoesNotPay() public {
        stakeAs(CAROL, 2, 1);
        payIn(2, 100e18); // Carol's own, say
        pass(REWARD_UNLOCK);
        stakeAs(ALICE, 2, 1e18);
        assertLe(1e18 - 1e14, vault.assetsOf(2, ALICE), "the victim keeps all but dust");
        assertLe(vault.assetsOf(2, CAROL), 50e18 + 1e14, "half of what was paid in is nobody's");
    }

    function testASlashTakesItsPartOfALockedReward() public {
        payIn(NODE, 100e18);
        assertEq(slash(NODE, 5000, block.timestamp), 100e18, "of the pool and of the reward");
        assertEq(vault.accountedAssets(), 100e18, "accounted");
    }

    function testWhatItRefuses() public {
        vm.expectRevert(IStakeVault.ZeroAssets.selector);
        payIn(NODE, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, uint64(9)));
        payIn(9, 1);
        vm.expectRevert();
        payIn(NODE, 1001e18); // more than the allowance
    }
}
