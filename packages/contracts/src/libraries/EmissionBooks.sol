// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEmission} from "../interfaces/IEmission.sol";

/// @notice The sums of a subnet or of all, in two words. Every sum is at most the cap: below 2^85 wei or 2^55 gwei.
library EmissionBooks {
    using SafeCast for uint256;

    uint256 private constant GWEI = 1e9;

    /// @param claimable gwei, as are `pooled`, `bounties`, `notMinted` and `claimed`
    /// @param scheduled wei, as is `carried`
    struct Books {
        uint64 claimable;
        uint64 pooled;
        uint64 bounties;
        uint64 notMinted;
        uint96 scheduled;
        uint96 carried;
        uint64 claimed;
    }

    function recordEpoch(Books storage books, IEmission.Paid memory paid) internal {
        books.claimable += _gwei(paid.owner + paid.incentive + paid.take);
        books.pooled += _gwei(paid.pooled);
        books.bounties += _gwei(paid.bounty);
        books.notMinted += _gwei(paid.notMinted);
        books.scheduled += paid.scheduled.toUint96();
        uint256 carriedBefore = paid.emission - paid.scheduled;
        books.carried = (books.carried - carriedBefore + paid.carried).toUint96();
    }

    function recordClaim(Books storage books, uint256 amount) internal {
        books.claimable -= _gwei(amount);
        books.claimed += _gwei(amount);
    }

    function read(Books memory books) internal pure returns (IEmission.Supply memory s) {
        s.scheduled = books.scheduled;
        s.notMinted = books.notMinted * GWEI;
        s.carried = books.carried;
        s.claimable = books.claimable * GWEI;
        s.claimed = books.claimed * GWEI;
        s.pooled = books.pooled * GWEI;
        s.bounties = books.bounties * GWEI;
        s.minted = s.claimable + s.claimed + s.pooled + s.bounties;
    }

    /// @dev Every amount is a whole number of gwei.
    function _gwei(uint256 amount) private pure returns (uint64) {
        return (amount / GWEI).toUint64();
    }
}
