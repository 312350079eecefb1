// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PaymentChannels} from "../src/PaymentChannels.sol";
import {RevenueSplitter} from "../src/RevenueSplitter.sol";
import {IPaymentChannels} from "../src/interfaces/IPaymentChannels.sol";
import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {RevenuePeers} from "./RevenuePeers.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice Channels and the splitter on a vault of its own, and the moves of consumers and nodes.
abstract contract PaymentsFixture is VaultFixture {
    uint48 internal constant GRACE = 1 days;
    uint48 internal constant TABLE_DELAY = 1 days;
    uint16 internal constant NETUID = 1;
    uint64 internal constant NODE = 1;
    uint256 internal constant MODEL = 7;
    address internal constant TIMELOCK = address(0x71);
    /// @dev The order of secp256k1.
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    RevenuePeers internal peers;
    RevenueSplitter internal splitter;
    PaymentChannels internal channels;

    function setUp() public virtual override {
        super.setUp();
        peers = new RevenuePeers();
        splitter = createSplitter(address(peers));
        channels = new PaymentChannels(address(token), address(vault), address(splitter), GRACE);
        stakeAs(ALICE, NODE, 100e18);
    }

    function createSplitter(address models) internal returns (RevenueSplitter) {
        return new RevenueSplitter(
            RevenueSplitter.Peers({
                token: address(token),
                vault: address(vault),
                subnets: address(peers),
                members: address(peers),
                consensus: address(peers),
                models: models,
                treasury: TIMELOCK
            }),
            TABLE_DELAY
        );
    }

    function keyOf(uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("consumer", i))) >> 8; // below the order of the curve
    }

    function consumer(uint256 i) internal pure returns (address) {
        return vm.addr(keyOf(i));
    }

    function give(address account, uint256 assets, address spender) internal {
        vm.prank(TREASURY);
        assertTrue(token.transfer(account, assets), "transfer");
        vm.prank(account);
        token.approve(spender, assets);
    }

    function openAs(uint256 i, uint64 nodeId, uint256 modelId, uint256 assets) internal returns (bytes32) {
        give(consumer(i), assets, address(channels));
        vm.prank(consumer(i));
        return channels.open(nodeId, NETUID, modelId, assets);
    }

    function topUpAs(uint256 i, bytes32 channelId, uint256 assets) internal {
        give(consumer(i), assets, address(channels));
        vm.prank(consumer(i));
        channels.topUp(channelId, assets);
    }

    function requestCloseAs(uint256 i, bytes32 channelId) internal {
        vm.prank(consumer(i));
        channels.requestClose(channelId);
    }

    function withdrawChannelAs(uint256 i, bytes32 channelId) internal returns (uint256) {
        vm.prank(consumer(i));
        return channels.withdraw(channelId);
    }

    function voucher(bytes32 channelId, uint256 cumulative) internal pure returns (IPaymentChannels.Voucher memory) {
        return IPaymentChannels.Voucher(channelId, cumulative, keccak256(abi.encode("receipt", cumulative)));
    }

    /// @dev The domain and the type are written out here, independently of the contract.
    function digestOf(IPaymentChannels.Voucher memory v, uint256 chainId, address contract_)
        internal
        pure
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Witan"),
                keccak256("1"),
                chainId,
                contract_
            )
        );
        bytes32 typehash = keccak256("Voucher(bytes32 channelId,uint256 cumulative,bytes32 receiptDigest)");
        bytes32 structHash = keccak256(abi.encode(typehash, v.channelId, v.cumulative, v.receiptDigest));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function signed(uint256 i, IPaymentChannels.Voucher memory v) internal view returns (bytes memory) {
        return signedBy(keyOf(i), digestOf(v, block.chainid, address(channels)));
    }

    function signedBy(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function settle(uint256 i, bytes32 channelId, uint256 cumulative) internal returns (uint256) {
        IPaymentChannels.Voucher memory v = voucher(channelId, cumulative);
        return channels.settle(v, signed(i, v));
    }

    function signedVoucher(uint256 i, bytes32 channelId, uint256 cumulative)
        internal
        view
        returns (IPaymentChannels.SignedVoucher memory)
    {
        IPaymentChannels.Voucher memory v = voucher(channelId, cumulative);
        return IPaymentChannels.SignedVoucher(v, signed(i, v));
    }

    /// @notice Revenue in the splitter without a channel.
    function payIn(uint16 netuid, uint64 nodeId, uint256 modelId, uint256 assets) internal {
        give(BOB, assets, address(splitter));
        IRevenueSplitter.Revenue[] memory revenues = new IRevenueSplitter.Revenue[](1);
        revenues[0] = IRevenueSplitter.Revenue(netuid, nodeId, modelId, assets);
        vm.prank(BOB);
        splitter.payIn(revenues);
    }

    function list(address a, address b) internal pure returns (address[] memory accounts) {
        accounts = new address[](b == address(0) ? 1 : 2);
        accounts[0] = a;
        if (b != address(0)) accounts[1] = b;
    }

    function parts(uint16 a, uint16 b) internal pure returns (uint16[] memory bps) {
        bps = new uint16[](b == 0 ? 1 : 2);
        bps[0] = a;
        if (b != 0) bps[1] = b;
    }
}
