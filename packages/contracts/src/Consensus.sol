// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IConsensus} from "./interfaces/IConsensus.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {IEpochKernel} from "./interfaces/IEpochKernel.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {Lanes} from "./libraries/Lanes.sol";
import {RowRules} from "./libraries/RowRules.sol";
import {SnapshotReader} from "./libraries/SnapshotReader.sol";
import {VoterBook} from "./libraries/VoterBook.sol";

contract Consensus is IConsensus {
    using VoterBook for VoterBook.Book;
    using VoterBook for VoterBook.Settled;

    /// @dev Above it, finding consensus on chain could pass what one transaction may spend.
    uint256 private constant MAX_CLAIM_FREE_VOTERS = 16;

    ISubnets public immutable subnets;
    IStakeVault public immutable vault;
    IEmission public immutable emission;
    IEpochKernel public immutable kernel;

    VoterBook.Book private _book;
    /// @dev With the last snapshot.
    mapping(uint16 netuid => VoterBook.Settled) private _lastSettled;

    constructor(address subnets_, address vault_, address emission_, address kernel_) {
        subnets = ISubnets(subnets_);
        vault = IStakeVault(vault_);
        emission = IEmission(emission_);
        kernel = IEpochKernel(kernel_);
    }

    /// @inheritdoc IConsensus
    function commit(uint16 netuid, uint64 epoch, bytes32 commitment) external {
        if (commitment == bytes32(0)) revert CommitmentZero();
        uint64 current = subnets.currentEpoch(netuid);
        if (epoch != current) revert NotCurrentEpoch(epoch, current);
        ISubnets.Slot memory slot = subnets.slotOf(netuid, msg.sender);
        _book.commit(netuid, slot, epoch, commitment, _now());
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
        ISubnets.Parameters memory parameters = _checkReveals(netuid, epoch);
        ISubnets.Slot memory slot = subnets.slotOf(netuid, msg.sender);
        _checkRow(netuid, slot.uid, parameters, version, packedRow);
        bytes32 computed =
            commitmentOf(netuid, epoch, slot.nodeId, slot.registeredAt, version, packedRow, evidenceRoot, salt);
        uint48 committedAt = _book.reveal(netuid, slot, epoch, computed, packedRow);
        emit Revealed(netuid, slot.uid, epoch, committedAt, version, packedRow, evidenceRoot);
    }

    /// @inheritdoc IConsensus
    function snapshot(uint16 netuid, uint64 epoch) external {
        if (_hasSnapshot(netuid, epoch)) revert AlreadySnapshotted(epoch);
        (uint48 start, ISubnets.Parameters memory parameters, Terms memory terms) =
            SnapshotReader.terms(subnets, netuid, epoch);
        if (_now() < terms.end) revert TooEarly(terms.end);
        if (_now() >= terms.settleEnd) revert Void(epoch);
        Snapshot memory taken = SnapshotReader.read(subnets, vault, kernel, netuid, start, parameters, terms);
        (_lastSettled[netuid].snapshotEpoch, _lastSettled[netuid].snapshotHash) = (epoch, keccak256(abi.encode(taken)));
        emit SnapshotTaken(netuid, epoch, taken);
    }

    /// @inheritdoc IConsensus
    function settle(uint16 netuid, uint64 epoch, Snapshot calldata snapshot_, Votes calldata votes) external {
        LastSettled memory last = _lastSettled[netuid].load();
        if (last.settled && last.epoch >= epoch) revert AlreadySettled(epoch);
        _checkSnapshot(netuid, epoch, snapshot_);
        if (_now() < snapshot_.terms.revealEnd) revert TooEarly(snapshot_.terms.revealEnd);
        if (_now() >= snapshot_.terms.settleEnd) revert Void(epoch);
        IEpochKernel.Output memory output = _run(netuid, epoch, last, snapshot_, votes);
        bytes32 bondsHash = keccak256(output.bonds);
        _store(netuid, epoch, snapshot_, output, bondsHash);
        emit EpochSettled(netuid, epoch, msg.sender, _result(snapshot_, output, bondsHash));
        emission.payEpoch(netuid, epoch, _payment(snapshot_, output));
    }

    /// @inheritdoc IConsensus
    function voters(uint16 netuid) external view returns (uint16[] memory uids) {
        LastSettled memory last = _lastSettled[netuid].load();
        uint256[] memory holders = VoterBook.members(last.permits, last.uids);
        uids = new uint16[](holders.length);
        uint256 count = 0;
        for (uint256 k = 0; k < holders.length; ++k) {
            uint16 uid = uint16(holders[k]); // of a slot
            if (subnets.slot(netuid, uid).registeredAt < last.end) uids[count++] = uid;
        }
        assembly ("memory-safe") {
            mstore(uids, count)
        }
    }

    /// @inheritdoc IConsensus
    function snapshotOf(uint16 netuid, uint64 epoch) external view returns (Snapshot memory) {
        (uint48 start, ISubnets.Parameters memory parameters, Terms memory terms) =
            SnapshotReader.terms(subnets, netuid, epoch);
        return SnapshotReader.read(subnets, vault, kernel, netuid, start, parameters, terms);
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
    function voterState(uint16 netuid, uint16 uid) public view returns (VoterState memory) {
        ISubnets.Slot memory slot = subnets.slot(netuid, uid);
        VoterBook.Voter storage voter = _book.voterOf(netuid, uid, slot.registeredAt);
        return VoterState({
            uid: uid,
            nodeId: slot.nodeId,
            registeredAt: slot.registeredAt,
            rowHash: voter.rowHash,
            lastUpdate: voter.rowCommittedAt == 0 ? slot.registeredAt : voter.rowCommittedAt,
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
    function withheld(uint16 netuid, uint64 epoch) external view returns (uint256[] memory bitmap) {
        bitmap = new uint256[](Lanes.words(subnets.subnet(netuid).neuronCount, Lanes.BITS_A_WORD));
        for (uint256 word = 0; word < bitmap.length; ++word) {
            bitmap[word] = _book.withheldAt(netuid, epoch, word);
        }
    }

    /// @inheritdoc IConsensus
    function lastSettled(uint16 netuid) external view returns (LastSettled memory last) {
        last = _lastSettled[netuid].load();
        last.payHash = _lastSettled[netuid].payHash;
    }

    /// @inheritdoc IConsensus
    function lastPay(uint16 netuid) external view returns (bytes32 payHash, uint64 epoch, uint48 end) {
        return (_lastSettled[netuid].payHash, _lastSettled[netuid].epoch, _lastSettled[netuid].end);
    }

    /// @inheritdoc IConsensus
    function lastSnapshot(uint16 netuid) external view returns (uint64 epoch, bytes32 hash) {
        return (_lastSettled[netuid].snapshotEpoch, _lastSettled[netuid].snapshotHash);
    }

    /// @dev Rows of the epoch are revealed now.
    function _checkReveals(uint16 netuid, uint64 epoch) private view returns (ISubnets.Parameters memory parameters) {
        uint48 end;
        uint48 revealEnd;
        (, end, revealEnd,, parameters) = subnets.epochContext(netuid, epoch);
        if (_now() < end) revert TooEarly(end);
        if (_now() >= revealEnd) revert RevealClosed(epoch, revealEnd);
    }

    /// @dev Cells that no slot has would make up the weights that the limits ask for, and widen everybody's rows.
    function _checkRow(
        uint16 netuid,
        uint16 own,
        ISubnets.Parameters memory parameters,
        uint256 version,
        uint256[] calldata row
    ) private view {
        uint256 maxWords = Lanes.words(parameters.maxUids, Lanes.U16_A_WORD);
        if (row.length > maxWords) revert RowTooLong(row.length, maxWords);
        if (version < parameters.weightsVersion) revert VersionTooOld(version, parameters.weightsVersion);
        uint256 cells = RowRules.length(row);
        if (cells > 0) subnets.slot(netuid, uint16(cells - 1)); // below 1,040; reverts with `NeuronUnknown`
        RowRules.check(row, own, parameters.minWeights, parameters.maxWeightRatio);
    }

    function _checkSnapshot(uint16 netuid, uint64 epoch, Snapshot calldata snapshot_) private view {
        if (!_hasSnapshot(netuid, epoch)) revert SnapshotMissing(epoch);
        bytes32 computed = keccak256(abi.encode(snapshot_));
        bytes32 stored = _lastSettled[netuid].snapshotHash;
        if (computed != stored) revert SnapshotMismatch(computed, stored);
    }

    function _run(
        uint16 netuid,
        uint64 epoch,
        LastSettled memory last,
        Snapshot calldata snapshot_,
        Votes calldata votes
    ) private view returns (IEpochKernel.Output memory) {
        uint256 bondWords = Lanes.words(last.uids, Lanes.U16_A_WORD);
        uint256[] memory words = _book.check(netuid, epoch, last, snapshot_, votes);
        if (votes.claim.length == 0 && words.length > MAX_CLAIM_FREE_VOTERS) {
            revert ClaimRequired(words.length, MAX_CLAIM_FREE_VOTERS);
        }
        return kernel.run(
            _rules(snapshot_, last.end, bondWords, votes.rowWords),
            words,
            snapshot_.stakes,
            snapshot_.registeredAt,
            snapshot_.newPermits,
            votes.rows,
            votes.bonds,
            votes.claim
        );
    }

    function _store(
        uint16 netuid,
        uint64 epoch,
        Snapshot calldata snapshot_,
        IEpochKernel.Output memory output,
        bytes32 bondsHash
    ) private {
        VoterBook.Settled storage last = _lastSettled[netuid];
        (last.settled, last.epoch, last.end) = (true, epoch, snapshot_.terms.end);
        (last.blockNumber, last.uids) = (uint48(block.number), snapshot_.uids);
        last.bondsHash = bondsHash;
        last.payHash = keccak256(abi.encode(output.incentive, output.validatorPay));
        for (uint256 word = 0; word < snapshot_.newPermits.length; ++word) {
            last.permits[word] = snapshot_.newPermits[word]; // as many words as the uids need
        }
    }

    function _rules(Snapshot calldata snapshot_, uint48 lastSettledEnd, uint256 bondWords, uint16 rowWords)
        private
        pure
        returns (IEpochKernel.Rules memory)
    {
        Terms calldata terms = snapshot_.terms;
        return IEpochKernel.Rules({
            kappa: terms.kappa,
            bondsPenalty: terms.bondsPenalty,
            bondsAlpha: terms.bondsAlpha,
            liquidAlpha: terms.liquidAlpha,
            alphaLow: terms.alphaLow,
            alphaHigh: terms.alphaHigh,
            alphaSteepness: terms.alphaSteepness,
            endsAt: terms.end,
            activityCutoff: terms.activityCutoff,
            // A slot that changed hands at the end itself was its former holder's in that epoch.
            lastSettledEnd: lastSettledEnd == 0 ? 0 : lastSettledEnd - 1,
            uids: snapshot_.uids,
            bondWords: uint16(bondWords), // at most 64
            rowWords: rowWords
        });
    }

    function _result(Snapshot calldata snapshot_, IEpochKernel.Output memory output, bytes32 bondsHash)
        private
        pure
        returns (Result memory)
    {
        return Result({
            uids: snapshot_.uids,
            permits: snapshot_.newPermits,
            consensus: output.consensus,
            validatorTrust: output.validatorTrust,
            incentive: output.incentive,
            dividends: output.dividends,
            validatorPay: output.validatorPay,
            bondsHash: bondsHash
        });
    }

    function _payment(Snapshot calldata snapshot_, IEpochKernel.Output memory output)
        private
        view
        returns (IEmission.Payment memory)
    {
        return IEmission.Payment({
            end: snapshot_.terms.end,
            staked: _any(snapshot_.newPermits), // whoever has stake competes for at least one permit
            voted: output.minersVoted,
            settler: msg.sender,
            uids: snapshot_.uids,
            ownerCut: snapshot_.terms.ownerCut,
            minersCut: snapshot_.terms.minersCut,
            validatorsCut: snapshot_.terms.validatorsCut,
            incentive: output.incentive,
            validatorPay: output.validatorPay,
            takes: abi.encodePacked(snapshot_.takes),
            ownSlots: snapshot_.ownSlots
        });
    }

    function _any(uint256[] calldata bitmap) private pure returns (bool) {
        for (uint256 word = 0; word < bitmap.length; ++word) {
            if (bitmap[word] != 0) return true;
        }
        return false;
    }

    function _hasSnapshot(uint16 netuid, uint64 epoch) private view returns (bool) {
        return _lastSettled[netuid].snapshotHash != bytes32(0) && _lastSettled[netuid].snapshotEpoch == epoch;
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
