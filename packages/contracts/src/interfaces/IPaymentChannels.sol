// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Payment channels: a consumer pays a node for a model by vouchers
/// @notice The consumer deposits once and signs a voucher after each answer, for all it owes so far; whoever holds a
/// voucher settles it. What is settled goes to the revenue splitter, by the subnet, node and model that the channel was
/// opened for: neither side chooses another one later. A voucher is worth what is still in the channel: at most
/// `deposit − paid`, and more after a top-up.
/// @notice Leaving takes `grace` seconds, in which the holder of the last voucher settles it. A channel that is closing
/// takes no more deposits and never opens again; the next one has another id, so no old voucher lives in it.
/// @dev Vouchers are EIP-712: `Voucher(bytes32 channelId,uint256 cumulative,bytes32 receiptDigest)` under the domain
/// "Witan", "1", this chain and this contract. The consumer is a key: a contract cannot sign vouchers, as it could take
/// its word back. Always: paid ≤ deposit; `paid` only grows; the token balance ≥ the sum of `deposit − paid`.
interface IPaymentChannels {
    /// @param nodeId whose pool serves, see `IStakeVault`
    /// @param netuid the subnet whose validators are paid and whose split table counts
    /// @param deposit wei; what was withdrawn is no longer part of it
    /// @param paid wei that went to the splitter
    /// @param closesAt unix seconds from which the consumer may withdraw; 0: open
    struct Channel {
        address consumer;
        uint64 nodeId;
        uint16 netuid;
        uint256 modelId;
        uint256 deposit;
        uint256 paid;
        uint48 closesAt;
    }

    /// @param cumulative wei owed since the channel was opened
    /// @param receiptDigest the EIP-712 struct hash of the last receipt that it pays; 0: none
    struct Voucher {
        bytes32 channelId;
        uint256 cumulative;
        bytes32 receiptDigest;
    }

    /// @param signature 65 bytes: r, s, v
    struct SignedVoucher {
        Voucher voucher;
        bytes signature;
    }

    event ChannelOpened(
        bytes32 indexed channelId,
        address indexed consumer,
        uint64 indexed nodeId,
        uint16 netuid,
        uint256 modelId,
        uint256 openNonce,
        uint256 assets
    );
    event ToppedUp(bytes32 indexed channelId, address indexed payer, uint256 assets, uint256 deposit);
    event VoucherSettled(
        bytes32 indexed channelId, uint64 indexed nodeId, uint256 assets, uint256 paid, bytes32 receiptDigest
    );
    event CloseRequested(bytes32 indexed channelId, address indexed consumer, uint48 closesAt);
    event ChannelClosed(bytes32 indexed channelId, address indexed consumer, uint256 assets);

    error ZeroAssets();
    error NodeUnknown(uint64 nodeId);
    error ChannelUnknown(bytes32 channelId);
    error NotConsumer(bytes32 channelId, address caller, address consumer);
    /// @notice Its consumer asked to close it.
    error ChannelClosing(bytes32 channelId, uint256 closesAt);
    error CloseNotRequested(bytes32 channelId);
    error GraceRunning(bytes32 channelId, uint256 closesAt);
    error VoucherSignatureInvalid(bytes32 channelId, address signer, address consumer);
    /// @notice The voucher was paid already, or the channel is empty.
    error NothingToSettle(bytes32 channelId, uint256 cumulative, uint256 paid);
    error GraceTooShort(uint256 grace, uint256 required);

    /// @notice Opens a channel of the caller and deposits `assets` wei; needs an allowance of the token.
    /// @return channelId keccak256(abi.encode(chainid, this contract, consumer, nodeId, netuid, modelId, openNonce))
    function open(uint64 nodeId, uint16 netuid, uint256 modelId, uint256 assets) external returns (bytes32 channelId);

    /// @notice `open` with an ERC-2612 permit instead of an allowance.
    function openWithPermit(
        uint64 nodeId,
        uint16 netuid,
        uint256 modelId,
        uint256 assets,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 channelId);

    /// @notice Adds `assets` wei of the caller to an open channel, whoever's it is; needs an allowance of the token.
    function topUp(bytes32 channelId, uint256 assets) external;

    /// @notice Pays what a voucher is worth more than what was paid before. Anybody may call. Reverts with
    /// `NothingToSettle` if it is worth nothing more.
    /// @return assets wei that went to the splitter
    function settle(Voucher calldata voucher, bytes calldata signature) external returns (uint256 assets);

    /// @notice `settle` of several vouchers with one transfer. One that is worth nothing more is passed over, so that
    /// nobody stops a batch by settling a voucher of it first; an invalid signature reverts.
    function settleMany(SignedVoucher[] calldata vouchers) external returns (uint256 assets);

    /// @notice Begins to close a channel of the caller: from `grace` seconds on it may withdraw.
    function requestClose(bytes32 channelId) external;

    /// @notice Pays the caller what is left in a channel of its own that has closed.
    function withdraw(bytes32 channelId) external returns (uint256 assets);

    function channelOf(bytes32 channelId) external view returns (Channel memory);

    /// @notice The id that a channel has that is opened with this nonce.
    function channelIdOf(address consumer, uint64 nodeId, uint16 netuid, uint256 modelId, uint256 openNonce)
        external
        view
        returns (bytes32 channelId);

    /// @notice Channels that the account has opened: the nonce of its next one.
    function openNonces(address consumer) external view returns (uint256);

    /// @notice What a consumer signs.
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32);

    /// @notice Seconds between the request to close and the withdrawal.
    function grace() external view returns (uint48);
}
