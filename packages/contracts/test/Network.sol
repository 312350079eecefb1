// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IEpochKernel} from "../src/interfaces/IEpochKernel.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Population} from "./Population.sol";
import {Vm} from "./Vm.sol";

/// @notice The epochs of a deployed network, as a test writes them.
abstract contract Network is Population {
    bytes32 internal constant SALT = keccak256("salt");

    struct RevealedRow {
        uint256 registeredAt;
        uint256 committedAt;
        uint256[] words;
    }

    /// @dev What a client keeps from the events: the last revealed row of a uid and the bonds of the last settlement.
    mapping(uint16 netuid => mapping(uint16 uid => RevealedRow)) internal lastRow;
    mapping(uint16 netuid => uint256[]) internal lastBonds;
    mapping(uint16 netuid => ISubnets.LastPay) private _lastPay;
    /// @dev Execution gas of the last settlement with nothing accessed before, as in a transaction of its own.
    uint256 internal lastSettleGas;

    function warpTo(uint16 netuid, uint64 epoch) internal {
        (uint48 start,,,) = subnets.windows(netuid, epoch);
        vm.warp(start + 1);
    }

    function warpToReveal(uint16 netuid, uint64 epoch) internal {
        (, uint48 end,,) = subnets.windows(netuid, epoch);
        vm.warp(end);
    }

    function warpToSettle(uint16 netuid, uint64 epoch) internal {
        (,, uint48 revealEnd,) = subnets.windows(netuid, epoch);
        vm.warp(revealEnd);
    }

    function commit(uint16 netuid, uint256 i, uint64 epoch, uint256[] memory row) internal {
        ISubnets.Slot memory slot = subnets.slotOf(netuid, operatorOf(i));
        bytes32 commitment =
            consensus.commitmentOf(netuid, epoch, slot.nodeId, slot.registeredAt, 0, row, bytes32(0), SALT);
        vm.prank(operatorOf(i));
        consensus.commit(netuid, epoch, commitment);
    }

    function reveal(uint16 netuid, uint256 i, uint64 epoch, uint256[] memory row) internal {
        uint16 uid = subnets.uidOf(netuid, operatorOf(i));
        vm.prank(operatorOf(i));
        consensus.reveal(netuid, epoch, 0, row, bytes32(0), SALT);
        IConsensus.VoterState memory state = consensus.voterState(netuid, uid);
        lastRow[netuid][uid] = RevealedRow(state.registeredAt, state.lastUpdate, row);
    }

    /// @notice What a client hands to `settle`, from its memory of the events; the contract finds consensus itself.
    function settlement(uint16 netuid, uint64 epoch)
        internal
        view
        returns (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes)
    {
        taken = consensus.snapshotOf(netuid, epoch);
        uint16[] memory uids = settlersOf(netuid, taken);
        uint256 stride = (uint256(taken.uids) + 15) / 16;
        for (uint256 v = 0; v < uids.length; ++v) {
            if (lastRow[netuid][uids[v]].words.length > stride) stride = lastRow[netuid][uids[v]].words.length;
        }
        votes.rowWords = uint16(stride); // tests stay small
        votes.committedAt = new uint256[](uids.length);
        votes.rows = new uint256[](uids.length * stride);
        votes.bonds = lastBonds[netuid];
        for (uint256 v = 0; v < uids.length; ++v) {
            RevealedRow storage row = lastRow[netuid][uids[v]];
            if (row.registeredAt != registrationIn(taken, uids[v])) continue; // its predecessor's, or none
            votes.committedAt[v] = row.committedAt;
            for (uint256 k = 0; k < stride && k < row.words.length; ++k) {
                votes.rows[v * stride + k] = row.words[k];
            }
        }
    }

    /// @dev By the snapshot, not as `voters` says now: somebody may have left since the epoch's end.
    function settlersOf(uint16 netuid, IConsensus.Snapshot memory taken) internal view returns (uint16[] memory uids) {
        IConsensus.LastSettled memory last = consensus.lastSettled(netuid);
        if (!last.settled) return bitsOf(taken.newPermits, taken.uids);
        uint16[] memory holders = bitsOf(last.permits, last.uids);
        uids = new uint16[](holders.length);
        uint256 count = 0;
        for (uint256 k = 0; k < holders.length; ++k) {
            if (registrationIn(taken, holders[k]) < last.end) uids[count++] = holders[k];
        }
        assembly ("memory-safe") {
            mstore(uids, count)
        }
    }

    function registrationIn(IConsensus.Snapshot memory taken, uint256 uid) internal pure returns (uint256) {
        return taken.registeredAt[uid / 4] >> (64 * (uid % 4)) & type(uint64).max;
    }

    function settle(uint16 netuid, uint64 epoch) internal returns (IConsensus.Result memory result) {
        takeSnapshot(netuid, epoch);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, epoch);
        return settleWith(netuid, epoch, taken, votes);
    }

    function settleWith(uint16 netuid, uint64 epoch, IConsensus.Snapshot memory taken, IConsensus.Votes memory votes)
        internal
        returns (IConsensus.Result memory result)
    {
        uint256[] memory bonds = _movedBonds(netuid, epoch, taken, votes);
        bytes memory data = abi.encodeCall(IConsensus.settle, (netuid, epoch, taken, votes));
        cool();
        vm.recordLogs();
        // Not `call(data)`, which copies the data first, at the price of the memory of a long test.
        address to = address(consensus);
        bool settled;
        uint256 gasBefore = gasleft();
        assembly ("memory-safe") {
            settled := call(gas(), to, 0, add(data, 0x20), mload(data), 0, 0)
        }
        lastSettleGas = gasBefore - gasleft();
        if (!settled) {
            assembly ("memory-safe") {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
        }
        result = _resultIn(vm.getRecordedLogs());
        lastBonds[netuid] = bonds;
        assertEq(result.bondsHash, keccak256(abi.encodePacked(bonds)), "bonds as a client computes them");
        _lastPay[netuid] = ISubnets.LastPay(result.incentive, result.validatorPay);
    }

    /// @dev The bonds of the next settlement are in no event: whoever has the calldata of this one asks the rules.
    function _movedBonds(uint16 netuid, uint64 epoch, IConsensus.Snapshot memory taken, IConsensus.Votes memory votes)
        private
        view
        returns (uint256[] memory)
    {
        if (taken.uids == 0) return new uint256[](0);
        return wordsOf(moved(netuid, epoch, taken, votes).bonds);
    }

    /// @notice What the rules give for a settlement without a claim; nothing when they refuse its votes.
    function moved(uint16 netuid, uint64 epoch, IConsensus.Snapshot memory taken, IConsensus.Votes memory votes)
        internal
        view
        returns (IEpochKernel.Output memory output)
    {
        return movedBy(netuid, taken, votes, votersOf(netuid, epoch, taken, votes));
    }

    /// @notice As `moved`, with voters as a test wants them.
    function movedBy(
        uint16 netuid,
        IConsensus.Snapshot memory taken,
        IConsensus.Votes memory votes,
        uint256[] memory voters
    ) internal view returns (IEpochKernel.Output memory output) {
        try IEpochKernel(kernel)
            .run(
                _rulesOf(taken, votes.rowWords, consensus.lastSettled(netuid)),
                voters,
                taken.stakes,
                taken.registeredAt,
                taken.newPermits,
                votes.rows,
                votes.bonds,
                new uint256[](0)
            ) returns (
            IEpochKernel.Output memory found
        ) {
            return found;
        } catch {} // the settlement will not come to it either
    }

    function _rulesOf(IConsensus.Snapshot memory taken, uint16 rowWords, IConsensus.LastSettled memory last)
        private
        pure
        returns (IEpochKernel.Rules memory)
    {
        IConsensus.Terms memory terms = taken.terms;
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
            lastSettledEnd: last.end == 0 ? 0 : last.end - 1,
            uids: taken.uids,
            bondWords: (last.uids + 15) / 16,
            rowWords: rowWords
        });
    }

    /// @notice One word a voter, as the kernel takes them.
    function votersOf(uint16 netuid, uint64 epoch, IConsensus.Snapshot memory taken, IConsensus.Votes memory votes)
        internal
        view
        returns (uint256[] memory words)
    {
        IConsensus.LastSettled memory last = consensus.lastSettled(netuid);
        uint16[] memory holders = last.settled ? bitsOf(last.permits, last.uids) : bitsOf(taken.newPermits, taken.uids);
        uint256[] memory withheld = consensus.withheld(netuid, epoch);
        words = new uint256[](votes.committedAt.length);
        uint256 count = 0;
        for (uint256 k = 0; k < holders.length && count < words.length; ++k) {
            uint256 uid = holders[k];
            uint256 registeredAt = registrationIn(taken, uid);
            if (last.settled && registeredAt >= last.end) continue;
            uint256 committedAt = votes.committedAt[count];
            words[count++] = uid | (last.settled ? k + 1 : 0) << 16 | (withheld[uid / 256] >> (uid % 256) & 1) << 32
                | (committedAt == 0 ? registeredAt : committedAt) << 64 | committedAt << 128;
        }
    }

    function lastPay(uint16 netuid) internal view virtual override returns (ISubnets.LastPay memory) {
        return _lastPay[netuid];
    }

    function takeSnapshot(uint16 netuid, uint64 epoch) internal {
        (uint64 taken, bytes32 hash) = consensus.lastSnapshot(netuid);
        if (hash == bytes32(0) || taken != epoch) consensus.snapshot(netuid, epoch);
    }

    function wordsOf(bytes memory data) internal pure returns (uint256[] memory words) {
        words = new uint256[](data.length / 32);
        for (uint256 k = 0; k < words.length; ++k) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(data, 0x20), shl(5, k)))
            }
            words[k] = word;
        }
    }

    /// @notice Entry of a list of packed `uint32`.
    function u32(bytes memory packed, uint256 uid) internal pure returns (uint256) {
        return wordsOf(packed)[uid / 8] >> (32 * (uid % 8)) & type(uint32).max;
    }

    function bitsOf(uint256[] memory bitmap, uint256 uids) internal pure returns (uint16[] memory list) {
        list = new uint16[](uids);
        uint256 count = 0;
        for (uint256 uid = 0; uid < uids; ++uid) {
            if (bitmap[uid / 256] >> (uid % 256) & 1 == 1) list[count++] = uint16(uid);
        }
        assembly ("memory-safe") {
            mstore(list, count)
        }
    }

    function cool() internal {
        vm.cool(kernel);
        vm.cool(address(token));
        vm.cool(address(vault));
        vm.cool(address(subnets));
        vm.cool(address(emission));
        vm.cool(address(consensus));
    }

    function _resultIn(Vm.Log[] memory logs) private pure returns (IConsensus.Result memory) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IConsensus.EpochSettled.selector) {
                return abi.decode(logs[i].data, (IConsensus.Result));
            }
        }
        revert NotTrue("EpochSettled was emitted");
    }

    /// @notice A packed row of `n` uids with `weight` at each of `uids`.
    function rowOf(uint256 n, uint16[] memory uids, uint16 weight) internal pure returns (uint256[] memory row) {
        row = new uint256[]((n + 15) / 16);
        for (uint256 i = 0; i < uids.length; ++i) {
            row[uids[i] / 16] |= uint256(weight) << (16 * (uids[i] % 16));
        }
    }

    function uids2(uint16 a, uint16 b) internal pure returns (uint16[] memory uids) {
        uids = new uint16[](2);
        (uids[0], uids[1]) = (a, b);
    }
}

