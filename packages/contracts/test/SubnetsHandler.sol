// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Subnets} from "../src/Subnets.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {ISubnetMembers} from "../src/interfaces/ISubnetMembers.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

/// @notice What people do to subnets, in any order, and a record of it that forgets nothing. Actor 0 owns the subnets.
contract SubnetsHandler is SubnetsFixture {
    struct Change {
        uint48 timestamp;
        uint64 nodeId;
    }

    uint256 public constant ACTORS = 8;
    uint16 public constant SUBNETS = 2;

    uint256 public burned;
    uint256 public evictions;
    uint256 public prunings;
    uint256 public reuses;
    uint256 public parameterChanges;
    mapping(uint16 netuid => uint48) public changedAt;
    /// @dev Everything that ever happened to a slot, in order.
    mapping(uint16 netuid => mapping(uint16 uid => Change[])) private _history;
    mapping(uint16 netuid => uint16) public slotCount;
    /// @dev The key of an actor; it grows by `ACTORS` each time the operator is replaced.
    mapping(uint256 actor => uint256) public keyIndex;

    constructor() {
        setUp();
        for (uint16 netuid = 1; netuid <= SUBNETS; ++netuid) {
            burned += subnets.creationPrice();
            if (netuid == 1) createSubnet(cheap(3));
            else createConsortium(cheap(4));
            vm.prank(CREATOR);
            subnets.transferOwnership(netuid, ownerOf(0));
            vm.prank(ownerOf(0));
            subnets.acceptOwnership(netuid);
        }
        for (uint256 i = 0; i < ACTORS; ++i) {
            keyIndex[i] = i;
            fund(ownerOf(i), 1e18, address(subnets));
            admit(i);
        }
        vm.warp(block.timestamp + 1);
    }

    /// @notice A few actors try to get in, one after the other.
    function registerSome(uint256 subnetSeed, uint256 actorSeed) external {
        for (uint256 k = 0; k <= subnetSeed % 4; ++k) {
            registerOne(pick(subnetSeed >> 8), (actorSeed % ACTORS + k) % ACTORS);
        }
    }

    function deregisterOne(uint256 subnetSeed, uint256 actorSeed) external {
        (uint16 netuid, uint256 i) = (pick(subnetSeed), actorSeed % ACTORS);
        (bool held, uint16 uid) = uidOf(netuid, i);
        if (!held) return;
        vm.prank(ownerOf(i));
        try subnets.deregister(netuid, uid) {
            noteHolder(netuid, uid, 0);
        } catch {}
    }

    function replaceOne(uint256 actorSeed) external {
        uint256 i = actorSeed % ACTORS;
        if (vault.nodeOf(operatorOf(keyIndex[i])) == 0) return;
        uint256 next = keyIndex[i] + ACTORS;
        uint64 nodeId = vault.nodeOf(operatorOf(keyIndex[i]));
        bytes memory consent = signConsent(next, ownerOf(i), block.timestamp);
        vm.prank(ownerOf(i));
        subnets.replaceOperator(nodeId, operatorOf(next), block.timestamp, consent);
        keyIndex[i] = next;
    }

    function changeParameters(uint256 subnetSeed, uint256 seed) external {
        uint16 netuid = pick(subnetSeed);
        ISubnetTerms.Parameters memory p = cheap(uint16(3 + seed % 3));
        p.epochLength = uint32(600 + (seed >> 8) % 1200);
        p.revealWindow = uint32(1 + (seed >> 64) % (p.epochLength / 2));
        vm.prank(ownerOf(0));
        try subnets.setParameters(netuid, p) {
            ++parameterChanges;
        } catch {}
    }

    function declareOne(uint256 subnetSeed, bool own) external {
        uint16 netuid = pick(subnetSeed);
        (bool held, uint16 uid) = uidOf(netuid, 0);
        if (!held) return;
        vm.prank(ownerOf(0));
        subnets.declareOwnSlots(netuid, uidsOf(uid), own);
    }

    function setPays(uint256 seed) external {
        uint32[] memory pays = new uint32[](seed % 6);
        for (uint256 i = 0; i < pays.length; ++i) {
            pays[i] = uint32(seed >> (16 + 8 * i)) % 4;
        }
        setPay(pays);
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 500));
    }

    /// @notice Straight to the first second of the next epoch, where most can go wrong.
    function waitForTheNextEpoch(uint256 subnetSeed) external {
        skipEpochs(pick(subnetSeed), 1);
    }

    /// @notice The holders just before `timestamp`, from the record of everything.
    function holdersBefore(uint16 netuid, uint48 timestamp)
        external
        view
        returns (uint64[] memory nodeIds, uint48[] memory since)
    {
        uint16 n = slotCount[netuid];
        while (n > 0 && _history[netuid][n - 1][0].timestamp >= timestamp) --n;
        (nodeIds, since) = (new uint64[](n), new uint48[](n));
        for (uint16 uid = 0; uid < n; ++uid) {
            Change[] storage changes = _history[netuid][uid];
            for (uint256 k = 0; k < changes.length && changes[k].timestamp < timestamp; ++k) {
                (nodeIds[uid], since[uid]) = (changes[k].nodeId, changes[k].timestamp);
            }
        }
    }

    function parts() external view returns (WitanToken, Subnets, uint256 credits) {
        return (token, subnets, rewards.creditCount());
    }

    function actorOperator(uint256 i) external view returns (address) {
        return operatorOf(keyIndex[i]);
    }

    function actorNode(uint256 i) external view returns (uint64) {
        return vault.nodeOf(operatorOf(keyIndex[i]));
    }

    /// @dev Into the consortium, by a majority of the creator and the actors before.
    function admit(uint256 i) private {
        ISubnetMembers members = subnets.members();
        vm.prank(CREATOR);
        uint256 proposalId = members.propose(2, ownerOf(i), true);
        for (uint256 j = 0; !members.isMember(2, ownerOf(i)); ++j) {
            vm.prank(ownerOf(j));
            members.vote(proposalId);
        }
    }

    function registerOne(uint16 netuid, uint256 i) private {
        uint256 price = subnets.registrationPrice(netuid);
        address operator = operatorOf(keyIndex[i]);
        bytes memory consent = signConsent(keyIndex[i], ownerOf(i), block.timestamp);
        vm.prank(ownerOf(i));
        try subnets.register(netuid, operator, block.timestamp, consent, price, lastPay(netuid)) returns (uint16 uid) {
            burned += price;
            noteHolder(netuid, uid, vault.nodeOf(operator));
        } catch {} // there already, or all are immune
    }

    function noteHolder(uint16 netuid, uint16 uid, uint64 nodeId) private {
        Change[] storage changes = _history[netuid][uid];
        if (changes.length == 0) ++slotCount[netuid];
        else changedAt[netuid] = uint48(block.timestamp);
        bool evicts = changes.length > 0 && changes[changes.length - 1].nodeId != 0;
        if (evicts) ++evictions;
        if (evicts && nodeId != 0) ++prunings;
        if (changes.length > 0 && !evicts) ++reuses;
        changes.push(Change(uint48(block.timestamp), nodeId));
    }

    function uidOf(uint16 netuid, uint256 i) private view returns (bool held, uint16 uid) {
        try subnets.uidOf(netuid, operatorOf(keyIndex[i])) returns (uint16 found) {
            return (true, found);
        } catch {}
    }

    function pick(uint256 seed) private pure returns (uint16) {
        return uint16(seed % SUBNETS + 1);
    }
}
