// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {DatasetLeaf, RecordLeaf} from "../src/libraries/DatasetLeaf.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";
import {Test} from "./Test.sol";

/// @notice A registry with one data set as people make it: sixteen records of three contributors, three curators.
abstract contract DatasetFixture is Test {
    using DatasetLeaf for RecordLeaf;

    uint48 internal constant GENESIS_TIME = 1_800_000_000;
    uint48 internal constant VOTE_PERIOD = 3 days;
    uint48 internal constant CORRECTION_PERIOD = 7 days;
    uint256 internal constant GENESIS = 1_000_000e18;
    uint128 internal constant PRICE = 100e18;
    uint128 internal constant BOND = 2e18;
    uint128 internal constant REWARD = 1e18;
    uint16 internal constant CONTRIBUTORS_BPS = 7000;
    uint256 internal constant RECORDS = 16;
    bytes32 internal constant REASON = keccak256("the label is wrong");
    address internal constant TREASURY = address(0x7EA5);
    address internal constant DAO = address(0xDA0);
    address internal constant OWNER = address(0x0A11);
    address internal constant FLAGGER = address(0xF1A6);
    address internal constant BUYER = address(0xB111);
    address internal constant STRANGER = address(0x5714);

    WitanToken internal token;
    DatasetRegistry internal registry;

    function setUp() public virtual {
        vm.warp(GENESIS_TIME);
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (TREASURY, GENESIS);
        token = new WitanToken(address(this), accounts, amounts);
        AccessManager authority = new AccessManager(DAO);
        registry = new DatasetRegistry(address(authority), address(token), VOTE_PERIOD, CORRECTION_PERIOD);
    }

    function curator(uint256 i) internal pure returns (address) {
        return address(uint160(0xC0000 + i));
    }

    function curators(uint256 count) internal pure returns (address[] memory list) {
        list = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = curator(i);
        }
    }

    function contributor(uint256 i) internal pure returns (address) {
        return address(uint160(0xD0000 + i));
    }

    function terms() internal pure returns (IDatasetRegistry.SetTerms memory) {
        return IDatasetRegistry.SetTerms(PRICE, BOND, REWARD, CONTRIBUTORS_BPS);
    }

    function create() internal returns (uint256 setId) {
        vm.prank(OWNER);
        return registry.create("digits", terms(), curators(3));
    }

    /// @notice A set whose first version is included.
    function createWithVersion() internal returns (uint256 setId) {
        setId = create();
        include(setId, versionOf(1, RECORDS, 0));
    }

    /// @notice The record of a version's salt at a place; versions with different salts share no record.
    function recordOf(uint256 salt, uint256 i) internal pure returns (RecordLeaf memory) {
        return RecordLeaf({
            recordDigest: keccak256(abi.encode("record", salt, i)),
            sourceDigest: keccak256("source"),
            licence: keccak256("CC0-1.0"),
            contributor: contributor(i % 3)
        });
    }

    function nodesOf(uint256 salt, uint256 count) internal pure returns (bytes32[] memory) {
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = recordOf(salt, i).leafOf();
        }
        return MerkleBuilder.treeOf(leaves);
    }

    function sharesOf(uint256 count, uint256 i) internal pure returns (uint64) {
        return uint64((count + 2 - i) / 3);
    }

    function shareNodesOf(uint256 count) internal pure returns (bytes32[] memory) {
        bytes32[] memory leaves = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            leaves[i] = DatasetLeaf.contributorLeafOf(contributor(i), sharesOf(count, i));
        }
        return MerkleBuilder.treeOf(leaves);
    }

    function versionOf(uint256 salt, uint256 count, uint32 parent)
        internal
        pure
        returns (IDatasetRegistry.VersionTerms memory)
    {
        return IDatasetRegistry.VersionTerms({
            root: nodesOf(salt, count)[0],
            manifest: keccak256(abi.encode("manifest", salt, count, parent)),
            contributorsRoot: shareNodesOf(count)[0],
            licence: keccak256("CC0-1.0"),
            records: uint64(count),
            parent: parent
        });
    }

    function include(uint256 setId, IDatasetRegistry.VersionTerms memory version) internal {
        vm.prank(OWNER);
        uint256 ballotId = registry.proposeVersion(setId, version);
        voteBy(ballotId, 2, true);
    }

    function voteBy(uint256 ballotId, uint256 count, bool support) internal {
        for (uint256 i = 0; i < count; ++i) {
            vm.prank(curator(i));
            registry.vote(ballotId, support);
        }
    }

    function fund(address account, uint256 amount) internal {
        vm.prank(TREASURY);
        assertTrue(token.transfer(account, amount), "transfer");
        vm.prank(account);
        token.approve(address(registry), type(uint256).max);
    }

    function fundReserve(uint256 setId, uint128 amount) internal {
        fund(STRANGER, amount);
        vm.prank(STRANGER);
        registry.fund(setId, amount);
    }

    function flagArguments(uint256 salt, uint256 from, uint256 count)
        internal
        pure
        returns (RecordLeaf[] memory records, bytes32[][] memory proofs)
    {
        bytes32[] memory nodes = nodesOf(salt, RECORDS);
        records = new RecordLeaf[](count);
        proofs = new bytes32[][](count);
        for (uint256 i = 0; i < count; ++i) {
            records[i] = recordOf(salt, from + i);
            proofs[i] = MerkleBuilder.proofOf(nodes, from + i);
        }
    }

    /// @notice A flag of `count` records of the version of a salt, from record `from` on.
    function flagSome(uint256 setId, uint256 salt, uint256 from, uint256 count) internal returns (uint256 ballotId) {
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(salt, from, count);
        fund(FLAGGER, BOND * count);
        uint32 newest = registry.dataset(setId).versions;
        (, uint32 roster) = registry.curatorsOf(setId);
        vm.prank(FLAGGER);
        return registry.flag(setId, newest, records, proofs, REASON, roster, 0);
    }

    function upholdSome(uint256 setId, uint256 salt, uint256 from, uint256 count) internal returns (uint256 ballotId) {
        ballotId = flagSome(setId, salt, from, count);
        voteBy(ballotId, 2, true);
    }

    function correctTo(uint256 setId, uint256 salt, uint64 upTo) internal returns (uint32) {
        IDatasetRegistry.VersionTerms memory version = versionOf(salt, RECORDS, registry.dataset(setId).versions);
        vm.prank(OWNER);
        return registry.correct(setId, version, upTo);
    }

    function orderAs(address account, uint256 setId) internal {
        fund(account, PRICE);
        vm.prank(account);
        registry.order(setId, PRICE);
    }
}
