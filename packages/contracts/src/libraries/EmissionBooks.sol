// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEmission} from "../interfaces/IEmission.sol";

/// @notice The seven sums, of a subnet or of all. Every sum is at most the cap, below 2^85 wei.
library EmissionBooks {
    using SafeCast for uint256;

    struct Books {
        uint128 scheduled;
        uint128 minted;
        uint128 notMinted;
        uint128 carried;
        uint128 claimable;
        uint128 pooled;
        uint128 claimed;
    }

    /// @return minted wei that the epoch adds to the supply
    function recordEpoch(Books storage books, uint256 scheduled, IEmission.Paid memory paid)
        internal
        returns (uint256 minted)
    {
        uint256 toOwners = paid.owner;
        uint256 toPools = 0;
        for (uint256 uid = 0; uid < paid.nodeIds.length; ++uid) {
            toOwners += paid.incentive[uid] + paid.take[uid];
            toPools += paid.pooled[uid];
        }
        minted = toOwners + toPools;
        uint256 carriedBefore = paid.emission - scheduled;
        books.scheduled += scheduled.toUint128();
        books.minted += minted.toUint128();
        books.notMinted += paid.notMinted.toUint128();
        books.carried = (books.carried - carriedBefore + paid.carried).toUint128();
        books.claimable += toOwners.toUint128();
        books.pooled += toPools.toUint128();
    }

    function recordClaim(Books storage books, uint256 amount) internal {
        books.claimable -= amount.toUint128();
        books.claimed += amount.toUint128();
    }

    function read(Books storage books) internal view returns (IEmission.Supply memory) {
        return IEmission.Supply({
            scheduled: books.scheduled,
            minted: books.minted,
            notMinted: books.notMinted,
            carried: books.carried,
            claimable: books.claimable,
            claimed: books.claimed,
            pooled: books.pooled
        });
    }
}
