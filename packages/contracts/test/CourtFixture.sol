// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Evidence} from "../src/libraries/Evidence.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";

/// @notice Requests to the miners of a network with stake, and what they sign. The domain is written out by `Network.sign`.
abstract contract CourtFixture is GovernanceFixture {
    address internal constant CHALLENGER = address(0xC4A11);
    bytes32 internal constant VERSION = keccak256("version");
    bytes32 internal constant POLICY = keccak256("policy");
    uint256 internal constant GUILTY = 2; // its owner has 90 tokens on it

    function setUp() public virtual override {
        super.setUp();
        fund(CHALLENGER, 1000e18, address(court));
    }

    /// @notice A request to miner `i` whose deadline is half a minute ahead.
    function requestTo(uint256 i, uint256 salt) internal view returns (Evidence.InferRequest memory) {
        return Evidence.InferRequest({
            consumer: CHALLENGER,
            miner: operatorOf(i),
            nonce: bytes32(salt),
            netuid: netuid,
            modelVersion: VERSION,
            policy: POLICY,
            deadline: uint64((block.timestamp + 30) * 1000),
            samplingDigest: bytes32(0),
            inputDigest: keccak256("input")
        });
    }

    function digestOf(Evidence.InferRequest memory r) internal view returns (bytes32) {
        bytes32 typehash = keccak256(
            "InferRequest(address consumer,address miner,bytes32 nonce,uint16 netuid,bytes32 modelVersion,bytes32 policy,uint64 deadline,bytes32 samplingDigest,bytes32 inputDigest)"
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Witan"),
                keccak256("1"),
                block.chainid,
                address(subnets)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(typehash, r))));
    }

    /// @notice What an honest miner says about an answer.
    function receiptOf(Evidence.InferRequest memory r, string memory answer)
        internal
        view
        returns (Evidence.Receipt memory receipt)
    {
        receipt.requestDigest = digestOf(r);
        receipt.responseDigest = keccak256(bytes(answer));
        (receipt.modelVersion, receipt.policy) = (r.modelVersion, r.policy);
        (receipt.units, receipt.startedAt, receipt.finishedAt) = (1, r.deadline - 30_000, r.deadline - 29_000);
    }

    function signedBy(uint256 i, Evidence.Receipt memory receipt)
        internal
        view
        returns (Evidence.SignedReceipt memory signed)
    {
        Evidence.Receipt[] memory batch = new Evidence.Receipt[](1);
        batch[0] = receipt;
        return signedBatch(i, batch)[0];
    }

    /// @notice One signature over all of them.
    function signedBatch(uint256 i, Evidence.Receipt[] memory receipts)
        internal
        view
        returns (Evidence.SignedReceipt[] memory signed)
    {
        bytes32[] memory leaves = new bytes32[](receipts.length);
        for (uint256 k = 0; k < leaves.length; ++k) {
            leaves[k] = leafOf(receipts[k]);
        }
        bytes32[] memory tree = MerkleBuilder.treeOf(leaves);
        uint32 count = uint32(leaves.length);
        bytes memory signature =
            sign(i, keccak256(abi.encode(keccak256("ReceiptBatch(bytes32 root,uint32 count)"), tree[0], count)));
        signed = new Evidence.SignedReceipt[](count);
        for (uint256 k = 0; k < count; ++k) {
            signed[k] = Evidence.SignedReceipt(receipts[k], MerkleBuilder.proofOf(tree, k), tree[0], count, signature);
        }
    }

    function leafOf(Evidence.Receipt memory receipt) internal pure returns (bytes32) {
        bytes32 typehash = keccak256(
            "Receipt(bytes32 requestDigest,bytes32 responseDigest,bytes32 evidenceDigest,bytes32 modelVersion,bytes32 policy,uint64 units,uint256 price,bytes32 channel,uint64 startedAt,uint64 finishedAt)"
        );
        return keccak256(abi.encode(keccak256(abi.encode(typehash, receipt))));
    }

    /// @notice Miner `i` signed two answers to a request, and the challenger shows it.
    function accuse(uint256 i, uint256 salt) internal returns (uint256 id) {
        Evidence.InferRequest memory r = requestTo(i, salt);
        return accuseWith(r, signedBy(i, receiptOf(r, "one")), signedBy(i, receiptOf(r, "two")));
    }

    function accuseWith(
        Evidence.InferRequest memory r,
        Evidence.SignedReceipt memory first,
        Evidence.SignedReceipt memory second
    ) internal returns (uint256 id) {
        vm.prank(CHALLENGER);
        return court.accuseOfTwoAnswers(r, first, second);
    }

    function refuses(
        Evidence.InferRequest memory r,
        Evidence.SignedReceipt memory first,
        Evidence.SignedReceipt memory second,
        bytes memory reason
    ) internal {
        vm.prank(CHALLENGER);
        vm.expectRevert(reason);
        court.accuseOfTwoAnswers(r, first, second);
    }

    function warpToExecution(uint256 id) internal {
        vm.warp(court.executableAt(id));
    }
}
