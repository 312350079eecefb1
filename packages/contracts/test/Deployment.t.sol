// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SubnetMembers} from "../src/SubnetMembers.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {IEpochKernel} from "../src/interfaces/IEpochKernel.sol";
import {IGauge} from "../src/interfaces/IGauge.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {IWitanToken} from "../src/interfaces/IWitanToken.sol";
import {Network} from "./Network.sol";

interface IConsensusPeers {
    function subnets() external view returns (address);
    function vault() external view returns (address);
    function emission() external view returns (address);
    function kernel() external view returns (address);
}

contract DeploymentTest is Network {
    function testPeersKnowEachOther() public view {
        assertEq(token.emission(), address(emission), "token.emission");
        assertEq(address(vault.token()), address(token), "vault.token");
        assertEq(vault.subnets(), address(subnets), "vault.subnets");
        assertEq(address(vault.emission()), address(emission), "vault.emission");
        assertEq(address(subnets.token()), address(token), "subnets.token");
        assertEq(address(subnets.vault()), address(vault), "subnets.vault");
        assertEq(address(subnets.emission()), address(emission), "subnets.emission");
        assertEq(address(subnets.consensus()), address(consensus), "subnets.consensus");
        assertEq(SubnetMembers(address(subnets.members())).subnets(), address(subnets), "members.subnets");
        assertEq(emission.token(), address(token), "emission.token");
        assertEq(address(emission.vault()), address(vault), "emission.vault");
        assertEq(address(emission.subnets()), address(subnets), "emission.subnets");
        assertEq(emission.consensus(), address(consensus), "emission.consensus");
        IConsensusPeers peers = IConsensusPeers(address(consensus));
        assertEq(peers.subnets(), address(subnets), "consensus.subnets");
        assertEq(peers.vault(), address(vault), "consensus.vault");
        assertEq(peers.emission(), address(emission), "consensus.emission");
        assertEq(peers.kernel(), kernel, "consensus.kernel");
    }

    function testTheKernelHoldsTheLargestSubnet() public {
        IEpochKernel deployed = IEpochKernel(kernel);
        assertEq(deployed.quantise(new uint256[](1024)).length, 128, "eight a word");
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.TooManyUids.selector, 1025, 1024));
        deployed.selectPermits(new uint256[](129), 1025, 16);
    }

    function testTheDomainIsTheSpecified() public view {
        (, string memory name, string memory version, uint256 chainId, address verifyingContract,,) =
            subnets.eip712Domain();
        assertEq(keccak256(bytes(name)), keccak256("Witan"), "name");
        assertEq(keccak256(bytes(version)), keccak256("1"), "version");
        assertEq(chainId, block.chainid, "chain id");
        assertEq(verifyingContract, address(subnets), "verifying contract");
    }

    function testTheDeployerKeepsNothing() public {
        assertEq(token.balanceOf(DEPLOYER), 0, "no token");
        IEmission.Payment memory payment;
        vm.startPrank(DEPLOYER);
        vm.expectRevert(abi.encodeWithSelector(IWitanToken.NotEmission.selector, DEPLOYER, address(emission)));
        token.mint(DEPLOYER, 1);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NotSubnets.selector, DEPLOYER, address(subnets)));
        vault.createNode(DEPLOYER, DEPLOYER);
        vm.expectRevert(abi.encodeWithSelector(IGauge.NotSubnets.selector, DEPLOYER, address(subnets)));
        emission.activate(1);
        vm.expectRevert(abi.encodeWithSelector(IEmission.NotConsensus.selector, DEPLOYER, address(consensus)));
        emission.payEpoch(1, 0, payment);
        vm.expectRevert(abi.encodeWithSelector(IGauge.NotVault.selector, DEPLOYER, address(vault)));
        emission.pullPool(1);
        vm.stopPrank();
    }
}
