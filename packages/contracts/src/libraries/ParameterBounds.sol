// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnets} from "../interfaces/ISubnets.sol";

/// @notice The bounds of the specification (Parameters).
library ParameterBounds {
    /// @dev Slots and permits that one settlement computes within a transaction's gas; the specification's 256 and 64
    /// need the kernel that checks a claimed consensus.
    uint256 internal constant MAX_UIDS = 64;
    uint256 internal constant MAX_VALIDATORS = 16;
    uint256 private constant MAX_EPOCH_LENGTH = 7 days;
    uint256 private constant WHOLE_BPS = 10_000;

    function check(ISubnets.Parameters calldata p, uint256 minEpochLength) internal pure {
        _within("epochLength", p.epochLength, minEpochLength, MAX_EPOCH_LENGTH);
        _within("revealWindow", p.revealWindow, 1, p.epochLength / 2);
        _within("activityCutoff", p.activityCutoff, 2, 100);
        _within("maxUids", p.maxUids, 1, MAX_UIDS);
        _within("maxValidators", p.maxValidators, 1, MAX_VALIDATORS);
        _within("kappa", p.kappa, 32_767, 58_982);
        _within("bondsAlpha", p.bondsAlpha, 10_000, 1_000_000);
        _within("ownerCut", p.ownerCut, 0, 1800);
        uint256 cuts = uint256(p.ownerCut) + p.minersCut + p.validatorsCut;
        if (cuts != WHOLE_BPS) revert ISubnets.CutsNotWhole(cuts, WHOLE_BPS);
        _within("priceHalfLife", p.priceHalfLife, 1, 1000);
        _within("minPrice", p.minPrice, 1, p.maxPrice);
        _within("initialPrice", p.initialPrice, p.minPrice, p.maxPrice);
    }

    function _within(bytes32 name, uint256 value, uint256 low, uint256 high) private pure {
        if (value < low || value > high) revert ISubnets.ParameterOutOfBounds(name, value, low, high);
    }
}
