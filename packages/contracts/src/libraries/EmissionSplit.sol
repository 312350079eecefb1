// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";

/// @notice Rule 8: who gets what of an epoch's emission. Every part floors to a gwei; what is left carries.
/// @dev By uid: incentive = shareDown(miners, I), pay = shareDown(validators, D), of it take = bpsDown(pay, takeBps).
library EmissionSplit {
    uint256 internal constant GWEI = 1e9;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant SHARE_BITS = 31;
    uint256 internal constant BOUNTY_BPS = 50;

    /// @notice The parts of an emission, in gwei.
    struct Parts {
        uint256 bounty;
        uint256 owner;
        uint256 miners;
        uint256 validators;
    }

    /// @param emission wei
    /// @param bountyCap wei
    function partsDown(uint256 emission, uint256 bountyCap, IEmission.Payment calldata p)
        internal
        pure
        returns (Parts memory parts)
    {
        if (!p.staked) return parts;
        uint256 whole = emission / GWEI;
        uint256 bounty = bpsDown(whole, BOUNTY_BPS);
        uint256 limit = bountyCap / GWEI;
        parts.bounty = bounty < limit ? bounty : limit;
        whole -= parts.bounty;
        parts.owner = bpsDown(whole, p.ownerCut);
        parts.miners = bpsDown(whole, p.minersCut);
        parts.validators = bpsDown(whole, p.validatorsCut);
    }

    /// @param bps of 10,000
    function bpsDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return amount * bps / BPS;
    }

    /// @param share of 2^31
    function shareDown(uint256 amount, uint256 share) internal pure returns (uint256) {
        return amount * share >> SHARE_BITS;
    }
}
