// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../interfaces/IConsensus.sol";
import {IEpochKernel} from "../interfaces/IEpochKernel.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {ISubnets} from "../interfaces/ISubnets.sol";
import {Lanes} from "./Lanes.sol";

/// @notice Reads what an epoch's snapshot fixes (rule 1). Nothing it reads can change once the epoch has ended.
library SnapshotReader {
    /// A vacant slot: later than any vote for it, so nothing counts in its column.
    uint256 private constant NEVER = type(uint64).max;

    /// @return start S of the epoch, unix seconds
    function terms(ISubnets subnets, uint16 netuid, uint64 epoch)
        internal
        view
        returns (uint48 start, ISubnets.Parameters memory p, IConsensus.Terms memory fixedTerms)
    {
        uint48 end;
        uint48 revealEnd;
        uint48 settleEnd;
        (start, end, revealEnd, settleEnd, p) = subnets.epochContext(netuid, epoch);
        fixedTerms = IConsensus.Terms({
            end: end,
            revealEnd: revealEnd,
            settleEnd: settleEnd,
            activityCutoff: uint64(p.activityCutoff) * p.epochLength,
            kappa: p.kappa,
            bondsAlpha: p.bondsAlpha,
            bondsPenalty: p.bondsPenalty,
            liquidAlpha: p.liquidAlpha,
            alphaLow: p.alphaLow,
            alphaHigh: p.alphaHigh,
            alphaSteepness: p.alphaSteepness,
            ownerCut: p.ownerCut,
            minersCut: p.minersCut,
            validatorsCut: p.validatorsCut
        });
    }

    function read(
        ISubnets subnets,
        IStakeVault vault,
        IEpochKernel kernel,
        uint16 netuid,
        uint48 start,
        ISubnets.Parameters memory parameters,
        IConsensus.Terms memory fixedTerms
    ) internal view returns (IConsensus.Snapshot memory taken) {
        uint48 end = fixedTerms.end;
        taken.terms = fixedTerms;
        (uint64[] memory nodeIds, uint48[] memory registeredAt) = subnets.slotsAt(netuid, end);
        taken.uids = uint16(nodeIds.length); // at most maxUids
        if (nodeIds.length == 0) return taken;
        taken.registeredAt = new uint256[](Lanes.words(nodeIds.length, Lanes.U64_A_WORD));
        uint256[] memory stakes = vault.stakesAt(nodeIds, start);
        for (uint256 uid = 0; uid < nodeIds.length; ++uid) {
            uint256 since = nodeIds[uid] == 0 ? NEVER : registeredAt[uid];
            taken.registeredAt[uid / Lanes.U64_A_WORD] |= since << (64 * (uid % Lanes.U64_A_WORD));
            if (stakes[uid] < parameters.stakeThreshold) stakes[uid] = 0;
            if (stakes[uid] == 0) nodeIds[uid] = 0; // no take to look up
        }
        taken.stakes = kernel.quantise(stakes);
        taken.newPermits = kernel.selectPermits(taken.stakes, taken.uids, parameters.maxValidators);
        taken.takes = _pack16(vault.takesAt(nodeIds, start));
        taken.ownSlots = _sized(subnets.ownSlotsAt(netuid, end), taken.newPermits.length);
    }

    function _pack16(uint16[] memory values) private pure returns (uint256[] memory packed) {
        packed = new uint256[](Lanes.words(values.length, Lanes.U16_A_WORD));
        for (uint256 k = 0; k < values.length; ++k) {
            packed[k / Lanes.U16_A_WORD] |= uint256(values[k]) << (16 * (k % Lanes.U16_A_WORD));
        }
    }

    function _sized(uint256[] memory words, uint256 length) private pure returns (uint256[] memory sized) {
        sized = new uint256[](length);
        for (uint256 k = 0; k < length && k < words.length; ++k) {
            sized[k] = words[k];
        }
    }
}
