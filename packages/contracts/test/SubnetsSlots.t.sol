// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOperatorRecords} from "../src/interfaces/IOperatorRecords.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {SlotWord} from "../src/libraries/SlotWord.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

contract SubnetsSlotsTest is SubnetsFixture {
    using SlotWord for uint256;

    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet(cheap(3));
    }

    function testAVacatedSlotIsGivenAgainInTheNextEpoch() public {
        registerMany(netuid, 0, 2);
        skipEpochs(netuid, 1);
        deregister(netuid, 0);
        uint48 vacatedAt = uint48(block.timestamp);
        assertSlot(0, 0, vacatedAt);
        assertEq(rewards.creditsOf(netuid, 0, nodeOf(0)), 1, "what it earned is credited");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(0)));
        subnets.slotOf(netuid, operatorOf(0));
        ISubnets.Neuron memory vacant = subnets.neuron(netuid, 0);
        assertEq(vacant.nodeId + uint160(vacant.owner) + vacant.stake, 0, "nobody");

        assertEq(register(netuid, 2), 2, "in the same epoch: a new slot");
        skipEpochs(netuid, 1);
        assertEq(register(netuid, 3), 0, "in the next: the vacated one");
        assertEq(subnets.lastChangedAt(netuid), block.timestamp, "changed");
        assertSlot(0, nodeOf(3), uint48(block.timestamp));
        assertEq(subnets.slotOf(netuid, operatorOf(3)).uid, 0, "slotOf");
    }

    function testTheLongestVacantSlotIsGivenFirst() public {
        registerMany(netuid, 0, 3);
        skipEpochs(netuid, 1);
        deregister(netuid, 2);
        vm.warp(block.timestamp + 10);
        deregister(netuid, 0);
        skipEpochs(netuid, 1);
        assertEq(register(netuid, 0), 2, "vacated first");
        deregister(netuid, 1);
        assertEq(register(netuid, 2), 0, "then the other");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerAgain(1); // uid 1 was vacated in this epoch, and both others are immune
        skipEpochs(netuid, 1);
        assertEq(register(netuid, 1), 1, "now");
    }

    /// @notice However many leave or come, a settlement is spared all but so many; new slots are no change.
    function testHoldersChangeABoundedNumberOfTimesAnEpoch() public {
        uint256 most = subnets.MAX_CHANGES_AN_EPOCH();
        netuid = createSubnet(cheap(uint16(most + 3)));
        registerMany(netuid, 0, most + 2);
        skipEpochs(netuid, 1);
        for (uint256 i = 0; i < most; ++i) {
            deregister(netuid, i);
        }
        uint16 uid = subnets.uidOf(netuid, operatorOf(most));
        (, uint48 end,,) = subnets.windows(netuid, 1);
        bytes memory refusal = abi.encodeWithSelector(ISubnets.TooManyChanges.selector, netuid, most, end);
        vm.expectRevert(refusal);
        vm.prank(ownerOf(most));
        subnets.deregister(netuid, uid);
        assertEq(register(netuid, 0), most + 2, "a new slot");
        vm.warp(end);
        deregister(netuid, most);
        for (uint256 i = 1; i < most; ++i) {
            register(netuid, i); // fills a vacated slot
        }
        (, end,,) = subnets.windows(netuid, 2);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.TooManyChanges.selector, netuid, most, end));
        this.registerAgain(most);
        vm.warp(end);
        register(netuid, most);
    }

    function testDeregisterRefusals() public {
        register(netuid, 0);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.SlotChangedThisEpoch.selector, netuid, 0, block.timestamp));
        subnets.deregister(netuid, 0);
        skipEpochs(netuid, 1);
        bytes memory refusal =
            abi.encodeWithSelector(IOperatorRecords.NotNodeOwner.selector, nodeOf(0), operatorOf(0), ownerOf(0));
        vm.prank(operatorOf(0));
        vm.expectRevert(refusal);
        subnets.deregister(netuid, 0);
        deregister(netuid, 0);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.SlotVacant.selector, netuid, 0));
        subnets.deregister(netuid, 0);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NeuronUnknown.selector, netuid, 1));
        subnets.deregister(netuid, 1);
    }

    /// @notice Every holder at the end of an open epoch is remembered, whatever happened to its slot since.
    function testSlotsAtRemembers() public {
        vm.warp(block.timestamp + 1);
        registerMany(netuid, 0, 3);
        skipEpochs(netuid, 3);
        uint48 end = uint48(block.timestamp); // of epoch 2
        uint64[3] memory before = [nodeOf(0), nodeOf(1), nodeOf(2)];
        assertEq(subnets.lastChangedAt(netuid), 0, "new slots are no change");
        register(netuid, 3); // prunes uid 0 in the second in which the epoch ended
        vm.warp(end + 100);
        deregister(netuid, 1);
        (uint64[] memory nodes, uint48[] memory times) = subnets.slotsAt(netuid, end);
        assertEq(nodes.length, 3, "all three");
        for (uint256 uid = 0; uid < 3; ++uid) {
            assertEq(nodes[uid], before[uid], "the holder just before the end");
            assertEq(times[uid], GENESIS_TIME + 1, "since its registration");
        }
        (nodes, times) = subnets.slotsAt(netuid, end + 600);
        assertEq(nodes[0], nodeOf(3), "pruned");
        assertEq(times[0], end, "since");
        assertEq(nodes[1], 0, "vacant");
        assertEq(times[1], end + 100, "since when");
        (nodes,) = subnets.slotsAt(netuid, GENESIS_TIME + 1);
        assertEq(nodes.length, 0, "before the first");
    }

    function testASlotThatCameLaterIsNotThere() public {
        register(netuid, 0);
        skipEpochs(netuid, 1);
        uint48 end = uint48(block.timestamp);
        register(netuid, 1);
        skipEpochs(netuid, 1);
        deregister(netuid, 1);
        (uint64[] memory nodes,) = subnets.slotsAt(netuid, end);
        assertEq(nodes.length, 1, "created and vacated later");
        (nodes,) = subnets.slotsAt(netuid, end + 1);
        assertEq(nodes.length, 2, "created before");
        assertEq(nodes[1], nodeOf(1), "held");
    }

    /// @notice Why a slot changes once an epoch: two changes after the end of an open epoch would forget its holder.
    function testTwoChangesInOneEpochWouldForget() public pure {
        uint256 end = 1000;
        uint256 word = SlotWord.created(1, 900).changed(2, 1010);
        (uint64 nodeId,) = word.holderBefore(end);
        assertEq(nodeId, 1, "after one change");
        (nodeId,) = word.changed(3, 1020).holderBefore(end);
        assertTrue(nodeId != 1, "forgotten after two");
    }

    function testFuzzSlotWord(uint64[3] memory nodes, uint48 first, uint48 second, uint48 timestamp) public pure {
        first = uint48(bound(first, 1, type(uint48).max - 1));
        second = uint48(bound(second, first, type(uint48).max));
        uint256 word = SlotWord.created(nodes[0], first).changed(nodes[1], second);
        assertEq(word.node(), nodes[1], "holder");
        assertEq(word.since(), second, "since");
        assertTrue(word.existedBefore(timestamp) == (first < timestamp), "existed");
        (uint64 nodeId, uint48 since) = word.holderBefore(timestamp);
        assertEq(nodeId, second < timestamp ? nodes[1] : nodes[0], "holder before");
        assertEq(since, second < timestamp ? second : first, "since before");
        assertEq(word.changed(nodes[2], second) >> 112, word & type(uint112).max, "the last two");
        assertEq(word.changed(nodes[2], second) >> 224, 0, "and no more");
    }

    function testReplacingTheOperatorKeepsTheSlot() public {
        register(netuid, 0);
        ISubnets.Slot memory before = subnets.slotOf(netuid, operatorOf(0));
        replaceOperator(0, 10);
        ISubnets.Slot memory afterwards = subnets.slotOf(netuid, operatorOf(10));
        assertEq(keccak256(abi.encode(before)), keccak256(abi.encode(afterwards)), "the same slot");
        assertEq(subnets.neuron(netuid, 0).operator, operatorOf(10), "the new key");
        assertEq(subnets.lastChangedAt(netuid), 0, "no change of the slot");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(0)));
        subnets.slotOf(netuid, operatorOf(0));
        uint64 soon = uint64(block.timestamp + 1);
        bytes memory signature = signAnnouncement(0, SALT, 1, soon);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.OperatorUnknown.selector, operatorOf(0)));
        subnets.announce(operatorOf(0), SALT, 1, soon, signature);
        bytes memory consent = signConsent(0, ownerOf(0), block.timestamp);
        uint64 nodeId = vault.everNodeOf(operatorOf(0));
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.OperatorRetired.selector, operatorOf(0), nodeId));
        subnets.register(netuid, operatorOf(0), block.timestamp, consent, 1e18, lastPay(netuid));
    }

    function testOwnSlots() public {
        registerMany(netuid, 0, 2);
        vm.prank(CREATOR);
        subnets.transferOwnership(netuid, ownerOf(0));
        vm.startPrank(ownerOf(0));
        subnets.acceptOwnership(netuid);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotOwnSlot.selector, netuid, 1, ownerOf(1), ownerOf(0)));
        subnets.declareOwnSlots(netuid, uidsOf(1), true); // a rival's pay is not the owner's to forgo
        subnets.declareOwnSlots(netuid, uidsOf(0), true);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.NotSubnetOwner.selector, netuid, address(this), ownerOf(0)));
        subnets.declareOwnSlots(netuid, uidsOf(0), false);
        assertEq(ownIn(0), 0, "not in the running epoch");
        assertEq(ownIn(1), 1, "from the next");
        skipEpochs(netuid, 2);
        vm.prank(ownerOf(0));
        subnets.declareOwnSlots(netuid, uidsOf(0), false);
        assertEq(ownIn(1), 1, "the past stays");
        assertEq(ownIn(2), 1, "and the running epoch");
        assertEq(ownIn(3), 0, "until the next");
    }

    /// @notice A declaration does not pass to whoever gets the slot next.
    function testADeclarationEndsWithItsHolder() public {
        register(netuid, 0);
        declare(0);
        skipEpochs(netuid, 1); // epoch 1: declared
        deregister(netuid, 0);
        skipEpochs(netuid, 1); // epoch 2
        assertEq(register(netuid, 2), 0, "the same uid");
        skipEpochs(netuid, 1);
        assertEq(ownIn(0), 0, "before");
        assertEq(ownIn(1), 0, "vacated in it: nobody is paid");
        assertEq(ownIn(2), 0, "the next holder");
        assertEq(ownIn(3), 0, "and later");
    }

    /// @notice Declared and vacated in one epoch, pruned while declared: the same.
    function testAPendingDeclarationEndsWithItsHolder() public {
        registerMany(netuid, 0, 3);
        skipEpochs(netuid, 3);
        declare(0);
        register(netuid, 3); // prunes uid 0
        assertEq(subnets.slotOf(netuid, operatorOf(3)).uid, 0, "pruned");
        assertEq(ownIn(4), 0, "nothing left to declare");
    }

    function declare(uint256 i) private {
        vm.prank(CREATOR);
        subnets.transferOwnership(netuid, ownerOf(i));
        vm.startPrank(ownerOf(i));
        subnets.acceptOwnership(netuid);
        subnets.declareOwnSlots(netuid, uidsOf(subnets.uidOf(netuid, operatorOf(i))), true);
        vm.stopPrank();
    }

    function ownIn(uint64 epoch) private view returns (uint256) {
        (, uint48 end,,) = subnets.windows(netuid, epoch);
        return subnets.ownSlotsAt(netuid, end)[0];
    }

    function assertSlot(uint16 uid, uint64 nodeId, uint48 since) private view {
        ISubnets.Slot memory slot = subnets.slot(netuid, uid);
        assertEq(slot.uid, uid, "uid");
        assertEq(slot.nodeId, nodeId, "holder");
        assertEq(slot.registeredAt, since, "since");
    }

    function registerAgain(uint256 i) external {
        register(netuid, i);
    }
}
