// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {StakeVault} from "../src/StakeVault.sol";
import {Subnets} from "../src/Subnets.sol";
import {WitanAccess} from "../src/WitanAccess.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {Network} from "./Network.sol";
import {ConsensusPeer, EmissionPeer, VaultPeer} from "./SubnetsPeers.sol";

/// @notice The subnets contract among peers that do only what it asks of them.
abstract contract SubnetsFixture is Network {
    address internal constant STAKERS = address(0x57A4E5);

    ConsensusPeer internal payer;
    EmissionPeer internal rewards;
    ISubnets.LastPay private _pay;

    function setUp() public virtual override {
        vm.warp(GENESIS_TIME);
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (TREASURY, GENESIS);
        (payer, rewards) = (new ConsensusPeer(), new EmissionPeer());
        token = new WitanToken(address(rewards), accounts, amounts);
        vault = StakeVault(address(new VaultPeer()));
        emission = Emission(address(rewards));
        access = new WitanAccess(STAKERS, address(0), address(0));
        subnets = newSubnets(creationTerms(), MIN_EPOCH_LENGTH);
    }

    function newSubnets(ISubnetTerms.CreationTerms memory terms, uint32 minEpochLength) internal returns (Subnets) {
        return new Subnets(
            address(token), address(vault), address(rewards), address(payer), address(access), terms, minEpochLength
        );
    }

    function setPay(uint32[] memory pays) internal {
        payer.setPay(pays);
        _pay = payer.payData();
    }

    /// @notice Shares of the first eight uids, as an epoch paid them.
    function setPay(uint256 incentive, uint256 validatorPay, uint64 epoch) internal {
        payer.setPay(incentive, validatorPay, epoch);
        _pay = payer.payData();
    }

    function lastPay(uint16) internal view override returns (ISubnets.LastPay memory) {
        return _pay;
    }

    /// @notice Parameters with a price that stays next to nothing.
    function cheap(uint16 maxUids) internal pure returns (ISubnetTerms.Parameters memory p) {
        p = parametersOf(maxUids, 16);
        (p.initialPrice, p.minPrice, p.maxPrice, p.immunity) = (1, 1, 1e6, 2);
    }

    function createConsortium(ISubnetTerms.Parameters memory p) internal returns (uint16 netuid) {
        uint256 price = subnets.creationPrice();
        fund(CREATOR, price + CREATION_LOCK, address(subnets));
        vm.prank(CREATOR);
        return subnets.createSubnet(p, ISubnetTerms.Membership.Consortium, MECHANISM, oneVersion(), "consortium", price);
    }

    function setParameters(uint16 netuid, ISubnetTerms.Parameters memory p) internal {
        vm.prank(CREATOR);
        subnets.setParameters(netuid, p);
    }

    function deregister(uint16 netuid, uint256 i) internal {
        uint16 uid = subnets.uidOf(netuid, operatorOf(i));
        vm.prank(ownerOf(i));
        subnets.deregister(netuid, uid);
    }

    function replaceOperator(uint256 i, uint256 with) internal {
        uint64 nodeId = nodeOf(i);
        bytes memory consent = signConsent(with, ownerOf(i), block.timestamp);
        vm.prank(ownerOf(i));
        subnets.replaceOperator(nodeId, operatorOf(with), block.timestamp, consent);
    }

    /// @notice Into the first second of an epoch.
    function enter(uint16 netuid, uint64 epoch) internal {
        (uint48 start,,,) = subnets.windows(netuid, epoch);
        vm.warp(start);
    }

    function skipEpochs(uint16 netuid, uint64 epochs) internal {
        enter(netuid, subnets.currentEpoch(netuid) + epochs);
    }

    function uidsOf(uint16 uid) internal pure returns (uint16[] memory uids) {
        uids = new uint16[](1);
        uids[0] = uid;
    }
}
