// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {ISubnetMembers} from "../interfaces/ISubnetMembers.sol";
import {RevenueSplit} from "../libraries/RevenueSplit.sol";

/// @dev The tables that consortia signed. An open subnet has no members, so it keeps the default.
abstract contract SplitTables is IRevenueSplitter, EIP712 {
    using RevenueSplit for Table;

    /// @dev `next` counts from `nextFrom` on; a table that was never signed is empty.
    struct Signed {
        Table current;
        Table next;
        uint48 nextFrom;
    }

    bytes32 private constant TABLE_TYPEHASH = keccak256(
        "SplitTable(uint16 netuid,uint16 creators,uint16 pool,uint16 dataSets,uint16 validators,uint16 treasury,"
        "uint256 nonce,uint256 deadline)"
    );

    ISubnetMembers public immutable members;
    /// @inheritdoc IRevenueSplitter
    uint48 public immutable tableDelay;

    /// @inheritdoc IRevenueSplitter
    mapping(uint16 netuid => uint256) public tableNonces;
    mapping(uint16 netuid => Signed) private _tables;

    constructor(address members_, uint48 tableDelay_) EIP712("Witan", "1") {
        members = ISubnetMembers(members_);
        tableDelay = tableDelay_;
    }

    /// @inheritdoc IRevenueSplitter
    function setTable(
        uint16 netuid,
        Table calldata table,
        uint256 deadline,
        address[] calldata members_,
        bytes[] calldata signatures
    ) external {
        if (block.timestamp > deadline) revert TableExpired(deadline);
        if (table.sumOf() != RevenueSplit.BPS) revert TableNotWhole(table.sumOf(), RevenueSplit.BPS);
        uint256 nonce = tableNonces[netuid]++;
        _checkMajority(netuid, tableDigest(netuid, table, nonce, deadline), members_, signatures);

        Signed storage signed = _tables[netuid];
        if (block.timestamp >= signed.nextFrom) signed.current = signed.next;
        (signed.next, signed.nextFrom) = (table, uint48(block.timestamp) + tableDelay);
        emit TableSigned(netuid, table, signed.nextFrom, nonce);
    }

    /// @inheritdoc IRevenueSplitter
    function tableOf(uint16 netuid) external view returns (Table memory table) {
        (table,) = _tableOf(netuid);
    }

    /// @inheritdoc IRevenueSplitter
    function tableDigest(uint16 netuid, Table calldata table, uint256 nonce, uint256 deadline)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(keccak256(abi.encode(TABLE_TYPEHASH, netuid, table, nonce, deadline)));
    }

    function _tableOf(uint16 netuid) internal view returns (Table memory table, bool isDefault) {
        Signed storage signed = _tables[netuid];
        table = block.timestamp >= signed.nextFrom ? signed.next : signed.current;
        isDefault = table.sumOf() == 0;
        if (isDefault) table = RevenueSplit.defaultTable();
    }

    function _checkMajority(uint16 netuid, bytes32 digest, address[] calldata signers, bytes[] calldata signatures)
        private
        view
    {
        uint256 count = members.memberCount(netuid);
        if (count == 0) revert NotConsortium(netuid);
        if (signers.length * 2 <= count || signers.length != signatures.length) {
            revert MajorityMissing(signatures.length, count);
        }
        address last = address(0);
        for (uint256 i = 0; i < signers.length; ++i) {
            address member = signers[i];
            if (member <= last) revert SignersNotAscending(member);
            if (!members.isMember(netuid, member)) revert NotMember(netuid, member);
            if (!SignatureChecker.isValidSignatureNowCalldata(member, digest, signatures[i])) {
                revert MemberSignatureInvalid(member);
            }
            last = member;
        }
    }
}
