// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Subnets} from "../src/Subnets.sol";
import {IGauge} from "../src/interfaces/IGauge.sol";
import {IGoverned} from "../src/interfaces/IGoverned.sol";
import {ISubnetLifecycle} from "../src/interfaces/ISubnetLifecycle.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

/// @notice What the stakers decide about the network: as a public one, no subnet is listed from the start.
contract GovernedNetworkTest is GovernanceFixture {
    function creationTerms() internal pure override returns (ISubnetTerms.CreationTerms memory terms) {
        terms = super.creationTerms();
        terms.listedFromStart = 0;
    }

    function testAllContractsObeyTheOnePermissionMatrix() public view {
        assertEq(vault.authority(), address(access), "vault");
        assertEq(subnets.authority(), address(access), "subnets");
        assertEq(emission.authority(), address(access), "emission");
        assertEq(subnets.creationTerms().listedFromStart, 0, "none from the start");
    }

    function testDirectCallsRevert() public {
        address[4] memory callers = [DEPLOYER, GUARDIAN, CREATOR, MAJORITY];
        for (uint256 i = 0; i < callers.length; ++i) {
            refused(callers[i], address(subnets), abi.encodeCall(subnets.list, (netuid)));
            refused(callers[i], address(subnets), abi.encodeCall(subnets.delist, (netuid)));
            bytes memory parameters = abi.encodeCall(subnets.decideParameters, (netuid, parametersOf(64, 16)));
            refused(callers[i], address(subnets), parameters);
            refused(callers[i], address(emission), abi.encodeCall(emission.setMaxShare, (1)));
            refused(callers[i], address(emission), abi.encodeCall(emission.setBountyCap, (1)));
            bytes memory slash = abi.encodeCall(vault.slash, (1, 10_000, uint48(block.timestamp), callers[i], 4999));
            refused(callers[i], address(vault), slash);
        }
    }

    function testOnlyAListedSubnetEarns() public {
        assertTrue(!emission.isActive(netuid), "created, not listed");
        assertEq(emission.startedAt(), 0, "the schedule has not begun");
        decide(address(subnets), abi.encodeCall(subnets.list, (netuid)));
        assertTrue(emission.isActive(netuid), "listed");
        assertEq(emission.startedAt(), block.timestamp, "and with it the schedule");
        uint16 other = createSubnet();
        vm.warp(block.timestamp + 600);
        assertEq(emission.dueAt(netuid, uint48(block.timestamp)), 600e18, "all of it");
        assertEq(emission.dueAt(other, uint48(block.timestamp)), 0, "a squatter gets nothing");
        decideInVain(
            address(subnets),
            abi.encodeCall(subnets.list, (netuid)),
            abi.encodeWithSelector(IGauge.SubnetAlreadyActive.selector, netuid)
        );
    }

    function testADelistedSubnetEarnsNothingUntilItIsListedAgain() public {
        decide(address(subnets), abi.encodeCall(subnets.list, (netuid)));
        decide(address(subnets), abi.encodeCall(subnets.delist, (netuid)));
        uint48 gone = uint48(block.timestamp);
        uint256 due = emission.dueAt(netuid, gone);
        decideInVain(
            address(subnets),
            abi.encodeCall(subnets.delist, (netuid)),
            abi.encodeWithSelector(IGauge.SubnetNotActive.selector, netuid)
        );
        assertEq(emission.dueAt(netuid, uint48(block.timestamp)), due, "nothing meanwhile");
        decide(address(subnets), abi.encodeCall(subnets.list, (netuid)));
        vm.warp(block.timestamp + 10);
        assertEq(emission.dueAt(netuid, uint48(block.timestamp)), due + 10e18, "from now on");
    }

    function testADissolvedSubnetIsDelistedForGood() public {
        decide(address(subnets), abi.encodeCall(subnets.list, (netuid)));
        vm.prank(CREATOR);
        subnets.dissolve(netuid);
        assertTrue(!emission.isActive(netuid), "delisted");
        Proposal memory p = callOf(address(subnets), abi.encodeCall(subnets.list, (netuid)));
        ready(p);
        vm.expectRevert(
            abi.encodeWithSelector(ISubnetTerms.Dissolved.selector, netuid, subnets.subnet(netuid).closesAt)
        );
        execute(p);
        uint16 unlisted = createSubnet();
        vm.prank(CREATOR);
        subnets.dissolve(unlisted);
        assertTrue(!emission.isActive(unlisted), "never was");
    }

    function testOnAPublicChainNoneIsListedFromTheStart() public {
        ISubnetTerms.CreationTerms memory t = creationTerms();
        t.listedFromStart = 1;
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.ListedFromStart.selector, 1, 1));
        new Subnets(address(token), address(vault), address(emission), address(this), address(access), t, 600);
    }

    function testALocalNetworkMayListTheFirst() public {
        ISubnetTerms.CreationTerms memory t = creationTerms();
        t.listedFromStart = 2;
        Subnets local =
            new Subnets(address(token), address(vault), address(emission), address(this), address(access), t, 600);
        assertEq(local.creationTerms().listedFromStart, 2, "two");
    }

    function testTheStakersGoBeyondAnOwnersBounds() public {
        ISubnetTerms.Parameters memory p = parametersOf(64, 16);
        (p.kappa, p.ownerCut, p.minersCut) = (20_000, 2000, 3900);
        vm.prank(CREATOR);
        vm.expectRevert(
            abi.encodeWithSelector(ISubnetTerms.ParameterOutOfBounds.selector, bytes32("kappa"), 20_000, 32_767, 58_982)
        );
        subnets.setParameters(netuid, p);
        decide(address(subnets), abi.encodeCall(subnets.decideParameters, (netuid, p)));
        uint64 fromEpoch = subnets.currentEpoch(netuid) + 1;
        assertEq(subnets.parametersAt(netuid, fromEpoch).kappa, 20_000, "from the next epoch");
        vm.prank(CREATOR);
        vm.expectRevert(abi.encodeWithSelector(ISubnetLifecycle.SetByStakers.selector, netuid, fromEpoch));
        subnets.setParameters(netuid, parametersOf(64, 16));
        warpTo(netuid, fromEpoch);
        assertEq(subnets.parameters(netuid).ownerCut, 2000, "in force");
        warpTo(netuid, fromEpoch + 1);
        vm.prank(CREATOR);
        subnets.setParameters(netuid, parametersOf(64, 16)); // within its own bounds again
    }

    function testTheStakersKeepToWhatIsProven() public {
        ISubnetTerms.Parameters memory p = parametersOf(64, 16);
        p.bondsAlpha = 1_000_001;
        vain(p, "bondsAlpha", 1_000_001, 1, 1_000_000);
        p = parametersOf(512, 49);
        vain(p, "cells", 25_088, 1, 24_576);
        p = parametersOf(64, 16);
        p.activityCutoff = 10_001;
        vain(p, "activityCutoff", 10_001, 1, 10_000);
        p = parametersOf(64, 16);
        p.alphaLow = 60_000;
        vain(p, "alphaLow", 60_000, 0, 58_982);
        p = parametersOf(64, 16);
        p.immunity = 1;
        vain(p, "immunity", 1, 2, 65_535);
    }

    function testAVoteReplacesTheCourt() public {
        decide(address(access), abi.encodeCall(access.grantRole, (COURT, SLASHER, 0)));
        vm.prank(SLASHER);
        vault.slash(4, 100, uint48(block.timestamp), address(0), 0);
        decide(address(access), abi.encodeCall(access.revokeRole, (COURT, SLASHER)));
        address next = address(0xC0047);
        decide(address(access), abi.encodeCall(access.grantRole, (COURT, next, 0)));
        bytes memory slash = abi.encodeCall(vault.slash, (4, 100, uint48(block.timestamp), address(0), 0));
        refused(SLASHER, address(vault), slash);
        refused(address(timelock), address(vault), slash);
        vm.prank(next);
        vault.slash(4, 100, uint48(block.timestamp), address(0), 0);
    }

    function vain(ISubnetTerms.Parameters memory p, bytes32 name, uint256 value, uint256 low, uint256 high) private {
        vm.prank(address(timelock));
        vm.expectRevert(abi.encodeWithSelector(ISubnetTerms.ParameterOutOfBounds.selector, name, value, low, high));
        subnets.decideParameters(netuid, p);
    }

    function refused(address caller, address target, bytes memory data) private {
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.NotAuthorized.selector, caller, target, bytes4(data)));
        (bool ignored,) = target.call(data);
        ignored;
    }
}
