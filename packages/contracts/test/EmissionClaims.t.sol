// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {EmissionBench} from "./EmissionBench.sol";

/// @notice Who gets what was accrued, and how.
contract EmissionClaimsTest is EmissionBench {
    // 600 tokens less a bounty of 1: 41 % to miners, 41 % to validators.
    uint256 private constant PART = 245.59e18;

    function setUp() public {
        deploy(10_000);
        activate(1);
        registerMany(1, 1, 3);
    }

    function testClaims() public {
        pay(600, list(ONE / 4, ONE / 4 * 3, 0), list(0, 0, ONE));
        uint64[] memory nodes = new uint64[](4);
        (nodes[0], nodes[1], nodes[2], nodes[3]) = (1, 2, 1, 77);
        assertEq(emission.claim(1, nodes), PART, "claimed by anybody");
        assertEq(token.balanceOf(nodeOwner(1)), PART / 4, "first owner");
        assertEq(token.balanceOf(nodeOwner(2)), PART / 4 * 3, "second owner");
        assertEq(emission.claim(1, nodes), 0, "once");
        assertEq(emission.claimOwnerCut(1), 107.82e18, "owner's cut");
        assertEq(emission.claimOwnerCut(1), 0, "once");
        assertEq(token.balanceOf(subnetOwner(1)), 107.82e18, "subnet owner");
        assertEq(vault.pull(3), PART, "pulled");
        assertEq(vault.pull(3), 0, "once");
        assertEq(token.balanceOf(address(vault)), PART, "to the vault");
        vm.prank(SETTLER);
        assertEq(emission.claimBounty(), 1e18, "bounty");
        vm.prank(SETTLER);
        assertEq(emission.claimBounty(), 0, "once");
        assertEq(token.balanceOf(SETTLER), 1e18, "settler");
        assertBalanced(emission.supply());
        assertEq(token.balanceOf(address(emission)), 0, "nothing left");
    }

    function testANewOwnerClaims() public {
        pay(600, list(ONE, 0, 0), list(0, 0, 0));
        vault.setOwner(1, address(0xB0B));
        emission.claim(1, ids(1));
        assertEq(token.balanceOf(address(0xB0B)), PART, "the owner of the node at the claim");
    }

    function testClaimAllPaysEverySubnet() public {
        activate(2);
        subnets.register(2, 2);
        subnets.register(2, 1);
        pay(600, list(ONE, 0, 0), list(0, ONE, 0));
        emission.payEpoch(2, 0, payment(START + 600, list(ONE / 2, ONE / 2, 0), list(0, ONE, 0), list(0, 0, 0)));
        uint256 part = (300e18 - 1e18) * 41 / 100; // each subnet has half
        assertEq(emission.claimAll(ids(1, 2)), 2 * part, "both nodes, both subnets");
        assertEq(token.balanceOf(nodeOwner(1)), part * 3 / 2, "first owner");
        assertEq(token.balanceOf(nodeOwner(2)), part / 2, "second owner");
        assertEq(vault.pull(1), part, "pool of the first: subnet 2");
        assertEq(vault.pull(2), part, "pool of the second: subnet 1");
        assertEq(emission.claimAll(ids(1, 2)), 0, "once");
        assertBalanced(emission.supplyOf(1));
        assertBalanced(emission.supplyOf(2));
    }

    /// @notice What a slot accrued stays with the node that loses it; the next holder starts with nothing.
    function testALostSlotIsCredited() public {
        pay(600, list(ONE, 0, 0), list(ONE, 0, 0));
        vault.setOwner(4, nodeOwner(4));
        subnets.replace(1, 0, 4);
        assertEq(emission.claimable(1, 1), PART, "the old holder's");
        assertEq(emission.poolAccrued(1), PART, "and its pool's");
        assertEq(emission.claimable(1, 4) + emission.poolAccrued(4), 0, "nothing for the new one");
        pay(1200, list(ONE, 0, 0), list(ONE, 0, 0));
        assertEq(emission.claimable(1, 1), PART, "no more for the old one");
        assertEq(emission.claimable(1, 4), PART, "the new one earns");
        assertEq(emission.subnetsOf(1).length, 1, "remembered");
        assertEq(emission.claimAll(ids(1)), PART, "until it is claimed");
        assertEq(emission.subnetsOf(1).length, 0, "then forgotten");
        assertEq(vault.pull(1), PART, "pool");
        assertBalanced(emission.supplyOf(1));
    }

    function testALostSlotIsListedUntilAClaim() public {
        subnets.replace(1, 0, 4);
        assertEq(emission.subnetsOf(1).length, 1, "pay may follow");
        assertEq(emission.subnetsOf(4).length, 1, "the new holder's");
        emission.claimAll(ids(1, 4));
        assertEq(emission.subnetsOf(1).length, 0, "forgotten");
        assertEq(emission.subnetsOf(4).length, 1, "held");
    }

    /// @notice A claim that pays nothing may still forget a place, which counts towards the node's sixteen: it is told.
    function testAForgottenPlaceIsTold() public {
        subnets.replace(1, 0, 4);
        vm.expectEmit(true, true, true, true);
        emit IEmission.Claimed(1, 1, nodeOwner(1), 0);
        emission.claimAll(ids(1));
        assertEq(emission.subnetsOf(1).length, 0, "forgotten");
    }

    /// @notice A node that lost a slot twice, the second time without pay, is still listed for what it left at first.
    function testAnOldCreditIsNotForgotten() public {
        pay(600, list(ONE, 0, 0), list(0, 0, 0));
        subnets.replace(1, 0, 4);
        subnets.replace(1, 0, 1);
        subnets.replace(1, 0, 4);
        assertEq(emission.claimAll(ids(1)), PART, "paid");
        assertEq(emission.subnetsOf(1).length, 0, "then forgotten");
    }

    /// @notice A slot that changed hands after the epoch pays who held it at the epoch's end.
    function testAReplacementAfterTheEndIsNotPaid() public {
        pay(600, list(ONE / 2, ONE / 2, 0), list(ONE, 0, 0));
        vm.warp(START + 1200); // the very second of the end
        subnets.replace(1, 0, 4);
        vm.warp(START + 1250);
        subnets.replace(1, 0, 5);
        subnets.replace(1, 1, 6);
        pay(1200, list(ONE / 2, ONE / 2, 0), list(ONE, 0, 0));
        assertEq(emission.claimable(1, 1), PART, "half of two epochs");
        assertEq(emission.claimable(1, 2), PART, "half of two epochs");
        assertEq(emission.poolAccrued(1), 2 * PART, "both");
        for (uint64 nodeId = 4; nodeId < 7; ++nodeId) {
            assertEq(emission.claimable(1, nodeId) + emission.poolAccrued(nodeId), 0, "not yet there");
        }
        pay(1800, list(ONE / 2, ONE / 2, 0), list(ONE, 0, 0));
        assertEq(emission.claimable(1, 4), 0, "came and went within an epoch");
        assertEq(emission.claimable(1, 5), PART / 2, "the present holder");
        assertEq(emission.claimable(1, 6), PART / 2, "the present holder");
        assertBalanced(emission.supplyOf(1));
    }

    function testAHolderThatCameBackIsPaidOnce() public {
        vm.warp(START + 600);
        subnets.replace(1, 0, 4);
        subnets.replace(1, 0, 1);
        pay(600, list(ONE, 0, 0), list(ONE, 0, 0));
        assertEq(emission.claimable(1, 1), PART, "once");
        assertEq(emission.poolAccrued(1), PART, "once");
        assertEq(emission.claimAll(ids(1)), PART, "in one claim");
        assertEq(emission.subnetsOf(1).length, 1, "still a holder");
        assertBalanced(emission.supplyOf(1));
    }

    /// @notice Own slots of the old holder stay unminted on the slow path too.
    function testARedirectedOwnSlotEarnsItsTakeOnly() public {
        vm.warp(START + 650);
        subnets.replace(1, 0, 4);
        IEmission.Payment memory p = payment(START + 600, list(ONE, 0, 0), list(ONE, 0, 0), list(1000, 0, 0));
        p.ownSlots = new uint256[](1);
        p.ownSlots[0] = 1;
        emission.payEpoch(1, 0, p);
        assertEq(emission.claimable(1, 1), PART / 10, "take");
        assertEq(emission.poolAccrued(1), PART - PART / 10, "pool");
        assertEq(emission.supply().notMinted, PART, "incentive");
        assertBalanced(emission.supplyOf(1));
    }

    function testANodeEarnsInSixteenSubnets() public {
        for (uint16 netuid = 2; netuid <= 16; ++netuid) {
            subnets.register(netuid, 1);
        }
        vm.expectRevert(abi.encodeWithSelector(IEmission.TooManySubnets.selector, 1, 16));
        subnets.register(17, 1);
        pay(600, list(ONE, 0, 0), list(0, 0, 0));
        subnets.replace(1, 0, 4);
        vm.expectRevert(abi.encodeWithSelector(IEmission.TooManySubnets.selector, 1, 16));
        subnets.register(17, 1);
        emission.claimAll(ids(1));
        subnets.register(17, 1);
        assertEq(emission.subnetsOf(1).length, 16, "room after the claim");
    }

    /// @notice A settlement writes no list: pay that comes after the last claim is left to `claim`.
    function testPayAfterTheLastClaimStillArrives() public {
        vm.warp(START + 650);
        subnets.replace(1, 0, 4);
        emission.claimAll(ids(1));
        pay(600, list(ONE, 0, 0), list(0, 0, 0));
        assertEq(emission.claimAll(ids(1)), 0, "not listed");
        assertEq(emission.claim(1, ids(1)), PART, "but owed and paid");
    }

    /// @notice Lanes of one word are moved by replacements, claims and pulls without touching each other.
    function testFuzzLanesAreIndependent(uint256 seed) public {
        registerMany(1, 4, 5);
        uint256[9] memory owed;
        uint256[9] memory pooled;
        for (uint48 round = 1; round <= 4; ++round) {
            (uint256[] memory incentive, uint256[] memory pays,) = randomShares(seed, 8);
            pay(600 * round, incentive, pays);
            for (uint256 uid = 0; uid < 8; ++uid) {
                uint64 nodeId = subnets.holder(1, uint16(uid));
                if (nodeId > 8) continue;
                (owed[nodeId], pooled[nodeId]) = (emission.claimable(1, nodeId), emission.poolAccrued(nodeId));
            }
            seed = uint256(keccak256(abi.encode(seed)));
            uint64 one = uint64(seed % 8 + 1);
            assertEq(emission.claim(1, ids(one)), owed[one], "claim");
            owed[one] = 0;
            one = uint64((seed >> 64) % 8 + 1);
            assertEq(vault.pull(one), pooled[one], "pull");
            pooled[one] = 0;
            subnets.replace(1, uint16((seed >> 128) % 8), 10 + round);
            for (uint64 nodeId = 1; nodeId <= 8; ++nodeId) {
                assertEq(emission.claimable(1, nodeId), owed[nodeId], "owed");
                assertEq(emission.poolAccrued(nodeId), pooled[nodeId], "pooled");
            }
        }
        assertBalanced(emission.supply());
    }

    function pay(uint48 end, uint256[] memory incentive, uint256[] memory pays) private {
        if (block.timestamp <= START + end) vm.warp(START + end + 1);
        emission.payEpoch(1, end / 600, payment(START + end, incentive, pays, new uint256[](incentive.length)));
    }
}
