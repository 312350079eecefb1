// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Requests and receipts as they are signed: EIP-712 of `{name: "Witan", version: "1"}`, this chain and the
/// subnets contract, so that what was signed for another network proves nothing here.
library Evidence {
    /// @param miner operator address
    /// @param deadline unix milliseconds
    struct InferRequest {
        address consumer;
        address miner;
        bytes32 nonce;
        uint16 netuid;
        bytes32 modelVersion;
        bytes32 policy;
        uint64 deadline;
        bytes32 samplingDigest;
        bytes32 inputDigest;
    }

    /// @param startedAt unix milliseconds, as `finishedAt`
    struct Receipt {
        bytes32 requestDigest;
        bytes32 responseDigest;
        bytes32 evidenceDigest;
        bytes32 modelVersion;
        bytes32 policy;
        uint64 units;
        uint256 price;
        bytes32 channel;
        uint64 startedAt;
        uint64 finishedAt;
    }

    /// @param proof siblings from the receipt's leaf to the root of its batch
    /// @param count receipts in the batch
    /// @param signature of the batch: r, s, v
    struct SignedReceipt {
        Receipt receipt;
        bytes32[] proof;
        bytes32 root;
        uint32 count;
        bytes signature;
    }

    uint256 private constant MAX_BATCH = 1024;
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant REQUEST_TYPEHASH = keccak256(
        "InferRequest(address consumer,address miner,bytes32 nonce,uint16 netuid,bytes32 modelVersion,bytes32 policy,uint64 deadline,bytes32 samplingDigest,bytes32 inputDigest)"
    );
    bytes32 private constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(bytes32 requestDigest,bytes32 responseDigest,bytes32 evidenceDigest,bytes32 modelVersion,bytes32 policy,uint64 units,uint256 price,bytes32 channel,uint64 startedAt,uint64 finishedAt)"
    );
    bytes32 private constant BATCH_TYPEHASH = keccak256("ReceiptBatch(bytes32 root,uint32 count)");

    function requestDigest(InferRequest calldata request, address subnets) internal view returns (bytes32) {
        return _digest(subnets, keccak256(abi.encode(REQUEST_TYPEHASH, request)));
    }

    /// @notice What the operator key signs.
    function batchDigest(SignedReceipt calldata signed, address subnets) internal view returns (bytes32) {
        return _digest(subnets, keccak256(abi.encode(BATCH_TYPEHASH, signed.root, signed.count)));
    }

    /// @notice Whether a batch of that many receipts can have a proof of this length.
    function fits(SignedReceipt calldata signed) internal pure returns (bool) {
        return signed.count != 0 && signed.count <= MAX_BATCH
            && signed.proof.length <= Math.log2(signed.count, Math.Rounding.Ceil);
    }

    /// @dev A leaf is the hash of a hash, an inner node that of two: neither passes for the other.
    function rootOf(SignedReceipt calldata signed) internal pure returns (bytes32) {
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(RECEIPT_TYPEHASH, signed.receipt))));
        return MerkleProof.processProofCalldata(signed.proof, leaf);
    }

    function _digest(address subnets, bytes32 structHash) private view returns (bytes32) {
        bytes32 separator =
            keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Witan"), keccak256("1"), block.chainid, subnets));
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }
}
