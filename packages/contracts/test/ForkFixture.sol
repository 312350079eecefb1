// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {ForkClaim} from "../src/ForkClaim.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {IForkClaim} from "../src/interfaces/IForkClaim.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";
import {Network} from "./Network.sol";

/// @notice A network that takes over forty holders of another one, with its registries.
abstract contract ForkFixture is Network {
    uint256 internal constant HOLDERS = 40;
    bytes32 internal constant EXPORT = keccak256("export");

    DatasetRegistry internal datasets;
    ModelRegistry internal models;
    ForkClaim internal claims;
    uint256 internal supply;
    bytes32[] private _claimTree;

    function setUp() public virtual override {
        super.setUp();
        datasets = new DatasetRegistry(address(access), address(token), 3 days, 7 days);
        models = new ModelRegistry(address(access), address(datasets), 1 days);
        bytes32[] memory leaves = new bytes32[](HOLDERS);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            leaves[i] = leafOf(abi.encode(holder(i), liquidOf(i), stakedOf(i)));
            supply += liquidOf(i) + stakedOf(i);
        }
        _claimTree = MerkleBuilder.treeOf(leaves);
        claims = createClaims(bytes32(0));
        vm.prank(TREASURY);
        assertTrue(token.transfer(address(claims), supply), "genesis of the fork");
    }

    function createClaims(bytes32 stateRoot) internal returns (ForkClaim) {
        IForkClaim.Peers memory peers =
            IForkClaim.Peers(address(token), vault, subnets, datasets, models, address(timelock));
        return new ForkClaim(peers, IForkClaim.Origin(EXPORT, _claimTree[0], stateRoot, supply));
    }

    function holder(uint256 i) internal pure returns (address) {
        return address(uint160(0xF0000 + i));
    }

    function liquidOf(uint256 i) internal pure returns (uint256) {
        return i % 5 == 0 ? 0 : i * 1e18 + i;
    }

    function stakedOf(uint256 i) internal pure returns (uint256) {
        return i % 5 == 1 ? 0 : (HOLDERS - i) * 3e18 + 1;
    }

    function proofOf(uint256 i) internal view returns (bytes32[] memory) {
        return MerkleBuilder.proofOf(_claimTree, i);
    }

    function claimFor(address caller, uint256 i) internal {
        bytes32[] memory proof = proofOf(i);
        vm.prank(caller);
        claims.claim(holder(i), liquidOf(i), stakedOf(i), proof);
    }

    function leafOf(bytes memory encoded) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(encoded)));
    }
}
