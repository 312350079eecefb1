// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Deployment} from "./Deployment.sol";

/// @notice A deployed network and the people who join it: subnets, operators, owners and their stake.
abstract contract Population is Deployment {
    uint48 internal constant GENESIS_TIME = 1_800_000_000;
    address internal constant CREATOR = address(0xC4EA);
    bytes32 internal constant MECHANISM = keccak256("replay");

    function setUp() public virtual {
        vm.warp(GENESIS_TIME);
        deploy();
    }

    function parametersOf(uint16 maxUids, uint16 maxValidators) internal pure returns (ISubnetTerms.Parameters memory) {
        return ISubnetTerms.Parameters({
            epochLength: 600,
            revealWindow: 150,
            activityCutoff: 14,
            maxUids: maxUids,
            maxValidators: maxValidators,
            kappa: 32_767,
            bondsAlpha: 100_000,
            bondsPenalty: 65_535,
            ownerCut: 1800,
            minersCut: 4100,
            validatorsCut: 4100,
            priceHalfLife: 5,
            stakeThreshold: 0,
            initialPrice: 1e18,
            minPrice: 1e15,
            maxPrice: 1000e18,
            liquidAlpha: false,
            alphaLow: 45_875,
            alphaHigh: 58_982,
            alphaSteepness: 1000,
            minWeights: 1,
            maxWeightRatio: 65_535,
            weightsVersion: 0,
            immunity: 14
        });
    }

    function createSubnet() internal returns (uint16) {
        return createSubnet(parametersOf(64, 16));
    }

    function createSubnet(ISubnets.Parameters memory parameters) internal returns (uint16 netuid) {
        uint256 price = subnets.creationPrice();
        fund(CREATOR, price + CREATION_LOCK, address(subnets));
        bytes32[] memory versions = oneVersion();
        vm.prank(CREATOR);
        return subnets.createSubnet(parameters, ISubnetTerms.Membership.Open, MECHANISM, versions, "test", price);
    }

    function oneVersion() internal pure returns (bytes32[] memory versions) {
        versions = new bytes32[](1);
        versions[0] = keccak256("model");
    }

    /// @notice Moves `amount` from the treasury to `account`, approved for `spender`.
    function fund(address account, uint256 amount, address spender) internal {
        vm.prank(TREASURY);
        assertTrue(token.transfer(account, amount), "transfer");
        vm.prank(account);
        token.approve(spender, amount);
    }

    function keyOf(uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("operator", i))) >> 8; // below the order of the curve
    }

    function operatorOf(uint256 i) internal pure returns (address) {
        return vm.addr(keyOf(i));
    }

    function ownerOf(uint256 i) internal pure returns (address) {
        return address(uint160(0x0A0000 + i));
    }

    /// @notice Operator `i` joins the subnet under its owner.
    function register(uint16 netuid, uint256 i) internal returns (uint16 uid) {
        return registerFor(netuid, i, ownerOf(i));
    }

    /// @notice Operator `i` joins the subnet under any owner.
    function registerFor(uint16 netuid, uint256 i, address owner) internal returns (uint16 uid) {
        uint256 price = subnets.registrationPrice(netuid);
        fund(owner, price, address(subnets));
        bytes memory consent = signConsent(i, owner, block.timestamp);
        vm.prank(owner);
        uid = subnets.register(netuid, operatorOf(i), block.timestamp, consent, price, lastPay(netuid));
    }

    function registerMany(uint16 netuid, uint256 from, uint256 count) internal {
        for (uint256 i = from; i < from + count; ++i) {
            register(netuid, i);
        }
    }

    function nodeOf(uint256 i) internal view returns (uint64) {
        return vault.nodeOf(operatorOf(i));
    }

    function stake(uint256 i, uint256 assets) internal returns (uint256 shares) {
        return stakeAs(ownerOf(i), nodeOf(i), assets);
    }

    function stakeAs(address account, uint64 nodeId, uint256 assets) internal returns (uint256 shares) {
        fund(account, assets, address(vault));
        vm.prank(account);
        return vault.stake(nodeId, assets);
    }

    function signConsent(uint256 i, address owner, uint256 deadline) internal view returns (bytes memory) {
        bytes32 typehash = keccak256("OperatorConsent(address owner,uint256 nonce,uint256 deadline)");
        uint256 nonce = subnets.nonces(operatorOf(i));
        return sign(i, keccak256(abi.encode(typehash, owner, nonce, deadline)));
    }

    function signAnnouncement(uint256 i, bytes32 digest, uint64 seq, uint64 expiry)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typehash = keccak256("Announcement(bytes32 recordDigest,uint64 seq,uint64 expiry)");
        return sign(i, keccak256(abi.encode(typehash, digest, seq, expiry)));
    }

    /// @dev The domain is written out here, independently of the contract.
    function sign(uint256 i, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Witan"),
                keccak256("1"),
                block.chainid,
                address(subnets)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(i), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }

    /// @dev What the last settlement paid, which registering takes.
    function lastPay(uint16 netuid) internal view virtual returns (ISubnets.LastPay memory);
}
