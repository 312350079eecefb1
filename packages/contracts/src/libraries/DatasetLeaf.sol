// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @notice What a version of a data set says about one of its records.
/// @param recordDigest keccak256 of the record's canonical bytes
/// @param sourceDigest SHA-256 of the file that the record was read from
/// @param licence keccak256 of the licence's SPDX expression
/// @param contributor who is paid for the record
struct RecordLeaf {
    bytes32 recordDigest;
    bytes32 sourceDigest;
    bytes32 licence;
    address contributor;
}

/// @notice Leaves of data sets: the second hash of an EIP-712 struct hash, so that no inner node passes for a leaf and
/// no leaf of one kind for one of another.
library DatasetLeaf {
    bytes32 private constant RECORD_TYPE =
        keccak256("DatasetRecord(bytes32 recordDigest,bytes32 sourceDigest,bytes32 licence,address contributor)");
    bytes32 private constant CONTRIBUTOR_TYPE = keccak256("DatasetContributor(address contributor,uint256 records)");

    function leafOf(RecordLeaf memory r) internal pure returns (bytes32) {
        bytes32 structHash =
            keccak256(abi.encode(RECORD_TYPE, r.recordDigest, r.sourceDigest, r.licence, r.contributor));
        return keccak256(bytes.concat(structHash));
    }

    function contributorLeafOf(address contributor, uint256 records) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(CONTRIBUTOR_TYPE, contributor, records))));
    }

    function isIn(bytes32 leaf, bytes32 root, bytes32[] calldata proof) internal pure returns (bool) {
        return MerkleProof.verifyCalldata(proof, root, leaf);
    }
}
