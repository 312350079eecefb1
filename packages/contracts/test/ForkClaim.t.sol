// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IForkClaim} from "../src/interfaces/IForkClaim.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {ForkFixture} from "./ForkFixture.sol";

contract ForkClaimTest is ForkFixture {
    address private constant FRIEND = address(0xF81E);

    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet();
        registerMany(netuid, 0, 2);
    }

    function testEveryHolderClaimsOnceAndTheSumIsTheGenesis() public {
        uint256 paid = 0;
        for (uint256 i = 0; i < HOLDERS; ++i) {
            claimFor(FRIEND, i);
            uint256 got = token.balanceOf(holder(i));
            assertEq(got, liquidOf(i) + stakedOf(i), "all that it had");
            paid += got;
            assertTrue(claims.hasClaimed(holder(i)), "claimed");
        }
        assertEq(paid, claims.supply(), "what the fork began with");
        assertEq(token.balanceOf(address(claims)), 0, "nothing is left");
        for (uint256 i = 0; i < HOLDERS; ++i) {
            bytes32[] memory proof = proofOf(i);
            vm.expectRevert(abi.encodeWithSelector(IForkClaim.ClaimedAlready.selector, holder(i)));
            claims.claim(holder(i), liquidOf(i), stakedOf(i), proof);
        }
    }

    function testFuzzOnlyWhatTheExportSaysIsPaid(uint256 i, address account, uint256 liquid, uint256 staked) public {
        i = bound(i, 0, HOLDERS - 1);
        bool isTrue = account == holder(i) && liquid == liquidOf(i) && staked == stakedOf(i);
        vm.assume(!isTrue);
        bytes32[] memory proof = proofOf(i);
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.ClaimNotProven.selector, account, liquid, staked));
        claims.claim(account, liquid, staked, proof);
    }

    function testAnInnerNodeIsNoLeaf() public {
        bytes32[] memory proof = proofOf(3);
        bytes32[] memory shorter = new bytes32[](proof.length - 1);
        for (uint256 k = 0; k < shorter.length; ++k) {
            shorter[k] = proof[k + 1];
        }
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.ClaimNotProven.selector, holder(3), liquidOf(3), stakedOf(3)));
        claims.claim(holder(3), liquidOf(3), stakedOf(3), shorter);
    }

    function testAHolderStakesInTheTransactionOfItsClaim() public {
        uint256 assets = stakedOf(2);
        bytes32[] memory proof = proofOf(2);
        uint64 nodeId = nodeOf(0);
        vm.prank(holder(2));
        claims.claimAndStake(liquidOf(2), stakedOf(2), nodeId, assets, proof);
        assertEq(vault.assetsOf(nodeId, holder(2)), assets, "its stake is its own");
        assertEq(vault.votes().getVotes(holder(2)), assets, "and votes");
        assertEq(token.balanceOf(holder(2)), liquidOf(2), "the rest is free");
        assertEq(token.allowance(address(claims), address(vault)), 0, "no allowance is left");
        vm.prank(holder(2));
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.ClaimedAlready.selector, holder(2)));
        claims.claimAndStake(liquidOf(2), stakedOf(2), nodeId, assets, proof);
    }

    function testNobodyStakesMoreThanItClaimsNorForAnother() public {
        bytes32[] memory proof = proofOf(2);
        uint256 whole = liquidOf(2) + stakedOf(2);
        uint64 nodeId = nodeOf(0);
        vm.prank(holder(2));
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.StakeExceedsClaim.selector, whole + 1, whole));
        claims.claimAndStake(liquidOf(2), stakedOf(2), nodeId, whole + 1, proof);
        vm.prank(FRIEND);
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.ClaimNotProven.selector, FRIEND, liquidOf(2), stakedOf(2)));
        claims.claimAndStake(liquidOf(2), stakedOf(2), nodeId, whole, proof);
    }

    /// @dev Dust that a stranger staked for the holder costs it the one transaction, not the claim.
    function testAStrangersDustDoesNotHoldAClaimUp() public {
        fund(FRIEND, 1e18, address(vault));
        uint64 other = nodeOf(1);
        vm.prank(FRIEND);
        vault.stakeFor(holder(2), other, 1);
        bytes32[] memory proof = proofOf(2);
        uint64 nodeId = nodeOf(0);
        vm.prank(holder(2));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.PositionUnasked.selector, holder(2), nodeId));
        claims.claimAndStake(liquidOf(2), stakedOf(2), nodeId, 1e18, proof);
        claimFor(holder(2), 2);
        assertEq(token.balanceOf(holder(2)), liquidOf(2) + stakedOf(2), "claimed");
    }

    function testAnybodyAddsToAPositionAndNobodyFillsAList() public {
        fund(FRIEND, 10e18, address(vault));
        (uint64 first, uint64 second) = (nodeOf(0), nodeOf(1));
        vm.prank(FRIEND);
        uint256 shares = vault.stakeFor(holder(3), first, 2e18);
        assertEq(vault.sharesOf(first, holder(3)), shares, "its first");
        vm.prank(FRIEND);
        vault.stakeFor(holder(3), first, 2e18);
        assertEq(vault.assetsOf(first, holder(3)), 4e18, "and more");
        assertEq(vault.sharesOf(first, FRIEND), 0, "the giver has none");
        vm.prank(FRIEND);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.PositionUnasked.selector, holder(3), second));
        vault.stakeFor(holder(3), second, 2e18);
    }

    function testTheRestIsTheTreasurysAfterAYearAndNotBefore() public {
        claimFor(FRIEND, 4);
        uint48 due = claims.sweepableAt();
        assertEq(due, GENESIS_TIME + 365 days, "a year");
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.SweepTooEarly.selector, due));
        claims.sweep();
        claimFor(FRIEND, 5);
        uint256 rest = supply - liquidOf(4) - stakedOf(4) - liquidOf(5) - stakedOf(5);
        vm.warp(due);
        vm.prank(FRIEND);
        assertEq(claims.sweep(), rest, "what nobody claimed");
        assertEq(token.balanceOf(address(timelock)), rest, "the treasury has it");
        bytes32[] memory proof = proofOf(6);
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.ClaimsSwept.selector, due));
        claims.claim(holder(6), liquidOf(6), stakedOf(6), proof);
    }
}
