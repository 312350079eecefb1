// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {ISubnets} from "../interfaces/ISubnets.sol";

/// @notice Rule 8: who gets what of an epoch's emission. Every part floors; what is left carries.
library EmissionSplit {
    uint256 internal constant BPS = 10_000;

    function split(
        uint256 emission,
        ISubnets.Parameters memory parameters,
        IStakeVault vault,
        IEmission.Payment calldata payment
    ) internal view returns (IEmission.Paid memory paid) {
        uint256 n = payment.nodeIds.length;
        paid.emission = emission;
        paid.nodeIds = payment.nodeIds;
        paid.incentive = new uint256[](n);
        paid.take = new uint256[](n);
        paid.pooled = new uint256[](n);
        paid.carried = emission;
        if (!payment.staked) return paid;

        paid.owner = partDown(emission, parameters.ownerCut);
        paid.carried -= paid.owner;
        uint256 minersPart = partDown(emission, parameters.minersCut);
        if (payment.voted) {
            paid.carried -= _payMiners(paid, minersPart, payment);
        } else {
            paid.notMinted = minersPart;
            paid.carried -= minersPart;
        }
        paid.carried -= _payValidators(paid, partDown(emission, parameters.validatorsCut), vault, payment);
    }

    /// @param bps of 10,000
    function partDown(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return amount * bps / BPS;
    }

    /// @param share of 2^32
    function shareDown(uint256 amount, uint256 share) internal pure returns (uint256) {
        return amount * share >> 32;
    }

    function _payMiners(IEmission.Paid memory paid, uint256 part, IEmission.Payment calldata payment)
        private
        pure
        returns (uint256 sum)
    {
        for (uint256 uid = 0; uid < paid.incentive.length; ++uid) {
            uint256 amount = shareDown(part, payment.incentive[uid]);
            paid.incentive[uid] = amount;
            sum += amount;
        }
    }

    function _payValidators(
        IEmission.Paid memory paid,
        uint256 part,
        IStakeVault vault,
        IEmission.Payment calldata payment
    ) private view returns (uint256 sum) {
        for (uint256 uid = 0; uid < paid.pooled.length; ++uid) {
            uint256 amount = shareDown(part, payment.validatorPay[uid]);
            if (amount == 0) continue;
            uint256 take = partDown(amount, vault.takeAt(paid.nodeIds[uid], payment.start));
            paid.take[uid] = take;
            paid.pooled[uid] = amount - take;
            sum += amount;
        }
    }
}
