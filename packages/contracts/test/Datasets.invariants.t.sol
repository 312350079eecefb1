// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {ICuratorBallots} from "../src/interfaces/ICuratorBallots.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {IDatasetRoyalties} from "../src/interfaces/IDatasetRoyalties.sol";
import {DatasetHandler} from "./DatasetHandler.sol";
import {InvariantTest} from "./InvariantTest.sol";

/// @notice What holds whatever people do to data sets, over 20,480 moves.
/// forge-config: default.invariant.runs = 80
/// forge-config: default.invariant.depth = 256
contract DatasetsInvariants is InvariantTest {
    DatasetHandler private handler;
    WitanToken private token;
    DatasetRegistry private registry;

    function setUp() public {
        handler = new DatasetHandler();
        (token, registry) = handler.parts();
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](16);
        selectors[0] = DatasetHandler.propose.selector;
        selectors[1] = DatasetHandler.voteSome.selector;
        selectors[2] = DatasetHandler.voteSome.selector;
        selectors[3] = DatasetHandler.voteSome.selector;
        selectors[4] = DatasetHandler.lapseSome.selector;
        selectors[5] = DatasetHandler.flagOne.selector;
        selectors[6] = DatasetHandler.correctOne.selector;
        selectors[7] = DatasetHandler.orderOne.selector;
        selectors[8] = DatasetHandler.claimOne.selector;
        selectors[9] = DatasetHandler.sweepOne.selector;
        selectors[10] = DatasetHandler.withdrawOne.selector;
        selectors[11] = DatasetHandler.reserveOne.selector;
        selectors[12] = DatasetHandler.relist.selector;
        selectors[13] = DatasetHandler.proveOne.selector;
        selectors[14] = DatasetHandler.wait.selector;
        selectors[15] = DatasetHandler.waitLong.selector;
    }

    /// @notice Every wei that the registry holds is somebody's: a credit, a reserve, a bond, a promised reward or a
    /// royalty. Nothing is stuck and nothing is promised twice.
    function invariantEveryWeiIsSomebodys() public view {
        uint256 owed = 0;
        address[] memory accounts = handler.accounts();
        for (uint256 i = 0; i < accounts.length; ++i) {
            owed += registry.creditOf(accounts[i]);
        }
        for (uint256 setId = 1; setId <= handler.SETS(); ++setId) {
            IDatasetRegistry.Dataset memory set = registry.dataset(setId);
            owed += set.reserve;
            for (uint32 version = 1; version <= set.versions; ++version) {
                IDatasetRoyalties.Pool memory pool = registry.poolOf(setId, version);
                assertLe(pool.claimed, pool.paid, "claimed");
                owed += pool.paid - pool.claimed;
            }
        }
        for (uint256 ballotId = 1; ballotId <= registry.ballotCount(); ++ballotId) {
            if (registry.ballot(ballotId).outcome != ICuratorBallots.Outcome.Open) continue;
            IDatasetRegistry.Flag memory f = registry.flagOf(ballotId);
            owed += uint256(f.bond) + f.reward;
        }
        assertEq(token.balanceOf(address(registry)), owed, "held and owed");
    }

    /// @notice A version never changes, and there is one a number.
    function invariantVersionsNeverChange() public view {
        for (uint256 setId = 1; setId <= handler.SETS(); ++setId) {
            uint32 newest = registry.dataset(setId).versions;
            for (uint32 version = 1; version <= newest; ++version) {
                IDatasetRegistry.Version memory v = registry.version(setId, version);
                assertEq(keccak256(abi.encode(v)), handler.digestOf(setId, version), "as it was included");
                assertEq(v.terms.parent, version - 1, "follows the one before");
            }
        }
    }

    /// @notice A listed set has no upheld flag that is past its time.
    function invariantListedMeansCorrectedInTime() public view {
        for (uint256 setId = 1; setId <= handler.SETS(); ++setId) {
            IDatasetRegistry.Dataset memory set = registry.dataset(setId);
            assertLe(set.answered, set.upheld, "answered");
            if (!registry.isListed(setId)) continue;
            for (uint64 number = set.answered + 1; number <= set.upheld; ++number) {
                assertLe(block.timestamp, registry.dueAt(setId, number), "in time");
            }
        }
    }
}
