// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsensus} from "../src/interfaces/IConsensus.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {Network} from "./Network.sol";

/// @notice Uids 0, 1 and 2 hold the stake and vote, the others mine.
abstract contract ConsensusFixture is Network {
    uint16 internal netuid;
    uint256[] internal good; // miners 3 and 4 alike
    uint256[] internal lazy; // miner 3 only

    function setUp() public override {
        super.setUp();
        netuid = createSubnet();
        registerMany(netuid, 0, 5);
        good = rowOf(5, uids2(3, 4), 65_535);
        lazy = rowOf(5, uids2(3, 3), 65_535);
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 1000e18);
        }
        warpTo(netuid, 1);
    }

    function vote(uint64 epoch, uint256[] memory a, uint256[] memory b, uint256[] memory c) internal {
        commit(netuid, 0, epoch, a);
        commit(netuid, 1, epoch, b);
        commit(netuid, 2, epoch, c);
        warpToReveal(netuid, epoch);
        reveal(netuid, 0, epoch, a);
        reveal(netuid, 1, epoch, b);
        reveal(netuid, 2, epoch, c);
    }

    function play(uint64 epoch, uint256[] memory a, uint256[] memory b, uint256[] memory c)
        internal
        returns (IConsensus.Result memory)
    {
        if (subnets.currentEpoch(netuid) != epoch) warpTo(netuid, epoch);
        vote(epoch, a, b, c);
        warpToSettle(netuid, epoch);
        return settle(netuid, epoch);
    }

    function permits() internal view returns (uint256) {
        return consensus.lastSettled(netuid).permits[0];
    }

    function cell(uint256[] memory row, uint256 uid) internal pure returns (uint16) {
        return uint16(row[uid / 16] >> (16 * (uid % 16)));
    }

    function payState() internal view returns (bytes32) {
        uint256[] memory owed = new uint256[](10);
        for (uint256 i = 0; i < 5; ++i) {
            owed[i] = emission.claimable(netuid, nodeOf(i));
            owed[5 + i] = emission.poolAccrued(nodeOf(i));
        }
        return keccak256(abi.encode(owed, consensus.lastSettled(netuid).bondsHash, permits()));
    }

    function checkSupply() internal view {
        IEmission.Supply memory s = emission.supply();
        assertEq(s.scheduled, s.minted + s.notMinted + s.carried, "scheduled");
        assertEq(s.minted, s.claimable + s.claimed + s.pooled + s.bounties, "minted");
    }
}
