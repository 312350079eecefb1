// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {PaymentChannels} from "../src/PaymentChannels.sol";
import {IPaymentChannels} from "../src/interfaces/IPaymentChannels.sol";
import {PaymentsFixture} from "./PaymentsFixture.sol";

contract PaymentChannelsTest is PaymentsFixture {
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = openAs(1, NODE, MODEL, 10e18);
    }

    function testOpening() public view {
        IPaymentChannels.Channel memory c = channels.channelOf(id);
        assertEq(c.consumer, consumer(1), "consumer");
        assertEq(c.nodeId, NODE, "node");
        assertEq(c.netuid, NETUID, "netuid");
        assertEq(c.modelId, MODEL, "model");
        assertEq(c.deposit, 10e18, "deposit");
        assertEq(c.paid, 0, "paid");
        assertEq(c.closesAt, 0, "open");
        assertEq(token.balanceOf(address(channels)), 10e18, "pulled");
        bytes32 expected =
            keccak256(abi.encode(block.chainid, address(channels), consumer(1), NODE, NETUID, MODEL, uint256(0)));
        assertEq(id, expected, "id");
        assertEq(channels.openNonces(consumer(1)), 1, "nonce");
    }

    function testOpeningWithAPermit() public {
        uint256 key = keyOf(2);
        vm.prank(TREASURY);
        assertTrue(token.transfer(consumer(2), 5e18), "transfer");
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(
            abi.encode(typehash, consumer(2), address(channels), 5e18, token.nonces(consumer(2)), block.timestamp)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        // Somebody else may send the permit first.
        token.permit(consumer(2), address(channels), 5e18, block.timestamp, v, r, s);
        vm.prank(consumer(2));
        bytes32 opened = channels.openWithPermit(NODE, NETUID, MODEL, 5e18, block.timestamp, v, r, s);
        assertEq(channels.channelOf(opened).deposit, 5e18, "deposit");
    }

    function testOpeningRefusals() public {
        vm.expectRevert(IPaymentChannels.ZeroAssets.selector);
        channels.open(NODE, NETUID, MODEL, 0);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.NodeUnknown.selector, uint64(99)));
        channels.open(99, NETUID, MODEL, 1);
    }

    function testVouchersPayTheDifference() public {
        assertEq(settle(1, id, 3e18), 3e18, "first");
        assertEq(settle(1, id, 4e18), 1e18, "second");
        assertEq(channels.channelOf(id).paid, 4e18, "paid");
        assertEq(splitter.pendingOf(NETUID, NODE, MODEL), 4e18, "with the splitter");
        assertEq(token.balanceOf(address(splitter)), 4e18, "tokens");
        IPaymentChannels.Voucher memory v = voucher(id, 4e18);
        bytes memory signature = signed(1, v);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.NothingToSettle.selector, id, 4e18, 4e18));
        channels.settle(v, signature);
    }

    function testAVoucherAboveTheDepositPaysTheRestAfterATopUp() public {
        assertEq(settle(1, id, 12e18), 10e18, "all there is");
        topUpAs(1, id, 5e18);
        assertEq(settle(1, id, 12e18), 2e18, "the same voucher");
        assertEq(channels.channelOf(id).paid, 12e18, "no more than it says");
    }

    function testAnybodyTopsUp() public {
        give(CAROL, 1e18, address(channels));
        vm.prank(CAROL);
        channels.topUp(id, 1e18);
        assertEq(channels.channelOf(id).deposit, 11e18, "deposit");
        vm.expectRevert(IPaymentChannels.ZeroAssets.selector);
        channels.topUp(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.ChannelUnknown.selector, bytes32("x")));
        channels.topUp("x", 1);
    }

    function testClosing() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.CloseNotRequested.selector, id));
        withdrawChannelAs(1, id);
        requestCloseAs(1, id);
        uint256 closesAt = block.timestamp + GRACE;
        assertEq(channels.channelOf(id).closesAt, closesAt, "closes");
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.ChannelClosing.selector, id, closesAt));
        requestCloseAs(1, id);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.ChannelClosing.selector, id, closesAt));
        channels.topUp(id, 1);
        pass(GRACE - 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.GraceRunning.selector, id, closesAt));
        withdrawChannelAs(1, id);
        assertEq(settle(1, id, 3e18), 3e18, "settled in the grace period");
        pass(1);
        assertEq(settle(1, id, 4e18), 1e18, "and until it is withdrawn");
        assertEq(withdrawChannelAs(1, id), 6e18, "the rest");
        assertEq(token.balanceOf(consumer(1)), 6e18, "returned");
        assertEq(withdrawChannelAs(1, id), 0, "once");
        assertEq(token.balanceOf(address(channels)), 0, "nothing stuck");
    }

    function testOnlyTheConsumerClosesAndWithdraws() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.NotConsumer.selector, id, address(this), consumer(1)));
        channels.requestClose(id);
        requestCloseAs(1, id);
        pass(GRACE);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.NotConsumer.selector, id, address(this), consumer(1)));
        channels.withdraw(id);
    }

    function testABatchPassesOverWhatWasSettledAndPaysWithOneTransfer() public {
        bytes32 other = openAs(2, NODE, MODEL, 10e18);
        bytes32 third = openAs(3, 2, MODEL + 1, 10e18);
        settle(2, other, 2e18); // somebody was first
        IPaymentChannels.SignedVoucher[] memory batch = new IPaymentChannels.SignedVoucher[](4);
        batch[0] = signedVoucher(1, id, 1e18);
        batch[1] = signedVoucher(2, other, 2e18);
        batch[2] = signedVoucher(3, third, 3e18);
        batch[3] = signedVoucher(1, id, 5e18); // of one channel twice
        assertEq(channels.settleMany(batch), 8e18, "sum");
        assertEq(splitter.pendingOf(NETUID, NODE, MODEL), 7e18, "first node");
        assertEq(splitter.pendingOf(NETUID, 2, MODEL + 1), 3e18, "second node");
        assertEq(channels.settleMany(batch), 0, "again: nothing");
        assertEq(channels.settleMany(new IPaymentChannels.SignedVoucher[](0)), 0, "none");
    }

    function testTheGraceIsADayButOnALocalChain() public {
        new PaymentChannels(address(token), address(vault), address(splitter), 3);
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.GraceTooShort.selector, 86_399, 86_400));
        new PaymentChannels(address(token), address(vault), address(splitter), 86_399);
        new PaymentChannels(address(token), address(vault), address(splitter), 86_400);
    }

    /// @dev The voucher test of the protocol package reads the same file.
    function testIdsDigestsAndSignaturesAreThoseOfTheSharedVectors() public {
        string memory vectors = vm.readFile("../protocol/test/vectors/vouchers.json");
        address signer = vm.parseJsonAddress(vectors, ".address");
        for (uint256 i = 0; i < 3; ++i) {
            string memory path = string.concat(".cases[", vm.toString(i), "]");
            address where = vm.parseJsonAddress(vectors, string.concat(path, ".verifyingContract"));
            vm.chainId(vm.parseJsonUint(vectors, string.concat(path, ".chainId")));
            vm.etch(where, address(channels).code);
            IPaymentChannels.Voucher memory v = IPaymentChannels.Voucher({
                channelId: vm.parseJsonBytes32(vectors, string.concat(path, ".channelId")),
                cumulative: vm.parseJsonUint(vectors, string.concat(path, ".cumulative")),
                receiptDigest: vm.parseJsonBytes32(vectors, string.concat(path, ".receiptDigest"))
            });
            bytes32 digest = vm.parseJsonBytes32(vectors, string.concat(path, ".digest"));
            assertEq(PaymentChannels(where).voucherDigest(v), digest, "digest");
            assertEq(PaymentChannels(where).channelIdOf(signer, 3, 2, 7, 5), v.channelId, "channel id");
            bytes memory signature = vm.parseJsonBytes(vectors, string.concat(path, ".signature"));
            assertEq(ECDSA.recover(digest, signature), signer, "signer");
        }
    }
}
