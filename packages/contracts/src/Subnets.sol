// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {IWitanToken} from "./interfaces/IWitanToken.sol";
import {ParameterBounds} from "./libraries/ParameterBounds.sol";
import {RegistrationPrice} from "./libraries/RegistrationPrice.sol";

contract Subnets is ISubnets, EIP712, Nonces {
    struct NodeSlot {
        uint64 nodeId;
        uint48 registeredAt;
    }

    /// @param price wei after the last registration, at `pricedAt`
    /// @param uidPlusOne 0: the node has no slot
    struct State {
        Subnet subnet;
        bytes32[] modelVersions;
        uint128 price;
        uint48 pricedAt;
        NodeSlot[] slots;
        mapping(uint64 nodeId => uint256) uidPlusOne;
    }

    bytes32 private constant CONSENT_TYPEHASH =
        keccak256("OperatorConsent(address owner,uint256 nonce,uint256 deadline)");
    bytes32 private constant ANNOUNCEMENT_TYPEHASH =
        keccak256("Announcement(bytes32 recordDigest,uint64 seq,uint64 expiry)");
    uint256 private constant MAX_RECORD_SECONDS = 30 days;
    uint256 private constant MAX_MODEL_VERSIONS = 32;
    uint256 private constant MAX_NAME_BYTES = 64;
    uint256 private constant PUBLIC_MIN_EPOCH_LENGTH = 10 minutes;
    uint256 private constant LOCAL_MIN_EPOCH_LENGTH = 2; // one second to vote in, one to reveal in
    uint256 private constant LOCAL_CHAIN_ID = 31_337;

    IWitanToken public immutable token;
    IStakeVault public immutable vault;
    IEmission public immutable emission;
    /// @inheritdoc ISubnets
    uint256 public immutable creationPrice;
    /// @inheritdoc ISubnets
    uint32 public immutable minEpochLength;

    /// @inheritdoc ISubnets
    uint16 public subnetCount;
    mapping(uint16 netuid => State) private _states;
    mapping(address operator => Record) private _records;

    constructor(address token_, address vault_, address emission_, uint256 creationPrice_, uint32 minEpochLength_)
        EIP712("Witan", "1")
    {
        uint256 required = block.chainid == LOCAL_CHAIN_ID ? LOCAL_MIN_EPOCH_LENGTH : PUBLIC_MIN_EPOCH_LENGTH;
        if (minEpochLength_ < required) revert MinEpochLengthTooShort(minEpochLength_, required);
        token = IWitanToken(token_);
        vault = IStakeVault(vault_);
        emission = IEmission(emission_);
        creationPrice = creationPrice_;
        minEpochLength = minEpochLength_;
    }

    /// @inheritdoc ISubnets
    function createSubnet(
        Parameters calldata parameters_,
        bytes32 mechanism,
        bytes32[] calldata modelVersions_,
        string calldata name
    ) external returns (uint16 netuid) {
        ParameterBounds.check(parameters_, minEpochLength);
        _checkDescription(modelVersions_.length, bytes(name).length);
        netuid = ++subnetCount;
        State storage state = _states[netuid];
        state.subnet = Subnet(msg.sender, _now(), 0, mechanism, name, parameters_);
        state.modelVersions = modelVersions_;
        state.price = parameters_.initialPrice;
        state.pricedAt = _now();
        emit SubnetCreated(netuid, msg.sender, state.subnet, modelVersions_, creationPrice);
        token.burnFrom(msg.sender, creationPrice);
        emission.activate(netuid);
    }

    /// @inheritdoc ISubnets
    /// @dev The vault is an immutable peer that calls nothing back, so asking it for the node first is safe.
    function register(uint16 netuid, address operator, uint256 deadline, bytes calldata operatorSig, uint256 maxPrice)
        external
        returns (uint16 uid)
    {
        State storage state = _state(netuid);
        if (state.slots.length >= state.subnet.parameters.maxUids) {
            revert SubnetFull(netuid, state.subnet.parameters.maxUids);
        }
        uint256 price = _price(state);
        if (price > maxPrice) revert PriceExceeded(price, maxPrice);
        _checkConsent(operator, deadline, operatorSig);
        uint64 nodeId = _nodeFor(operator);
        if (state.uidPlusOne[nodeId] != 0) {
            revert AlreadyRegistered(netuid, operator, state.uidPlusOne[nodeId] - 1);
        }

        uid = state.subnet.neuronCount++;
        state.slots.push(NodeSlot(nodeId, _now()));
        state.uidPlusOne[nodeId] = uint256(uid) + 1;
        state.price = uint128(RegistrationPrice.raisedUp(price, state.subnet.parameters.maxPrice)); // ≤ maxPrice
        state.pricedAt = _now();
        emit NeuronRegistered(netuid, uid, nodeId, msg.sender, operator, price);
        token.burnFrom(msg.sender, price);
    }

    /// @inheritdoc ISubnets
    function announce(address operator, bytes32 recordDigest, uint64 seq, uint64 expiry, bytes calldata operatorSig)
        external
    {
        if (vault.nodeOf(operator) == 0) revert OperatorUnknown(operator);
        Record storage current = _records[operator];
        if (seq <= current.seq) revert SeqNotGreater(operator, seq, current.seq);
        uint256 latest = block.timestamp + MAX_RECORD_SECONDS;
        if (expiry <= block.timestamp || expiry > latest) {
            revert ExpiryOutOfBounds(expiry, block.timestamp + 1, latest);
        }
        _checkSignature(operator, keccak256(abi.encode(ANNOUNCEMENT_TYPEHASH, recordDigest, seq, expiry)), operatorSig);

        _records[operator] = Record(recordDigest, seq, expiry);
        emit Announced(operator, recordDigest, seq, expiry);
    }

    /// @inheritdoc ISubnets
    function registrationPrice(uint16 netuid) external view returns (uint256 price) {
        return _price(_state(netuid));
    }

    /// @inheritdoc ISubnets
    function record(address operator) external view returns (Record memory) {
        return _records[operator];
    }

    /// @inheritdoc ISubnets
    function resolve(address operator) public view returns (Record memory live) {
        if (_records[operator].expiry > block.timestamp) live = _records[operator];
    }

    /// @inheritdoc ISubnets
    function subnet(uint16 netuid) external view returns (Subnet memory) {
        return _state(netuid).subnet;
    }

    /// @inheritdoc ISubnets
    function parameters(uint16 netuid) external view returns (Parameters memory) {
        return _state(netuid).subnet.parameters;
    }

    /// @inheritdoc ISubnets
    function timing(uint16 netuid) external view returns (uint48 startedAt, uint32 epochLength, uint32 revealWindow) {
        Subnet storage s = _state(netuid).subnet;
        return (s.startedAt, s.parameters.epochLength, s.parameters.revealWindow);
    }

    /// @inheritdoc ISubnets
    function modelVersions(uint16 netuid) external view returns (bytes32[] memory) {
        return _state(netuid).modelVersions;
    }

    /// @inheritdoc ISubnets
    function neuron(uint16 netuid, uint16 uid) external view returns (Neuron memory) {
        return _neuron(_state(netuid), netuid, uid);
    }

    /// @inheritdoc ISubnets
    function neurons(uint16 netuid, uint16 from, uint16 count) external view returns (Neuron[] memory page) {
        State storage state = _state(netuid);
        uint256 end = Math.min(uint256(from) + count, state.slots.length);
        page = new Neuron[](Math.saturatingSub(end, from));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = _neuron(state, netuid, uint16(from + i)); // below the slot count
        }
    }

    /// @inheritdoc ISubnets
    function slotsBefore(uint16 netuid, uint48 timestamp)
        external
        view
        returns (uint64[] memory nodeIds, uint48[] memory registeredAt)
    {
        NodeSlot[] storage slots = _state(netuid).slots;
        uint256 n = slots.length;
        while (n > 0 && slots[n - 1].registeredAt >= timestamp) --n;
        nodeIds = new uint64[](n);
        registeredAt = new uint48[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            (nodeIds[uid], registeredAt[uid]) = (slots[uid].nodeId, slots[uid].registeredAt);
        }
    }

    /// @inheritdoc ISubnets
    function slot(uint16 netuid, uint16 uid) external view returns (Slot memory) {
        return _slot(_state(netuid), netuid, uid);
    }

    /// @inheritdoc ISubnets
    function slotOf(uint16 netuid, address operator) external view returns (Slot memory) {
        return _slot(_state(netuid), netuid, uidOf(netuid, operator));
    }

    /// @inheritdoc ISubnets
    function uidOf(uint16 netuid, address operator) public view returns (uint16 uid) {
        uint256 uidPlusOne = _state(netuid).uidPlusOne[vault.nodeOf(operator)];
        if (uidPlusOne == 0) revert NotRegistered(netuid, operator);
        return uint16(uidPlusOne - 1); // was a uint16
    }

    /// @inheritdoc ISubnets
    function ownerOf(uint16 netuid) external view returns (address owner) {
        return _state(netuid).subnet.owner;
    }

    /// @inheritdoc ISubnets
    function nonces(address operator) public view override(ISubnets, Nonces) returns (uint256) {
        return super.nonces(operator);
    }

    function _checkDescription(uint256 versions, uint256 nameBytes) private pure {
        if (versions == 0) revert ModelVersionsMissing();
        if (versions > MAX_MODEL_VERSIONS) revert TooManyModelVersions(versions, MAX_MODEL_VERSIONS);
        if (nameBytes > MAX_NAME_BYTES) revert NameTooLong(nameBytes, MAX_NAME_BYTES);
    }

    /// @dev The operator agrees that the caller owns its node.
    function _checkConsent(address operator, uint256 deadline, bytes calldata signature) private {
        if (operator == address(0)) revert OperatorZero();
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 structHash = keccak256(abi.encode(CONSENT_TYPEHASH, msg.sender, _useNonce(operator), deadline));
        _checkSignature(operator, structHash, signature);
    }

    function _checkSignature(address expected, bytes32 structHash, bytes calldata signature) private view {
        (address signer, ECDSA.RecoverError failure,) =
            ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (failure != ECDSA.RecoverError.NoError || signer != expected) revert SignatureInvalid(signer, expected);
    }

    function _nodeFor(address operator) private returns (uint64 nodeId) {
        nodeId = vault.nodeOf(operator);
        if (nodeId == 0) return vault.createNode(msg.sender, operator);
        address owner = vault.ownerOf(nodeId);
        if (owner != msg.sender) revert NotNodeOwner(nodeId, msg.sender, owner);
    }

    function _price(State storage state) private view returns (uint256) {
        Parameters storage p = state.subnet.parameters;
        uint256 halfLife = uint256(p.priceHalfLife) * p.epochLength;
        return RegistrationPrice.decayedUp(state.price, block.timestamp - state.pricedAt, halfLife, p.minPrice);
    }

    function _neuron(State storage state, uint16 netuid, uint16 uid) private view returns (Neuron memory) {
        Slot memory s = _slot(state, netuid, uid);
        address operator = vault.operatorOf(s.nodeId);
        Record memory live = resolve(operator);
        return Neuron({
            uid: uid,
            nodeId: s.nodeId,
            registeredAt: s.registeredAt,
            operator: operator,
            owner: vault.ownerOf(s.nodeId),
            takeBps: vault.takeOf(s.nodeId),
            stake: vault.stakeOf(s.nodeId),
            recordDigest: live.digest,
            recordSeq: live.seq,
            recordExpiry: live.expiry
        });
    }

    function _slot(State storage state, uint16 netuid, uint16 uid) private view returns (Slot memory) {
        if (uid >= state.slots.length) revert NeuronUnknown(netuid, uid);
        NodeSlot storage s = state.slots[uid];
        return Slot(uid, s.nodeId, s.registeredAt);
    }

    function _state(uint16 netuid) private view returns (State storage state) {
        state = _states[netuid];
        if (state.subnet.owner == address(0)) revert SubnetUnknown(netuid);
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
