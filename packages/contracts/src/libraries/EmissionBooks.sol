// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEmission} from "../interfaces/IEmission.sol";

/// @notice The sums of a subnet, in two words. Every sum is at most the cap: below 2^85 wei or 2^55 gwei.
/// @dev What is carried is not stored: it is the rest of what was scheduled.
library EmissionBooks {
    using SafeCast for uint256;

    uint256 private constant GWEI = 1e9;

    /// @param claimable gwei, as are `pooled`, `bounties`, `notMinted`, `claimed` and `ownerAccrued`
    /// @param scheduled wei
    /// @param accountedUntil the end of the last accounted epoch, unix seconds
    /// @param ownerAccrued of `claimable`, the cut of the subnet's owner
    struct Books {
        uint64 claimable;
        uint64 pooled;
        uint64 bounties;
        uint64 notMinted;
        uint88 scheduled;
        uint64 claimed;
        uint48 accountedUntil;
        uint56 ownerAccrued;
    }

    /// @dev In memory, so that each word is read and written once.
    function recordEpoch(Books memory books, IEmission.Paid memory paid, uint48 end) internal pure {
        books.claimable += _gwei(paid.owner + paid.incentive + paid.take);
        books.pooled += _gwei(paid.pooled);
        books.bounties += _gwei(paid.bounty);
        books.notMinted += _gwei(paid.notMinted);
        books.scheduled += paid.scheduled.toUint88();
        books.accountedUntil = end;
        books.ownerAccrued += uint256(_gwei(paid.owner)).toUint56();
    }

    function recordClaim(Books storage books, uint256 amount) internal {
        books.claimable -= _gwei(amount);
        books.claimed += _gwei(amount);
    }

    /// @notice Wei of what was scheduled that is still to be split.
    function carried(Books memory books) internal pure returns (uint256) {
        uint256 accounted = uint256(books.claimable) + books.claimed + books.pooled + books.bounties + books.notMinted;
        return books.scheduled - accounted * GWEI;
    }

    /// @notice Adds the books of a subnet to sums.
    function addTo(Books memory books, IEmission.Supply memory s) internal pure {
        s.scheduled += books.scheduled;
        s.notMinted += books.notMinted * GWEI;
        s.carried += carried(books);
        s.claimable += books.claimable * GWEI;
        s.claimed += books.claimed * GWEI;
        s.pooled += books.pooled * GWEI;
        s.bounties += books.bounties * GWEI;
        s.minted = s.claimable + s.claimed + s.pooled + s.bounties;
    }

    /// @dev Every amount is a whole number of gwei.
    function _gwei(uint256 amount) private pure returns (uint64) {
        return (amount / GWEI).toUint64();
    }
}
