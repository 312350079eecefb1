// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Consents and address records of operators
/// @notice The verifying contract of the network's one EIP-712 domain, `{name: "Witan", version: "1"}`.
interface IOperatorRecords {
    /// @param digest EIP-712 struct hash of `AddressRecord`
    /// @param seq only grows
    /// @param expiry unix seconds
    struct Record {
        bytes32 digest;
        uint64 seq;
        uint64 expiry;
    }

    event Announced(address indexed operator, bytes32 recordDigest, uint64 seq, uint64 expiry);
    event OperatorReplaced(uint64 indexed nodeId, address indexed oldOperator, address indexed newOperator);

    error OperatorZero();
    error OperatorUnknown(address operator);
    /// @notice The key was this node's; another one has taken its place.
    error OperatorRetired(address operator, uint64 nodeId);
    error OperatorTaken(address operator, uint64 nodeId);
    error NotNodeOwner(uint64 nodeId, address caller, address owner);
    error SignatureExpired(uint256 deadline);
    error SignatureInvalid(address signer, address expected);
    error SeqNotGreater(address operator, uint64 seq, uint64 current);
    error ExpiryOutOfBounds(uint64 expiry, uint256 low, uint256 high);

    /// @notice Gives a node of the caller another operator key. The key before is powerless at once; slots, votes and
    /// pay stay the node's.
    /// @param deadline unix seconds after which the consent is void
    /// @param operatorSig the new operator's `OperatorConsent`, as for `register`
    function replaceOperator(uint64 nodeId, address newOperator, uint256 deadline, bytes calldata operatorSig) external;

    /// @notice Publishes the digest of an operator's address record. Anybody may relay it.
    /// @param seq greater than that of the record before
    /// @param expiry unix seconds, at most 30 days ahead
    /// @param operatorSig EIP-712 `Announcement(bytes32 recordDigest,uint64 seq,uint64 expiry)` by the operator
    function announce(address operator, bytes32 recordDigest, uint64 seq, uint64 expiry, bytes calldata operatorSig)
        external;

    /// @notice The last record announced, expired or not.
    function record(address operator) external view returns (Record memory);

    /// @notice The record in force; all zero when there is none or it is expired.
    function resolve(address operator) external view returns (Record memory);

    /// @notice The nonce that the operator's next consent signs.
    function nonces(address operator) external view returns (uint256);
}
