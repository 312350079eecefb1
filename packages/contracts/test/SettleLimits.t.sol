// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Network} from "./Network.sol";

/// @notice The dearest settlement that anybody can bring about, at every shape of a subnet: liquid bonds, all lanes
/// emptied by claims, a vacant slot in every word of a row, and as many holders gone between the epoch's end and its
/// settlement as may go, voters first. Printed with `-vv`.
contract SettleLimitsTest is Network {
    event log_named_uint(string key, uint256 value); // forge prints it

    uint256 private constant TRANSACTION_LIMIT = 16_777_216; // EIP-7825
    uint256 private constant TRANSACTION = 21_000;
    uint256 private constant ZERO_BYTE = 4;
    uint256 private constant OTHER_BYTE = 16;
    uint256 private constant MESSAGE_LIMIT = 131_072; // what nodes relay

    function terms() internal pure override returns (IEmission.EmissionTerms memory) {
        return IEmission.EmissionTerms({bountyCap: 1e18, gaugePeriod: GAUGE_PERIOD, maxShareBps: 10_000});
    }

    function testTheMostSlots() public {
        dearest(512, 48, false);
    }

    function testTheMostCellsOfManyVoters() public {
        dearest(156, 156, false);
    }

    function testTheMostSlotsWithLiquidBonds() public {
        dearest(512, 12, true);
    }

    function testTheMostCellsOfManyVotersWithLiquidBonds() public {
        dearest(78, 78, true);
    }

    /// @notice Every node has stake, and its stake has changed since the epoch began, often enough that both words in
    /// which the vault keeps the latest changes are too young.
    function testTheDearestSnapshot() public {
        uint16 netuid = createSubnet(cheapest(512, 24));
        registerMany(netuid, 0, 512);
        stakeAll(512, 1e18);
        for (uint256 i = 0; i < 512; ++i) {
            setTake(i);
        }
        warpTo(netuid, 1);
        for (uint256 changes = 0; changes < 3; ++changes) {
            vm.warp(block.timestamp + 1);
            stakeAll(512, 1e6);
        }
        warpToReveal(netuid, 1);
        cool();
        uint256 before = gasleft();
        consensus.snapshot(netuid, 1);
        uint256 used = TRANSACTION + before - gasleft();
        emit log_named_uint("snapshot", used);
        assertLe(used, TRANSACTION_LIMIT, "one transaction");
    }

    function dearest(uint16 n, uint16 validators, bool liquid) private {
        uint256 changes = subnets.MAX_CHANGES_AN_EPOCH();
        ISubnets.Parameters memory p = cheapest(n, validators);
        p.liquidAlpha = liquid;
        uint16 netuid = createSubnet(p);
        registerMany(netuid, 0, n);
        for (uint256 i = 0; i < validators; ++i) {
            stake(i * n / validators, 100e18 + i);
            setTake(i * n / validators);
        }
        uint64 e = subnets.currentEpoch(netuid) + 1;
        warpTo(netuid, e);
        voteAll(netuid, e, n, validators);
        warpToSettle(netuid, e);
        settleLargest(netuid, e);
        vacateOneAWord(netuid, n, changes);
        e = subnets.currentEpoch(netuid) + 1;
        warpTo(netuid, e);
        voteAll(netuid, e, n, validators);
        empty(netuid, n);
        uint256 left = 0;
        for (uint256 i = 0; i < n && left < changes; ++i) {
            uint256 uid = i < validators ? i * n / validators : i;
            if (subnets.slot(netuid, uint16(uid)).nodeId != nodeOf(uid)) continue;
            depart(netuid, uid);
            ++left;
        }
        warpToSettle(netuid, e);
        uint256 total = settleLargest(netuid, e);
        emit log_named_uint("execution", lastSettleGas);
        emit log_named_uint("transaction", total);
        assertLe(total, TRANSACTION_LIMIT, "one transaction");
    }

    function settleLargest(uint16 netuid, uint64 e) private returns (uint256 total) {
        takeSnapshot(netuid, e);
        (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, e);
        votes.claim = wordsOf(moved(netuid, e, taken, votes).consensus);
        settleWith(netuid, e, taken, votes);
        bytes memory data = abi.encodeCall(IConsensus.settle, (netuid, e, taken, votes));
        assertLe(data.length, MESSAGE_LIMIT, "relayed");
        return TRANSACTION + lastSettleGas + calldataGasOf(data);
    }

    /// @dev Over as many epochs as it takes.
    function vacateOneAWord(uint16 netuid, uint256 n, uint256 changes) private {
        uint256 left = 0;
        for (uint256 i = 15; i < n; i += 16) {
            if (left++ % changes == 0) warpTo(netuid, subnets.currentEpoch(netuid) + 1);
            depart(netuid, i);
        }
    }

    function cheapest(uint16 n, uint16 validators) private pure returns (ISubnets.Parameters memory p) {
        p = parametersOf(n, validators);
        (p.initialPrice, p.maxPrice, p.activityCutoff) = (p.minPrice, p.minPrice, 100);
        (p.ownerCut, p.minersCut, p.validatorsCut) = (0, 5000, 5000);
    }

    function setTake(uint256 i) private {
        uint64 node = nodeOf(i);
        vm.prank(ownerOf(i));
        vault.setTake(node, 1000);
    }

    function stakeAll(uint256 n, uint256 assets) private {
        for (uint256 i = 0; i < n; ++i) {
            stake(i, assets);
        }
    }

    function depart(uint16 netuid, uint256 i) private {
        uint16 uid = subnets.uidOf(netuid, operatorOf(i));
        vm.prank(ownerOf(i));
        subnets.deregister(netuid, uid);
    }

    function empty(uint16 netuid, uint256 n) private {
        uint64[] memory nodes = new uint64[](n);
        for (uint256 i = 0; i < n; ++i) {
            nodes[i] = nodeOf(i);
            vault.sync(nodes[i]);
        }
        emission.claim(netuid, nodes);
    }

    function voteAll(uint16 netuid, uint64 epoch, uint16 n, uint16 validators) private {
        for (uint256 i = 0; i < validators; ++i) {
            if (isGone(netuid, i * n / validators)) continue;
            commit(netuid, i * n / validators, epoch, mixedRow(n, epoch, i));
        }
        warpToReveal(netuid, epoch);
        for (uint256 i = 0; i < validators; ++i) {
            if (isGone(netuid, i * n / validators)) continue;
            reveal(netuid, i * n / validators, epoch, mixedRow(n, epoch, i));
        }
    }

    function isGone(uint16 netuid, uint256 i) private view returns (bool) {
        return subnets.slot(netuid, uint16(i)).nodeId != nodeOf(i);
    }

    function calldataGasOf(bytes memory data) private pure returns (uint256 total) {
        for (uint256 i = 0; i < data.length; ++i) {
            total += data[i] == 0 ? ZERO_BYTE : OTHER_BYTE;
        }
    }

    /// @dev Max-upscaled: the largest is 65535; scores agree up to a few parts in a hundred.
    function mixedRow(uint256 n, uint64 epoch, uint256 i) private pure returns (uint256[] memory row) {
        row = new uint256[]((n + 15) / 16);
        uint256 slope = 30_000 / n;
        for (uint256 uid = 0; uid < n; ++uid) {
            uint256 noise = uint256(keccak256(abi.encode(epoch, i, uid))) % 2000;
            uint256 weight = uid + 1 == n ? 65_535 : 30_000 + uid * slope + noise;
            row[uid / 16] |= weight << (16 * (uid % 16));
        }
    }
}
