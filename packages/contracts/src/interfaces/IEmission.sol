// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGauge} from "./IGauge.sol";

/// @title What an epoch pays and what can be claimed
/// @notice An epoch's emission, what the gauge gives its subnet, is split by the subnet's cuts (specification: The
/// epoch, rule 8). Every amount is rounded down to a gwei; all rests carry into the subnet's next accounted epoch.
/// @dev To the wei, for every subnet and in total: scheduled = minted + notMinted + carried and
/// minted = claimable + claimed + pooled + bounties.
/// What a slot accrues is packed by uid, four `uint64` of gwei a word: one lane for the owner of its node, one for the
/// node's stake pool. It belongs to the holder of the slot; the subnets contract says when the holder changes.
interface IEmission is IGauge {
    /// @param bountyCap the most that a settler gets for an epoch, in wei
    /// @param gaugePeriod seconds between the boundaries at which pointed stake takes effect
    /// @param maxShareBps the largest share of a subnet: 1 … 10,000
    struct EmissionTerms {
        uint128 bountyCap;
        uint32 gaugePeriod;
        uint16 maxShareBps;
    }

    /// @param scheduled emission of all accounted epochs
    /// @param minted of it, owed to or received by somebody: tokens are minted when they are paid out
    /// @param notMinted of it, given up for good: the miners' part when nobody voted usefully, incentive of own slots
    /// @param carried of it, still to be split: joins the next accounted epoch
    /// @param claimable of the minted, owed to owners
    /// @param claimed of the minted, paid to owners
    /// @param pooled of the minted, credited to stake pools, pulled or not
    /// @param bounties of the minted, credited to settlers, claimed or not
    struct Supply {
        uint256 scheduled;
        uint256 minted;
        uint256 notMinted;
        uint256 carried;
        uint256 claimable;
        uint256 claimed;
        uint256 pooled;
        uint256 bounties;
    }

    /// @notice How an epoch pays.
    /// @param end the epoch's T, unix seconds
    /// @param staked whether anybody had stake; if not, the whole emission carries and nothing below is read
    /// @param voted whether any vote was useful; if not, the miners' part is not minted
    /// @param settler gets the bounty
    /// @param uids slots of the epoch
    /// @param ownerCut bps; the three cuts make 10,000
    /// @param incentive shares of 2^31, eight `uint32` a word, uid 0 in the lowest bits; beyond `uids` all is 0
    /// @param validatorPay like `incentive`
    /// @param takes bps in force at the epoch's start, sixteen `uint16` a word, none above 10,000
    /// @param ownSlots bit uid % 256 of word uid / 256: the subnet owner's own, whose incentive is not minted; words at
    /// the end may be left out
    struct Payment {
        uint48 end;
        bool staked;
        bool voted;
        address settler;
        uint16 uids;
        uint16 ownerCut;
        uint16 minersCut;
        uint16 validatorsCut;
        bytes incentive;
        bytes validatorPay;
        bytes takes;
        uint256[] ownSlots;
    }

    /// @notice What an epoch paid, in wei; amounts by uid follow from it, see `EmissionSplit`.
    /// @param scheduled by the gauge since the last accounted epoch
    /// @param emission `scheduled` and what was carried before
    /// @param bounty to the settler
    /// @param owner to the subnet's owner
    /// @param incentive to the nodes' owners
    /// @param take to the nodes' owners: their part of the validator pay
    /// @param pooled to the nodes' stake pools: the rest of the validator pay
    struct Paid {
        uint256 scheduled;
        uint256 emission;
        uint256 bounty;
        uint256 owner;
        uint256 incentive;
        uint256 take;
        uint256 pooled;
        uint256 notMinted;
        uint256 carried;
    }

