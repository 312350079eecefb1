// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SubnetLifecycle} from "../src/SubnetLifecycle.sol";
import {ISubnetLifecycle} from "../src/interfaces/ISubnetLifecycle.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

contract SubnetsLifecycleTest is SubnetsFixture {
    address private constant HEIR = address(0x4E14);

    function testThePriceOfASubnetDoublesAndHalves() public {
        assertEq(subnets.creationPrice(), CREATION_PRICE, "floor");
        createSubnet();
        assertEq(subnets.creationPrice(), 2 * CREATION_PRICE, "doubled");
        createSubnet();
        createSubnet();
        assertEq(subnets.creationPrice(), 8 * uint256(CREATION_PRICE), "each time");
        assertEq(token.totalSupply(), GENESIS - 7 * uint256(CREATION_PRICE), "burned");
        vm.warp(block.timestamp + CREATION_HALF_LIFE);
        assertEq(subnets.creationPrice(), 4 * uint256(CREATION_PRICE), "halved");
        vm.warp(block.timestamp + CREATION_HALF_LIFE / 2);
        assertEq(subnets.creationPrice(), 3 * uint256(CREATION_PRICE), "linear in between");
        vm.warp(block.timestamp + 1000 days);
        assertEq(subnets.creationPrice(), CREATION_PRICE, "never below the floor");
        ISubnetTerms.CreationTerms memory terms = subnets.creationTerms();
        assertEq(terms.floorPrice + uint256(terms.halfLife) + terms.lock, 150e18 + 4 days, "terms");
    }

    /// @notice Whoever creates one first makes the next pay more than it said: it is not charged.
    function testACreationNeverCostsMoreThanItsMaxPrice() public {
        uint256 price = subnets.creationPrice();
        fund(HEIR, 10 * price, address(subnets));
        createSubnet();
        vm.prank(HEIR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.PriceExceeded.selector, 2 * price, price));
        subnets.createSubnet(parametersOf(64, 16), ISubnetTerms.Membership.Open, MECHANISM, oneVersion(), "late", price);
    }

    function testFuzzCreationPrice(uint256[8] memory waits) public {
        uint256 expected = CREATION_PRICE;
        uint256 burned = 0;
        for (uint256 i = 0; i < waits.length; ++i) {
            uint256 price = subnets.creationPrice();
            assertLe(CREATION_PRICE, price, "floor");
            assertLe(price, expected, "no dearer than doubled");
            burned += price;
            createSubnet();
            assertEq(subnets.creationPrice(), 2 * price, "doubled");
            vm.warp(block.timestamp + bound(waits[i], 0, 2 * CREATION_HALF_LIFE));
            expected = 2 * price;
        }
        assertEq(token.totalSupply(), GENESIS - burned, "all burned");
        assertEq(token.balanceOf(address(subnets)), 8 * uint256(CREATION_LOCK), "all locked");
    }

    function testDissolve() public {
        uint16 netuid = createSubnet();
        createSubnet();
        register(netuid, 0);
        vm.warp(GENESIS_TIME + 600 + 10);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.NotSubnetOwner.selector, netuid, address(this), CREATOR));
        subnets.dissolve(netuid);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.NotDissolved.selector, netuid));
        subnets.releaseLock(netuid);
        vm.prank(CREATOR);
        subnets.dissolve(netuid);
        assertEq(rewards.activeSubnets(), 1, "emission stops");
        assertEq(subnets.subnet(netuid).closesAt, GENESIS_TIME + 1200, "where the running epoch ends");
        assertEq(subnets.currentEpoch(netuid), 1, "which goes on");

        bytes memory dissolved = abi.encodeWithSelector(ISubnetTerms.Dissolved.selector, netuid, GENESIS_TIME + 1200);
        vm.startPrank(CREATOR);
        vm.expectRevert(dissolved);
        subnets.dissolve(netuid);
        vm.expectRevert(dissolved);
        subnets.setParameters(netuid, parametersOf(64, 16));
        vm.expectRevert(dissolved);
        subnets.register(netuid, operatorOf(1), block.timestamp, "", 1e18, lastPay(netuid));
        vm.stopPrank();

        vm.warp(GENESIS_TIME + 1200);
        vm.expectRevert(dissolved);
        subnets.currentEpoch(netuid);
        subnets.windows(netuid, 1);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.EpochNeverStarts.selector, netuid, 2, 1));
        subnets.windows(netuid, 2);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.EpochNeverStarts.selector, netuid, 2, 1));
        subnets.epochContext(netuid, 2);
        deregister(netuid, 0); // people may still leave
    }

    function testTheLockComesBackOnce() public {
        uint16 netuid = createSubnet();
        createSubnet(); // its lock stays
        vm.prank(CREATOR);
        subnets.dissolve(netuid);
        (,,, uint48 settleEnd) = subnets.windows(netuid, 0);
        vm.warp(settleEnd - 1);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.StillOpen.selector, netuid, settleEnd));
        subnets.releaseLock(netuid);
        vm.warp(settleEnd);
        assertEq(subnets.releaseLock(netuid), CREATION_LOCK, "anybody may call");
        assertEq(token.balanceOf(CREATOR), CREATION_LOCK, "to the owner");
        assertEq(token.balanceOf(address(subnets)), CREATION_LOCK, "the other one's is there");
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.LockAlreadyReleased.selector, netuid));
        subnets.releaseLock(netuid);
    }

    function testOwnershipMovesInTwoSteps() public {
        uint16 netuid = createSubnet();
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.NotCandidate.selector, netuid, address(this), 0));
        subnets.acceptOwnership(netuid);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.NotSubnetOwner.selector, netuid, address(this), CREATOR));
        subnets.transferOwnership(netuid, HEIR);
        vm.prank(CREATOR);
        subnets.transferOwnership(netuid, HEIR);
        assertEq(subnets.candidateOf(netuid), HEIR, "candidate");
        assertEq(subnets.ownerOf(netuid), CREATOR, "not yet");
        vm.prank(HEIR);
        subnets.acceptOwnership(netuid);
        assertEq(subnets.ownerOf(netuid), HEIR, "owner");
        assertEq(subnets.candidateOf(netuid), address(0), "once");
        vm.prank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.NotSubnetOwner.selector, netuid, CREATOR, HEIR));
        subnets.dissolve(netuid);
    }

    function testModelVersions() public {
        uint16 netuid = createSubnet();
        bytes32[] memory versions = new bytes32[](2);
        versions[1] = SALT;
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.NotSubnetOwner.selector, netuid, address(this), CREATOR));
        subnets.setModelVersions(netuid, versions);
        vm.startPrank(CREATOR);
        subnets.setModelVersions(netuid, versions);
        assertEq(subnets.modelVersions(netuid)[1], SALT, "set");
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.ModelVersionsMissing.selector));
        subnets.setModelVersions(netuid, new bytes32[](0));
        vm.stopPrank();
    }

    /// @notice The lifecycle's code alone is nobody's subnet: it knows none and can start none.
    function testTheLifecycleIsOnlyCode() public {
        SubnetLifecycle code = SubnetLifecycle(subnets.lifecycle());
        uint16 netuid = createSubnet();
        vm.startPrank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.SubnetUnknown.selector, netuid));
        code.dissolve(netuid);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.SubnetUnknown.selector, netuid));
        code.acceptOwnership(netuid);
        vm.expectRevert(); // it has no allowance to burn
        code.createSubnet(
            parametersOf(64, 16), ISubnetTerms.Membership.Open, MECHANISM, oneVersion(), "", type(uint256).max
        );
        vm.stopPrank();
    }
}
