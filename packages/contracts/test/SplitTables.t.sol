// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {PaymentsFixture} from "./PaymentsFixture.sol";

/// @notice A consortium's own table.
contract SplitTablesTest is PaymentsFixture {
    uint16 private constant CONSORTIUM = 2;
    uint256[3] private keys;
    IRevenueSplitter.Table private own;

    function setUp() public override {
        super.setUp();
        own = IRevenueSplitter.Table({creators: 0, pool: 9000, dataSets: 0, validators: 1000, treasury: 0});
        keys = [keyOf(11), keyOf(12), keyOf(13)];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 k = i + 1; k < 3; ++k) {
                if (vm.addr(keys[i]) > vm.addr(keys[k])) (keys[i], keys[k]) = (keys[k], keys[i]);
            }
        }
        for (uint256 i = 0; i < 3; ++i) {
            peers.admit(CONSORTIUM, vm.addr(keys[i]));
        }
        peers.setCreators(MODEL, list(CAROL, address(0)), parts(10_000, 0));
    }

    function signers(uint256 count) private view returns (address[] memory members) {
        members = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            members[i] = vm.addr(keys[i]);
        }
    }

    function signatures(uint256 count, uint16 netuid, IRevenueSplitter.Table memory table)
        private
        view
        returns (bytes[] memory all)
    {
        bytes32 digest = splitter.tableDigest(netuid, table, splitter.tableNonces(netuid), block.timestamp);
        all = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            all[i] = signedBy(keys[i], digest);
        }
    }

    function setOwn(uint256 count) private {
        bytes[] memory all = signatures(count, CONSORTIUM, own);
        splitter.setTable(CONSORTIUM, own, block.timestamp, signers(count), all);
    }

    function poolBps(uint16 netuid) private view returns (uint256) {
        return splitter.tableOf(netuid).pool;
    }

    function testTheDigestIsTypedData() public view {
        bytes32 typehash = keccak256(
            "SplitTable(uint16 netuid,uint16 creators,uint16 pool,uint16 dataSets,uint16 validators,uint16 treasury,uint256 nonce,uint256 deadline)"
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Witan"),
                keccak256("1"),
                block.chainid,
                address(splitter)
            )
        );
        bytes32 structHash = keccak256(abi.encode(typehash, 2, 0, 9000, 0, 1000, 0, 5, 6));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, structHash));
        assertEq(splitter.tableDigest(CONSORTIUM, own, 5, 6), digest, "digest");
    }

    function testAMajoritySignsATableThatCountsAfterTheDelay() public {
        setOwn(2);
        assertEq(poolBps(CONSORTIUM), 4000, "not yet");
        payIn(CONSORTIUM, NODE, MODEL, 100e18);
        splitter.distribute(CONSORTIUM, NODE, MODEL);
        assertEq(splitter.owedTo(CAROL), 40e18, "what came in before goes by the table before");
        pass(TABLE_DELAY);
        assertEq(poolBps(CONSORTIUM), 9000, "now");
        assertEq(poolBps(NETUID), 4000, "of no other subnet");
        uint256 locked = vault.pool(NODE).locked;
        payIn(CONSORTIUM, NODE, MODEL, 100e18);
        splitter.distribute(CONSORTIUM, NODE, MODEL);
        assertEq(splitter.owedTo(CAROL), 40e18, "no creators in it");
        vault.sync(NODE);
        assertLe(locked, vault.pool(NODE).assets + vault.pool(NODE).locked - 100e18, "the stakers' part came");
        (uint256 pot,) = splitter.potOf(CONSORTIUM);
        assertEq(pot, 20e18, "ten and ten");
    }

    function testASecondTableWaitsOnTheFirst() public {
        setOwn(2);
        pass(TABLE_DELAY);
        own = IRevenueSplitter.Table({creators: 10_000, pool: 0, dataSets: 0, validators: 0, treasury: 0});
        setOwn(3);
        assertEq(poolBps(CONSORTIUM), 9000, "the first stays in force");
        own = IRevenueSplitter.Table({creators: 5000, pool: 5000, dataSets: 0, validators: 0, treasury: 0});
        setOwn(3);
        assertEq(poolBps(CONSORTIUM), 9000, "whatever follows it");
        pass(TABLE_DELAY);
        assertEq(poolBps(CONSORTIUM), 5000, "the last");
        payIn(CONSORTIUM, NODE, MODEL, 3);
        splitter.distribute(CONSORTIUM, NODE, MODEL);
        assertEq(splitter.owedTo(CAROL), 1, "rounded down");
    }

    function testWhatIsRefused() public {
        bytes[] memory one = signatures(1, CONSORTIUM, own);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.MajorityMissing.selector, 1, 3));
        splitter.setTable(CONSORTIUM, own, block.timestamp, signers(1), one);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.MajorityMissing.selector, 1, 3));
        splitter.setTable(CONSORTIUM, own, block.timestamp, signers(2), one);

        bytes[] memory two = signatures(2, CONSORTIUM, own);
        address[] memory members = signers(2);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.NotConsortium.selector, NETUID));
        splitter.setTable(NETUID, own, block.timestamp, members, two);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.TableExpired.selector, block.timestamp - 1));
        splitter.setTable(CONSORTIUM, own, block.timestamp - 1, members, two);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.MemberSignatureInvalid.selector, members[0]));
        splitter.setTable(CONSORTIUM, own, block.timestamp + 1, members, two);
        (members[0], members[1]) = (members[1], members[0]);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.MemberSignatureInvalid.selector, members[0]));
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two);
        (two[0], two[1]) = (two[1], two[0]);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.SignersNotAscending.selector, members[1]));
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two);
        (members[0], two[0]) = (members[1], two[1]);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.SignersNotAscending.selector, members[1]));
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two); // one member twice
        members[1] = address(uint160(members[0]) + 1);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.NotMember.selector, CONSORTIUM, members[1]));
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two);

        own.pool = 8999;
        two = signatures(2, CONSORTIUM, own);
        members = signers(2);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.TableNotWhole.selector, 9999, 10_000));
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two);
    }

    function testSignaturesCountOnce() public {
        bytes[] memory two = signatures(2, CONSORTIUM, own);
        address[] memory members = signers(2);
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.MemberSignatureInvalid.selector, members[0]));
        splitter.setTable(CONSORTIUM, own, block.timestamp, members, two);
    }
}
