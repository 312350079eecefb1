// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "../interfaces/IEpochKernel.sol";
import {EpochMatrix} from "./EpochMatrix.sol";
import {Lanes} from "./Lanes.sol";
import {Registrations} from "./Registrations.sol";
import {RECORD, VoterRecord} from "./VoterRecord.sol";
import {VoterWord} from "./VoterWord.sol";

/// @notice Reads what voters bring into their records: rules 1 to 3. Checked here, where each voter is looked at anyway.
/// @dev Functions leave early for the reason given in `EpochMatrix`.
library VoterReader {
    using Lanes for uint256[];
    using Registrations for Registrations.Times;
    using VoterWord for uint256;

    /// @param oldest who has not updated since is inactive, unix seconds
    /// @param bondWords of a row, as `bondLength` of all rows
    /// @param stakesAt calldata position, as are `permitsAt` (of new permits) and `bondsAt`
    struct Inputs {
        uint256 uids;
        uint256 oldest;
        uint256 bondWords;
        uint256 bondLength;
        uint256 stakesAt;
        uint256 permitsAt;
        uint256 bondsAt;
    }

    /// @param record memory position of the first voter's record
    /// @return activeStake of all voters
    /// @return allHold whether every voter is granted a new permit
    function readVoters(Inputs memory inputs, uint256[] calldata voters, uint256 record)
        internal
        pure
        returns (uint256 activeStake, bool allHold)
    {
        if (voters.length == 0) return (0, true);
        allHold = true;
        uint256 next = 0;
        // Cannot overflow: positions, products of 16 bits, and stakes, which were checked to sum to less than 2^31.
        unchecked {
            for (uint256 v = 0; v < voters.length; ++v) {
                uint256 voter = voters.wordAt(v);
                uint256 uid = voter.uid();
                if (uid < next) revert IEpochKernel.VotersUnordered(v);
                if (uid >= inputs.uids) revert IEpochKernel.UnknownUid("voters", inputs.uids);
                next = uid + 1;
                uint256 bonds = voter.bondRowPlusOne() * inputs.bondWords;
                if (bonds > inputs.bondLength) revert IEpochKernel.BondRowUnknown(v, voter.bondRowPlusOne() - 1);
                bonds = bonds == 0 ? msg.data.length : inputs.bondsAt + ((bonds - inputs.bondWords) << 5);
                uint256 stake = 0;
                if (voter.lastUpdate() >= inputs.oldest && !voter.isWithheld()) {
                    stake = Lanes.load(inputs.stakesAt + (uid >> 3 << 5)) >> ((uid & 7) << 5) & type(uint32).max;
                }
                activeStake += stake;
                if (Lanes.load(inputs.permitsAt + (uid >> 8 << 5)) >> (uid & 255) & 1 == 0) allHold = false;
                VoterRecord.set(record, stake, bonds);
                record += RECORD;
            }
        }
    }

    /// @notice Copies rows without votes for oneself, for who registered at or after the row was committed, and for uids
    /// that do not exist; and notes what each row is multiplied with.
    /// @param from calldata position of the first row
    /// @param rowBytes between two of them
    function readRows(
        EpochMatrix.Matrix memory matrix,
        Registrations.Times memory times,
        uint256[] calldata voters,
        uint256 from,
        uint256 rowBytes
    ) internal pure {
        if (voters.length == 0) return;
        uint256 tail = type(uint256).max >> ((256 - 16 * times.uids % 256) % 256);
        (uint256 record, uint256 row, uint256 stride) = (matrix.first, matrix.rows, matrix.stride);
        // Cannot overflow: positions.
        unchecked {
            for (uint256 voter = voters.offsetOf(); record < matrix.end; voter += 32) {
                uint256 committedAt = Lanes.load(voter).committedAt();
                // Without a commitment everybody registered later: the row stays zero, and what it is multiplied with.
                if (committedAt != 0) {
                    EpochMatrix.copyRow(row, stride, from, Lanes.load(voter).uid(), tail);
                    if (times.latest >= committedAt) _mask(times, row, stride, committedAt);
                    VoterRecord.setReciprocal(record, EpochMatrix.reciprocalUp(row, stride));
                }
                record += RECORD;
                row += stride;
                from += rowBytes;
            }
        }
    }

    function _mask(Registrations.Times memory times, uint256 row, uint256 stride, uint256 committedAt) private pure {
        for (uint256 word = 0; word < stride / 32; ++word) {
            uint256 mask = times.before(word, committedAt);
            if (mask != type(uint256).max) EpochMatrix.keep(row + 32 * word, mask);
        }
    }
}
