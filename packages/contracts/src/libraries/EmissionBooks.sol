// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../interfaces/IEmission.sol";

/// @notice The seven sums, of a subnet or of all. Every sum is at most the cap, below 2^85 wei.
library EmissionBooks {
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
        books.scheduled += uint128(scheduled);
        books.minted += uint128(minted);
        books.notMinted += uint128(paid.notMinted);
        books.carried = uint128(books.carried - carriedBefore + paid.carried);
        books.claimable += uint128(toOwners);
        books.pooled += uint128(toPools);
    }

    function recordClaim(Books storage books, uint256 amount) internal {
        books.claimable -= uint128(amount);
        books.claimed += uint128(amount);
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
