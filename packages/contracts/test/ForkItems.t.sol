// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ForkClaim} from "../src/ForkClaim.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {IForkClaim} from "../src/interfaces/IForkClaim.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {ForkFixture} from "./ForkFixture.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";

/// @notice What was in the old network goes on in the new one: same owner, same content, each once.
contract ForkItemsTest is ForkFixture {
    address private constant MAKER = address(0x3A4E);
    address private constant THIEF = address(0x7E1F);
    uint256 private constant OLD_MODEL = 7;

    uint256 private modelId;
    bytes32[] private tree;
    ForkClaim private origin;

    /// @dev The old network's state is told by what is made here: its digest is that of the first model.
    function setUp() public override {
        super.setUp();
        modelId = makeModel(MAKER, "weights");
        bytes32[] memory leaves = new bytes32[](3);
        leaves[0] = leafOf(abi.encode(IForkClaim.Kind.Terms, 0, address(0), keccak256("terms")));
        leaves[1] = itemLeaf(IForkClaim.Kind.Model, OLD_MODEL, MAKER, claims.digestOf(IForkClaim.Kind.Model, modelId));
        leaves[2] = leafOf(abi.encode(IForkClaim.Kind.Dataset, 1, MAKER, keccak256("data")));
        tree = MerkleBuilder.treeOf(leaves);
        origin = createClaims(tree[0]);
    }

    function testAModelGoesOnOnce() public {
        bytes32[] memory proof = MerkleBuilder.proofOf(tree, 1);
        vm.startPrank(MAKER);
        origin.adopt(IForkClaim.Kind.Model, OLD_MODEL, modelId, proof);
        assertEq(origin.successorOf(IForkClaim.Kind.Model, OLD_MODEL), modelId, "successor");
        assertEq(origin.originOf(IForkClaim.Kind.Model, modelId), OLD_MODEL, "origin");
        vm.expectRevert(
            abi.encodeWithSelector(IForkClaim.AdoptedAlready.selector, IForkClaim.Kind.Model, OLD_MODEL, modelId)
        );
        origin.adopt(IForkClaim.Kind.Model, OLD_MODEL, modelId, proof);
        vm.expectRevert(
            abi.encodeWithSelector(IForkClaim.AdoptedAlready.selector, IForkClaim.Kind.Model, OLD_MODEL, modelId)
        );
        origin.adopt(IForkClaim.Kind.Model, OLD_MODEL + 1, modelId, proof);
        vm.stopPrank();
    }

    /// @dev Who its parent is, and what that one is paid, is in no digest: the owner has to want it.
    function testALookAlikeThatWasGivenToTheOwnerIsNotTakenOver() public {
        uint256 parent = makeModel(THIEF, "weights");
        vm.prank(THIEF);
        models.setForkShare(parent, 5000);
        vm.prank(THIEF);
        uint256 planted = models.fork(parent, 1, "classifier", 1, 2000);
        publishAs(THIEF, planted, "weights");
        vm.prank(THIEF);
        models.transferFrom(THIEF, MAKER, planted);
        IForkClaim.Kind kind = IForkClaim.Kind.Model;
        assertEq(origin.digestOf(kind, planted), origin.digestOf(kind, modelId), "the same to the digest");
        (address[] memory payees, uint16[] memory bps) = models.creatorsOf(planted);
        assertTrue(payees[1] == THIEF && bps[1] == 5000, "and half of what it earns is the thief's");

        bytes32[] memory proof = MerkleBuilder.proofOf(tree, 1);
        vm.prank(THIEF);
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.NotItemOwner.selector, kind, planted, THIEF, MAKER));
        origin.adopt(kind, OLD_MODEL, planted, proof);
        vm.prank(MAKER);
        origin.adopt(kind, OLD_MODEL, modelId, proof);
        assertEq(origin.successorOf(kind, OLD_MODEL), modelId, "its own goes on");
    }

    function testAnotherOwnerOrAnotherDigestIsNotIt() public {
        bytes32[] memory proof = MerkleBuilder.proofOf(tree, 1);
        uint256 stolen = makeModel(THIEF, "weights");
        refused(stolen, THIEF, proof);
        uint256 changed = makeModel(MAKER, "other weights");
        refused(changed, MAKER, proof);
        vm.prank(MAKER);
        models.setForkShare(modelId, 1);
        refused(modelId, MAKER, proof);
    }

    function testTheTermsCannotBeAdoptedAndCanBeProven() public {
        bytes32[] memory proof = MerkleBuilder.proofOf(tree, 0);
        assertTrue(
            origin.isExported(IForkClaim.Kind.Terms, 0, address(0), keccak256("terms"), proof), "as the export says"
        );
        assertTrue(!origin.isExported(IForkClaim.Kind.Terms, 0, address(0), keccak256("others"), proof), "nothing else");
        vm.expectRevert(abi.encodeWithSelector(IForkClaim.NotAdoptable.selector, IForkClaim.Kind.Terms));
        origin.adopt(IForkClaim.Kind.Terms, 0, 1, proof);
    }

    function testTheDigestSaysAllThatMatters() public {
        bytes32 before = claims.digestOf(IForkClaim.Kind.Model, modelId);
        vm.prank(address(timelock));
        models.activate(modelId, 1);
        bytes32 live = claims.digestOf(IForkClaim.Kind.Model, modelId);
        assertTrue(live != before, "the live version");
        vm.prank(address(timelock));
        models.setSubnetPolicy(1, keccak256("policy"));
        bytes32 governed = claims.digestOf(IForkClaim.Kind.Model, modelId);
        assertTrue(governed != live, "the policy in force");
        vm.prank(MAKER);
        models.retire(modelId, 1);
        assertTrue(claims.digestOf(IForkClaim.Kind.Model, modelId) != governed, "a retirement");

        uint16 netuid = createSubnet();
        bytes32 subnet = claims.digestOf(IForkClaim.Kind.Subnet, netuid);
        bytes32[] memory versions = new bytes32[](1);
        versions[0] = keccak256("another");
        vm.prank(CREATOR);
        subnets.setModelVersions(netuid, versions);
        assertTrue(claims.digestOf(IForkClaim.Kind.Subnet, netuid) != subnet, "what is served");

        vm.prank(MAKER);
        uint256 setId = datasets.create("set", IDatasetRegistry.SetTerms(0, 0, 0, 0), one(MAKER));
        bytes32 empty = claims.digestOf(IForkClaim.Kind.Dataset, setId);
        vm.prank(MAKER);
        uint256 ballot = datasets.proposeVersion(
            setId, IDatasetRegistry.VersionTerms("root", "manifest", "contributors", "licence", 1, 0)
        );
        vm.prank(MAKER);
        datasets.vote(ballot, true);
        assertTrue(claims.digestOf(IForkClaim.Kind.Dataset, setId) != empty, "a version");
    }

    function refused(uint256 successor, address owner, bytes32[] memory proof) private {
        bytes32 digest = origin.digestOf(IForkClaim.Kind.Model, successor);
        vm.prank(owner);
        vm.expectRevert(
            abi.encodeWithSelector(IForkClaim.ItemNotProven.selector, IForkClaim.Kind.Model, OLD_MODEL, owner, digest)
        );
        origin.adopt(IForkClaim.Kind.Model, OLD_MODEL, successor, proof);
    }

    function makeModel(address maker, string memory weights) private returns (uint256 id) {
        vm.prank(maker);
        id = models.create("classifier", 1, 2000);
        publishAs(maker, id, weights);
    }

    function publishAs(address maker, uint256 id, string memory weights) private {
        IModelRegistry.VersionTerms memory t;
        (t.manifest, t.weights, t.licence) = ("manifest", keccak256(bytes(weights)), "licence");
        vm.prank(maker);
        models.publish(id, t);
    }

    function itemLeaf(IForkClaim.Kind kind, uint256 id, address owner, bytes32 digest) private pure returns (bytes32) {
        return leafOf(abi.encode(kind, id, owner, digest));
    }

    function one(address account) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }
}
