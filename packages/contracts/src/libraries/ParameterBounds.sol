// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetTerms} from "../interfaces/ISubnetTerms.sol";

/// @notice The bounds of the specification (Parameters), and the wider ones of the stakers (docs/design/0010).
library ParameterBounds {
    /// @dev One settlement is one transaction up to here, with a bond weight of its own for each cell (liquid alpha) up
    /// to the second: test/SettleLimits.t.sol.
    uint256 internal constant MAX_CELLS = 24_576;
    uint256 internal constant MAX_LIQUID_CELLS = MAX_CELLS / 4;
    /// @dev A snapshot looks for the stake of every slot among changes that came after it, which anybody can make many.
    uint256 internal constant MAX_UIDS = 512;
    uint256 private constant MAX_EPOCH_LENGTH = 7 days;
    uint256 private constant WHOLE_BPS = 10_000;
    uint256 private constant PPM_ONE = 1_000_000;
    uint256 private constant ONE = type(uint16).max;
    /// @dev A slot keeps its last two holders for the epochs that are still open: docs/design/0008.
    uint256 private constant MIN_IMMUNITY = 2;

    /// @notice What an owner may choose.
    function checkOwners(ISubnetTerms.Parameters memory p, uint256 minEpochLength) internal pure {
        _within("activityCutoff", p.activityCutoff, 2, 100);
        _within("kappa", p.kappa, 32_767, 58_982);
        _within("bondsAlpha", p.bondsAlpha, 10_000, PPM_ONE);
        _within("ownerCut", p.ownerCut, 0, 1800);
        _within("priceHalfLife", p.priceHalfLife, 1, 1000);
        _within("alphaHigh", p.alphaHigh, 1638, ONE);
        _within("alphaLow", p.alphaLow, 1638, p.alphaHigh);
        _within("immunity", p.immunity, MIN_IMMUNITY, 1000);
        _checkAll(p, minEpochLength);
    }

    /// @notice What the stakers may choose: all that the rules of an epoch are proven for and that still settles in one
    /// transaction.
    function checkStakers(ISubnetTerms.Parameters memory p, uint256 minEpochLength) internal pure {
        _within("activityCutoff", p.activityCutoff, 1, 10_000);
        _within("bondsAlpha", p.bondsAlpha, 1, PPM_ONE);
        _within("priceHalfLife", p.priceHalfLife, 1, 100_000);
        _within("alphaLow", p.alphaLow, 0, p.alphaHigh);
        _within("immunity", p.immunity, MIN_IMMUNITY, ONE);
        _checkAll(p, minEpochLength);
    }

    function _checkAll(ISubnetTerms.Parameters memory p, uint256 minEpochLength) private pure {
        _within("epochLength", p.epochLength, minEpochLength, MAX_EPOCH_LENGTH);
        _within("revealWindow", p.revealWindow, 1, p.epochLength / 2);
        _within("maxUids", p.maxUids, 1, MAX_UIDS);
        _within("maxValidators", p.maxValidators, 1, 256);
        _within("cells", uint256(p.maxUids) * p.maxValidators, 1, maxCells(p));
        uint256 cuts = uint256(p.ownerCut) + p.minersCut + p.validatorsCut;
        if (cuts != WHOLE_BPS) revert ISubnetTerms.CutsNotWhole(cuts, WHOLE_BPS);
        _within("minPrice", p.minPrice, 1, p.maxPrice);
        _within("initialPrice", p.initialPrice, p.minPrice, p.maxPrice);
        _within("alphaSteepness", p.alphaSteepness, 0, 10_000);
        _within("minWeights", p.minWeights, 0, MAX_UIDS);
        _within("maxWeightRatio", p.maxWeightRatio, 1, ONE);
    }

    /// @notice What `maxUids` times `maxValidators` may be.
    function maxCells(ISubnetTerms.Parameters memory p) internal pure returns (uint256) {
        return p.liquidAlpha ? MAX_LIQUID_CELLS : MAX_CELLS;
    }

    function _within(bytes32 name, uint256 value, uint256 low, uint256 high) private pure {
        if (value < low || value > high) revert ISubnetTerms.ParameterOutOfBounds(name, value, low, high);
    }
}
