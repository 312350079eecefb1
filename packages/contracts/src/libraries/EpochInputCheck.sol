// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "../interfaces/IEpochKernel.sol";
import {PackedRow} from "./PackedRow.sol";
import {UidBitmap} from "./UidBitmap.sol";

/// @notice Whether the inputs of an epoch fit together and stay in the ranges that the arithmetic was proven for.
library EpochInputCheck {
    uint256 internal constant MAX_UIDS = 256; // bits of a bitmap
    uint256 internal constant MAX_QUANTISED_STAKE = (1 << 31) - 1;
    uint256 internal constant PPM_ONE = 1_000_000;

    function check(IEpochKernel.Input calldata input) internal pure {
        uint256 n = input.stake.length;
        checkUids(n);
        if (input.bondsAlpha > PPM_ONE) revert IEpochKernel.BondsAlphaTooLarge(input.bondsAlpha);
        _checkLength("registeredAt", n, input.registeredAt.length);
        _checkLength("lastUpdate", n, input.lastUpdate.length);
        _checkLength("committedAt", n, input.committedAt.length);
        _checkBitmap("permits", input.permits, n);
        _checkBitmap("newPermits", input.newPermits, n);
        _checkBitmap("withheld", input.withheld, n);
        uint256 voters = UidBitmap.count(input.permits);
        _checkRows("rows", input.rows, voters, n);
        _checkRows("bonds", input.bonds, voters, n);
        _checkStake(input.stake);
    }

    function checkUids(uint256 n) internal pure {
        if (n > MAX_UIDS) revert IEpochKernel.TooManyUids(n, MAX_UIDS);
    }

    function _checkLength(bytes32 field, uint256 expected, uint256 actual) private pure {
        if (actual != expected) revert IEpochKernel.WrongLength(field, expected, actual);
    }

    function _checkBitmap(bytes32 field, uint256 bitmap, uint256 n) private pure {
        // A shift by all 256 bits gives 0.
        if (bitmap >> n != 0) revert IEpochKernel.UnknownUid(field, bitmap, n);
    }

    function _checkRows(bytes32 field, uint256[][] calldata rows, uint256 voters, uint256 n) private pure {
        _checkLength(field, voters, rows.length);
        uint256 maximum = PackedRow.words(n);
        for (uint256 v = 0; v < voters; ++v) {
            if (rows[v].length > maximum) revert IEpochKernel.RowTooLong(field, v, rows[v].length, maximum);
        }
    }

    function _checkStake(uint32[] calldata stake) private pure {
        uint256 total = 0;
        for (uint256 uid = 0; uid < stake.length; ++uid) {
            total += stake[uid];
        }
        if (total > MAX_QUANTISED_STAKE) revert IEpochKernel.QuantisedStakeTooLarge(total);
    }
}
