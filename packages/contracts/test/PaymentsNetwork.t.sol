// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PaymentChannels} from "../src/PaymentChannels.sol";
import {RevenueSplitter} from "../src/RevenueSplitter.sol";
import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IPaymentChannels} from "../src/interfaces/IPaymentChannels.sol";
import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {Network} from "./Network.sol";
import {RevenuePeers} from "./RevenuePeers.sol";

/// @notice Payments on a whole network: from the voucher to the validators of the last settled epoch.
contract PaymentsNetworkTest is Network {
    uint256 private constant MODEL = 7;
    uint256 private constant TRANSACTION_GAS = 21_000;
    address private constant TIMELOCK = address(0x71);

    RevenuePeers private models;
    RevenueSplitter private splitter;
    PaymentChannels private channels;
    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        models = new RevenuePeers();
        splitter = new RevenueSplitter(
            RevenueSplitter.Peers({
                token: address(token),
                vault: address(vault),
                subnets: address(subnets),
                members: address(subnets.members()),
                consensus: address(consensus),
                models: address(models),
                treasury: TIMELOCK
            }),
            1 days
        );
        channels = new PaymentChannels(address(token), address(vault), address(splitter), 1 days);
        netuid = createSubnet();
        registerMany(netuid, 1, 4);
        stake(1, 300e18);
        stake(2, 100e18);
    }

    function open(uint256 i) private returns (bytes32) {
        fund(operatorOf(i), 10e18, address(channels));
        uint64 nodeId = nodeOf(3);
        vm.prank(operatorOf(i));
        return channels.open(nodeId, netuid, MODEL, 10e18);
    }

    function signedVoucher(uint256 i, bytes32 channelId, uint256 cumulative)
        private
        view
        returns (IPaymentChannels.SignedVoucher memory v)
    {
        v.voucher = IPaymentChannels.Voucher(channelId, cumulative, keccak256("receipt"));
        (uint8 sigV, bytes32 r, bytes32 s) = vm.sign(keyOf(i), channels.voucherDigest(v.voucher));
        v.signature = abi.encodePacked(r, s, sigV);
    }

    /// @dev Uids 0 and 1 validate for one epoch that pays both.
    function playEpoch() private returns (IConsensus.Result memory result) {
        uint64 epoch = subnets.currentEpoch(netuid) + 1;
        warpTo(netuid, epoch);
        uint256[] memory row = rowOf(4, uids2(2, 3), 100);
        commit(netuid, 1, epoch, row);
        commit(netuid, 2, epoch, row);
        warpToReveal(netuid, epoch);
        reveal(netuid, 1, epoch, row);
        reveal(netuid, 2, epoch, row);
        warpToSettle(netuid, epoch);
        return settle(netuid, epoch);
    }

    function revenue() private returns (uint256 pot) {
        bytes32 id = open(100);
        IPaymentChannels.SignedVoucher memory v = signedVoucher(100, id, 10e18);
        channels.settle(v.voucher, v.signature);
        splitter.distribute(netuid, nodeOf(3), MODEL);
        (pot,) = splitter.potOf(netuid);
    }

    function testTheValidatorsOfTheLastEpochAreTheOnesPaid() public {
        playEpoch();
        IConsensus.Result memory result = playEpoch();
        uint256 a = u32(result.validatorPay, 0);
        uint256 b = u32(result.validatorPay, 1);
        assertTrue(a > 0 && b > 0, "both validated");
        uint256 pot = revenue();
        assertEq(pot, 1e18, "a tenth");
        uint256 paid = splitter.payValidators(netuid, lastPay(netuid));
        assertEq(splitter.owedTo(ownerOf(1)), pot * a / (a + b), "by its pay");
        assertEq(splitter.owedTo(ownerOf(2)), pot * b / (a + b), "and by its");
        assertLe(pot - paid, 1, "but for dust");
        assertEq(splitter.owedTo(ownerOf(3)), 0, "a miner has no part");
    }

    function testASlotThatChangedHandsSincePaysWhoValidated() public {
        playEpoch();
        playEpoch();
        uint256 pot = revenue();
        vm.prank(ownerOf(1));
        subnets.deregister(netuid, 0);
        splitter.payValidators(netuid, lastPay(netuid));
        assertLe(pot / 2, splitter.owedTo(ownerOf(1)), "who left it since");
    }

    function testThePayOfAnOlderEpochIsRefused() public {
        playEpoch();
        ISubnets.LastPay memory old = lastPay(netuid);
        stake(2, 5000e18);
        playEpoch();
        playEpoch();
        revenue();
        vm.expectRevert();
        splitter.payValidators(netuid, old);
        splitter.payValidators(netuid, lastPay(netuid));
    }

    function testARealConsortiumSignsItsTable() public {
        ISubnetTerms.Parameters memory parameters = parametersOf(64, 16);
        uint256 price = subnets.creationPrice();
        fund(operatorOf(50), price + CREATION_LOCK, address(subnets));
        bytes32[] memory versions = oneVersion();
        vm.prank(operatorOf(50));
        uint16 own =
            subnets.createSubnet(parameters, ISubnetTerms.Membership.Consortium, MECHANISM, versions, "own", price);
        IRevenueSplitter.Table memory table = IRevenueSplitter.Table(0, 10_000, 0, 0, 0);
        address[] memory members = new address[](1);
        bytes[] memory signatures = new bytes[](1);
        members[0] = operatorOf(50);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(50), splitter.tableDigest(own, table, 0, block.timestamp));
        signatures[0] = abi.encodePacked(r, s, v);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.NotConsortium.selector, netuid));
        splitter.setTable(netuid, table, block.timestamp, members, signatures);
        splitter.setTable(own, table, block.timestamp, members, signatures);
        vm.warp(block.timestamp + 1 days);
        assertEq(splitter.tableOf(own).pool, 10_000, "in force");
    }

    function transactionGas(bytes memory data) private pure returns (uint256 gas_) {
        gas_ = TRANSACTION_GAS;
        for (uint256 i = 0; i < data.length; ++i) {
            gas_ += data[i] == 0 ? 4 : 16;
        }
    }

    /// @dev With everything cold, as in a transaction of its own.
    function gasOf(bytes memory data) private returns (uint256) {
        cool();
        vm.cool(address(channels));
        vm.cool(address(splitter));
        uint256 before = gasleft();
        (bool ok,) = address(channels).call(data);
        uint256 used = before - gasleft();
        assertTrue(ok, "settled");
        return used + transactionGas(data);
    }

    function testGasOfSettling() public {
        bytes32 id = open(100);
        IPaymentChannels.SignedVoucher memory v = signedVoucher(100, id, 1e18);
        uint256 first = gasOf(abi.encodeCall(channels.settle, (v.voucher, v.signature)));
        v = signedVoucher(100, id, 2e18);
        uint256 second = gasOf(abi.encodeCall(channels.settle, (v.voucher, v.signature)));
        assertLe(first, FIRST_SETTLE_GAS, "the first revenue of a node");
        assertLe(second, SETTLE_GAS, "every later one");
    }

    /// @notice A voucher in a batch of 50 costs a third of one alone.
    function testGasOfABatch() public {
        IPaymentChannels.SignedVoucher[] memory batch = new IPaymentChannels.SignedVoucher[](50);
        for (uint256 round = 1; round <= 2; ++round) {
            for (uint256 i = 0; i < 50; ++i) {
                bytes32 id = round == 1 ? open(100 + i) : batch[i].voucher.channelId;
                batch[i] = signedVoucher(100 + i, id, round * 1e18);
            }
            uint256 used = gasOf(abi.encodeCall(channels.settleMany, (batch)));
            assertLe(used / 50, BATCHED_GAS, "a voucher");
        }
    }

    uint256 private constant FIRST_SETTLE_GAS = 112_000;
    uint256 private constant SETTLE_GAS = 75_000;
    uint256 private constant BATCHED_GAS = 28_000;
}
