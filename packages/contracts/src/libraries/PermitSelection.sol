// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "../interfaces/IEpochKernel.sol";
import {EpochInputCheck} from "./EpochInputCheck.sol";
import {Lanes} from "./Lanes.sol";

/// @notice Rule 1: quantised stakes and who gets a permit for them. Bounded for any order of stakes: 31 counts.
library PermitSelection {
    using Lanes for uint256[];

    uint256 private constant GUARD = 0x8000000080000000800000008000000080000000800000008000000080000000;
    uint256 private constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;

    function quantiseDown(uint256[] calldata stakes) internal pure returns (uint256[] memory quantised) {
        uint256 n = stakes.length;
        EpochInputCheck.checkUids(n);
        uint256 total;
        for (uint256 uid = 0; uid < n; ++uid) {
            if (stakes[uid] > type(uint128).max) revert IEpochKernel.StakeTooLarge(uid, stakes[uid]);
            total += stakes[uid];
        }
        uint256 limit = EpochInputCheck.MAX_QUANTISED_STAKE;
        quantised = new uint256[](Lanes.words(n, Lanes.U32_A_WORD));
        for (uint256 uid = 0; uid < n; ++uid) {
            uint256 stake = total <= limit ? stakes[uid] : stakes[uid] * limit / total;
            quantised[uid / Lanes.U32_A_WORD] |= stake << (32 * (uid % Lanes.U32_A_WORD));
        }
    }

    function select(uint256[] calldata stakes, uint256 uids, uint256 maxValidators)
        internal
        pure
        returns (uint256[] memory permits)
    {
        EpochInputCheck.checkUids(uids);
        EpochInputCheck.checkList("stakes", stakes, uids, Lanes.U32_A_WORD);
        permits = new uint256[](Lanes.words(uids, Lanes.BITS_A_WORD));
        uint256 threshold = _threshold(stakes, maxValidators);
        uint256 free = maxValidators;
        for (uint256 uid = 0; uid < uids && free != 0; ++uid) {
            if (stakes.u32At(uid) > threshold) free -= _grant(permits, uid);
        }
        // Of equal stakes the higher uid goes first.
        for (uint256 uid = uids; uid > 0 && free != 0 && threshold != 0; --uid) {
            if (stakes.u32At(uid - 1) == threshold) free -= _grant(permits, uid - 1);
        }
    }

    /// @notice How many bits of a bitmap are set.
    function count(uint256[] calldata bitmap) internal pure returns (uint256 members) {
        // Cannot overflow: bits are added up in pairs, in fours, in eights and in sixteens, these in the highest lane.
        unchecked {
            for (uint256 word = 0; word < bitmap.length; ++word) {
                uint256 bits = bitmap[word];
                bits -= bits >> 1 & 0x5555555555555555555555555555555555555555555555555555555555555555;
                bits = (bits & 0x3333333333333333333333333333333333333333333333333333333333333333)
                    + (bits >> 2 & 0x3333333333333333333333333333333333333333333333333333333333333333);
                bits = bits + (bits >> 4) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
                bits = bits + (bits >> 8) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
                members += bits * 0x0001000100010001000100010001000100010001000100010001000100010001 >> 240;
            }
        }
    }

    /// @dev The largest t ≥ 1 that at least `maxValidators` stakes reach; 1 when fewer are non-zero; 0 to choose none.
    function _threshold(uint256[] calldata stakes, uint256 maxValidators) private pure returns (uint256 t) {
        if (maxValidators == 0) return 0;
        for (uint256 bit = 1 << 30; bit != 0; bit >>= 1) {
            if (_countAtLeast(stakes, t + bit) >= maxValidators) t += bit;
        }
        if (t == 0) return 1;
    }

    function _countAtLeast(uint256[] calldata stakes, uint256 t) private pure returns (uint256 counted) {
        uint256 lanes = 0;
        uint256 limit = t * ONES;
        // Cannot carry: stakes and t are below 2^31, and a lane counts at most 128 words.
        unchecked {
            for (uint256 word = 0; word < stakes.length; ++word) {
                lanes += ((stakes[word] | GUARD) - limit) >> 31 & ONES;
            }
        }
        return Lanes.sum32(lanes);
    }

    function _grant(uint256[] memory permits, uint256 uid) private pure returns (uint256) {
        permits[uid / Lanes.BITS_A_WORD] |= 1 << (uid % Lanes.BITS_A_WORD);
        return 1;
    }
}
