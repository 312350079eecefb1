// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IConsensus} from "./interfaces/IConsensus.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {IEpochKernel} from "./interfaces/IEpochKernel.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {PackedRow} from "./libraries/PackedRow.sol";
import {PackedStakes} from "./libraries/PackedStakes.sol";
import {UidBitmap} from "./libraries/UidBitmap.sol";

contract Consensus is IConsensus {
    using SafeCast for uint256;
    using UidBitmap for uint256;

    /// @dev What belongs to a slot's holder. `commitments` by the parity of their epoch: those of e + 1 are made while
    /// e is still being revealed and settled.
    struct Voter {
        bytes32 rowHash;
        bytes32 bondHash;
        uint48 rowCommittedAt;
        Commitment[2] commitments;
    }

    /// @dev An epoch about to be settled, in memory.
    struct Epoch {
        uint16 netuid;
        uint64 epoch;
        uint48 start;
        uint48 end;
        uint48 revealEnd;
        uint48 settleEnd;
        ISubnets.Parameters parameters;
        uint64[] nodeIds;
        uint48[] registeredAt;
        uint32[] stakes;
        uint256 newPermit;
        uint256 permits;
    }

    ISubnets public immutable subnets;
    IStakeVault public immutable vault;
    IEmission public immutable emission;
    IEpochKernel public immutable kernel;

    /// @dev By slot holder, see `_key`: a slot's next holder starts with nothing.
    mapping(uint256 key => Voter) private _voters;
    mapping(uint16 netuid => LastSettled) private _lastSettled;
    mapping(uint16 netuid => Snapshot) private _snapshots;

    constructor(address subnets_, address vault_, address emission_, address kernel_) {
        subnets = ISubnets(subnets_);
        vault = IStakeVault(vault_);
        emission = IEmission(emission_);
        kernel = IEpochKernel(kernel_);
    }

    /// @inheritdoc IConsensus
    function commit(uint16 netuid, uint64 epoch, bytes32 commitment) external {
        if (commitment == bytes32(0)) revert CommitmentZero();
        uint64 current = currentEpoch(netuid);
        if (epoch != current) revert NotCurrentEpoch(epoch, current);
        ISubnets.Slot memory slot = subnets.slotOf(netuid, msg.sender);
        _voter(netuid, slot.uid, slot.registeredAt).commitments[epoch & 1] =
            Commitment(commitment, epoch, _now(), false);
        emit Committed(netuid, slot.uid, epoch, commitment, _now());
    }

    /// @inheritdoc IConsensus
    function reveal(
        uint16 netuid,
        uint64 epoch,
        uint256 version,
        uint256[] calldata packedRow,
        bytes32 evidenceRoot,
        bytes32 salt
    ) external {
        _checkRevealing(netuid, epoch, packedRow.length);
        ISubnets.Slot memory slot = subnets.slotOf(netuid, msg.sender);
        Voter storage voter = _voter(netuid, slot.uid, slot.registeredAt);
        Commitment storage commitment = voter.commitments[epoch & 1];
        if (!_isFor(commitment, epoch)) revert CommitmentMissing(slot.uid, epoch);
        if (commitment.revealed) revert AlreadyRevealed(slot.uid, epoch);
        bytes32 computed =
            commitmentOf(netuid, epoch, slot.nodeId, slot.registeredAt, version, packedRow, evidenceRoot, salt);
        if (computed != commitment.hash) revert CommitmentMismatch(slot.uid, computed, commitment.hash);

        commitment.revealed = true;
        voter.rowHash = PackedRow.hash(packedRow);
        voter.rowCommittedAt = commitment.committedAt;
        emit Revealed(netuid, slot.uid, epoch, commitment.committedAt, version, packedRow, evidenceRoot);
    }

    /// @inheritdoc IConsensus
    function snapshot(uint16 netuid, uint64 epoch) external {
        if (_hasSnapshot(netuid, epoch)) revert AlreadySnapshotted(epoch);
        Epoch memory e = _open(netuid, epoch);
        if (_now() < e.end) revert TooEarly(e.end);
        if (_now() >= e.settleEnd) revert Void(epoch);
        _measureStakes(e);
        _storeSnapshot(e);
    }

    /// @inheritdoc IConsensus
    function settle(uint16 netuid, uint64 epoch, uint256[][] calldata rows, uint256[][] calldata bonds) external {
        Epoch memory e = _open(netuid, epoch);
        LastSettled storage last = _lastSettled[netuid];
        if (last.settled && last.epoch == epoch) revert AlreadySettled(epoch);
        if (_now() < e.revealEnd) revert TooEarly(e.revealEnd);
        if (_now() >= e.settleEnd) revert Void(epoch);
        if (_hasSnapshot(netuid, epoch)) {
            _readSnapshot(e);
        } else {
            _measureStakes(e);
            _storeSnapshot(e);
        }
        e.permits = last.settled ? last.permits : e.newPermit;

        IEpochKernel.Output memory output = kernel.run(_kernelInput(e, last.end, rows, bonds));
        _storeBonds(e, output.bonds);
        _lastSettled[netuid] = LastSettled(true, epoch, e.end, uint48(block.number), e.newPermit);
        emit EpochSettled(netuid, epoch, msg.sender, _result(e, output));
        emission.payEpoch(netuid, epoch, _payment(e, output));
    }

    /// @inheritdoc IConsensus
    function voters(uint16 netuid, uint64 epoch) external view returns (uint16[] memory uids) {
        LastSettled storage last = _lastSettled[netuid];
        if (last.settled) return last.permits.members();
        if (_hasSnapshot(netuid, epoch)) return _snapshots[netuid].newPermit.members();
        Epoch memory e = _open(netuid, epoch);
        _measureStakes(e);
        return e.newPermit.members();
    }

    /// @inheritdoc IConsensus
    function commitmentOf(
        uint16 netuid,
        uint64 epoch,
        uint64 nodeId,
        uint48 registeredAt,
        uint256 version,
        uint256[] calldata packedRow,
        bytes32 evidenceRoot,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                block.chainid,
                address(this),
                uint256(netuid),
                uint256(epoch),
                uint256(nodeId),
                uint256(registeredAt),
                version,
                packedRow,
                evidenceRoot,
                salt
            )
        );
    }

    /// @inheritdoc IConsensus
    function currentEpoch(uint16 netuid) public view returns (uint64 epoch) {
        (uint48 startedAt, uint32 epochLength,) = subnets.timing(netuid);
        return uint64((block.timestamp - startedAt) / epochLength); // seconds have 48 bits
    }

    /// @inheritdoc IConsensus
    function windows(uint16 netuid, uint64 epoch)
        public
        view
        returns (uint48 start, uint48 end, uint48 revealEnd, uint48 settleEnd)
    {
        (uint48 startedAt, uint32 epochLength, uint32 revealWindow) = subnets.timing(netuid);
        start = (startedAt + uint256(epoch) * epochLength).toUint48();
        end = start + epochLength;
        revealEnd = end + revealWindow;
        settleEnd = end + epochLength;
    }

    /// @inheritdoc IConsensus
    function voterState(uint16 netuid, uint16 uid) public view returns (VoterState memory) {
        ISubnets.Slot memory slot = subnets.slot(netuid, uid);
        Voter storage voter = _voter(netuid, uid, slot.registeredAt);
        return VoterState({
            uid: uid,
            nodeId: slot.nodeId,
            registeredAt: slot.registeredAt,
            rowHash: voter.rowHash,
            bondHash: voter.bondHash,
            lastUpdate: _lastUpdate(voter, slot.registeredAt),
            commitments: voter.commitments
        });
    }

    /// @inheritdoc IConsensus
    function voterStates(uint16 netuid, uint16 from, uint16 count) external view returns (VoterState[] memory page) {
        uint256 end = Math.min(uint256(from) + count, subnets.subnet(netuid).neuronCount);
        page = new VoterState[](Math.saturatingSub(end, from));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = voterState(netuid, uint16(from + i)); // below the neuron count
        }
    }

    /// @inheritdoc IConsensus
    function permits(uint16 netuid) external view returns (uint256 bitmap) {
        return _lastSettled[netuid].permits;
    }

    /// @inheritdoc IConsensus
    function lastSettled(uint16 netuid) external view returns (LastSettled memory) {
        return _lastSettled[netuid];
    }

    /// @inheritdoc IConsensus
    function lastSnapshot(uint16 netuid) external view returns (Snapshot memory) {
        return _snapshots[netuid];
    }

    function _checkRevealing(uint16 netuid, uint64 epoch, uint256 words) private view {
        (, uint48 end, uint48 revealEnd,) = windows(netuid, epoch);
        if (_now() < end) revert TooEarly(end);
        if (_now() >= revealEnd) revert RevealClosed(epoch, revealEnd);
        uint256 maxWords = PackedRow.words(subnets.parameters(netuid).maxUids);
        if (words > maxWords) revert RowTooLong(words, maxWords);
    }

    function _open(uint16 netuid, uint64 epoch) private view returns (Epoch memory e) {
        (e.netuid, e.epoch) = (netuid, epoch);
        (e.start, e.end, e.revealEnd, e.settleEnd) = windows(netuid, epoch);
        e.parameters = subnets.parameters(netuid);
        (e.nodeIds, e.registeredAt) = subnets.slotsBefore(netuid, e.end);
    }

    /// @dev Rule 1: stakes at S, 0 below the threshold, quantised; the permits they grant.
    function _measureStakes(Epoch memory e) private view {
        uint256[] memory stakes = vault.stakesAt(e.nodeIds, e.start);
        for (uint256 uid = 0; uid < stakes.length; ++uid) {
            if (stakes[uid] < e.parameters.stakeThreshold) stakes[uid] = 0;
        }
        e.stakes = kernel.quantise(stakes);
        e.newPermit = kernel.selectPermits(e.stakes, e.parameters.maxValidators);
    }

    function _storeSnapshot(Epoch memory e) private {
        uint16 n = uint16(e.nodeIds.length); // at most maxUids
        uint256[] memory stakes = PackedStakes.pack(e.stakes);
        _snapshots[e.netuid] = Snapshot(true, e.epoch, n, e.newPermit, stakes);
        emit SnapshotTaken(e.netuid, e.epoch, n, e.newPermit, stakes);
    }

    function _readSnapshot(Epoch memory e) private view {
        Snapshot memory taken = _snapshots[e.netuid];
        e.stakes = PackedStakes.unpack(taken.stakes, taken.n);
        e.newPermit = taken.newPermit;
    }

    function _kernelInput(Epoch memory e, uint48 lastSettledEnd, uint256[][] calldata rows, uint256[][] calldata bonds)
        private
        view
        returns (IEpochKernel.Input memory input)
    {
        uint256 n = e.nodeIds.length;
        input.kappa = e.parameters.kappa;
        input.bondsPenalty = e.parameters.bondsPenalty;
        input.bondsAlpha = e.parameters.bondsAlpha;
        input.endsAt = e.end;
        input.activityCutoff = uint64(e.parameters.activityCutoff) * e.parameters.epochLength;
        input.lastSettledEnd = lastSettledEnd;
        input.permits = e.permits;
        input.newPermits = e.newPermit;
        input.stake = e.stakes;
        input.registeredAt = new uint64[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            input.registeredAt[uid] = e.registeredAt[uid];
        }
        input.lastUpdate = new uint64[](n);
        input.committedAt = new uint64[](n);
        _addVoters(e, input, rows, bonds);
    }

    /// @dev Checks every row and bond row against its stored hash. Uids without a permit count as never updated.
    function _addVoters(
        Epoch memory e,
        IEpochKernel.Input memory input,
        uint256[][] calldata rows,
        uint256[][] calldata bonds
    ) private view {
        uint16[] memory uids = e.permits.members();
        if (rows.length != uids.length || bonds.length != uids.length) {
            revert RowCountMismatch(rows.length, bonds.length, uids.length);
        }
        uint256 words = PackedRow.words(e.nodeIds.length);
        input.rows = new uint256[][](uids.length);
        input.bonds = new uint256[][](uids.length);
        for (uint256 i = 0; i < uids.length; ++i) {
            uint16 uid = uids[i];
            Voter storage voter = _voter(e.netuid, uid, e.registeredAt[uid]);
            if (PackedRow.hash(rows[i]) != voter.rowHash) revert RowMismatch(uid);
            if (PackedRow.hash(bonds[i]) != voter.bondHash) revert BondsMismatch(uid);
            input.rows[i] = PackedRow.truncated(rows[i], words);
            input.bonds[i] = bonds[i];
            input.lastUpdate[uid] = _lastUpdate(voter, e.registeredAt[uid]);
            input.committedAt[uid] = voter.rowCommittedAt;
            Commitment storage commitment = voter.commitments[e.epoch & 1];
            if (_isFor(commitment, e.epoch) && !commitment.revealed) input.withheld |= 1 << uid;
        }
    }

    /// @dev Bonds are kept for holders of the new permits only, whose rows come in ascending order.
    function _storeBonds(Epoch memory e, uint256[][] memory bonds) private {
        uint256 next = 0;
        for (uint256 uid = 0; uid < e.nodeIds.length; ++uid) {
            bool keeps = e.newPermit.has(uid);
            if (!keeps && !e.permits.has(uid)) continue;
            _voter(e.netuid, uid, e.registeredAt[uid]).bondHash = keeps ? PackedRow.hash(bonds[next++]) : bytes32(0);
        }
    }

    function _result(Epoch memory e, IEpochKernel.Output memory output) private pure returns (Result memory) {
        return Result({
            n: uint16(e.nodeIds.length), // at most maxUids
            permits: e.newPermit,
            stakes: e.stakes,
            consensus: output.consensus,
            validatorTrust: output.validatorTrust,
            incentive: output.incentive,
            dividends: output.dividends,
            bonds: output.bonds
        });
    }

    function _payment(Epoch memory e, IEpochKernel.Output memory output)
        private
        view
        returns (IEmission.Payment memory)
    {
        uint64[] memory takes = new uint64[](e.nodeIds.length);
        for (uint256 uid = 0; uid < takes.length; ++uid) {
            if (output.validatorPay[uid] > 0) takes[uid] = vault.takeAt(e.nodeIds[uid], e.start);
        }
        return IEmission.Payment({
            end: e.end,
            staked: e.newPermit != 0, // whoever has stake competes for at least one permit
            voted: output.minersVoted,
            settler: msg.sender,
            uids: uint16(e.nodeIds.length), // at most maxUids
            ownerCut: e.parameters.ownerCut,
            minersCut: e.parameters.minersCut,
            validatorsCut: e.parameters.validatorsCut,
            incentive: _packed(output.incentive, 32, 1),
            validatorPay: _packed(output.validatorPay, 32, 1),
            takes: _packed(takes, 16, 0),
            ownSlots: new uint256[](0)
        });
    }

    /// @dev Words of `bits` wide fields, the first in the lowest bits, of values shifted down by `down` bits.
    function _packed(uint64[] memory values, uint256 bits, uint256 down) private pure returns (bytes memory) {
        uint256 perWord = 256 / bits;
        uint256[] memory words = new uint256[]((values.length + perWord - 1) / perWord);
        for (uint256 i = 0; i < values.length; ++i) {
            words[i / perWord] |= uint256(values[i] >> down) << (bits * (i % perWord));
        }
        return abi.encodePacked(words);
    }

    function _hasSnapshot(uint16 netuid, uint64 epoch) private view returns (bool) {
        return _snapshots[netuid].taken && _snapshots[netuid].epoch == epoch;
    }

    function _isFor(Commitment storage commitment, uint64 epoch) private view returns (bool) {
        return commitment.hash != bytes32(0) && commitment.epoch == epoch;
    }

    function _lastUpdate(Voter storage voter, uint48 registeredAt) private view returns (uint48) {
        return voter.rowCommittedAt == 0 ? registeredAt : voter.rowCommittedAt;
    }

    function _voter(uint16 netuid, uint256 uid, uint48 registeredAt) private view returns (Voter storage) {
        return _voters[uint256(netuid) << 64 | uid << 48 | registeredAt];
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
