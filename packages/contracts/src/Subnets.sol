// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DoubleEndedQueue} from "@openzeppelin/contracts/utils/structs/DoubleEndedQueue.sol";
import {OperatorRecords} from "./OperatorRecords.sol";
import {SubnetLifecycle} from "./SubnetLifecycle.sol";
import {SubnetMembers} from "./SubnetMembers.sol";
import {SubnetState} from "./SubnetState.sol";
import {SubnetTerms} from "./SubnetTerms.sol";
import {ISubnetLifecycle} from "./interfaces/ISubnetLifecycle.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {OwnSlots} from "./libraries/OwnSlots.sol";
import {Pruning} from "./libraries/Pruning.sol";
import {RegistrationPrice} from "./libraries/RegistrationPrice.sol";
import {SlotWord} from "./libraries/SlotWord.sol";
import {Timeline} from "./libraries/Timeline.sol";

/// @dev The token, the vault, emission and consensus are immutable peers that call nothing back.
contract Subnets is ISubnets, SubnetTerms, OperatorRecords {
    using DoubleEndedQueue for DoubleEndedQueue.Bytes32Deque;
    using OwnSlots for OwnSlots.Version[];
    using Pruning for Pruning.Candidates;
    using SlotWord for uint256;
    using Timeline for Timeline.Version[];
    using Timeline for Timeline.Version;

    /// @notice How often existing slots change their holders within an epoch at most, vacating and refilling included.
    /// @dev Each holder that leaves between an epoch's end and its settlement costs that settlement up to 53,000 gas:
    /// test/SettleLimits.t.sol.
    uint16 public constant MAX_CHANGES_AN_EPOCH = 32;

    /// @notice The code of what `ISubnetLifecycle` declares.
    address public immutable lifecycle;

    constructor(
        address token_,
        address vault_,
        address emission_,
        address consensus_,
        address authority_,
        CreationTerms memory terms,
        uint32 minEpochLength_
    )
        SubnetState(token_, emission_, address(new SubnetMembers()), consensus_, authority_, terms, minEpochLength_)
        OperatorRecords(vault_)
    {
        lifecycle = address(
            new SubnetLifecycle(token_, emission_, address(members), consensus_, authority_, terms, minEpochLength_)
        );
    }

    /// @inheritdoc ISubnetLifecycle
    function createSubnet(Parameters calldata, Membership, bytes32, bytes32[] calldata, string calldata, uint256)
        external
        returns (uint16 netuid)
    {
        return abi.decode(_runLifecycle(), (uint16));
    }

    /// @inheritdoc ISubnetLifecycle
    function setParameters(uint16, Parameters calldata) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function decideParameters(uint16, Parameters calldata) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function list(uint16) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function delist(uint16) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function setModelVersions(uint16, bytes32[] calldata) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function transferOwnership(uint16, address) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function acceptOwnership(uint16) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function dissolve(uint16) external {
        _runLifecycle();
    }

    /// @inheritdoc ISubnetLifecycle
    function releaseLock(uint16) external returns (uint256 amount) {
        return abi.decode(_runLifecycle(), (uint256));
    }

    /// @inheritdoc ISubnets
    function register(
        uint16 netuid,
        address operator,
        uint256 deadline,
        bytes calldata operatorSig,
        uint256 maxPrice,
        LastPay calldata lastPay
    ) external returns (uint16 uid) {
        State storage state = _state(netuid);
        _checkMayRegister(netuid, state);
        uint256 price = _registrationPrice(state);
        if (price > maxPrice) revert PriceExceeded(price, maxPrice);
        _useConsent(operator, deadline, operatorSig);
        uint64 nodeId = _nodeFor(operator);
        if (state.uidPlusOne[nodeId] != 0) {
            revert AlreadyRegistered(netuid, operator, state.uidPlusOne[nodeId] - 1);
        }

        uid = _giveSlot(netuid, state, nodeId, lastPay);
        state.uidPlusOne[nodeId] = uint256(uid) + 1;
        uint128 highest = state.versions.inForce().parameters.maxPrice;
        (state.price, state.pricedAt) = (uint128(RegistrationPrice.raisedUp(price, highest)), _now()); // ≤ highest
        emit NeuronRegistered(netuid, uid, nodeId, msg.sender, operator, price);
        emission.slotAssigned(netuid, uid, nodeId);
        token.burnFrom(msg.sender, price);
    }

    /// @inheritdoc ISubnets
    function deregister(uint16 netuid, uint16 uid) external {
        State storage state = _state(netuid);
        uint256 word = _wordOf(netuid, state, uid);
        if (word.node() == 0) revert SlotVacant(netuid, uid);
        _checkNodeOwner(word.node());
        if (!_mayChange(state, word)) revert SlotChangedThisEpoch(netuid, uid, word.since());
        emit NeuronDeregistered(netuid, uid, word.node());
        _evict(netuid, state, uid);
        _changeHolder(netuid, state, uid, 0);
        state.vacated.pushBack(bytes32(uint256(uid)));
    }

    /// @inheritdoc ISubnets
    function declareOwnSlots(uint16 netuid, uint16[] calldata uids, bool own) external {
        State storage state = _owned(netuid);
        uint48 fromTime = _nextStart(state);
        for (uint256 i = 0; i < uids.length; ++i) {
            uint64 nodeId = _wordOf(netuid, state, uids[i]).node();
            address nodeOwner = vault.ownerOf(nodeId);
            if (own && nodeOwner != msg.sender) revert NotOwnSlot(netuid, uids[i], nodeOwner, msg.sender);
            state.ownSlots.set(uids[i], own, fromTime);
        }
        emit OwnSlotsDeclared(netuid, fromTime, uids, own);
    }

    /// @inheritdoc ISubnets
    function registrationPrice(uint16 netuid) external view returns (uint256 price) {
        return _registrationPrice(_state(netuid));
    }

    /// @inheritdoc ISubnets
    function pruningRank(uint16 netuid, uint16 uid, LastPay calldata lastPay)
        external
        view
        returns (bool prunable, uint256 rank)
    {
        State storage state = _state(netuid);
        _wordOf(netuid, state, uid);
        return _candidates(netuid, state, lastPay).rankOf(uid);
    }

    /// @inheritdoc ISubnets
    function neuron(uint16 netuid, uint16 uid) external view returns (Neuron memory) {
        return _neuron(netuid, _state(netuid), uid);
    }

    /// @inheritdoc ISubnets
    function neurons(uint16 netuid, uint16 from, uint16 count) external view returns (Neuron[] memory page) {
        State storage state = _state(netuid);
        uint256 end = Math.min(uint256(from) + count, state.slots.length);
        page = new Neuron[](Math.saturatingSub(end, from));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _neuron(netuid, state, uint16(from + i)); // below the slot count
        }
    }

    /// @inheritdoc ISubnets
    function slotsAt(uint16 netuid, uint48 timestamp)
        external
        view
        returns (uint64[] memory nodeIds, uint48[] memory registeredAt)
    {
        return SlotWord.holdersBefore(_state(netuid).slots, timestamp);
    }

    /// @inheritdoc ISubnets
    function ownSlotsAt(uint16 netuid, uint48 timestamp) external view returns (uint256[] memory bitmap) {
        State storage state = _state(netuid);
        return state.ownSlots.declaredAt(state.slots, timestamp);
    }

    /// @inheritdoc ISubnets
    function lastChangedAt(uint16 netuid) external view returns (uint48) {
        return _state(netuid).lastChangedAt;
    }

    /// @inheritdoc ISubnets
    function slot(uint16 netuid, uint16 uid) public view returns (Slot memory) {
        uint256 word = _wordOf(netuid, _state(netuid), uid);
        return Slot(uid, word.node(), word.since());
    }

    /// @inheritdoc ISubnets
    function slotOf(uint16 netuid, address operator) external view returns (Slot memory) {
        return slot(netuid, uidOf(netuid, operator));
    }

    /// @inheritdoc ISubnets
    function uidOf(uint16 netuid, address operator) public view returns (uint16 uid) {
        uint256 uidPlusOne = _state(netuid).uidPlusOne[vault.nodeOf(operator)];
        if (uidPlusOne == 0) revert NotRegistered(netuid, operator);
        return uint16(uidPlusOne - 1); // was a uint16
    }

    /// @dev Runs this very call with the code of `lifecycle` on this contract's storage.
    function _runLifecycle() private returns (bytes memory result) {
        return Address.functionDelegateCall(lifecycle, msg.data);
    }

    function _checkMayRegister(uint16 netuid, State storage state) private view {
        _checkNotDissolved(netuid, state);
        if (state.membership == Membership.Consortium && !members.isMember(netuid, msg.sender)) {
            revert NotAMember(netuid, msg.sender);
        }
    }

    /// @dev The longest vacant slot first; as it was vacated before every other, none is free if it is not.
    function _giveSlot(uint16 netuid, State storage state, uint64 nodeId, LastPay calldata lastPay)
        private
        returns (uint16 uid)
    {
        if (!state.vacated.empty()) {
            uid = uint16(uint256(state.vacated.front())); // was a uint16
            if (_mayChange(state, state.slots[uid])) {
                state.vacated.popFront();
                _changeHolder(netuid, state, uid, nodeId);
                return uid;
            }
        }
        uint256 count = state.slots.length;
        if (count < _capacity(state)) {
            state.slots.push(SlotWord.created(nodeId, block.timestamp));
            return uint16(count); // below maxUids
        }
        bool found;
        (found, uid) = _candidates(netuid, state, lastPay).next();
        if (!found) revert AllImmune(netuid);
        emit NeuronPruned(netuid, uid, state.slots[uid].node());
        _evict(netuid, state, uid);
        _changeHolder(netuid, state, uid, nodeId);
    }

    /// @dev What the slot has earned goes to the owner of the node that leaves it.
    function _evict(uint16 netuid, State storage state, uint16 uid) private {
        uint64 nodeId = state.slots[uid].node();
        delete state.uidPlusOne[nodeId];
        emission.creditSlot(netuid, uid, nodeId);
    }

    function _changeHolder(uint16 netuid, State storage state, uint16 uid, uint64 nodeId) private {
        uint48 epochStart = state.versions.startOf(state.versions.currentEpoch());
        uint16 changes = state.lastChangedAt < epochStart ? 0 : state.changes;
        if (changes == MAX_CHANGES_AN_EPOCH) revert TooManyChanges(netuid, changes, _nextStart(state));
        (state.lastChangedAt, state.changes) = (_now(), changes + 1);
        state.slots[uid] = state.slots[uid].changed(nodeId, block.timestamp);
        if (state.ownSlots.isSet(uid)) state.ownSlots.set(uid, false, _nextStart(state));
    }

    /// @dev Once an epoch: by the start of the next one every epoch is closed that asks for the holder which a second
    /// change forgets.
    function _mayChange(State storage state, uint256 word) private view returns (bool) {
        return word.since() < state.versions.startOf(state.versions.currentEpoch());
    }

    /// @dev A smaller `maxUids` to come counts already, so that no slot is beyond it when it takes effect.
    function _capacity(State storage state) private view returns (uint256) {
        return Math.min(state.versions.inForce().parameters.maxUids, state.versions.latest().parameters.maxUids);
    }

    function _nextStart(State storage state) private view returns (uint48) {
        return state.versions.startOf(uint256(state.versions.currentEpoch()) + 1);
    }

    function _candidates(uint16 netuid, State storage state, LastPay calldata lastPay)
        private
        view
        returns (Pruning.Candidates memory)
    {
        uint256 current = state.versions.currentEpoch();
        uint256 immunity = state.versions.inForce().parameters.immunity;
        (bytes32 payHash, uint64 paidEpoch, uint48 paidUntil) = consensus.lastPay(netuid);
        Parameters storage paying = state.versions.versionOf(paidEpoch).parameters;
        return Pruning.Candidates({
            slots: state.slots, // one read a slot
            pay: _checkedPay(payHash, lastPay, paying.minersCut, paying.validatorsCut),
            paidUntil: paidUntil,
            immuneFrom: current < immunity ? 0 : state.versions.startOf(current - immunity)
        });
    }

    /// @dev Consensus keeps only the hash of what the last settled epoch paid.
    function _checkedPay(bytes32 stored, LastPay calldata lastPay, uint16 minersCut, uint16 validatorsCut)
        private
        pure
        returns (uint256[] memory)
    {
        if (stored == bytes32(0)) return new uint256[](0);
        bytes32 computed = keccak256(abi.encode(lastPay.incentive, lastPay.validatorPay));
        if (computed != stored) revert LastPayMismatch(computed, stored);
        return Pruning.payOf(lastPay.incentive, lastPay.validatorPay, minersCut, validatorsCut);
    }

    function _neuron(uint16 netuid, State storage state, uint16 uid) private view returns (Neuron memory n) {
        uint256 word = _wordOf(netuid, state, uid);
        uint64 nodeId = word.node();
        (n.uid, n.nodeId, n.registeredAt) = (uid, nodeId, word.since());
        if (nodeId == 0) return n;
        n.operator = vault.operatorOf(nodeId);
        n.owner = vault.ownerOf(nodeId);
        n.takeBps = vault.takeOf(nodeId);
        n.stake = vault.stakeOf(nodeId);
        Record memory live = resolve(n.operator);
        (n.recordDigest, n.recordSeq, n.recordExpiry) = (live.digest, live.seq, live.expiry);
    }

    function _wordOf(uint16 netuid, State storage state, uint16 uid) private view returns (uint256) {
        if (uid >= state.slots.length) revert NeuronUnknown(netuid, uid);
        return state.slots[uid];
    }
}
