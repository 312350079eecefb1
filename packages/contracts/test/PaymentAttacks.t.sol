// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {PaymentChannels} from "../src/PaymentChannels.sol";
import {RevenueSplitter} from "../src/RevenueSplitter.sol";
import {IPaymentChannels} from "../src/interfaces/IPaymentChannels.sol";
import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {PaymentsFixture} from "./PaymentsFixture.sol";

/// @notice A token that calls back in every transfer, and a vault that knows every node.
contract CallingToken {
    bytes private _attack;
    bytes public answer;

    function arm(bytes calldata attack) external {
        _attack = attack;
    }

    function ownerOf(uint64) external view returns (address) {
        return address(this);
    }

    function rewardPool(uint64, uint256) external {
        _callBack();
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    function transfer(address, uint256) external returns (bool) {
        return _callBack();
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        return _callBack();
    }

    function _callBack() private returns (bool) {
        bytes memory data = _attack;
        if (data.length == 0) return true;
        bool entered;
        (entered, answer) = msg.sender.call(data);
        return !entered;
    }
}

/// @notice A token that takes a fee or says no.
contract OddToken {
    bool public refuses;

    function refuse() external {
        refuses = true;
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    function transferFrom(address, address, uint256) external view returns (bool) {
        return !refuses;
    }
}

contract PaymentAttacksTest is PaymentsFixture {
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = openAs(1, NODE, MODEL, 10e18);
    }

    function refused(IPaymentChannels.Voucher memory v, bytes memory signature, address signer, address expected)
        private
    {
        vm.expectRevert(
            abi.encodeWithSelector(IPaymentChannels.VoucherSignatureInvalid.selector, v.channelId, signer, expected)
        );
        channels.settle(v, signature);
    }

    function isRefused(IPaymentChannels.Voucher memory v, bytes memory signature) private returns (bool) {
        try channels.settle(v, signature) {
            return false;
        } catch (bytes memory reason) {
            return bytes4(reason) == IPaymentChannels.VoucherSignatureInvalid.selector;
        }
    }

    function testAVoucherOfAnotherChannelContractOrChainIsRefused() public {
        bytes32 other = openAs(1, NODE, MODEL + 1, 10e18);
        IPaymentChannels.Voucher memory v = voucher(id, 1e18);
        bytes memory signature = signed(1, v);
        assertTrue(isRefused(voucher(other, 1e18), signature), "another channel of the same consumer");
        assertTrue(isRefused(voucher(id, 2e18), signature), "another amount");
        assertTrue(isRefused(v, signedBy(keyOf(1), digestOf(v, block.chainid, address(splitter)))), "another contract");
        assertTrue(isRefused(v, signedBy(keyOf(1), digestOf(v, 1, address(channels)))), "another chain");
        vm.chainId(1);
        assertTrue(isRefused(v, signature), "the chain after a fork, where the domain follows");
        vm.chainId(31_337);
        assertEq(channels.settle(v, signature), 1e18, "and this one is good");
    }

    function testAForkOfTheContractHasItsOwnDomain() public {
        IPaymentChannels.Voucher memory v = voucher(id, 1e18);
        bytes32 here = channels.voucherDigest(v);
        vm.etch(address(0xF0), address(channels).code);
        assertTrue(PaymentChannels(address(0xF0)).voucherDigest(v) != here, "read at run time");
    }

    function testSomebodyElsesSignatureIsRefused() public {
        IPaymentChannels.Voucher memory v = voucher(id, 1e18);
        refused(v, signed(2, v), consumer(2), consumer(1));
    }

    function testMalleableZeroAndShortSignaturesAreRefused() public {
        IPaymentChannels.Voucher memory v = voucher(id, 1e18);
        (uint8 sigV, bytes32 r, bytes32 s) = vm.sign(keyOf(1), digestOf(v, block.chainid, address(channels)));
        bytes32 high = bytes32(N - uint256(s));
        refused(v, abi.encodePacked(r, high, sigV == 27 ? uint8(28) : uint8(27)), address(0), consumer(1));
        refused(v, new bytes(65), address(0), consumer(1));
        refused(v, "", address(0), consumer(1));
        refused(v, abi.encodePacked(r, s), address(0), consumer(1));
        refused(v, abi.encodePacked(r, s, uint8(sigV - 27)), address(0), consumer(1));
        refused(v, abi.encodePacked(r, s, sigV, uint8(0)), address(0), consumer(1));
    }

    function testAnUnknownChannelHasNoSigner() public {
        IPaymentChannels.Voucher memory v = voucher(bytes32("none"), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.ChannelUnknown.selector, v.channelId));
        channels.settle(v, new bytes(65));
    }

    function testOldVouchersStayDeadAfterClosingAndOpeningAgain() public {
        IPaymentChannels.Voucher memory old = voucher(id, 9e18);
        bytes memory signature = signed(1, old);
        requestCloseAs(1, id);
        pass(GRACE);
        withdrawChannelAs(1, id);
        bytes32 again = openAs(1, NODE, MODEL, 10e18);
        assertTrue(again != id, "a new id for the same terms");
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.NothingToSettle.selector, id, 9e18, 0));
        channels.settle(old, signature);
        assertTrue(isRefused(voucher(again, 9e18), signature), "nor in the new one");
        vm.expectRevert(abi.encodeWithSelector(IPaymentChannels.ChannelClosing.selector, id, block.timestamp));
        channels.topUp(id, 1);
        assertEq(channels.channelOf(again).paid, 0, "untouched");
    }

    function testTheMinerCannotChooseWhoseModelIsPaid() public {
        settle(1, id, 1e18);
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.distribute(NETUID, NODE, MODEL + 1);
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.distribute(NETUID + 1, NODE, MODEL);
        vm.expectRevert(IRevenueSplitter.NothingDue.selector);
        splitter.distribute(NETUID, 2, MODEL);
    }

    function testNothingReentersFromATransfer() public {
        CallingToken hostile = new CallingToken();
        RevenueSplitter splits = new RevenueSplitter(
            RevenueSplitter.Peers(
                address(hostile),
                address(hostile),
                address(peers),
                address(peers),
                address(peers),
                address(peers),
                TIMELOCK
            ),
            0
        );
        PaymentChannels victim = new PaymentChannels(address(hostile), address(hostile), address(splits), 0);
        vm.prank(consumer(1));
        bytes32 channelId = victim.open(NODE, NETUID, MODEL, 100);
        IPaymentChannels.Voucher memory v = voucher(channelId, 10);
        bytes memory signature = signedBy(keyOf(1), digestOf(v, block.chainid, address(victim)));
        IPaymentChannels.Voucher memory next = voucher(channelId, 20);
        bytes memory nextSignature = signedBy(keyOf(1), digestOf(next, block.chainid, address(victim)));

        hostile.arm(abi.encodeCall(victim.topUp, (channelId, 1)));
        victim.topUp(channelId, 5);
        assertGuarded(hostile);
        hostile.arm(abi.encodeCall(victim.settle, (next, nextSignature)));
        victim.topUp(channelId, 5);
        assertGuarded(hostile);
        hostile.arm(abi.encodeCall(victim.open, (NODE, NETUID, MODEL, 1)));
        vm.prank(consumer(2));
        victim.open(NODE, NETUID, MODEL, 5);
        assertGuarded(hostile);
        IRevenueSplitter.Revenue[] memory none = new IRevenueSplitter.Revenue[](0);
        hostile.arm(abi.encodeCall(splits.payIn, (none)));
        victim.settle(v, signature);
        assertGuarded(hostile);
        hostile.arm(abi.encodeCall(splits.distribute, (NETUID, NODE, MODEL)));
        splits.distribute(NETUID, NODE, MODEL);
        assertGuarded(hostile);
        hostile.arm(abi.encodeCall(splits.withdraw, (TIMELOCK)));
        splits.withdraw(TIMELOCK);
        assertGuarded(hostile);
        vm.prank(consumer(1));
        victim.requestClose(channelId);
        hostile.arm(abi.encodeCall(victim.withdraw, (channelId)));
        vm.prank(consumer(1));
        victim.withdraw(channelId);
        assertGuarded(hostile);
    }

    function testATokenThatRefusesOpensNothing() public {
        OddToken odd = new OddToken();
        PaymentChannels victim = new PaymentChannels(address(odd), address(vault), address(splitter), 0);
        odd.refuse();
        vm.expectRevert();
        victim.open(NODE, NETUID, MODEL, 1);
        assertEq(victim.openNonces(address(this)), 0, "as if it had not been called");
    }

    function assertGuarded(CallingToken hostile) private view {
        bytes4 selector = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        assertEq(bytes32(hostile.answer()), bytes32(selector), "refused by the guard");
    }
}
