// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Stake: one pool a node
/// @notice A node is permanent: `nodeId` counts from 1, its owner is the account that first registered its operator.
/// Stake is held in shares of the node's pool; rewards raise what a share is worth and unlock over `rewardUnlock`, so
/// that nobody gains by hopping from reward to reward. Leaving takes `unbonding` seconds and earns nothing meanwhile.
/// @dev Every conversion rounds against whoever moves. Virtual shares make first-depositor inflation unprofitable.
/// Always: assets of all pools + still locked rewards + unbonding stake ≤ the token balance.
interface IStakeVault {
    /// @param owner who registered the node, owns its take and receives its incentive
    /// @param operator the key that serves, commits and reveals for it
    /// @param takeBps the owner's part of the node's validator pay
    /// @param takeRaisedAt when the take was last raised, unix seconds; 0: never
    /// @param assets unlocked stake in wei, as of now
    /// @param locked rewards in the pool that are not yet unlocked, in wei
    /// @param unlockEnd when the last of `locked` is unlocked, unix seconds
    /// @param shares shares outstanding
    /// @param unbonding stake on its way out, in wei; no longer part of `assets`
    struct Pool {
        address owner;
        address operator;
        uint16 takeBps;
        uint48 takeRaisedAt;
        uint256 assets;
        uint256 locked;
        uint48 unlockEnd;
        uint256 shares;
        uint256 unbonding;
    }

    /// @param assets wei that `withdraw` pays; 0 once paid
    /// @param requestedAt unix seconds: the stake was liable until then
    /// @param availableAt unix seconds from which `withdraw` pays
    struct Unstake {
        uint64 nodeId;
        address account;
        uint256 assets;
        uint48 requestedAt;
        uint48 availableAt;
    }

    event NodeCreated(uint64 indexed nodeId, address indexed owner, address indexed operator);
    event Staked(uint64 indexed nodeId, address indexed account, uint256 assets, uint256 shares);
    event UnstakeRequested(
        uint256 indexed requestId,
        uint64 indexed nodeId,
        address indexed account,
        uint256 assets,
        uint256 shares,
        uint48 availableAt
    );
    event Withdrawn(uint256 indexed requestId, uint64 indexed nodeId, address indexed account, uint256 assets);
    event TakeSet(uint64 indexed nodeId, uint16 takeBps);
    /// @notice A reward entered the pool and unlocks linearly until `unlockEnd`.
    event RewardAdded(uint64 indexed nodeId, uint256 reward, uint256 locked, uint48 unlockEnd);
    /// @notice The pool's unlocked assets from now on, as `stakeAt` reports them.
    event StakeUpdated(uint64 indexed nodeId, uint256 assets);
    /// @notice A pool without shares held this much; it went to the node's owner.
    event ResidueReleased(uint64 indexed nodeId, address indexed owner, uint256 assets);

    error NotSubnets(address caller, address subnets);
    error NodeUnknown(uint64 nodeId);
    error OperatorTaken(address operator, uint64 nodeId);
    error NotNodeOwner(uint64 nodeId, address caller, address owner);
    error ZeroAssets();
    error ZeroShares();
    /// @notice The amount is worth less than one share, or the shares less than one wei.
    error AmountTooSmall(uint256 amount);
    error InsufficientShares(uint64 nodeId, address account, uint256 requested, uint256 held);
    error RequestUnknown(uint256 requestId);
    error RequestPaid(uint256 requestId);
    error NotRequestAccount(uint256 requestId, address caller, address account);
    error StillUnbonding(uint256 requestId, uint256 availableAt);
    error TakeTooHigh(uint256 takeBps, uint256 maxTakeBps);
    error TakeRaisedRecently(uint64 nodeId, uint256 nextRaiseAt);
    /// @notice The moment is not over yet, so its stake could still change.
    error NotYetPast(uint256 timestamp, uint256 nowSeconds);

    /// @notice Gives `operator` a node of `owner`. Only the subnets contract, at the operator's first registration.
    function createNode(address owner, address operator) external returns (uint64 nodeId);

    /// @notice Adds `assets` wei of the caller to the pool; needs an allowance of the token.
    /// @return shares what the caller received, rounded down
    function stake(uint64 nodeId, uint256 assets) external returns (uint256 shares);

    /// @notice `stake` with an ERC-2612 permit instead of an allowance.
    function stakeWithPermit(uint64 nodeId, uint256 assets, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256 shares);

    /// @notice Takes `shares` of the caller out of the pool, at today's worth rounded down, payable after `unbonding`.
    function requestUnstake(uint64 nodeId, uint256 shares) external returns (uint256 requestId);

    /// @notice Pays a request that is due to the account that made it.
    function withdraw(uint256 requestId) external returns (uint256 assets);

    /// @notice Sets the owner's part of the node's validator pay: at most 1800 bps; lower at any time, higher at most
    /// once in 30 days. Counts from the next epoch on.
    function setTake(uint64 nodeId, uint16 takeBps) external;

    /// @notice Pulls the node's accrued validator pay into its pool and unlocks what is due. Anybody may call.
    /// @return reward wei that entered the pool
    function sync(uint64 nodeId) external returns (uint256 reward);

    /// @notice The pool's unlocked assets as of its last change at or before `timestamp`. Reverts with `NotYetPast`
    /// unless `timestamp` is over.
    function stakeAt(uint64 nodeId, uint48 timestamp) external view returns (uint256 assets);

    /// @notice `stakeAt` of several nodes.
    function stakesAt(uint64[] calldata nodeIds, uint48 timestamp) external view returns (uint256[] memory assets);

    /// @notice The pool's unlocked assets now, in wei.
    function stakeOf(uint64 nodeId) external view returns (uint256 assets);

    function sharesOf(uint64 nodeId, address account) external view returns (uint256 shares);

    /// @notice What `sharesOf` is worth now, in wei, rounded down.
    function assetsOf(uint64 nodeId, address account) external view returns (uint256 assets);

    /// @notice Wei that `shares` of the node are worth now, rounded down.
    function toAssetsDown(uint64 nodeId, uint256 shares) external view returns (uint256 assets);

    /// @notice Shares that `assets` wei buy now, rounded down.
    function toSharesDown(uint64 nodeId, uint256 assets) external view returns (uint256 shares);

    /// @notice Shares that have to be given up for at least `assets` wei, rounded up.
    function toSharesUp(uint64 nodeId, uint256 assets) external view returns (uint256 shares);

    function pool(uint64 nodeId) external view returns (Pool memory);

    function unstakeRequest(uint256 requestId) external view returns (Unstake memory);

    /// @notice The node of an operator; 0: none.
    function nodeOf(address operator) external view returns (uint64 nodeId);

    function operatorOf(uint64 nodeId) external view returns (address operator);

    function ownerOf(uint64 nodeId) external view returns (address owner);

    function takeOf(uint64 nodeId) external view returns (uint16 takeBps);

    /// @notice The take in force at `timestamp`, which must be over.
    function takeAt(uint64 nodeId, uint48 timestamp) external view returns (uint16 takeBps);

    /// @notice Nodes so far; the last nodeId.
    function nodeCount() external view returns (uint64);

    /// @notice Requests so far; the last requestId.
    function requestCount() external view returns (uint256);

    /// @notice What the vault owes altogether, in wei: assets, locked rewards and unbonding stake.
    function accountedAssets() external view returns (uint256);

    /// @notice Seconds from `requestUnstake` to `withdraw`.
    function unbonding() external view returns (uint48);

    /// @notice Seconds over which a reward unlocks.
    function rewardUnlock() external view returns (uint48);
}
