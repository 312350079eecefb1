// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice What people do to the network, in any order. A move that the rules forbid just then is no move; what must hold
/// at every single move is checked here.
contract NetworkHandler is Network {
    uint256 public constant OPERATORS = 6;
    uint256 public constant HOLDERS = 3;
    uint16 private constant MAX_SUBNETS = 4;
    address private constant WATCHER = address(0x3A7C);

    uint256 public calls;
    uint256 public epochsSettled;
    mapping(address operator => uint64) public announcedSeq;
    mapping(address account => uint256) public putIn;
    mapping(address account => uint256) public takenOut;
    uint256 public slashedOut;
    mapping(bytes32 move => uint256) public made;
    /// @dev Keys are replaced: the number of the one in use, by operator.
    uint256[6] private keys;
    uint256 private nextKey = 100;

    /// @dev A share is never worth less than before, as long as anybody holds one.
    modifier keepsSharePrices() {
        ++calls;
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
        appointCourt();
        for (uint256 i = 0; i < OPERATORS; ++i) {
            keys[i] = i;
        }
        createSubnet(terms4());
        registerMany(1, 0, 2);
        putIn[ownerOf(0)] = 1000e18;
        stake(0, 1000e18);
    }

    function terms() internal pure override returns (IEmission.EmissionTerms memory) {
        return IEmission.EmissionTerms({bountyCap: 1e18, gaugePeriod: GAUGE_PERIOD, maxShareBps: 10_000});
    }

    function createAnother() external keepsSharePrices {
        if (subnets.subnetCount() < MAX_SUBNETS) createSubnet(terms4());
    }

    /// @notice Takes a free slot, one that was vacated, or that of who is pruned.
    function registerOne(uint256 subnetSeed, uint256 operatorSeed) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        uint256 i = operatorSeed % OPERATORS;
        if (isRegistered(netuid, i)) return;
        bool isFull = subnets.subnet(netuid).neuronCount == 4;
        try this.tryRegister(netuid, i) {
            note(isFull ? bytes32("into a full subnet") : bytes32("register"));
        } catch {}
    }

    function tryRegister(uint16 netuid, uint256 i) external {
        registerFor(netuid, keys[i], ownerOf(i));
    }

    function deregisterOne(uint256 subnetSeed, uint256 operatorSeed) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        uint256 i = operatorSeed % OPERATORS;
        if (!isRegistered(netuid, i)) return;
        uint64 nodeId = nodeOf(keys[i]);
        uint256 owed = emission.claimable(netuid, nodeId) + emission.poolAccrued(nodeId);
        uint16 uid = subnets.uidOf(netuid, operatorOf(keys[i]));
        vm.prank(ownerOf(i));
        try subnets.deregister(netuid, uid) {
            note("deregister");
        } catch {}
        assertEq(emission.claimable(netuid, nodeId) + emission.poolAccrued(nodeId), owed, "leaves with what it earned");
    }

    function replaceOperatorOf(uint256 operatorSeed) external keepsSharePrices {
        uint256 i = operatorSeed % OPERATORS;
        uint64 nodeId = nodeOf(keys[i]);
        if (nodeId == 0) return;
        bytes memory consent = signConsent(nextKey, ownerOf(i), block.timestamp);
        address key = operatorOf(nextKey);
        vm.prank(ownerOf(i));
        subnets.replaceOperator(nodeId, key, block.timestamp, consent);
        keys[i] = nextKey++;
        note("replace operator");
    }

    function announceOne(uint256 operatorSeed, uint64 step) external keepsSharePrices {
        uint256 key = keys[operatorSeed % OPERATORS];
        address operator = operatorOf(key);
        if (vault.nodeOf(operator) == 0) return;
        uint64 seq = announcedSeq[operator] + 1 + step % 10;
        uint64 expiry = uint64(block.timestamp + 1 days);
        subnets.announce(operator, SALT, seq, expiry, signAnnouncement(key, SALT, seq, expiry));
        announcedSeq[operator] = seq;
    }

    function stakeSome(uint256 holderSeed, uint256 nodeSeed, uint256 amount) external keepsSharePrices {
        uint64 nodeId = pickNode(nodeSeed);
        amount = bound(amount, 1, 5000e18);
        if (vault.toSharesDown(nodeId, amount) == 0) return;
        putIn[holder(holderSeed)] += amount;
        stakeAs(holder(holderSeed), nodeId, amount);
    }

    function unstakeSome(uint256 holderSeed, uint256 nodeSeed, uint256 part) external keepsSharePrices {
        uint64 nodeId = pickNode(nodeSeed);
        uint256 shares = vault.sharesOf(nodeId, holder(holderSeed));
        shares = part % 4 == 0 ? shares : bound(part, 0, shares);
        if (vault.toAssetsDown(nodeId, shares) == 0) return;
        vm.prank(holder(holderSeed));
        try vault.requestUnstake(nodeId, shares) {
            note("unstake");
        } catch {} // what it owes for a slash elsewhere was taken first
    }

    function redelegateSome(uint256 holderSeed, uint256 fromSeed, uint256 toSeed, uint256 part)
        external
        keepsSharePrices
    {
        redelegateFor(holder(holderSeed), pickNode(fromSeed), pickNode(toSeed), part);
    }

    function redelegateFor(address account, uint64 from, uint64 to, uint256 part) private {
        uint256 shares = bound(part, 0, vault.sharesOf(from, account));
        vm.prank(account);
        try vault.redelegate(from, to, shares) {
            note("redelegate");
        } catch {}
    }

    function withdrawOne(uint256 requestSeed) external keepsSharePrices {
        uint256 count = vault.requestCount();
        if (count == 0) return;
        uint256 requestId = requestSeed % count + 1;
        IStakeVault.Unstake memory request = vault.unstakeRequest(requestId);
        if (request.assets == 0) return;
        if (block.timestamp < request.availableAt) vm.warp(request.availableAt);
        uint256 before = token.balanceOf(request.account);
        vm.prank(request.account);
        try vault.withdraw(requestId) {
            note("withdraw");
        } catch {} // all of it was slashed
        takenOut[request.account] += token.balanceOf(request.account) - before;
    }

    /// @notice Nobody's stake or claim rises by a slash, and pay that is due stays due.
    function slashOne(uint256 nodeSeed, uint256 bps, uint256 age) external {
        ++calls;
        uint64 nodeId = pickNode(nodeSeed);
        uint256[] memory before = claims();
        bps = bps % 5 == 0 ? 10_000 : bound(bps, 1, 5000);
        uint48 faultAt = uint48(block.timestamp - bound(age, 1, 10 days));
        vm.prank(SLASHER);
        try vault.slash(nodeId, uint16(bps), faultAt, WATCHER, 1000) returns (uint256 burned, uint256 reward) {
            slashedOut += burned + reward;
            note("slash");
        } catch {}
        uint256[] memory left = claims();
        for (uint256 k = 0; k < before.length; ++k) {
            assertLe(left[k], before[k], "no claim rises by a slash");
        }
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

    function pointSome(uint256 holderSeed, uint256 subnetSeed, uint16 weight) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        if (!emission.isActive(netuid)) return;
        (uint16[] memory netuids, uint16[] memory weights) = (new uint16[](1), new uint16[](1));
        (netuids[0], weights[0]) = (netuid, weight == 0 ? 1 : weight);
        vm.prank(holder(holderSeed));
        emission.point(netuids, weights);
    }

    function setParametersOf(uint256 subnetSeed, uint256 seed) external keepsSharePrices {
        ISubnets.Parameters memory p = terms4();
        p.epochLength = seed % 2 == 0 ? 600 : 900;
        p.kappa = uint16(bound(seed, 32_767, 58_982));
        p.liquidAlpha = seed % 3 == 0;
        p.bondsPenalty = uint16(seed >> 16);
        p.ownerCut = uint16(seed % 1801);
        (p.minersCut, p.validatorsCut) = (4100, 5900 - p.ownerCut);
        vm.prank(CREATOR);
        try subnets.setParameters(pickSubnet(subnetSeed), p) {
            note("set parameters");
        } catch {}
    }

    function dissolveOne(uint256 subnetSeed) external keepsSharePrices {
        if (subnetSeed % 16 != 0 || emission.activeSubnets() < 2) return;
        vm.prank(CREATOR);
        try subnets.dissolve(pickSubnet(subnetSeed / 16)) {
            note("dissolve");
        } catch {}
    }

    function claim(uint256 subnetSeed) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        emission.claim(netuid, allNodes());
        emission.claimOwnerCut(netuid);
    }

    function claimAll() external keepsSharePrices {
        emission.claimAll(allNodes());
    }

    /// @notice This contract is who settles.
    function claimBounty() external keepsSharePrices {
        emission.claimBounty();
    }

    /// @notice Commits, reveals (some withhold) and settles the running epoch of a subnet.
    function playEpoch(uint256 subnetSeed, uint256 rowSeed, uint8 votes, uint8 reveals) external keepsSharePrices {
        uint16 netuid = pickSubnet(subnetSeed);
        if (isClosed(netuid)) return;
        uint64 epoch = subnets.currentEpoch(netuid);
        if (epoch > 0 && rowSeed % 3 == 0) catchUp(netuid, epoch - 1);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if (isRegistered(netuid, i) && votes >> i & 1 == 1) {
                commit(netuid, keys[i], epoch, randomRow(netuid, rowSeed, i));
            }
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if (!isRegistered(netuid, i) || (votes & reveals) >> i & 1 == 0) continue;
            reveal(netuid, keys[i], epoch, randomRow(netuid, rowSeed, i));
        }
        if (rowSeed % 2 == 0) {
            vm.prank(WATCHER);
            consensus.snapshot(netuid, epoch);
        }
        if (rowSeed % 7 == 0) return; // void, unless somebody catches up
        warpToSettle(netuid, epoch);
        settleOnce(netuid, epoch);
    }

    /// @dev Settles the epoch before, if its window is still open.
    function catchUp(uint16 netuid, uint64 epoch) private {
        (,, uint48 revealEnd, uint48 settleEnd) = subnets.windows(netuid, epoch);
        if (consensus.lastSettled(netuid).settled && consensus.lastSettled(netuid).epoch >= epoch) return;
        if (block.timestamp < revealEnd || block.timestamp >= settleEnd) return;
        settleOnce(netuid, epoch);
    }

    /// @dev And tries again, which is refused and changes nothing.
    function settleOnce(uint16 netuid, uint64 epoch) private {
        takeSnapshot(netuid, epoch);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, epoch);
        settleWith(netuid, epoch, taken, votes);
        ++epochsSettled;
        note("settle");
        bytes32 state = keccak256(abi.encode(consensus.lastSettled(netuid), emission.supplyOf(netuid), claims()));
        try consensus.settle(netuid, epoch, taken, votes) {
            revert NotTrue("an epoch is settled once");
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IConsensus.AlreadySettled.selector, "settled already");
        }
        assertEq(
            keccak256(abi.encode(consensus.lastSettled(netuid), emission.supplyOf(netuid), claims())),
            state,
            "unchanged"
        );
    }

    /// @notice What everybody holds, has asked back or can claim.
    function claims() public view returns (uint256[] memory list) {
        uint64 nodes = vault.nodeCount();
        uint256 requests = vault.requestCount();
        list = new uint256[](nodes * (HOLDERS + 1) + requests);
        uint256 next = 0;
        for (uint64 nodeId = 1; nodeId <= nodes; ++nodeId) {
            for (uint256 i = 0; i < HOLDERS; ++i) {
                list[next++] = vault.assetsOf(nodeId, holder(i));
            }
            list[next++] = emission.poolAccrued(nodeId);
        }
        for (uint256 requestId = 1; requestId <= requests; ++requestId) {
            list[next++] = vault.unstakeRequest(requestId).assets;
        }
    }

    function note(bytes32 move) private {
        ++made[move];
    }

    function terms4() private pure returns (ISubnets.Parameters memory p) {
        p = parametersOf(4, 2);
        p.immunity = 2;
    }

    function allNodes() private view returns (uint64[] memory nodeIds) {
        nodeIds = new uint64[](vault.nodeCount());
        for (uint64 i = 0; i < nodeIds.length; ++i) {
            nodeIds[i] = i + 1;
        }
    }

    /// @dev For the first four slots, as far as they exist.
    function randomRow(uint16 netuid, uint256 seed, uint256 i) private view returns (uint256[] memory row) {
        row = new uint256[](1);
        uint256 slots = subnets.subnet(netuid).neuronCount;
        uint256 cells = seed % 5 == 0 ? 0 : (1 << (16 * (slots < 4 ? slots : 4))) - 1;
        row[0] = uint256(keccak256(abi.encode(seed, i))) & cells;
    }

    function isClosed(uint16 netuid) private view returns (bool) {
        uint48 closesAt = subnets.subnet(netuid).closesAt;
        return closesAt != 0 && closesAt <= block.timestamp;
    }

    function isRegistered(uint16 netuid, uint256 i) private view returns (bool) {
        try subnets.uidOf(netuid, operatorOf(keys[i])) {
            return true;
        } catch {
            return false;
        }
    }

    function pickSubnet(uint256 seed) private view returns (uint16) {
        return uint16(seed % subnets.subnetCount() + 1);
    }

    function pickNode(uint256 seed) private view returns (uint64) {
        return uint64(seed % vault.nodeCount() + 1);
    }

    function holder(uint256 seed) public pure returns (address) {
        return ownerOf(seed % HOLDERS);
    }

    function creator() external pure returns (address) {
        return CREATOR;
    }

    function parts() external view returns (address, address, address, address) {
        return (address(token), address(vault), address(subnets), address(emission));
    }
}
