// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ModelRegistry} from "../src/ModelRegistry.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {ModelHandler} from "./ModelHandler.sol";

/// @notice What holds whatever people do to models, over 20,480 moves.
/// forge-config: default.invariant.runs = 160
/// forge-config: default.invariant.depth = 128
contract ModelsInvariants is InvariantTest {
    ModelHandler private handler;
    ModelRegistry private models;

    function setUp() public {
        handler = new ModelHandler();
        models = handler.registryOfModels();
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](10);
        selectors[0] = ModelHandler.make.selector;
        selectors[1] = ModelHandler.forkOne.selector;
        selectors[2] = ModelHandler.publishOne.selector;
        selectors[3] = ModelHandler.publishOne.selector;
        selectors[4] = ModelHandler.activateOne.selector;
        selectors[5] = ModelHandler.retireOne.selector;
        selectors[6] = ModelHandler.rollBack.selector;
        selectors[7] = ModelHandler.sell.selector;
        selectors[8] = ModelHandler.changeShare.selector;
        selectors[9] = ModelHandler.wait.selector;
    }

    /// @notice Of the model that was moved last, after every move.
    function invariantVersionsVotesAndLineage() public view {
        checkModel(handler.touched());
        bytes32 listed = keccak256(abi.encode(models.activatedIn(1)));
        assertEq(listed, keccak256(abi.encode(handler.voted())), "each activated once, and no other");
    }

    /// @notice Of every model, at the end of a run. Read by forge.
    function afterInvariant() public view {
        for (uint256 modelId = 1; modelId <= models.modelCount(); ++modelId) {
            checkModel(modelId);
        }
    }

    function checkModel(uint256 modelId) private view {
        checkVersions(modelId);
        checkLineage(modelId);
    }

    /// @dev A version's digests never change, and the live one is what the DAO voted for last.
    function checkVersions(uint256 modelId) private view {
        IModelRegistry.Model memory m = models.model(modelId);
        for (uint32 number = 1; number <= m.versions; ++number) {
            assertEq(handler.digest(modelId, number), handler.digestOf(modelId, number), "as published");
            bool retired = models.version(modelId, number).retired;
            assertTrue(!retired || !models.isAccepted(modelId, number), "retired is over");
        }
        assertEq(m.live, handler.votedFor(modelId), "live by a vote");
    }

    /// @dev A lineage only leads to older models and ends; at most four are paid, the whole of it.
    function checkLineage(uint256 modelId) private view {
        uint256[] memory ancestors = models.ancestorsOf(modelId, type(uint256).max);
        uint256 last = modelId;
        for (uint256 i = 0; i < ancestors.length; ++i) {
            assertTrue(ancestors[i] < last, "older");
            last = ancestors[i];
        }
        assertEq(models.model(last).parentModel, 0, "ends");
        (address[] memory accounts, uint16[] memory bps) = models.creatorsOf(modelId);
        assertEq(accounts.length, ancestors.length < 3 ? ancestors.length + 1 : 4, "paid");
        assertEq(accounts[0], models.ownerOf(modelId), "its owner first");
        uint256 sum = 0;
        for (uint256 i = 0; i < bps.length; ++i) {
            sum += bps[i];
        }
        assertEq(sum, 10_000, "whole");
    }
}
