// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {DatasetFixture} from "./DatasetFixture.sol";

/// @notice A model registry beside the data sets, and the moves of the people who make models.
abstract contract ModelFixture is DatasetFixture {
    uint48 internal constant GRACE = 1 days;
    uint16 internal constant NETUID = 1;
    uint16 internal constant FORK_BPS = 2000;
    bytes32 internal constant POLICY = keccak256("policy");
    address internal constant MAKER = address(0x3A4E);

    ModelRegistry internal models;

    function setUp() public virtual override {
        super.setUp();
        models = new ModelRegistry(address(new AccessManager(DAO)), address(registry), GRACE);
    }

    function maker(uint256 i) internal pure returns (address) {
        return address(uint160(0xE0000 + i));
    }

    function createModel(address account) internal returns (uint256 modelId) {
        vm.prank(account);
        return models.create("classifier", NETUID, FORK_BPS);
    }

    function forkModel(address account, uint256 parent, uint32 version) internal returns (uint256 modelId) {
        vm.prank(account);
        return models.fork(parent, version, "fork", NETUID, FORK_BPS);
    }

    function termsOf(uint256 salt) internal pure returns (IModelRegistry.VersionTerms memory t) {
        t.manifest = keccak256(abi.encode("manifest", salt));
        t.weights = keccak256(abi.encode("weights", salt));
        t.evaluation = keccak256(abi.encode("evaluation", salt));
        t.licence = keccak256("Apache-2.0");
    }

    function trained(uint256 salt, uint256 setId, uint32 from, uint256 count)
        internal
        pure
        returns (IModelRegistry.VersionTerms memory t)
    {
        t = termsOf(salt);
        t.trainedOn = new IModelRegistry.TrainingSet[](1);
        t.trainedOn[0] = IModelRegistry.TrainingSet(setId, new uint32[](count));
        for (uint256 i = 0; i < count; ++i) {
            t.trainedOn[0].versions[i] = from + uint32(i);
        }
    }

    function publishAs(address account, uint256 modelId, uint256 salt) internal returns (uint32) {
        IModelRegistry.VersionTerms memory t = termsOf(salt);
        vm.prank(account);
        return models.publish(modelId, t);
    }

    function activate(uint256 modelId, uint32 version) internal {
        vm.prank(DAO);
        models.activate(modelId, version);
    }

    function liveOf(uint256 modelId) internal view returns (uint32) {
        return models.model(modelId).live;
    }
}
