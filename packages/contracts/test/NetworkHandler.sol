// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice What people do to the network, in any order; every move is a legal one.
contract NetworkHandler is Network {
    uint256 public constant OPERATORS = 6;
    uint256 private constant HOLDERS = 3;
    uint16 private constant MAX_SUBNETS = 3;

    uint256 public epochsSettled;
    mapping(address operator => uint64) public announcedSeq;

    /// @dev A share is never worth less than before, as long as anybody holds one.
    modifier keepsSharePrices() {
        uint64 count = vault.nodeCount();
        uint256[] memory assets = new uint256[](count);
        uint256[] memory shares = new uint256[](count);
        for (uint64 i = 0; i < count; ++i) {
            (assets[i], shares[i]) = (vault.stakeOf(i + 1), vault.pool(i + 1).shares);
        }
        _;
        for (uint64 i = 0; i < count; ++i) {
            uint256 sharesNow = vault.pool(i + 1).shares;
            if (shares[i] == 0 || sharesNow == 0) continue;
            uint256 before = (assets[i] + 1) * (sharesNow + 1e6);
            assertLe(before, (vault.stakeOf(i + 1) + 1) * (shares[i] + 1e6), "share price");
        }
    }

    constructor() {
        setUp();
        createSubnet(parametersOf(4, 2));
        registerMany(1, 0, 2);
        stake(0, 1000e18);
    }

    function createAnother() external {
        if (subnets.subnetCount() < MAX_SUBNETS) createSubnet(parametersOf(4, 2));
    }

    function registerOne(uint256 subnetSeed, uint256 operatorSeed) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        uint256 i = operatorSeed % OPERATORS;
        if (subnets.subnet(netuid).neuronCount < 4 && !isRegistered(netuid, i)) register(netuid, i);
    }

    function announceOne(uint256 operatorSeed, uint64 step) external {
        address operator = operatorOf(operatorSeed % OPERATORS);
        if (vault.nodeOf(operator) == 0) return;
        uint64 seq = announcedSeq[operator] + 1 + step % 10;
        uint64 expiry = uint64(block.timestamp + 1 days);
        bytes memory signature = signAnnouncement(operatorSeed % OPERATORS, SALT, seq, expiry);
        subnets.announce(operator, SALT, seq, expiry, signature);
        announcedSeq[operator] = seq;
    }

    function stakeSome(uint256 holderSeed, uint256 nodeSeed, uint256 amount) external keepsSharePrices {
        uint64 nodeId = pickNode(nodeSeed);
        amount = bound(amount, 1, 5000e18);
        if (vault.toSharesDown(nodeId, amount) > 0) stakeAs(holder(holderSeed), nodeId, amount);
    }

    function unstakeSome(uint256 holderSeed, uint256 nodeSeed, uint256 part) external keepsSharePrices {
        uint64 nodeId = pickNode(nodeSeed);
        uint256 shares = vault.sharesOf(nodeId, holder(holderSeed));
        shares = part % 4 == 0 ? shares : bound(part, 0, shares);
        if (vault.toAssetsDown(nodeId, shares) == 0) return;
        vm.prank(holder(holderSeed));
        vault.requestUnstake(nodeId, shares);
    }

    function withdrawOne(uint256 requestSeed) external keepsSharePrices {
        uint256 count = vault.requestCount();
        if (count == 0) return;
        uint256 requestId = requestSeed % count + 1;
        IStakeVault.Unstake memory request = vault.unstakeRequest(requestId);
        if (request.assets == 0) return;
        if (block.timestamp < request.availableAt) vm.warp(request.availableAt);
        vm.prank(request.account);
        vault.withdraw(requestId);
    }

    function setTakeOf(uint256 nodeSeed, uint16 takeBps) external keepsSharePrices {
        uint64 nodeId = pickNode(nodeSeed);
        takeBps %= 1801;
        IStakeVault.Pool memory pool = vault.pool(nodeId);
        if (takeBps > pool.takeBps && block.timestamp < pool.takeRaisedAt + 30 days) return;
        vm.prank(pool.owner);
        vault.setTake(nodeId, takeBps);
    }

    function syncOne(uint256 nodeSeed) external keepsSharePrices {
        vault.sync(pickNode(nodeSeed));
    }

    function wait(uint256 time) external keepsSharePrices {
        vm.warp(block.timestamp + bound(time, 1, 2 hours));
    }

    function claimAll(uint256 subnetSeed) external {
        uint16 netuid = pickSubnet(subnetSeed);
        uint64[] memory nodeIds = new uint64[](vault.nodeCount());
        for (uint64 i = 0; i < nodeIds.length; ++i) {
            nodeIds[i] = i + 1;
        }
        emission.claim(netuid, nodeIds);
        emission.claimOwnerCut(netuid);
    }

    /// @notice Commits, reveals (some withhold) and settles the running epoch of a subnet.
    function playEpoch(uint256 subnetSeed, uint256 rowSeed, uint8 votes, uint8 reveals) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        uint64 epoch = subnets.currentEpoch(netuid);
        if (epoch > 0 && rowSeed % 3 == 0) catchUp(netuid, epoch - 1);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if (isRegistered(netuid, i) && votes >> i & 1 == 1) commit(netuid, i, epoch, randomRow(rowSeed, i));
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if (!isRegistered(netuid, i) || (votes & reveals) >> i & 1 == 0) continue;
            reveal(netuid, i, epoch, randomRow(rowSeed, i));
        }
        warpToSettle(netuid, epoch);
        settle(netuid, epoch);
        ++epochsSettled;
    }

    /// @dev Settles the epoch before, if its window is still open.
    function catchUp(uint16 netuid, uint64 epoch) private {
        (,, uint48 revealEnd, uint48 settleEnd) = subnets.windows(netuid, epoch);
        if (consensus.lastSettled(netuid).settled && consensus.lastSettled(netuid).epoch >= epoch) return;
        if (block.timestamp < revealEnd || block.timestamp >= settleEnd) return;
        settle(netuid, epoch);
        ++epochsSettled;
    }

    function randomRow(uint256 seed, uint256 i) private pure returns (uint256[] memory row) {
        row = new uint256[](1);
        row[0] = uint256(keccak256(abi.encode(seed, i))) & (seed % 5 == 0 ? 0 : type(uint64).max);
    }

    function isRegistered(uint16 netuid, uint256 i) private view returns (bool) {
        ISubnets.Neuron[] memory neurons = subnets.neurons(netuid, 0, 64);
        for (uint256 uid = 0; uid < neurons.length; ++uid) {
            if (neurons[uid].operator == operatorOf(i)) return true;
        }
        return false;
    }

    function pickSubnet(uint256 seed) private view returns (uint16) {
        return uint16(seed % subnets.subnetCount() + 1);
    }

    function pickNode(uint256 seed) private view returns (uint64) {
        return uint64(seed % vault.nodeCount() + 1);
    }

    function holder(uint256 seed) private pure returns (address) {
        return ownerOf(seed % HOLDERS);
    }

    function parts() external view returns (address, address, address, address) {
        return (address(token), address(vault), address(subnets), address(emission));
    }
}
