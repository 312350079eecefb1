// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOperatorRecords} from "./IOperatorRecords.sol";
import {ISubnetLifecycle} from "./ISubnetLifecycle.sol";
import {ISubnetTerms} from "./ISubnetTerms.sol";

/// @title Subnets, their neurons and the address records of operators
/// @notice A neuron is a node in a slot of a subnet. Slots are numbered by uid, never fewer than before; a node has at
/// most one a subnet. Registering burns the token.
/// @dev A slot changes its holder at most once an epoch and remembers the holder before, so for every epoch that is not
/// closed yet the holders at its end can be read (docs/design/0008).
interface ISubnets is ISubnetTerms, ISubnetLifecycle, IOperatorRecords {
    /// @notice One row of the metagraph; of a vacant slot all but `uid` and `registeredAt` is zero.
    /// @param registeredAt unix seconds; of a vacant slot: since when
    /// @param stake the node's unlocked stake now, in wei
    /// @param recordDigest digest of the operator's address record; 0 when it has none or it is expired
    struct Neuron {
        uint16 uid;
        uint64 nodeId;
        uint48 registeredAt;
        address operator;
        address owner;
        uint16 takeBps;
        uint256 stake;
        bytes32 recordDigest;
        uint64 recordSeq;
        uint64 recordExpiry;
    }

    /// @notice Who votes in a slot: all that a commitment binds to.
    /// @param nodeId 0: vacant
    /// @param registeredAt unix seconds; of a vacant slot: since when
    struct Slot {
        uint16 uid;
        uint64 nodeId;
        uint48 registeredAt;
    }

    /// @notice What the last settled epoch paid, as in its `EpochSettled`: `uint32` shares, eight a word, uid 0 in the
    /// lowest bits. Both empty before the first settlement.
    struct LastPay {
        bytes incentive;
        bytes validatorPay;
    }

    event NeuronRegistered(
        uint16 indexed netuid, uint16 indexed uid, uint64 indexed nodeId, address owner, address operator, uint256 price
    );
    /// @notice The node gave the slot up.
    event NeuronDeregistered(uint16 indexed netuid, uint16 indexed uid, uint64 indexed nodeId);
    /// @notice The node lost the slot to the one that registers next.
    event NeuronPruned(uint16 indexed netuid, uint16 indexed uid, uint64 indexed nodeId);
    /// @notice From the epoch on that starts at `fromTime`. A change of a slot's holder undoes its declaration.
    event OwnSlotsDeclared(uint16 indexed netuid, uint48 fromTime, uint16[] uids, bool own);

    error NeuronUnknown(uint256 netuid, uint256 uid);
    error NotRegistered(uint256 netuid, address operator);
    error AlreadyRegistered(uint256 netuid, address operator, uint256 uid);
    error NotAMember(uint16 netuid, address account);
    /// @notice The subnet is full and all its neurons are immune, or its vacant slots were vacated in this epoch.
    error AllImmune(uint16 netuid);
    error SlotVacant(uint16 netuid, uint16 uid);
    /// @notice The slot changed its holder in this epoch and can change it again in the next.
    error SlotChangedThisEpoch(uint16 netuid, uint16 uid, uint256 changedAt);
    /// @notice As many slots as may have changed their holders in this epoch; the next one starts at `nextStart`.
    error TooManyChanges(uint16 netuid, uint256 limit, uint256 nextStart);
    /// @notice The pay handed in is not that of the last settled epoch.
    error LastPayMismatch(bytes32 computed, bytes32 stored);
    error NotOwnSlot(uint16 netuid, uint16 uid, address nodeOwner, address subnetOwner);

    /// @notice Registers `operator`; the caller pays and is, or becomes, the node's owner. Burns the price from the
    /// caller (allowance). The neuron gets a slot that was vacated in an earlier epoch; else a new one; else, in a full
    /// subnet, that of the neuron with `pruningRank` 0.
    /// @param deadline unix seconds after which the consent is void
    /// @param operatorSig EIP-712 `OperatorConsent(address owner,uint256 nonce,uint256 deadline)` with owner = caller
    /// and nonce = `nonces(operator)`, 65 bytes
    /// @param maxPrice the most the caller pays, in wei
    /// @param lastPay only read when a neuron has to be pruned; an epoch settled meanwhile reverts with
    /// `LastPayMismatch`
    function register(
        uint16 netuid,
        address operator,
        uint256 deadline,
        bytes calldata operatorSig,
        uint256 maxPrice,
        LastPay calldata lastPay
    ) external returns (uint16 uid);

    /// @notice Vacates a slot. Only the owner of its node, not in the epoch in which it was registered. Nothing is
    /// refunded; what the slot earned stays the owner's.
    function deregister(uint16 netuid, uint16 uid) external;

    /// @notice Declares slots of the subnet's owner from the next epoch on, so that their incentive is not minted, or
    /// takes that back. Only the subnet's owner; only slots of nodes that it owns can be declared.
    function declareOwnSlots(uint16 netuid, uint16[] calldata uids, bool own) external;

    /// @notice What `register` costs now, in wei.
    function registrationPrice(uint16 netuid) external view returns (uint256 price);

    /// @notice How many neurons are pruned before this one: the non-immune ones with a lower last pay, then an earlier
    /// registration, then a lower uid. Immune is who has registered in this epoch or the `immunity` epochs before it.
    /// @return prunable false: the slot is immune or vacant and has no rank
    /// @return rank 0: the next to go
    function pruningRank(uint16 netuid, uint16 uid, LastPay calldata lastPay)
        external
        view
        returns (bool prunable, uint256 rank);

    function neuron(uint16 netuid, uint16 uid) external view returns (Neuron memory);

    /// @notice Neurons `from` … `from + count − 1`, as far as they exist.
    function neurons(uint16 netuid, uint16 from, uint16 count) external view returns (Neuron[] memory);

    /// @notice The slots that existed just before `timestamp` and their holders then, in uid order. A vacant slot has
    /// node 0 and the time when it was vacated. Right for the end of every epoch that is not closed, and for any later
    /// time.
    function slotsAt(uint16 netuid, uint48 timestamp)
        external
        view
        returns (uint64[] memory nodeIds, uint48[] memory registeredAt);

    /// @notice The declared own slots in the epoch that ends at `timestamp`, bit uid of a sequence of words. A slot
    /// whose holder came after the declaration is left out.
    function ownSlotsAt(uint16 netuid, uint48 timestamp) external view returns (uint256[] memory bitmap);

    /// @notice The last time when an existing slot changed its holder, unix seconds; 0: never.
    function lastChangedAt(uint16 netuid) external view returns (uint48);

    /// @notice The slot of a uid. Reverts with `NeuronUnknown`.
    function slot(uint16 netuid, uint16 uid) external view returns (Slot memory);

    /// @notice The slot of the node whose operator this is now. Reverts with `NotRegistered`.
    function slotOf(uint16 netuid, address operator) external view returns (Slot memory);

    function uidOf(uint16 netuid, address operator) external view returns (uint16 uid);
}
