// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Subnets} from "../src/Subnets.sol";
import {IOperatorRecords} from "../src/interfaces/IOperatorRecords.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {RegistrationPrice} from "../src/libraries/RegistrationPrice.sol";
import {SlotWord} from "../src/libraries/SlotWord.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

/// @notice What people try. Each attack is first shown to work on a variant without the defence.
contract SubnetsAttacksTest is SubnetsFixture {
    using SlotWord for uint256;

    uint256 private constant VICTIM = 0;
    uint256 private constant THIEF = 1;

    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet(cheap(2));
    }

    /// @notice Raise the price before a registration that is on its way, so that it pays more than it saw.
    function testAFrontRunRegistrationDoesNotOverpay() public {
        uint16 dear = createSubnet();
        uint256 seen = subnets.registrationPrice(dear);
        fund(ownerOf(VICTIM), 10 * seen, address(subnets));
        bytes memory consent = signConsent(VICTIM, ownerOf(VICTIM), block.timestamp);
        register(dear, THIEF);
        register(dear, THIEF + 1);
        uint256 asked = subnets.registrationPrice(dear);
        assertEq(asked, RegistrationPrice.raisedUp(RegistrationPrice.raisedUp(seen, 1e21), 1e21), "raised twice");
        assertTrue(token.allowance(ownerOf(VICTIM), address(subnets)) >= asked, "without a limit it would be paid");
        vm.prank(ownerOf(VICTIM));
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.PriceExceeded.selector, asked, seen));
        subnets.register(dear, operatorOf(VICTIM), block.timestamp, consent, seen, lastPay(dear));
        assertEq(token.balanceOf(ownerOf(VICTIM)), 10 * seen, "nothing paid");
        assertEq(subnets.nonces(operatorOf(VICTIM)), 0, "nor is the consent used up");
    }

    /// @notice Register somebody else's key first: a registry that takes the caller's word binds it to the thief's node.
    function testNobodyBindsAnothersKey() public {
        Registry naive = new Registry();
        vm.prank(ownerOf(THIEF));
        naive.register(operatorOf(VICTIM));
        assertEq(naive.ownerOf(operatorOf(VICTIM)), ownerOf(THIEF), "bound");

        bytes memory own = signConsent(THIEF, ownerOf(THIEF), block.timestamp); // the thief's key says yes
        bytes memory forVictim = signConsent(VICTIM, ownerOf(VICTIM), block.timestamp);
        uint256 deadline = block.timestamp;
        vm.startPrank(ownerOf(THIEF));
        vm.expectRevert();
        subnets.register(netuid, operatorOf(VICTIM), deadline, own, 1e18, lastPay(netuid));
        vm.expectRevert();
        subnets.register(netuid, operatorOf(VICTIM), deadline, forVictim, 1e18, lastPay(netuid));
        vm.stopPrank();
        assertEq(nodeOf(VICTIM), 0, "free");

        register(netuid, THIEF);
        uint64 nodeId = nodeOf(THIEF);
        vm.startPrank(ownerOf(THIEF));
        vm.expectRevert();
        subnets.replaceOperator(nodeId, operatorOf(VICTIM), deadline, own);
        vm.expectRevert();
        subnets.replaceOperator(nodeId, operatorOf(VICTIM), deadline, forVictim);
        vm.stopPrank();
        assertEq(nodeOf(VICTIM), 0, "still free");
    }

    /// @notice Not even a key that agrees moves from the node that it serves, and only a node's owner moves its key.
    function testAKeyServesOneNode() public {
        registerMany(netuid, 0, 2);
        (uint64 victimNode, uint64 thiefNode) = (nodeOf(VICTIM), nodeOf(THIEF));
        bytes memory tricked = signConsent(VICTIM, ownerOf(THIEF), block.timestamp);
        vm.startPrank(ownerOf(THIEF));
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.OperatorTaken.selector, operatorOf(VICTIM), victimNode));
        subnets.replaceOperator(thiefNode, operatorOf(VICTIM), block.timestamp, tricked);
        bytes memory fresh = signConsent(7, ownerOf(THIEF), block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRecords.NotNodeOwner.selector, victimNode, ownerOf(THIEF), ownerOf(VICTIM))
        );
        subnets.replaceOperator(victimNode, operatorOf(7), block.timestamp, fresh);
        vm.stopPrank();
        assertEq(subnets.slotOf(netuid, operatorOf(VICTIM)).nodeId, victimNode, "as before");
    }

    /// @notice A consent works once, until its deadline, for its owner, in its contract.
    function testConsentsAreNotReplayed() public {
        bytes memory consent = signConsent(VICTIM, ownerOf(VICTIM), block.timestamp + 10);
        uint256 deadline = block.timestamp + 10;
        Subnets other = newSubnets(creationTerms(), MIN_EPOCH_LENGTH);
        fund(CREATOR, CREATION_PRICE + CREATION_LOCK, address(other));
        vm.prank(CREATOR);
        other.createSubnet(cheap(2), ISubnetTerms.Membership.Open, MECHANISM, oneVersion(), "", CREATION_PRICE);
        address owner = ownerOf(VICTIM);
        fund(owner, 100, address(other));
        fund(owner, 100, address(subnets));

        vm.prank(ownerOf(THIEF));
        vm.expectRevert(); // another owner
        subnets.register(netuid, operatorOf(VICTIM), deadline, consent, 1e18, lastPay(netuid));
        vm.startPrank(owner);
        vm.expectRevert(); // another contract: another domain
        other.register(1, operatorOf(VICTIM), deadline, consent, 1e18, lastPay(1));
        vm.expectRevert(); // another deadline than was signed
        subnets.register(netuid, operatorOf(VICTIM), deadline + 1, consent, 1e18, lastPay(netuid));
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.SignatureExpired.selector, deadline));
        subnets.register(netuid, operatorOf(VICTIM), deadline, consent, 1e18, lastPay(netuid));
        vm.warp(deadline);
        subnets.register(netuid, operatorOf(VICTIM), deadline, consent, 1e18, lastPay(netuid));
        vm.expectRevert(); // used
        subnets.replaceOperator(1, operatorOf(VICTIM), deadline, consent);
        vm.stopPrank();
    }

    /// @notice Go back to a key that was replaced, for instance because it leaked.
    function testAReplacedKeyIsPowerless() public {
        register(netuid, VICTIM);
        replaceOperator(VICTIM, 5);
        assertEq(vault.everNodeOf(operatorOf(VICTIM)), 1, "the vault still knows it: it stays liable");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(VICTIM)));
        subnets.uidOf(netuid, operatorOf(VICTIM));
        bytes memory consent = signConsent(VICTIM, ownerOf(VICTIM), block.timestamp);
        vm.prank(ownerOf(VICTIM));
        vm.expectRevert();
        subnets.replaceOperator(1, operatorOf(VICTIM), block.timestamp, consent);
    }

    /// @notice Take over the votes of a slot: if a slot could be vacated and given again at once, two holders in a row
    /// would have the same uid and registration time, and what was committed by one would be the other's.
    function testNobodyInheritsVotes() public {
        uint256 word = SlotWord.created(1, 500).changed(0, 1000);
        uint256 first = word.changed(2, 1000);
        uint256 second = first.changed(0, 1000).changed(3, 1000);
        assertEq(first.since(), second.since(), "naive: the same (uid, registeredAt) for nodes 2 and 3");

        register(netuid, THIEF);
        skipEpochs(netuid, 1);
        register(netuid, VICTIM);
        deregister(netuid, THIEF);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerOne(2); // not in this epoch
        skipEpochs(netuid, 1);
        assertEq(register(netuid, 2), 0, "in the next");
        uint48 came = uint48(block.timestamp);
        bytes memory refusal = abi.encodeWithSelector(ISubnets.SlotChangedThisEpoch.selector, netuid, uint16(0), came);
        vm.prank(ownerOf(2));
        vm.expectRevert(refusal);
        subnets.deregister(netuid, 0);
        (,, uint48 revealEnd,) = subnets.windows(netuid, 2);
        vm.warp(revealEnd);
        deregister(netuid, 2);
        assertTrue(subnets.slot(netuid, 0).registeredAt != came, "never the same twice");
    }

    /// @notice Take over the pay of an epoch: push its earner out after it ended and before it is settled.
    function testNobodyInheritsPay() public {
        registerMany(netuid, 0, 2);
        skipEpochs(netuid, 3);
        uint48 end = uint48(block.timestamp);
        uint64 victim = nodeOf(VICTIM);
        assertEq(register(netuid, 8), 0, "pushed out while the epoch is unsettled");
        assertEq(subnets.slot(netuid, 0).nodeId, nodeOf(8), "naive: who holds the slot now would be paid");
        (uint64[] memory nodeIds,) = subnets.slotsAt(netuid, end);
        assertEq(nodeIds[0], victim, "the earner is paid");
        assertEq(rewards.creditsOf(netuid, 0, victim), 1, "and has what the slot had accrued");

        // A second push in time for the settlement, which would make the slot forget its earner.
        (,,, uint48 settleEnd) = subnets.windows(netuid, 2);
        setPay(new uint32[](0));
        vm.warp(settleEnd - 1);
        assertEq(register(netuid, 9), 1, "the other slot goes, not this one");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerOne(10);
        vm.prank(ownerOf(8));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.SlotChangedThisEpoch.selector, netuid, 0, end));
        subnets.deregister(netuid, 0);
        (nodeIds,) = subnets.slotsAt(netuid, end);
        assertEq(nodeIds[0], victim, "to the end of the window");
    }

    /// @notice Vacate a slot that was given to somebody else meanwhile.
    function testALateDeregistrationHitsNobodyElse() public {
        registerMany(netuid, 0, 2);
        skipEpochs(netuid, 3);
        register(netuid, 8); // prunes uid 0
        skipEpochs(netuid, 1);
        vm.prank(ownerOf(VICTIM));
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRecords.NotNodeOwner.selector, uint64(3), ownerOf(VICTIM), ownerOf(8))
        );
        subnets.deregister(netuid, 0);
    }

    /// @notice Be in two slots of one epoch, by giving one up and taking another.
    function testANodeIsInOneSlotAtAnyTime() public {
        register(netuid, THIEF);
        skipEpochs(netuid, 1);
        deregister(netuid, THIEF);
        assertEq(register(netuid, THIEF), 1, "another uid in the same second");
        (uint64[] memory nodeIds,) = subnets.slotsAt(netuid, uint48(block.timestamp + 1));
        assertEq(nodeIds[0], 0, "left");
        assertEq(nodeIds[1], nodeOf(THIEF), "come");
        (nodeIds,) = subnets.slotsAt(netuid, uint48(block.timestamp));
        assertEq(nodeIds.length, 1, "the epoch before knows the first alone");
        assertEq(nodeIds[0], nodeOf(THIEF), "there");
    }

    function registerOne(uint256 i) external {
        register(netuid, i);
    }
}

/// @notice A registry without consents.
contract Registry {
    mapping(address operator => address) public ownerOf;

    function register(address operator) external {
        ownerOf[operator] = msg.sender;
    }
}
