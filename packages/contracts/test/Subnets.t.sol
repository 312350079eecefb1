// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOperatorRecords} from "../src/interfaces/IOperatorRecords.sol";
import {ISubnetLifecycle} from "../src/interfaces/ISubnetLifecycle.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {RegistrationPrice} from "../src/libraries/RegistrationPrice.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

contract SubnetsTest is SubnetsFixture {
    bytes32 private constant DIGEST = keccak256("record");

    function testCreateBurnsThePriceAndStartsTheClock() public {
        uint16 netuid = createSubnet();
        assertEq(netuid, 1, "netuid");
        assertEq(token.totalSupply(), GENESIS - CREATION_PRICE, "burned");
        assertEq(token.balanceOf(address(subnets)), CREATION_LOCK, "locked");
        ISubnets.Subnet memory subnet = subnets.subnet(netuid);
        assertEq(subnet.owner, CREATOR, "owner");
        assertEq(subnet.startedAt, GENESIS_TIME, "started");
        assertEq(subnet.mechanism, MECHANISM, "mechanism");
        assertEq(keccak256(bytes(subnet.name)), keccak256("test"), "name");
        assertEq(subnet.parameters.minersCut, 4100, "parameters");
        assertEq(subnets.modelVersions(netuid)[0], keccak256("model"), "model versions");
        assertEq(subnets.ownerOf(netuid), CREATOR, "ownerOf");
        assertEq(subnets.subnetCount(), 1, "count");
        assertEq(rewards.activeSubnets(), 1, "active");
    }

    function testParameterBounds() public {
        ISubnets.Parameters memory p = parametersOf(64, 16);
        p.epochLength = 599;
        refused(p, "epochLength", 599, 600, 7 days);
        p.epochLength = 7 days + 1;
        refused(p, "epochLength", 7 days + 1, 600, 7 days);
        p = parametersOf(64, 16);
        p.revealWindow = 301;
        refused(p, "revealWindow", 301, 1, 300);
        p = parametersOf(64, 16);
        p.activityCutoff = 1;
        refused(p, "activityCutoff", 1, 2, 100);
        refused(parametersOf(513, 16), "maxUids", 513, 1, 512);
        refused(parametersOf(64, 257), "maxValidators", 257, 1, 256);
        refused(parametersOf(97, 254), "cells", 24_638, 1, 24_576);
        p = parametersOf(64, 16);
        p.kappa = 32_766;
        refused(p, "kappa", 32_766, 32_767, 58_982);
        p = parametersOf(64, 16);
        p.bondsAlpha = 9999;
        refused(p, "bondsAlpha", 9999, 10_000, 1_000_000);
        p = parametersOf(64, 16);
        p.ownerCut = 1801;
        refused(p, "ownerCut", 1801, 0, 1800);
        p = parametersOf(64, 16);
        p.priceHalfLife = 0;
        refused(p, "priceHalfLife", 0, 1, 1000);
        p = parametersOf(64, 16);
        p.minPrice = 0;
        refused(p, "minPrice", 0, 1, 1000e18);
        p = parametersOf(64, 16);
        p.initialPrice = p.minPrice - 1;
        refused(p, "initialPrice", 1e15 - 1, 1e15, 1000e18);
        p = parametersOf(64, 16);
        (p.alphaLow, p.alphaHigh) = (1637, 65_535);
        refused(p, "alphaLow", 1637, 1638, 65_535);
        (p.alphaLow, p.alphaHigh) = (50_000, 49_999);
        refused(p, "alphaLow", 50_000, 1638, 49_999);
        (p.alphaLow, p.alphaHigh) = (1638, 1637);
        refused(p, "alphaHigh", 1637, 1638, 65_535);
        p = parametersOf(64, 16);
        p.alphaSteepness = 10_001;
        refused(p, "alphaSteepness", 10_001, 0, 10_000);
        p = parametersOf(64, 16);
        p.minWeights = 513;
        refused(p, "minWeights", 513, 0, 512);
        p = parametersOf(64, 16);
        p.maxWeightRatio = 0;
        refused(p, "maxWeightRatio", 0, 1, 65_535);
        p = parametersOf(64, 16);
        p.immunity = 1;
        refused(p, "immunity", 1, 2, 1000);
        p = parametersOf(64, 16);
        p.minersCut = 4101;
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.CutsNotWhole.selector, 10_001, 10_000));
        create(p, oneVersion(), "");
    }

    function testDescriptionBounds() public {
        ISubnets.Parameters memory p = parametersOf(64, 16);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.ModelVersionsMissing.selector));
        create(p, new bytes32[](0), "");
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.TooManyModelVersions.selector, 33, 32));
        create(p, new bytes32[](33), "");
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.NameTooLong.selector, 65, 64));
        create(p, oneVersion(), string(new bytes(65)));
    }

    function testShortEpochsOnALocalChainOnly() public {
        assertEq(newSubnets(creationTerms(), 2).minEpochLength(), 2, "local");
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.MinEpochLengthTooShort.selector, 1, 2));
        newSubnets(creationTerms(), 1);
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.MinEpochLengthTooShort.selector, 599, 600));
        newSubnets(creationTerms(), 599);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.HalfLifeZero.selector));
        newSubnets(ISubnetTerms.CreationTerms(1, 0, 1, 0), 600);
    }

    function testRegister() public {
        uint16 netuid = createSubnet();
        vm.warp(GENESIS_TIME + 10);
        assertEq(register(netuid, 0), 0, "first uid");
        assertEq(register(netuid, 1), 1, "second uid");
        ISubnets.Neuron memory neuron = subnets.neuron(netuid, 1);
        assertEq(neuron.operator, operatorOf(1), "operator");
        assertEq(neuron.owner, ownerOf(1), "owner");
        assertEq(neuron.nodeId, 2, "node");
        assertEq(neuron.registeredAt, GENESIS_TIME + 10, "registered");
        assertEq(subnets.uidOf(netuid, operatorOf(1)), 1, "uid");
        assertEq(subnets.nonces(operatorOf(1)), 1, "nonce");
        assertEq(subnets.neurons(netuid, 1, 10).length, 1, "last page");
        assertEq(subnets.neurons(netuid, 5, 10).length, 0, "page past the end");
        assertEq(subnets.subnet(netuid).neuronCount, 2, "count");
        (uint64[] memory nodes,) = subnets.slotsAt(netuid, GENESIS_TIME + 10);
        assertEq(nodes.length, 0, "a slot exists after its registration");
        (nodes,) = subnets.slotsAt(netuid, GENESIS_TIME + 11);
        assertEq(nodes.length, 2, "both");
    }

    function testUnknownThings() public {
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.SubnetUnknown.selector, 9));
        subnets.registrationPrice(9);
        uint16 netuid = createSubnet();
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NeuronUnknown.selector, netuid, 3));
        subnets.neuron(netuid, 3);
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(0)));
        subnets.uidOf(netuid, operatorOf(0));
    }

    function testConsentIsRequired() public {
        uint16 netuid = createSubnet();
        bytes memory forOwner = signConsent(0, ownerOf(0), block.timestamp);
        vm.prank(ownerOf(1));
        vm.expectRevert();
        subnets.register(netuid, operatorOf(0), block.timestamp, forOwner, 1e18, lastPay(netuid));

        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.SignatureExpired.selector, block.timestamp - 1));
        subnets.register(netuid, operatorOf(0), block.timestamp - 1, forOwner, 1e18, lastPay(netuid));

        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.SignatureInvalid.selector, address(0), operatorOf(0)));
        subnets.register(netuid, operatorOf(0), block.timestamp, hex"00", 1e18, lastPay(netuid));

        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.OperatorZero.selector));
        subnets.register(netuid, address(0), block.timestamp, forOwner, 1e18, lastPay(netuid));
    }

    function testConsentWorksOnce() public {
        uint16 netuid = createSubnet();
        uint16 other = createSubnet();
        bytes memory consent = signConsent(0, ownerOf(0), block.timestamp);
        fund(ownerOf(0), 2e18, address(subnets));
        vm.startPrank(ownerOf(0));
        subnets.register(netuid, operatorOf(0), block.timestamp, consent, 1e18, lastPay(netuid));
        vm.expectRevert();
        subnets.register(other, operatorOf(0), block.timestamp, consent, 1e18, lastPay(other));
        vm.stopPrank();
    }

    function testOneSlotAnOperator() public {
        uint16 netuid = createSubnet();
        register(netuid, 0);
        bytes memory consent = signConsent(0, ownerOf(0), block.timestamp);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AlreadyRegistered.selector, netuid, operatorOf(0), 0));
        subnets.register(netuid, operatorOf(0), block.timestamp, consent, 10e18, lastPay(netuid));
    }

    function testANodeStaysWithItsOwner() public {
        uint16 netuid = createSubnet();
        register(netuid, 0);
        uint16 other = createSubnet();
        bytes memory consent = signConsent(0, ownerOf(1), block.timestamp);
        vm.prank(ownerOf(1));
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.NotNodeOwner.selector, 1, ownerOf(1), ownerOf(0)));
        subnets.register(other, operatorOf(0), block.timestamp, consent, 1e18, lastPay(other));
    }

    function testPriceRisesAndHalves() public {
        uint16 netuid = createSubnet();
        assertEq(subnets.registrationPrice(netuid), 1e18, "initial");
        register(netuid, 0);
        assertEq(subnets.registrationPrice(netuid), 1.26e18, "raised");
        vm.warp(block.timestamp + 1500);
        assertEq(subnets.registrationPrice(netuid), 0.945e18, "half a half-life");
        vm.warp(block.timestamp + 1500);
        assertEq(subnets.registrationPrice(netuid), 0.63e18, "a half-life");
        vm.warp(block.timestamp + 1000 days);
        assertEq(subnets.registrationPrice(netuid), 1e15, "floor");
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.PriceExceeded.selector, 1e15, 1e15 - 1));
        subnets.register(netuid, operatorOf(1), block.timestamp, "", 1e15 - 1, lastPay(netuid));
    }

    function testFuzzPriceFallsSteadily(uint256 price, uint256 elapsed, uint256 later, uint256 halfLife) public pure {
        price = bound(price, 1, type(uint128).max);
        halfLife = bound(halfLife, 1, 7000 days);
        elapsed = bound(elapsed, 0, 200 * halfLife);
        later = bound(later, elapsed, 201 * halfLife);
        uint256 atFirst = RegistrationPrice.decayedUp(price, elapsed, halfLife, 1);
        assertLe(RegistrationPrice.decayedUp(price, later, halfLife, 1), atFirst, "never rises");
        assertLe(atFirst, price, "never above the start");
        assertLe(1, atFirst, "never free");
        uint256 halved = RegistrationPrice.decayedUp(price, elapsed + halfLife, halfLife, 1);
        assertLe(2 * halved, atFirst + 3, "halves every half-life, to the wei");
        assertLe(atFirst, 2 * halved + 1, "and not faster");
        assertLe(price * 126 / 100, RegistrationPrice.raisedUp(price, type(uint256).max), "grows by a quarter");
    }

    function testAnnounce() public {
        register(createSubnet(), 0);
        uint64 expiry = uint64(block.timestamp + 30 days);
        bytes memory signature = signAnnouncement(0, DIGEST, 1, expiry);
        vm.prank(address(0x2E1A7)); // anybody relays
        subnets.announce(operatorOf(0), DIGEST, 1, expiry, signature);
        assertEq(subnets.record(operatorOf(0)).digest, DIGEST, "record");
        assertEq(subnets.resolve(operatorOf(0)).seq, 1, "live");
        assertEq(subnets.neuron(1, 0).recordDigest, DIGEST, "in the metagraph");
        vm.warp(expiry);
        assertEq(subnets.resolve(operatorOf(0)).digest, 0, "expired is absent");
        assertEq(subnets.neuron(1, 0).recordExpiry, 0, "absent in the metagraph");
        assertEq(subnets.record(operatorOf(0)).seq, 1, "its seq stays");
    }

    function testAnnounceRefusals() public {
        register(createSubnet(), 0);
        address operator = operatorOf(0);
        uint64 soon = uint64(block.timestamp + 1);
        bytes memory signature = signAnnouncement(0, DIGEST, 5, soon);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.OperatorUnknown.selector, operatorOf(1)));
        subnets.announce(operatorOf(1), DIGEST, 5, soon, signature);
        uint64 tooFar = uint64(block.timestamp + 30 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRecords.ExpiryOutOfBounds.selector, tooFar, block.timestamp + 1, tooFar - 1)
        );
        subnets.announce(operator, DIGEST, 5, tooFar, signature);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOperatorRecords.ExpiryOutOfBounds.selector, block.timestamp, block.timestamp + 1, tooFar - 1
            )
        );
        subnets.announce(operator, DIGEST, 5, uint64(block.timestamp), signature);
        vm.expectRevert(); // SignatureInvalid with whatever key the changed digest recovers to
        subnets.announce(operator, DIGEST, 6, soon, signature);
        subnets.announce(operator, DIGEST, 5, soon, signature);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRecords.SeqNotGreater.selector, operator, 5, 5));
        subnets.announce(operator, DIGEST, 5, soon, signature);
    }

    /// @notice A signature of one chain says nothing on a fork of it.
    function testSignaturesBelongToTheChain() public {
        register(createSubnet(), 0);
        uint64 expiry = uint64(block.timestamp + 1 days);
        bytes memory signature = signAnnouncement(0, DIGEST, 1, expiry);
        vm.chainId(999);
        vm.expectRevert();
        subnets.announce(operatorOf(0), DIGEST, 1, expiry, signature);
    }

    function refused(ISubnets.Parameters memory p, bytes32 name, uint256 value, uint256 low, uint256 high) private {
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.ParameterOutOfBounds.selector, name, value, low, high));
        create(p, oneVersion(), "");
    }

    function create(ISubnetTerms.Parameters memory p, bytes32[] memory versions, string memory name) private {
        subnets.createSubnet(p, ISubnetTerms.Membership.Open, MECHANISM, versions, name, type(uint256).max);
    }
}
