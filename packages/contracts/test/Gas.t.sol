// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {Network} from "./Network.sol";

/// @notice A steady epoch at the sizes that matter; the figures are printed with `-vv`.
contract GasTest is Network {
    event log_named_uint(string key, uint256 value); // forge prints it

    uint256 private constant TRANSACTION_LIMIT = 16_777_216; // EIP-7825

    function testSettleLocalNetwork() public {
        measure("11 uids, 3 validators", 11, 3);
    }

    function testSettleSixteenValidators() public {
        measure("64 uids, 16 validators", 64, 16);
    }

    function measure(string memory what, uint16 n, uint16 validators) private {
        uint16 netuid = createSubnet(parametersOf(n, validators));
        for (uint256 i = 0; i < n; ++i) {
            register(netuid, i);
            if (i % 8 == 7) vm.warp(block.timestamp + 1000 days); // lets the price fall
        }
        for (uint256 i = 0; i < validators; ++i) {
            stake(i, 100e18 + i);
        }
        uint64 epoch = subnets.currentEpoch(netuid) + 1;
        warpTo(netuid, epoch);
        for (uint64 e = epoch; e < epoch + 3; ++e) {
            for (uint256 i = 0; i < validators; ++i) {
                commit(netuid, i, e, mixedRow(n, e, i));
            }
            warpToReveal(netuid, e);
            for (uint256 i = 0; i < validators; ++i) {
                reveal(netuid, i, e, mixedRow(n, e, i));
            }
            warpToSettle(netuid, e);
            if (e == epoch + 1) snapshotGas(what, netuid, e);
            uint256 before = vm.snapshotState();
            bytes memory claim = settle(netuid, e).consensus;
            if (e == epoch + 1) emit log_named_uint(string.concat(what, ": settle without a claim"), lastSettleGas);
            assertTrue(vm.revertToState(before), "restored");
            takeSnapshot(netuid, e);
            (IConsensus.Snapshot memory taken, IConsensus.Votes memory votes) = settlement(netuid, e);
            votes.claim = wordsOf(claim);
            settleWith(netuid, e, taken, votes);
            assertLe(lastSettleGas, TRANSACTION_LIMIT, "one transaction");
            if (e == epoch + 1) emit log_named_uint(string.concat(what, ": settle"), lastSettleGas);
        }
    }

    function snapshotGas(string memory what, uint16 netuid, uint64 epoch) private {
        cool();
        uint256 before = gasleft();
        consensus.snapshot(netuid, epoch);
        emit log_named_uint(string.concat(what, ": snapshot"), before - gasleft());
    }

    /// @dev Scores that agree up to a few parts in a hundred.
    function mixedRow(uint256 n, uint64 epoch, uint256 i) private pure returns (uint256[] memory row) {
        row = new uint256[]((n + 15) / 16);
        for (uint256 uid = 0; uid < n; ++uid) {
            uint256 weight = 30_000 + uid * 400 + uint256(keccak256(abi.encode(epoch, i, uid))) % 2000;
            row[uid / 16] |= weight << (16 * (uid % 16));
        }
    }
}
