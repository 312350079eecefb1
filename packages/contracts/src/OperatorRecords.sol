// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IOperatorRecords} from "./interfaces/IOperatorRecords.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";

/// @dev What operators sign. The vault is an immutable peer that calls nothing back.
abstract contract OperatorRecords is IOperatorRecords, EIP712 {
    bytes32 private constant CONSENT_TYPEHASH =
        keccak256("OperatorConsent(address owner,uint256 nonce,uint256 deadline)");
    bytes32 private constant ANNOUNCEMENT_TYPEHASH =
        keccak256("Announcement(bytes32 recordDigest,uint64 seq,uint64 expiry)");
    uint256 private constant MAX_RECORD_SECONDS = 30 days;

    IStakeVault public immutable vault;

    /// @inheritdoc IOperatorRecords
    mapping(address operator => uint256) public nonces;
    mapping(address operator => Record) private _records;

    constructor(address vault_) EIP712("Witan", "1") {
        vault = IStakeVault(vault_);
    }

    /// @inheritdoc IOperatorRecords
    function replaceOperator(uint64 nodeId, address newOperator, uint256 deadline, bytes calldata operatorSig)
        external
    {
        _checkNodeOwner(nodeId);
        _useConsent(newOperator, deadline, operatorSig);
        uint64 taken = vault.nodeOf(newOperator);
        if (taken != 0 && taken != nodeId) revert OperatorTaken(newOperator, taken);
        emit OperatorReplaced(nodeId, vault.operatorOf(nodeId), newOperator);
        vault.setOperator(nodeId, newOperator);
    }

    /// @inheritdoc IOperatorRecords
    function announce(address operator, bytes32 recordDigest, uint64 seq, uint64 expiry, bytes calldata operatorSig)
        external
    {
        if (vault.nodeOf(operator) == 0) revert OperatorUnknown(operator);
        Record storage current = _records[operator];
        if (seq <= current.seq) revert SeqNotGreater(operator, seq, current.seq);
        uint256 latest = block.timestamp + MAX_RECORD_SECONDS;
        if (expiry <= block.timestamp || expiry > latest) {
            revert ExpiryOutOfBounds(expiry, block.timestamp + 1, latest);
        }
        _checkSignature(operator, keccak256(abi.encode(ANNOUNCEMENT_TYPEHASH, recordDigest, seq, expiry)), operatorSig);

        _records[operator] = Record(recordDigest, seq, expiry);
        emit Announced(operator, recordDigest, seq, expiry);
    }

    /// @inheritdoc IOperatorRecords
    function record(address operator) external view returns (Record memory) {
        return _records[operator];
    }

    /// @inheritdoc IOperatorRecords
    function resolve(address operator) public view returns (Record memory live) {
        if (_records[operator].expiry > block.timestamp) live = _records[operator];
    }

    /// @notice The node of an operator that consented to the caller; a new one at its first registration.
    function _nodeFor(address operator) internal returns (uint64 nodeId) {
        nodeId = vault.everNodeOf(operator);
        if (nodeId == 0) return vault.createNode(msg.sender, operator);
        if (vault.operatorOf(nodeId) != operator) revert OperatorRetired(operator, nodeId);
        _checkNodeOwner(nodeId);
    }

    function _checkNodeOwner(uint64 nodeId) internal view {
        address owner = vault.ownerOf(nodeId);
        if (owner != msg.sender) revert NotNodeOwner(nodeId, msg.sender, owner);
    }

    /// @dev The operator agrees, once, that the caller owns its node.
    function _useConsent(address operator, uint256 deadline, bytes calldata signature) internal {
        if (operator == address(0)) revert OperatorZero();
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 structHash = keccak256(abi.encode(CONSENT_TYPEHASH, msg.sender, nonces[operator]++, deadline));
        _checkSignature(operator, structHash, signature);
    }

    function _checkSignature(address expected, bytes32 structHash, bytes calldata signature) private view {
        (address signer, ECDSA.RecoverError failure,) =
            ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (failure != ECDSA.RecoverError.NoError || signer != expected) revert SignatureInvalid(signer, expected);
    }
}
