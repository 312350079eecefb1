// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ModelRegistry} from "../src/ModelRegistry.sol";
import {ModelFixture} from "./ModelFixture.sol";

/// @notice People who make, fork, publish and retire models, a DAO that activates; remembers what was published and voted.
contract ModelHandler is ModelFixture {
    uint256 private constant MAKERS = 4;

    mapping(uint256 modelId => mapping(uint32 version => bytes32)) public digestOf;
    /// @notice What the DAO voted for, or nothing once the owner retired it.
    mapping(uint256 modelId => uint32) public votedFor;
    /// @notice Models that the DAO ever voted for, in that order.
    uint256[] private _everVotedFor;
    mapping(uint256 modelId => bool) private _wasVotedFor;
    /// @notice The model of the last move.
    uint256 public touched = 1;
    uint256 private _salt;
    uint256 private _setId;

    constructor() {
        setUp();
        _setId = createWithVersion();
        for (uint256 i = 0; i < MAKERS; ++i) {
            orderAs(maker(i), _setId);
        }
        createModel(maker(0));
        publishOne(0, true);
    }

    function registryOfModels() external view returns (ModelRegistry) {
        return models;
    }

    function make(uint256 who) external {
        if (models.modelCount() < 4) createModel(maker(who % MAKERS));
    }

    function forkOne(uint256 who, uint256 m, uint256 version) external {
        uint256 parent = _model(m);
        uint32 versions = models.model(parent).versions;
        if (versions == 0 || models.modelCount() >= 9) return;
        forkModel(maker(who % MAKERS), parent, uint32(1 + version % versions));
    }

    function publishOne(uint256 m, bool isTrained) public {
        uint256 modelId = _model(m);
        // Few, for each is read after every move.
        if (models.model(modelId).versions >= 4) return;
        address owner = models.ownerOf(modelId);
        uint256 salt = ++_salt;
        vm.prank(owner);
        uint32 version = models.publish(modelId, isTrained ? trained(salt, _setId, 1, 1) : termsOf(salt));
        digestOf[modelId][version] = _digest(modelId, version);
    }

    function activateOne(uint256 m, uint256 version) external {
        (uint256 modelId, uint32 number) = _version(m, version);
        if (number == 0 || models.version(modelId, number).retired || liveOf(modelId) == number) return;
        activate(modelId, number);
        votedFor[modelId] = number;
        if (!_wasVotedFor[modelId]) _everVotedFor.push(modelId);
        _wasVotedFor[modelId] = true;
    }

    function voted() external view returns (uint256[] memory) {
        return _everVotedFor;
    }

    function retireOne(uint256 m, uint256 version) external {
        (uint256 modelId, uint32 number) = _version(m, version);
        if (number == 0 || models.version(modelId, number).retired) return;
        address owner = models.ownerOf(modelId);
        vm.prank(owner);
        models.retire(modelId, number);
        if (votedFor[modelId] == number) votedFor[modelId] = 0;
    }

    /// @notice The owner tries to bring back an older version without a vote.
    function rollBack(uint256 m, uint256 version) external {
        (uint256 modelId, uint32 number) = _version(m, version);
        if (number == 0) return;
        address owner = models.ownerOf(modelId);
        vm.prank(owner);
        try models.activate(modelId, number) {
            assertTrue(false, "activated without a vote");
        } catch {}
    }

    function sell(uint256 m, uint256 who) external {
        uint256 modelId = _model(m);
        address owner = models.ownerOf(modelId);
        vm.prank(owner);
        models.transferFrom(owner, maker(who % MAKERS), modelId);
    }

    function changeShare(uint256 m, uint16 bps) external {
        uint256 modelId = _model(m);
        address owner = models.ownerOf(modelId);
        vm.prank(owner);
        models.setForkShare(modelId, bps % 5001);
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1 hours, 2 days));
    }

    /// @notice All of a version but whether it is retired.
    function digest(uint256 modelId, uint32 number) external view returns (bytes32) {
        return _digest(modelId, number);
    }

    function _digest(uint256 modelId, uint32 number) private view returns (bytes32) {
        ModelRegistry.Version memory v = models.version(modelId, number);
        v.retired = false;
        return keccak256(abi.encode(v, models.trainedOn(modelId, number)));
    }

    function _model(uint256 m) private returns (uint256) {
        touched = 1 + m % models.modelCount();
        return touched;
    }

    function _version(uint256 m, uint256 version) private returns (uint256 modelId, uint32 number) {
        modelId = _model(m);
        uint32 versions = models.model(modelId).versions;
        number = versions == 0 ? 0 : uint32(1 + version % versions);
    }
}
