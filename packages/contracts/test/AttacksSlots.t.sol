// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetLifecycle} from "../src/interfaces/ISubnetLifecycle.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice Leaving, being pruned, changing keys and dissolving, with the vault, emission and consensus as deployed: what was
/// earned goes to who earned it, to the wei, and to nobody else. Uids 0, 1 and 2 vote, 3 and 4 mine; the subnet is full.
contract AttacksSlotsTest is Network {
    uint256 private constant MINER = 3;
    uint256 private constant NEWCOMER = 9;

    uint16 private netuid;
    uint256[] private row;

    function setUp() public override {
        super.setUp();
        ISubnets.Parameters memory p = parametersOf(5, 3);
        p.immunity = 2;
        netuid = createSubnet(p);
        registerMany(netuid, 0, 5);
        row = new uint256[](1);
        row[0] = 65_535 << 48 | 30_000 << 64; // uid 3 more than uid 4
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
    }

    /// @notice A holder leaves with its pay, in both purses; the next one finds nothing.
    function testWhoLeavesIsCreditedToTheWei() public {
        play(1);
        (uint64 miner, uint64 voter) = (nodeOf(MINER), nodeOf(2));
        uint256 owed = emission.claimable(netuid, miner);
        uint256 pooled = emission.poolAccrued(voter);
        assertTrue(owed > 0 && pooled > 0, "both have earned: in the lanes of their uids the next holder would find it");
        warpTo(netuid, 2);
        deregister(MINER);
        deregister(2);
        warpTo(netuid, 3);
        assertEq(register(netuid, NEWCOMER), MINER, "the miner's uid");
        assertEq(register(netuid, NEWCOMER + 1), 2, "the voter's uid");
        assertEq(emission.claimable(netuid, nodeOf(NEWCOMER)), 0, "nothing to inherit");
        assertEq(emission.poolAccrued(nodeOf(NEWCOMER + 1)), 0, "nothing to inherit");
        assertEq(emission.claimable(netuid, miner), owed, "kept to the wei");
        claimOne(NEWCOMER);
        assertEq(token.balanceOf(ownerOf(NEWCOMER)), 0, "nor to claim");
        uint256 before = token.balanceOf(ownerOf(MINER));
        claimOne(MINER);
        claimOne(MINER);
        assertEq(token.balanceOf(ownerOf(MINER)) - before, owed, "paid once");
        before = token.balanceOf(address(vault));
        assertEq(vault.sync(voter), pooled, "to its stakers");
        assertEq(token.balanceOf(address(vault)) - before, pooled, "minted to the vault");
        checkSupply();
    }

    /// @notice Leave after the epoch's end and before its settlement: the pay is the same as of who stays.
    function testLeavingBeforeTheSettlementCostsNothing() public {
        vote(1);
        uint256 fork = vm.snapshotState();
        warpToSettle(netuid, 1);
        settle(netuid, 1);
        uint256 expected = emission.claimable(netuid, nodeOf(MINER));
        uint256 expectedPool = emission.poolAccrued(nodeOf(2));
        assertTrue(vm.revertToState(fork), "restored");

        deregister(MINER);
        deregister(2);
        warpToSettle(netuid, 1);
        settle(netuid, 1);
        assertEq(emission.claimable(netuid, nodeOf(MINER)), expected, "to who worked in the epoch");
        assertEq(emission.poolAccrued(nodeOf(2)), expectedPool, "to who worked in the epoch");
        warpTo(netuid, 3);
        assertEq(register(netuid, NEWCOMER), MINER, "the uid is given again");
        assertEq(emission.claimable(netuid, nodeOf(NEWCOMER)), 0, "without its past");
        checkSupply();
    }

    /// @notice Prune a rival with a made-up list of pay.
    function testPruningTakesTheLastPayThatWasPaid() public {
        play(1);
        play(2);
        warpTo(netuid, 4);
        ISubnets.LastPay memory forged = lastPay(netuid);
        bytes memory real = forged.incentive;
        forged.incentive = new bytes(real.length); // nobody has earned: the earliest, uid 0, would go
        uint256 price = subnets.registrationPrice(netuid);
        fund(ownerOf(NEWCOMER), price, address(subnets));
        bytes memory consent = signConsent(NEWCOMER, ownerOf(NEWCOMER), block.timestamp);
        bytes32 computed = keccak256(abi.encode(forged.incentive, forged.validatorPay));
        (bytes32 stored,,) = consensus.lastPay(netuid);
        address key = operatorOf(NEWCOMER);
        vm.prank(ownerOf(NEWCOMER));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.LastPayMismatch.selector, computed, stored));
        subnets.register(netuid, key, block.timestamp, consent, price, forged);

        uint16 lowest = lowestPaid();
        uint64 pruned = subnets.slot(netuid, lowest).nodeId;
        uint256 owed = emission.claimable(netuid, pruned);
        uint256 pooled = emission.poolAccrued(pruned);
        assertTrue(owed + pooled > 0, "it has earned");
        assertEq(register(netuid, NEWCOMER), lowest, "the lowest pay goes");
        assertEq(emission.claimable(netuid, pruned), owed, "with what it earned");
        assertEq(emission.poolAccrued(pruned), pooled, "with what its stakers earned");
        assertEq(emission.claimable(netuid, nodeOf(NEWCOMER)) + emission.poolAccrued(nodeOf(NEWCOMER)), 0, "no heir");
        checkSupply();
    }

    /// @notice A key is replaced in the middle of an epoch: slot, commitment and pay stay with the node.
    function testAReplacedKeyTakesNothingAlong() public {
        commit(netuid, 0, 1, row);
        uint64 node = nodeOf(0);
        bytes memory consent = signConsent(20, ownerOf(0), block.timestamp);
        vm.prank(ownerOf(0));
        subnets.replaceOperator(node, operatorOf(20), block.timestamp, consent);
        warpToReveal(netuid, 1);
        vm.prank(operatorOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(0)));
        consensus.reveal(netuid, 1, 0, row, 0, SALT);
        reveal(netuid, 20, 1, row);
        warpToSettle(netuid, 1);
        settle(netuid, 1);
        assertTrue(emission.poolAccrued(node) > 0, "to the same node");
        assertEq(vault.everNodeOf(operatorOf(0)), node, "the old key stays liable");
        checkSupply();
    }

    /// @notice Dissolve to rob who is working: the running epoch is still settled and paid, then nothing more is due.
    function testADissolvedSubnetPaysItsLastEpoch() public {
        play(1);
        warpTo(netuid, 2);
        vm.prank(CREATOR);
        subnets.dissolve(netuid);
        (, uint48 end,, uint48 settleEnd) = subnets.windows(netuid, 2);
        uint256 owed = emission.claimable(netuid, nodeOf(MINER));
        uint256 scheduled = emission.supply().scheduled;
        vote(2);
        vm.prank(operatorOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.Dissolved.selector, netuid, end));
        consensus.commit(netuid, 3, SALT);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.StillOpen.selector, netuid, settleEnd));
        subnets.releaseLock(netuid);
        warpToSettle(netuid, 2);
        settle(netuid, 2);
        assertTrue(emission.claimable(netuid, nodeOf(MINER)) > owed - 1, "paid for what was due until then");
        assertEq(emission.supply().scheduled - scheduled, 1e18, "a second's worth: emission ended with the decision");
        vm.warp(settleEnd);
        uint256 before = token.balanceOf(CREATOR);
        assertEq(subnets.releaseLock(netuid), CREATION_LOCK, "lock");
        assertEq(token.balanceOf(CREATOR) - before, CREATION_LOCK, "returned once");
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.LockAlreadyReleased.selector, netuid));
        subnets.releaseLock(netuid);
        uint64 node = nodeOf(MINER);
        owed = emission.claimable(netuid, node);
        before = token.balanceOf(ownerOf(MINER));
        claimOne(MINER);
        assertEq(token.balanceOf(ownerOf(MINER)) - before, owed, "claimed afterwards");
        checkSupply();
    }

    /// @notice Take a slot over in the very second in which an epoch ends, and with it what voters have bonded to it.
    function testNobodyInheritsBonds() public {
        play(1);
        warpTo(netuid, 2);
        vote(2);
        uint16 uid = lowestPaid();
        assertEq(uid, MINER + 1, "a miner");
        assertEq(register(netuid, NEWCOMER), uid, "pushed out");
        (, uint48 end,,) = subnets.windows(netuid, 2);
        assertEq(subnets.slot(netuid, uid).registeredAt, end, "as the epoch ended");
        warpToSettle(netuid, 2);
        settle(netuid, 2);
        assertTrue(uint16(lastBonds[netuid][0] >> (16 * uid)) > 0, "bonds in who worked in the epoch");
        warpTo(netuid, 3);
        warpToSettle(netuid, 3);
        settle(netuid, 3);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(uint16(lastBonds[netuid][i] >> (16 * uid)), 0, "none in the newcomer");
            assertTrue(uint16(lastBonds[netuid][i] >> (16 * MINER)) > 0, "the others stand");
        }
    }

    function lowestPaid() private view returns (uint16) {
        for (uint16 uid = 0; uid < 5; ++uid) {
            (bool prunable, uint256 rank) = subnets.pruningRank(netuid, uid, lastPay(netuid));
            if (prunable && rank == 0) return uid;
        }
        revert NotTrue("somebody can be pruned");
    }

    function vote(uint64 epoch) private {
        for (uint256 i = 0; i < 3; ++i) {
            commit(netuid, i, epoch, row);
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < 3; ++i) {
            reveal(netuid, i, epoch, row);
        }
    }

    function play(uint64 epoch) private {
        warpTo(netuid, epoch);
        vote(epoch);
        warpToSettle(netuid, epoch);
        settle(netuid, epoch);
    }

    function deregister(uint256 i) private {
        uint16 uid = subnets.uidOf(netuid, operatorOf(i));
        vm.prank(ownerOf(i));
        subnets.deregister(netuid, uid);
    }

    function claimOne(uint256 i) private {
        uint64[] memory nodeIds = new uint64[](1);
        nodeIds[0] = nodeOf(i);
        emission.claim(netuid, nodeIds);
    }

    function checkSupply() private view {
        uint256 owed = emission.ownerClaimable(netuid);
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            owed += emission.claimable(netuid, nodeId);
        }
        assertEq(emission.supply().claimable, owed, "owed to the wei");
    }
}
