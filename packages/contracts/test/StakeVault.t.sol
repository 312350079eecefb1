// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {Network} from "./Network.sol";

contract StakeVaultTest is Network {
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);

    uint16 private netuid;
    uint64 private node;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet();
        register(netuid, 0);
        node = nodeOf(0);
    }

    function testRegistrationCreatesThePermanentNode() public {
        assertEq(node, 1, "first node");
        assertEq(vault.ownerOf(node), ownerOf(0), "owner");
        assertEq(vault.operatorOf(node), operatorOf(0), "operator");
        uint16 other = createSubnet();
        register(other, 0);
        assertEq(vault.nodeCount(), 1, "the same node in another subnet");
    }

    function testOnlySubnetsCreatesNodes() public {
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotSubnets.selector, address(this), address(subnets)));
        vault.createNode(ALICE, BOB);
        vm.prank(address(subnets));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OperatorTaken.selector, operatorOf(0), node));
        vault.createNode(ALICE, operatorOf(0));
    }

    function testANewOperatorKey() public {
        (address old, address next) = (operatorOf(0), address(0x0B1));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotSubnets.selector, address(this), address(subnets)));
        vault.setOperator(node, next);
        vm.startPrank(address(subnets));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, 9));
        vault.setOperator(9, next);
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.OperatorSet(node, next, old);
        vault.setOperator(node, next);
        assertEq(vault.operatorOf(node), next, "serves");
        assertEq(vault.nodeOf(next), node, "acts");
        assertEq(vault.nodeOf(old), 0, "powerless");
        assertEq(vault.everNodeOf(old), node, "but liable");

        uint64 other = vault.createNode(ALICE, BOB);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OperatorTaken.selector, old, node));
        vault.setOperator(other, old);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OperatorTaken.selector, old, node));
        vault.createNode(ALICE, old);
        vault.setOperator(node, old);
        assertEq(vault.nodeOf(old), node, "back with its own node");
        assertEq(vault.nodeOf(next), 0, "and the other is powerless");
        assertEq(vault.nodeOf(address(0)), 0, "no key");
        vm.stopPrank();
    }

    function testStakeAndLeave() public {
        uint256 shares = stakeAs(ALICE, node, 10e18);
        assertEq(shares, 10e24, "a million shares a wei");
        assertEq(vault.sharesOf(node, ALICE), shares, "shares");
        assertEq(vault.assetsOf(node, ALICE), 10e18, "assets");
        assertEq(vault.stakeOf(node), 10e18, "pool");

        vm.prank(ALICE);
        uint256 requestId = vault.requestUnstake(node, shares);
        assertEq(vault.stakeOf(node), 0, "unbonding stake does not count");
        assertEq(vault.pool(node).unbonding, 10e18, "unbonding");
        assertEq(vault.accountedAssets(), 10e18, "still accounted");
        IStakeVault.Unstake memory request = vault.unstakeRequest(requestId);
        assertEq(request.requestedAt, block.timestamp, "requested");
        assertEq(request.availableAt, block.timestamp + UNBONDING, "available");

        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotRequestAccount.selector, requestId, BOB, ALICE));
        vault.withdraw(requestId);
        vm.warp(request.availableAt - 1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.StillUnbonding.selector, requestId, request.availableAt));
        vault.withdraw(requestId);

        vm.warp(request.availableAt);
        vm.prank(ALICE);
        assertEq(vault.withdraw(requestId), 10e18, "paid");
        assertEq(token.balanceOf(ALICE), 10e18, "received");
        assertEq(vault.accountedAssets(), 0, "nothing owed");
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.RequestPaid.selector, requestId));
        vault.withdraw(requestId);
    }

    function testRequestsAndPages() public {
        uint256 shares = stakeAs(ALICE, node, 10e18);
        vm.startPrank(ALICE);
        for (uint256 i = 0; i < 3; ++i) {
            vault.requestUnstake(node, shares / 4);
            vm.warp(block.timestamp + 1);
        }
        (uint256[] memory ids, IStakeVault.Unstake[] memory page) = vault.requestsOf(ALICE, 1, 5);
        assertEq(ids.length, 2, "from the second on");
        assertEq(page[1].assets, 2.5e18, "the third");
        (ids,) = vault.requestsOf(ALICE, 0, 2);
        assertEq(ids.length, 2, "the first two");
        (ids,) = vault.requestsOf(ALICE, 9, 2);
        assertEq(ids.length, 0, "past the end");

        (ids,) = vault.requestsOf(ALICE, 0, 3);
        vm.warp(vault.unstakeRequest(3).availableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.StillUnbonding.selector, 3, block.timestamp + 1));
        vault.withdrawAll(ids);
        vm.warp(block.timestamp + 1);
        assertEq(vault.withdrawAll(ids), 7.5e18, "all together");
        assertEq(token.balanceOf(ALICE), 7.5e18, "received");
        IStakeVault.Position[] memory positions = vault.positionsOf(ALICE, 0, 5);
        assertEq(positions.length, 1, "one position");
        assertEq(positions[0].assets, 2.5e18, "what is left");
        vm.stopPrank();
    }

    function testPermitReplacesTheAllowance() public {
        address holder = vm.addr(keyOf(99));
        vm.prank(TREASURY);
        assertTrue(token.transfer(holder, 1e18), "transfer");
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typehash, holder, address(vault), 1e18, 0, block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(99), digest);

        token.permit(holder, address(vault), 1e18, block.timestamp, v, r, s); // front-run: must not stop the stake
        vm.prank(holder);
        vault.stakeWithPermit(node, 1e18, block.timestamp, v, r, s);
        assertEq(vault.assetsOf(node, holder), 1e18, "staked");
    }

    function testRefusals() public {
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, 7));
        vault.stake(7, 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.ZeroAssets.selector));
        vault.stake(node, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.ZeroShares.selector));
        vault.requestUnstake(node, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.InsufficientShares.selector, node, address(this), 1, 0));
        vault.requestUnstake(node, 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.RequestUnknown.selector, 5));
        vault.withdraw(5);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.RequestUnknown.selector, 5));
        vault.unstakeRequest(5);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotYetPast.selector, block.timestamp, block.timestamp));
        vault.stakeAt(node, uint48(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotYetPast.selector, block.timestamp, block.timestamp));
        vault.takeAt(node, uint48(block.timestamp));

        stakeAs(ALICE, node, 1e18);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.AmountTooSmall.selector, 1));
        vault.requestUnstake(node, 1);
    }

    function testStakeTooSmallForAShare() public {
        stakeAs(ALICE, node, 1e6);
        // A pool whose share is worth far more than a wei: only a donation of rewards can do that.
        reward(node, 900_000e18);
        vault.sync(node);
        vm.warp(block.timestamp + REWARD_UNLOCK);
        fund(BOB, 1, address(vault));
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.AmountTooSmall.selector, 1));
        vault.stake(node, 1);
    }

    function testStakeAtIsTheLastChangeAtOrBefore() public {
        uint48 first = uint48(block.timestamp);
        stakeAs(ALICE, node, 1e18);
        vm.warp(first + 100);
        stakeAs(BOB, node, 2e18);
        vm.warp(first + 200);
        assertEq(vault.stakeAt(node, first - 1), 0, "before");
        assertEq(vault.stakeAt(node, first), 1e18, "at the first change");
        assertEq(vault.stakeAt(node, first + 99), 1e18, "between");
        assertEq(vault.stakeAt(node, first + 100), 3e18, "at the second change");
        uint64[] memory nodes = new uint64[](2);
        (nodes[0], nodes[1]) = (node, node);
        assertEq(vault.stakesAt(nodes, first + 199)[1], 3e18, "batch");
        nodes[0] = 0;
        assertEq(vault.stakesAt(nodes, first + 99)[0], 0, "no node");
        assertEq(vault.stakesAt(nodes, first + 99)[1], 1e18, "batch of the past");
        assertEq(vault.totalStakeAt(first + 99), 1e18, "of all nodes");
    }

    function testRewardsUnlockLinearly() public {
        uint256 start = block.timestamp;
        stakeAs(ALICE, node, 100e18);
        reward(node, 10e18);
        assertEq(vault.sync(node), 10e18, "pulled");
        assertEq(vault.stakeOf(node), 100e18, "nothing unlocked yet");
        vm.warp(start + REWARD_UNLOCK / 4);
        assertEq(vault.stakeOf(node), 102.5e18, "a quarter");
        assertEq(vault.pool(node).locked, 7.5e18, "locked");
        assertEq(vault.sync(node), 0, "nothing to pull");
        vm.warp(start + REWARD_UNLOCK / 4 + 1);
        assertEq(vault.stakeAt(node, uint48(block.timestamp - 1)), 102.5e18, "sync writes the checkpoint");
        vm.warp(start + REWARD_UNLOCK);
        assertEq(vault.stakeOf(node), 110e18, "all");
        assertEq(vault.assetsOf(node, ALICE), 110e18 - 1, "rounded down");
    }

    function testSmallRewardsDoNotPutOffTheUnlocking() public {
        uint256 start = block.timestamp;
        stakeAs(ALICE, node, 100e18);
        reward(node, 10e18);
        vault.sync(node);
        for (uint256 i = 1; i < 24; ++i) {
            vm.warp(start + i * 1 hours);
            reward(node, 1);
            vault.sync(node);
        }
        vm.warp(start + REWARD_UNLOCK + 60);
        assertEq(vault.stakeOf(node), 110e18 + 23, "all unlocked within a minute of the day");
    }

    function testRewardsOfAnEmptyPoolGoToTheOwner() public {
        reward(node, 3e18);
        vault.sync(node);
        assertEq(token.balanceOf(ownerOf(0)), 3e18, "owner");
        assertEq(vault.stakeOf(node), 0, "no stake without shares");

        stakeAs(ALICE, node, 1e18);
        reward(node, 1e18);
        vault.sync(node);
        uint256 shares = vault.sharesOf(node, ALICE);
        vm.prank(ALICE);
        vault.requestUnstake(node, shares);
        (uint256[] memory ids, IStakeVault.Unstake[] memory page) = vault.requestsOf(ownerOf(0), 0, 9);
        assertEq(page[0].assets, 1e18, "what the last one leaves locked is on its way to the owner");
        assertEq(vault.pool(node).unbonding, 2e18, "liable meanwhile");
        assertEq(vault.accountedAssets(), 2e18, "and owed");
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(ownerOf(0));
        assertEq(vault.withdrawAll(ids), 1e18, "owner");
    }

    function testTake() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotNodeOwner.selector, node, ALICE, ownerOf(0)));
        vault.setTake(node, 1);
        vm.startPrank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TakeTooHigh.selector, 1801, 1800));
        vault.setTake(node, 1801);
        vault.setTake(node, 1000);
        vault.setTake(node, 500);
        uint256 next = block.timestamp + 30 days;
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.TakeRaisedRecently.selector, node, next));
        vault.setTake(node, 501);
        vm.warp(next);
        vault.setTake(node, 1800);
        vm.stopPrank();
        vm.warp(next + 1);
        assertEq(vault.takeOf(node), 1800, "now");
        assertEq(vault.takeAt(node, uint48(next - 1)), 500, "then");
        uint64[] memory nodes = new uint64[](2);
        nodes[1] = node;
        assertEq(vault.takesAt(nodes, uint48(next - 1))[0], 0, "no node");
        assertEq(vault.takesAt(nodes, uint48(next - 1))[1], 500, "batch");
    }

    function testClockIsTheTimestamp() public view {
        assertEq(vault.clock(), block.timestamp, "clock");
        assertEq(keccak256(bytes(vault.CLOCK_MODE())), keccak256("mode=timestamp"), "mode");
    }

    /// @notice A victim of first-depositor inflation loses next to nothing, the attacker nearly all it gives.
    function testInflationDoesNotPay() public {
        stakeAs(ALICE, node, 1);
        reward(node, 1000e18);
        vault.sync(node);
        vm.warp(block.timestamp + REWARD_UNLOCK);
        stakeAs(BOB, node, 100e18);
        assertLe(99.99e18, vault.assetsOf(node, BOB), "victim keeps its stake");
        assertLe(vault.assetsOf(node, ALICE), 501e18, "attacker lost half of the donation");
    }

    function testFuzzRoundingIsAgainstTheMover(uint256 first, uint256 gift, uint256 second) public {
        first = bound(first, 1, 1000e18);
        gift = bound(gift, 0, 1000e18);
        second = bound(second, 1e9, 1000e18);
        stakeAs(ALICE, node, first);
        if (gift > 0) reward(node, gift);
        vault.sync(node);
        vm.warp(block.timestamp + REWARD_UNLOCK);
        uint256 before = vault.assetsOf(node, ALICE);
        vm.assume(vault.toSharesDown(node, second) > 0);

        uint256 shares = stakeAs(BOB, node, second);
        assertLe(vault.assetsOf(node, BOB), second, "never more than was put in");
        assertLe(before, vault.assetsOf(node, ALICE), "staking never hurts the others");
        assertLe(vault.toSharesDown(node, second), vault.toSharesUp(node, second), "directions");
        if (vault.assetsOf(node, BOB) == 0) return;
        before = vault.assetsOf(node, ALICE);
        vm.prank(BOB);
        vault.requestUnstake(node, shares);
        assertLe(before, vault.assetsOf(node, ALICE), "leaving never hurts the others");
        assertLe(vault.accountedAssets(), token.balanceOf(address(vault)), "solvent");
    }

    /// @dev As if the emission contract owed the node `amount`: `_poolCredited` is at slot 9.
    function reward(uint64 nodeId, uint256 amount) private {
        vm.store(address(emission), keccak256(abi.encode(nodeId, uint256(9))), bytes32(amount));
        assertEq(emission.poolAccrued(nodeId), amount, "storage layout");
    }
}
