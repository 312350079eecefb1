// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetLeaf, RecordLeaf} from "../src/libraries/DatasetLeaf.sol";
import {Test} from "./Test.sol";

/// @notice Leaves, roots and proofs of the vectors that the protocol's own tests read.
contract DatasetVectorsTest is Test {
    using DatasetLeaf for RecordLeaf;

    uint256 private constant RECORDS = 11;
    uint256 private constant CONTRIBUTORS = 3;

    string private json = vm.readFile("../protocol/test/vectors/dataset.json");

    function testRecordsOfTheVectors() public view {
        bytes32 root = vm.parseJsonBytes32(json, ".root");
        for (uint256 i = 0; i < RECORDS; ++i) {
            string memory place = string.concat(".records[", vm.toString(i), "]");
            RecordLeaf memory r = RecordLeaf({
                recordDigest: _digest(place, ".recordDigest"),
                sourceDigest: _digest(place, ".sourceDigest"),
                licence: _digest(place, ".licence"),
                contributor: vm.parseJsonAddress(json, string.concat(place, ".contributor"))
            });
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(place, ".proof"));
            assertEq(r.leafOf(), _digest(place, ".leaf"), "leaf");
            assertTrue(this.isIn(r.leafOf(), root, proof), "proof");
            r.recordDigest ^= bytes32(uint256(1));
            assertTrue(!this.isIn(r.leafOf(), root, proof), "another record");
        }
    }

    function testContributorsOfTheVectors() public view {
        bytes32 root = vm.parseJsonBytes32(json, ".contributorsRoot");
        for (uint256 i = 0; i < CONTRIBUTORS; ++i) {
            string memory place = string.concat(".contributors[", vm.toString(i), "]");
            address contributor = vm.parseJsonAddress(json, string.concat(place, ".contributor"));
            uint256 records = vm.parseJsonUint(json, string.concat(place, ".records"));
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(place, ".proof"));
            bytes32 leaf = DatasetLeaf.contributorLeafOf(contributor, records);
            assertEq(leaf, _digest(place, ".leaf"), "leaf");
            assertTrue(this.isIn(leaf, root, proof), "proof");
            leaf = DatasetLeaf.contributorLeafOf(contributor, records + 1);
            assertTrue(!this.isIn(leaf, root, proof), "another share");
        }
    }

    function isIn(bytes32 leaf, bytes32 root, bytes32[] calldata proof) external pure returns (bool) {
        return DatasetLeaf.isIn(leaf, root, proof);
    }

    function _digest(string memory place, string memory field) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(place, field));
    }
}
