// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGoverned} from "./IGoverned.sol";
import {IStakeVotes} from "./IStakeVotes.sol";

/// @title Stake: one pool a node
/// @notice A node is permanent: `nodeId` counts from 1, its owner is the account that first registered its operator.
/// Stake is held in shares of the node's pool; rewards raise what a share is worth and unlock over `rewardUnlock`, so
/// that nobody gains by hopping from reward to reward. Leaving takes `unbonding` seconds and earns nothing meanwhile;
/// moving to another node takes none, but what moved cannot move on for `moveLock` seconds.
/// @notice Stake is liable for its node. A slash takes its part of the pool at once. What had left when the node was at
/// fault is free; what left later is hit as well, up to `unbonding` seconds after it left: a request pays less, and
/// redelegated stake leaves its account a debt. A debt is taken from any position of the account at its next move or at
/// `syncVotes`, which anybody may call, and from whatever the account withdraws.
/// @notice A court holds a node while it decides: what is liable for it is not paid out, however long ago it left, and the
/// owner's own stake stays in the pool. That ends after `maxHold`, and what left is free `maxHold` after it would have been,
/// whatever the court does.
/// @dev Every conversion rounds against whoever moves; a slash rounds up. Virtual shares make first-depositor inflation
/// unprofitable. Always: assets of all pools + still locked rewards + unbonding stake ≤ the token balance.
interface IStakeVault is IGoverned {
    /// @param owner who registered the node, owns its take and receives its incentive
    /// @param operator the key that serves, commits and reveals for it
    /// @param takeBps the owner's part of the node's validator pay
    /// @param takeRaisedAt when the take was last raised, unix seconds; 0: never
    /// @param assets unlocked stake in wei, as of now
    /// @param locked rewards in the pool that are not yet unlocked, in wei
    /// @param unlockEnd when the last of `locked` is unlocked, unix seconds
    /// @param shares shares outstanding
    /// @param unbonding stake on its way out, in wei, before slashes; no longer part of `assets`
    /// @param generation how often a slash left the pool worthless; shares of an earlier generation are void
    /// @param slashes how often the node was slashed
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
        uint32 generation;
        uint256 slashes;
    }

    /// @param shares 0 in a pool that was closed by a slash: the position goes with the account's next move or sync
    /// @param assets what the shares are worth now, in wei, rounded down
    /// @param movableAt unix seconds from which the stake may be redelegated
    struct Position {
        uint64 nodeId;
        uint256 shares;
        uint256 assets;
        uint48 movableAt;
    }

    /// @param assets wei that `withdraw` pays before debts of the account; 0 once paid or when all was slashed
    /// @param requestedAt unix seconds: the stake is liable for what the node did until then
    /// @param availableAt unix seconds from which `withdraw` pays
    struct Unstake {
        uint64 nodeId;
        address account;
        uint256 assets;
        uint48 requestedAt;
        uint48 availableAt;
    }

    event NodeCreated(uint64 indexed nodeId, address indexed owner, address indexed operator);
    /// @notice `previous` may no longer act for the node.
    event OperatorSet(uint64 indexed nodeId, address indexed operator, address previous);
    event Staked(uint64 indexed nodeId, address indexed account, uint256 assets, uint256 shares);
    event UnstakeRequested(
        uint256 indexed requestId,
        uint64 indexed nodeId,
        address indexed account,
        uint256 assets,
        uint256 shares,
        uint48 availableAt
    );
    event Redelegated(
        uint64 indexed fromNode,
        uint64 indexed toNode,
        address indexed account,
        uint256 assets,
        uint256 shares,
        uint256 received
    );
    event Withdrawn(uint256 indexed requestId, uint64 indexed nodeId, address indexed account, uint256 assets);
    event TakeSet(uint64 indexed nodeId, uint16 takeBps);
    /// @notice A reward entered the pool and unlocks linearly until `unlockEnd`.
    event RewardAdded(uint64 indexed nodeId, uint256 reward, uint256 locked, uint48 unlockEnd);
    /// @notice `payer` paid a reward in: an `OwnerPaid` or a `RewardAdded` of the same amount follows.
    event RewardPaidIn(uint64 indexed nodeId, address indexed payer, uint256 assets);
    /// @notice The pool's unlocked assets from now on, as `stakeAt` reports them.
    event StakeUpdated(uint64 indexed nodeId, uint256 assets);
    /// @notice A reward came when the pool had no shares, or the last who left it left dust: the node's owner has it.
    event OwnerPaid(uint64 indexed nodeId, address indexed owner, uint256 assets);
    /// @notice A pool without shares held this much; it leaves to the node's owner, as request `requestId`.
    event ResidueReleased(uint256 indexed requestId, uint64 indexed nodeId, address indexed owner, uint256 assets);
    /// @notice The pool lost `burned + reward`, and so did, in proportion, what left at `liableSince` or later.
    /// @param locked rewards still locked in the pool, of which the same part was taken
    event Slashed(
        uint64 indexed nodeId,
        address indexed reporter,
        uint16 bps,
        uint48 faultAt,
        uint48 liableSince,
        uint256 burned,
        uint256 reward,
        uint256 locked,
        uint32 generation
    );
    /// @notice Stake that is liable for the node is held, since `since` or the last `maxHold` seconds; so many holds are
    /// `open`, of which this one is the latest.
    event Held(uint64 indexed nodeId, uint48 since, uint32 open);
    /// @notice The hold that came at `heldAt` ended. Nothing is held once none is open, or `maxHold` after the latest.
    event Released(uint64 indexed nodeId, uint48 heldAt, uint32 open);
    /// @notice A slash left the pool worthless: all shares are void, and the next staker begins `generation`.
    event PoolClosed(uint64 indexed nodeId, uint32 generation);
    /// @notice Of a request this much was burned for slashes of its node.
    event RequestSlashed(uint256 indexed requestId, uint64 indexed nodeId, address indexed account, uint256 assets);
    /// @notice Slashes of nodes that the account's stake had left cost it `assets`.
    event DebtIncurred(address indexed account, uint256 assets, uint256 debt);
    /// @notice `assets` of the account were burned for its debt.
    /// @param assets 0: the shares were worth nothing
    /// @param shares given up of its position on the node; 0: it was withheld from a withdrawal
    event DebtPaid(address indexed account, uint64 indexed nodeId, uint256 assets, uint256 shares, uint256 debt);

    error NotSubnets(address caller, address subnets);
    error NodeUnknown(uint64 nodeId);
    /// @notice The operator serves or once served another node.
    error OperatorTaken(address operator, uint64 nodeId);
    error NotNodeOwner(uint64 nodeId, address caller, address owner);
    error ZeroAssets();
    error ZeroShares();
    /// @notice The amount is worth less than one share, or the shares less than one wei.
    error AmountTooSmall(uint256 amount);
    error InsufficientShares(uint64 nodeId, address account, uint256 requested, uint256 held);
    error TooManyPositions(address account, uint256 limit);
    /// @notice Strangers add to what an account has staked or give it its first stake; more would fill its list.
    error PositionUnasked(address account, uint64 nodeId);
    error SameNode(uint64 nodeId);
    /// @notice Stake that was redelegated to the node may not yet move on.
    error MoveLocked(uint64 nodeId, address account, uint256 movableAt);
    /// @notice So many redelegations are still liable; each is forgotten `unbonding` seconds after it was made, or when the
    /// node that it left is no longer held.
    error TooManyDepartures(address account, uint256 limit);
    error SlashOutOfBounds(uint256 bps, uint256 maxBps);
    error ReporterPartTooHigh(uint256 reporterBps, uint256 maxReporterBps);
    error FaultInFuture(uint256 faultAt, uint256 nowSeconds);
    error RequestUnknown(uint256 requestId);
    error RequestPaid(uint256 requestId);
    error NotRequestAccount(uint256 requestId, address caller, address account);
    /// @notice A court decides on `nodeId`, for which stake of the account is liable.
    /// @param until when the hold lapses, unless another one comes, unix seconds
    error WithdrawalHeld(uint256 requestId, uint64 nodeId, uint256 until);
    /// @notice The owner's own stake does not leave a node on which a court decides.
    error OwnerHeld(uint64 nodeId, address owner, uint256 until);
    error StillUnbonding(uint256 requestId, uint256 availableAt);
    error TakeTooHigh(uint256 takeBps, uint256 maxTakeBps);
    error TakeRaisedRecently(uint64 nodeId, uint256 nextRaiseAt);
    /// @notice The moment is not over yet, so its stake could still change.
    error NotYetPast(uint256 timestamp, uint256 nowSeconds);

    /// @notice Gives `operator` a node of `owner`. Only the subnets contract, at the operator's first registration.
    function createNode(address owner, address operator) external returns (uint64 nodeId);

    /// @notice Gives the node another operator; the key before is powerless at once. Only the subnets contract. Reverts
    /// with `OperatorTaken` if the key ever served another node; back to a key of its own is allowed.
    function setOperator(uint64 nodeId, address operator) external;

    /// @notice Adds `assets` wei of the caller to the pool; needs an allowance of the token.
    /// @return shares what the caller received, rounded down
    function stake(uint64 nodeId, uint256 assets) external returns (uint256 shares);

    /// @notice `stake` with an ERC-2612 permit instead of an allowance.
    function stakeWithPermit(uint64 nodeId, uint256 assets, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256 shares);

    /// @notice `stake` by the caller for `account`: its first stake, or more of what it has on the node. Else reverts with
    /// `PositionUnasked`.
    function stakeFor(address account, uint64 nodeId, uint256 assets) external returns (uint256 shares);

    /// @notice Takes `shares` of the caller out of the pool, at today's worth rounded down, payable after `unbonding`.
    function requestUnstake(uint64 nodeId, uint256 shares) external returns (uint256 requestId);

    /// @notice Moves `shares` of the caller to another node, at today's worth rounded down. Not within `moveLock` seconds
    /// after the caller redelegated anything to `fromNode`.
    /// @return received shares of `toNode`, rounded down
    function redelegate(uint64 fromNode, uint64 toNode, uint256 shares) external returns (uint256 received);

    /// @notice Pays a request that is due to the account that made it, less slashes and the account's debt. Reverts with
    /// `WithdrawalHeld` while a held node may cost the account something.
    function withdraw(uint256 requestId) external returns (uint256 assets);

    /// @notice `withdraw` of several requests; reverts if one of them does.
    /// @return assets wei paid together
    function withdrawAll(uint256[] calldata requestIds) external returns (uint256 assets);

    /// @notice Sets the owner's part of the node's validator pay: at most 1800 bps; lower at any time, higher at most
    /// once in 30 days. Counts from the next epoch on.
    function setTake(uint64 nodeId, uint16 takeBps) external;

    /// @notice Pulls the node's accrued validator pay into its pool and unlocks what is due. Anybody may call.
    /// @return reward wei that entered the pool
    function sync(uint64 nodeId) external returns (uint256 reward);

    /// @notice Pays `assets` wei of the caller into the pool as a reward, which unlocks like the node's validator pay; to
    /// the node's owner while the pool has no shares. Anybody may call; needs an allowance of the token.
    function rewardPool(uint64 nodeId, uint256 assets) external;

    /// @notice Brings the account up to date on a node: takes what it can of the account's debt from the position, and
    /// counts what is left in `stakedOf` and in the votes. Anybody may call; needed after a slash of the node and for
    /// rewards to weigh.
    /// @return assets what the position is worth now, in wei
    function syncVotes(address account, uint64 nodeId) external returns (uint256 assets);

    /// @notice Keeps what is liable for the node from being paid out, from now on. Only who the permissions let.
    function hold(uint64 nodeId) external;

    /// @notice Ends the hold that came at `heldAt`, unix seconds; one that has lapsed stays as it is. Only who the
    /// permissions let.
    function release(uint64 nodeId, uint48 heldAt) external;

    /// @notice Takes `bps` of the node's pool, locked rewards included, rounded up, for a fault at `faultAt`; and the same
    /// part of stake that left no sooner than that and no longer than `unbonding` seconds ago, or before the node was held,
    /// once it is touched. The reporter receives `reporterBps` of what the pool lost, at most 4999; the rest is burned. Only who the
    /// permissions let: the court that the stakers gave the role to.
    /// @param reporter 0: nobody, all is burned
    function slash(uint64 nodeId, uint16 bps, uint48 faultAt, address reporter, uint16 reporterBps)
        external
        returns (uint256 burned, uint256 reward);

    /// @notice The pool's unlocked assets as of its last change at or before `timestamp`. Reverts with `NotYetPast`
    /// unless `timestamp` is over.
    function stakeAt(uint64 nodeId, uint48 timestamp) external view returns (uint256 assets);

    /// @notice `stakeAt` of several nodes; 0 for node 0. Reads one slot a node if its stake changed at most once since.
    function stakesAt(uint64[] calldata nodeIds, uint48 timestamp) external view returns (uint256[] memory assets);

    /// @notice The unlocked assets of all pools together, as `stakeAt`.
    function totalStakeAt(uint48 timestamp) external view returns (uint256 assets);

    /// @notice The pool's unlocked assets now, in wei.
    function stakeOf(uint64 nodeId) external view returns (uint256 assets);

    function sharesOf(uint64 nodeId, address account) external view returns (uint256 shares);

    /// @notice What `sharesOf` is worth now, in wei, rounded down.
    function assetsOf(uint64 nodeId, address account) external view returns (uint256 assets);

    /// @notice What all the account's positions were worth, in wei, each when it was last counted: at the account's last
    /// move there or at `syncVotes`.
    function stakedOf(address account) external view returns (uint256 assets);

    /// @notice Wei that slashes of nodes it left cost the account and that are still to be taken from it.
    function debtOf(address account) external view returns (uint256 assets);

    /// @notice The nodes that the account has positions on, at most 32, in no order.
    function nodesOf(address account) external view returns (uint64[] memory nodeIds);

    /// @notice Up to `count` positions of the account, from the `from`th on, in the order of `nodesOf`.
    function positionsOf(address account, uint256 from, uint256 count) external view returns (Position[] memory page);

    /// @notice Up to `count` requests of the account, paid ones too, from its `from`th on, oldest first.
    function requestsOf(address account, uint256 from, uint256 count)
        external
        view
        returns (uint256[] memory requestIds, Unstake[] memory page);

    /// @notice Wei that `shares` of the node are worth now, rounded down.
    function toAssetsDown(uint64 nodeId, uint256 shares) external view returns (uint256 assets);

    /// @notice Shares that `assets` wei buy now, rounded down.
    function toSharesDown(uint64 nodeId, uint256 assets) external view returns (uint256 shares);

    /// @notice Shares that have to be given up for at least `assets` wei, rounded up.
    function toSharesUp(uint64 nodeId, uint256 assets) external view returns (uint256 shares);

    function pool(uint64 nodeId) external view returns (Pool memory);

    function unstakeRequest(uint256 requestId) external view returns (Unstake memory);

    /// @notice The node that an operator serves; 0: none.
    function nodeOf(address operator) external view returns (uint64 nodeId);

    /// @notice The node that an operator serves or once served; 0: none. What it signed then is that node's fault.
    function everNodeOf(address operator) external view returns (uint64 nodeId);

    /// @notice When another key took the operator's place, unix seconds; 0: it serves, or never did.
    function retiredAt(address operator) external view returns (uint48);

    function operatorOf(uint64 nodeId) external view returns (address operator);

    function ownerOf(uint64 nodeId) external view returns (address owner);

    function takeOf(uint64 nodeId) external view returns (uint16 takeBps);

    /// @notice The take in force at `timestamp`, which must be over.
    function takeAt(uint64 nodeId, uint48 timestamp) external view returns (uint16 takeBps);

    /// @notice `takeAt` of several nodes; 0 for node 0.
    function takesAt(uint64[] calldata nodeIds, uint48 timestamp) external view returns (uint16[] memory takesBps);

    /// @notice Nodes so far; the last nodeId.
    function nodeCount() external view returns (uint64);

    /// @notice Requests so far; the last requestId.
    function requestCount() external view returns (uint256);

    /// @notice What the vault owes altogether, in wei: assets, locked rewards and unbonding stake.
    function accountedAssets() external view returns (uint256);

    /// @notice Seconds from `requestUnstake` to `withdraw`.
    function unbonding() external view returns (uint48);

    /// @notice Since when a node is held, unix seconds, at most `maxHold` ago; 0: it is not held. Stake that left `unbonding`
    /// seconds before that, or later, is not paid out.
    function heldSince(uint64 nodeId) external view returns (uint48 since);

    /// @notice How long a hold lasts at most, in seconds: twice `unbonding`.
    function maxHold() external view returns (uint48);

    /// @notice Seconds over which a reward unlocks.
    function rewardUnlock() external view returns (uint48);

    /// @notice Seconds for which stake redelegated to a node may not move on.
    function moveLock() external view returns (uint48);

    /// @notice The votes of staked tokens, as an `IERC5805`.
    function votes() external view returns (IStakeVotes);
}
