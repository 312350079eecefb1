// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";

/// @notice Arithmetic of a distribution. What rounds, and to whom the rest goes, is in `IRevenueSplitter`.
library RevenueSplit {
    uint256 internal constant BPS = 10_000;
    uint256 private constant MIN_CREATORS_AND_POOL_BPS = 7000;

    /// @notice Wei.
    struct Parts {
        uint256 creators;
        uint256 pool;
        uint256 dataSets;
        uint256 validators;
        uint256 treasury;
    }

    function defaultTable() internal pure returns (IRevenueSplitter.Table memory) {
        return IRevenueSplitter.Table({creators: 3000, pool: 4000, dataSets: 1000, validators: 1000, treasury: 1000});
    }

    function sumOf(IRevenueSplitter.Table memory table) internal pure returns (uint256) {
        return uint256(table.creators) + table.pool + table.dataSets + table.validators + table.treasury;
    }

    /// @notice The parts by a whole table: all but the pool's rounded down.
    function split(uint256 assets, IRevenueSplitter.Table memory table) internal pure returns (Parts memory parts) {
        parts.creators = bpsDown(assets, table.creators);
        parts.dataSets = bpsDown(assets, table.dataSets);
        parts.validators = bpsDown(assets, table.validators);
        parts.treasury = bpsDown(assets, table.treasury);
        parts.pool = assets - parts.creators - parts.dataSets - parts.validators - parts.treasury;
    }

    /// @notice Shares of a part, rounded down, and what they leave of it.
    /// @param bps at most 10,000 together
    function divide(uint256 assets, uint16[] memory bps) internal pure returns (uint256[] memory shares, uint256 rest) {
        shares = new uint256[](bps.length);
        rest = assets;
        for (uint256 i = 0; i < bps.length; ++i) {
            shares[i] = bpsDown(assets, bps[i]);
            rest -= shares[i];
        }
    }

    /// @notice What a distribution must hold: nothing lost, nothing made, and by the default table at least seven tenths
    /// to creators and stakers.
    function check(uint256 assets, Parts memory parts, bool isDefault) internal pure {
        assert(parts.creators + parts.pool + parts.dataSets + parts.validators + parts.treasury == assets);
        assert(!isDefault || (parts.creators + parts.pool) * BPS >= assets * MIN_CREATORS_AND_POOL_BPS);
    }

    function bpsDown(uint256 assets, uint256 bps) internal pure returns (uint256) {
        return assets * bps / BPS;
    }
}
