// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPaymentChannels} from "./interfaces/IPaymentChannels.sol";
import {IRevenueSplitter} from "./interfaces/IRevenueSplitter.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";

/// @dev The token, the vault and the splitter are immutable peers that call nothing back.
contract PaymentChannels is IPaymentChannels, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev Three words. Supply is below 2^85 wei.
    struct State {
        address consumer;
        uint64 nodeId;
        uint16 netuid;
        uint96 deposit;
        uint96 paid;
        uint48 closesAt;
        uint256 modelId;
    }

    bytes32 private constant VOUCHER_TYPEHASH =
        keccak256("Voucher(bytes32 channelId,uint256 cumulative,bytes32 receiptDigest)");
    uint256 private constant PUBLIC_MIN_GRACE = 1 days; // a node that was down for a night still settles
    uint256 private constant LOCAL_CHAIN_ID = 31_337;

    IERC20 public immutable token;
    IStakeVault public immutable vault;
    IRevenueSplitter public immutable splitter;
    /// @inheritdoc IPaymentChannels
    uint48 public immutable grace;

    /// @inheritdoc IPaymentChannels
    mapping(address consumer => uint256) public openNonces;
    mapping(bytes32 channelId => State) private _channels;

    constructor(address token_, address vault_, address splitter_, uint48 grace_) EIP712("Witan", "1") {
        uint256 required = block.chainid == LOCAL_CHAIN_ID ? 0 : PUBLIC_MIN_GRACE;
        if (grace_ < required) revert GraceTooShort(grace_, required);
        token = IERC20(token_);
        vault = IStakeVault(vault_);
        splitter = IRevenueSplitter(splitter_);
        grace = grace_;
        token.forceApprove(splitter_, type(uint256).max);
    }

    /// @inheritdoc IPaymentChannels
    function open(uint64 nodeId, uint16 netuid, uint256 modelId, uint256 assets)
        external
        nonReentrant
        returns (bytes32 channelId)
    {
        return _open(nodeId, netuid, modelId, assets);
    }

    /// @inheritdoc IPaymentChannels
    function openWithPermit(
        uint64 nodeId,
        uint16 netuid,
        uint256 modelId,
        uint256 assets,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (bytes32 channelId) {
        // Somebody else may have sent the permit first; then the allowance is there already.
        try IERC20Permit(address(token)).permit(msg.sender, address(this), assets, deadline, v, r, s) {} catch {}
        return _open(nodeId, netuid, modelId, assets);
    }

    /// @inheritdoc IPaymentChannels
    function topUp(bytes32 channelId, uint256 assets) external nonReentrant {
        if (assets == 0) revert ZeroAssets();
        State storage channel = _channel(channelId);
        if (channel.closesAt != 0) revert ChannelClosing(channelId, channel.closesAt);
        channel.deposit += assets.toUint96();
        emit ToppedUp(channelId, msg.sender, assets, channel.deposit);
        token.safeTransferFrom(msg.sender, address(this), assets);
    }

    /// @inheritdoc IPaymentChannels
    function settle(Voucher calldata voucher, bytes calldata signature) external nonReentrant returns (uint256 assets) {
        IRevenueSplitter.Revenue[] memory revenues = new IRevenueSplitter.Revenue[](1);
        revenues[0] = _settle(voucher, signature);
        assets = revenues[0].assets;
        if (assets == 0) {
            revert NothingToSettle(voucher.channelId, voucher.cumulative, _channels[voucher.channelId].paid);
        }
        splitter.payIn(revenues);
    }

    /// @inheritdoc IPaymentChannels
    function settleMany(SignedVoucher[] calldata vouchers) external nonReentrant returns (uint256 assets) {
        IRevenueSplitter.Revenue[] memory revenues = new IRevenueSplitter.Revenue[](vouchers.length);
        for (uint256 i = 0; i < vouchers.length; ++i) {
            revenues[i] = _settle(vouchers[i].voucher, vouchers[i].signature);
            assets += revenues[i].assets;
        }
        if (assets > 0) splitter.payIn(revenues);
    }

    /// @inheritdoc IPaymentChannels
    function requestClose(bytes32 channelId) external {
        State storage channel = _ownChannel(channelId);
        if (channel.closesAt != 0) revert ChannelClosing(channelId, channel.closesAt);
        channel.closesAt = uint48(block.timestamp) + grace;
        emit CloseRequested(channelId, msg.sender, channel.closesAt);
    }

    /// @inheritdoc IPaymentChannels
    function withdraw(bytes32 channelId) external nonReentrant returns (uint256 assets) {
        State storage channel = _ownChannel(channelId);
        if (channel.closesAt == 0) revert CloseNotRequested(channelId);
        if (block.timestamp < channel.closesAt) revert GraceRunning(channelId, channel.closesAt);
        assets = channel.deposit - channel.paid;
        channel.deposit = channel.paid;
        emit ChannelClosed(channelId, msg.sender, assets);
        if (assets > 0) token.safeTransfer(msg.sender, assets);
    }

    /// @inheritdoc IPaymentChannels
    function channelOf(bytes32 channelId) external view returns (Channel memory) {
        State storage channel = _channel(channelId);
        return Channel({
            consumer: channel.consumer,
            nodeId: channel.nodeId,
            netuid: channel.netuid,
            modelId: channel.modelId,
            deposit: channel.deposit,
            paid: channel.paid,
            closesAt: channel.closesAt
        });
    }

    /// @inheritdoc IPaymentChannels
    function channelIdOf(address consumer, uint64 nodeId, uint16 netuid, uint256 modelId, uint256 openNonce)
        public
        view
        returns (bytes32 channelId)
    {
        return keccak256(abi.encode(block.chainid, address(this), consumer, nodeId, netuid, modelId, openNonce));
    }

    /// @inheritdoc IPaymentChannels
    function voucherDigest(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(VOUCHER_TYPEHASH, voucher.channelId, voucher.cumulative, voucher.receiptDigest))
        );
    }

    function _open(uint64 nodeId, uint16 netuid, uint256 modelId, uint256 assets) private returns (bytes32 channelId) {
        if (assets == 0) revert ZeroAssets();
        if (vault.ownerOf(nodeId) == address(0)) revert NodeUnknown(nodeId);
        channelId = _create(nodeId, netuid, modelId, assets.toUint96());
        token.safeTransferFrom(msg.sender, address(this), assets);
    }

    function _create(uint64 nodeId, uint16 netuid, uint256 modelId, uint96 deposit)
        private
        returns (bytes32 channelId)
    {
        uint256 openNonce = openNonces[msg.sender]++;
        channelId = channelIdOf(msg.sender, nodeId, netuid, modelId, openNonce);
        State storage channel = _channels[channelId];
        channel.consumer = msg.sender;
        channel.nodeId = nodeId;
        channel.netuid = netuid;
        channel.deposit = deposit;
        channel.modelId = modelId;
        emit ChannelOpened(channelId, msg.sender, nodeId, netuid, modelId, openNonce, deposit);
    }

    /// @dev Books what the voucher is worth; the caller hands it to the splitter.
    function _settle(Voucher calldata voucher, bytes calldata signature)
        private
        returns (IRevenueSplitter.Revenue memory revenue)
    {
        State storage channel = _channel(voucher.channelId);
        _checkSigner(voucher, signature, channel.consumer);
        (revenue.netuid, revenue.nodeId, revenue.modelId) = (channel.netuid, channel.nodeId, channel.modelId);
        uint256 due = Math.min(voucher.cumulative, channel.deposit);
        revenue.assets = Math.saturatingSub(due, channel.paid);
        if (revenue.assets == 0) return revenue;
        channel.paid = uint96(due); // at most the deposit
        emit VoucherSettled(voucher.channelId, revenue.nodeId, revenue.assets, due, voucher.receiptDigest);
    }

    function _checkSigner(Voucher calldata voucher, bytes calldata signature, address consumer) private view {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(voucherDigest(voucher), signature);
        if (failure != ECDSA.RecoverError.NoError || signer != consumer) {
            revert VoucherSignatureInvalid(voucher.channelId, signer, consumer);
        }
    }

    function _ownChannel(bytes32 channelId) private view returns (State storage channel) {
        channel = _channel(channelId);
        if (msg.sender != channel.consumer) revert NotConsumer(channelId, msg.sender, channel.consumer);
    }

    function _channel(bytes32 channelId) private view returns (State storage channel) {
        channel = _channels[channelId];
        if (channel.consumer == address(0)) revert ChannelUnknown(channelId);
    }
}
