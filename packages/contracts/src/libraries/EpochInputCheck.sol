// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "../interfaces/IEpochKernel.sol";
import {Lanes} from "./Lanes.sol";

/// @notice Whether the inputs of an epoch fit together and stay in the ranges that the arithmetic was proven for.
library EpochInputCheck {
    using Lanes for uint256[];

    uint256 internal constant MAX_UIDS = 1024;
    uint256 internal constant MAX_QUANTISED_STAKE = (1 << 31) - 1;
    uint256 private constant PPM_ONE = 1_000_000;

    /// @notice All but the voters: `VoterReader`.
    function check(
        IEpochKernel.Rules calldata rules,
        uint256[] calldata voters,
        uint256[] calldata stakes,
        uint256[] calldata registeredAt,
        uint256[] calldata newPermits,
        uint256[] calldata rows,
        uint256[] calldata claim
    ) internal pure {
        uint256 uids = rules.uids;
        checkUids(uids);
        _checkRule("bondsAlpha", rules.bondsAlpha, PPM_ONE);
        _checkRule("alphaLow", rules.alphaLow, rules.alphaHigh);
        _checkRule("bondWords", rules.bondWords, Lanes.words(uids, Lanes.U16_A_WORD));
        checkList("stakes", stakes, uids, Lanes.U32_A_WORD);
        checkList("registeredAt", registeredAt, uids, Lanes.U64_A_WORD);
        checkList("newPermits", newPermits, uids, Lanes.BITS_A_WORD);
        if (claim.length != 0) _checkClaim(claim, uids);
        uint256 rowWords = rules.rowWords;
        if (rowWords < Lanes.words(uids, Lanes.U16_A_WORD)) {
            revert IEpochKernel.WrongLength("rowWords", Lanes.words(uids, Lanes.U16_A_WORD), rowWords);
        }
        _checkLength("rows", voters.length * rowWords, rows.length);
        uint256 total = totalStake(stakes);
        if (total > MAX_QUANTISED_STAKE) revert IEpochKernel.QuantisedStakeTooLarge(total);
    }

    function checkUids(uint256 uids) internal pure {
        if (uids > MAX_UIDS) revert IEpochKernel.TooManyUids(uids, MAX_UIDS);
    }

    /// @notice A packed list has one lane a uid and nothing behind the last.
    function checkList(bytes32 field, uint256[] calldata list, uint256 uids, uint256 lanesAWord) internal pure {
        _checkLength(field, Lanes.words(uids, lanesAWord), list.length);
        uint256 tail = uids % lanesAWord;
        if (tail != 0 && list[list.length - 1] >> (tail * (256 / lanesAWord)) != 0) {
            revert IEpochKernel.UnknownUid(field, uids);
        }
    }

    function totalStake(uint256[] calldata stakes) internal pure returns (uint256 total) {
        // Cannot overflow: at most 128 sums below 2^35.
        unchecked {
            for (uint256 word = 0; word < stakes.length; ++word) {
                total += Lanes.sum32(stakes.wordAt(word));
            }
        }
    }

    /// @dev Claims below 2^31 leave the guard bits of the lanes alone.
    function _checkClaim(uint256[] calldata claim, uint256 uids) private pure {
        checkList("claim", claim, uids, Lanes.U32_A_WORD);
        for (uint256 word = 0; word < claim.length; ++word) {
            uint256 guards = claim[word] & 0x8000000080000000800000008000000080000000800000008000000080000000;
            if (guards == 0) continue;
            uint256 lane = 0;
            while (guards >> (32 * lane) & type(uint32).max == 0) ++lane;
            revert IEpochKernel.BadClaim(word * Lanes.U32_A_WORD + lane);
        }
    }

    function _checkRule(bytes32 rule, uint256 value, uint256 maximum) private pure {
        if (value > maximum) revert IEpochKernel.RuleOutOfRange(rule, value, maximum);
    }

    function _checkLength(bytes32 field, uint256 expected, uint256 actual) private pure {
        if (actual != expected) revert IEpochKernel.WrongLength(field, expected, actual);
    }
}