    event EpochPaid(uint16 indexed netuid, uint64 indexed epoch, address indexed settler, Paid paid);
    /// @notice A node lost the slot: what the slot had accrued is the node's.
    event SlotCredited(
        uint16 indexed netuid, uint16 indexed uid, uint64 indexed nodeId, uint256 claimable, uint256 pooled
    );
    /// @notice A part of the last `EpochPaid` of the subnet went to the node that held the slot at the epoch's end,
    /// not to its present holder.
    event PayRedirected(
        uint16 indexed netuid, uint16 indexed uid, uint64 indexed nodeId, uint256 claimable, uint256 pooled
    );
    /// @param amount 0: a place that the node had lost was forgotten, see `subnetsOf`, and nothing was due there
    event Claimed(uint16 indexed netuid, uint64 indexed nodeId, address indexed owner, uint256 amount);
    event OwnerCutClaimed(uint16 indexed netuid, address indexed owner, uint256 amount);
    event BountyClaimed(address indexed settler, uint256 amount);
    event PoolPulled(uint64 indexed nodeId, uint256 amount);

    /// @notice The most that a settler gets for an epoch which ends at `since` or later, until set again.
    event BountyCapSet(uint128 bountyCap, uint48 since);

    error NotConsensus(address caller, address consensus);
    error EpochAlreadyPaid(uint16 netuid, uint256 end, uint256 accountedUntil);
    error WrongPaymentLength(bytes32 field, uint256 bytesExpected, uint256 bytesActual);
    /// @notice Shares above one, or cuts above the whole: `part` gwei cannot pay `paid`.
    error PaymentTooLarge(bytes32 field, uint256 paid, uint256 part);
    error TooManySubnets(uint64 nodeId, uint256 limit);

    /// @notice Sets the most that a settler gets, in wei, for epochs that end after now. Only who the permissions let.
    function setBountyCap(uint128 bountyCap_) external;

    /// @notice Accounts a subnet's emission up to `payment.end` and splits it. Only the consensus contract.
    /// @return emission wei that were split: the schedule since the last accounted epoch and what was carried
    function payEpoch(uint16 netuid, uint64 epoch, Payment calldata payment) external returns (uint256 emission);

    /// @notice The node holds the slot from now on. Only the subnets contract, right after a registration. A node earns
    /// in at most 16 subnets; one where it lost its slot counts until somebody claims there for it.
    function slotAssigned(uint16 netuid, uint16 uid, uint64 nodeId) external;

    /// @notice The node is about to lose the slot: what the slot accrued becomes the node's. Only the subnets contract.
    function creditSlot(uint16 netuid, uint16 uid, uint64 nodeId) external;

    /// @notice Hands everything that the node earned for its pool, in all subnets, to the vault. Only the vault.
    function pullPool(uint64 nodeId) external returns (uint256 amount);

    /// @notice Pays what these nodes earned in a subnet (incentive and take) to their owners. Anybody may call.
    function claim(uint16 netuid, uint64[] calldata nodeIds) external returns (uint256 amount);

    /// @notice `claim` in every subnet of each node, see `subnetsOf`. Anybody may call.
    function claimAll(uint64[] calldata nodeIds) external returns (uint256 amount);

    /// @notice Pays the subnet owner's cut to the subnet's owner. Anybody may call.
    function claimOwnerCut(uint16 netuid) external returns (uint256 amount);

    /// @notice Pays the caller's bounties to the caller.
    function claimBounty() external returns (uint256 amount);

    /// @notice Incentive and take that `claim` would pay, in wei.
    function claimable(uint16 netuid, uint64 nodeId) external view returns (uint256);

    /// @notice What `claimOwnerCut` would pay, in wei.
    function ownerClaimable(uint16 netuid) external view returns (uint256);

    /// @notice What `claimBounty` would pay to `settler`, in wei.
    function bounties(address settler) external view returns (uint256);

    /// @notice What `pullPool` would hand over, in wei.
    function poolAccrued(uint64 nodeId) external view returns (uint256);

    /// @notice Subnets that `claimAll` pays the node in: where it holds a slot, or lost one and nobody has claimed since.
    /// Pay of an epoch that ended before the loss, but is settled after such a claim, is left to `claim`.
    function subnetsOf(uint64 nodeId) external view returns (uint16[] memory netuids);

    /// @notice Sums over all subnets, in wei.
    function supply() external view returns (Supply memory);

    function supplyOf(uint16 netuid) external view returns (Supply memory);

    /// @notice The most that a settler gets for an epoch that ends from now on, in wei.
    function bountyCap() external view returns (uint256);

    /// @notice The end of the subnet's last accounted epoch, unix seconds.
    function accountedUntil(uint16 netuid) external view returns (uint48);
}
