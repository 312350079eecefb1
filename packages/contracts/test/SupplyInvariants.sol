// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {InvariantTest} from "./InvariantTest.sol";

/// @notice What emission's books add up to, whatever moves made them.
abstract contract SupplyInvariants is InvariantTest {
    /// @dev To the wei, for every subnet and in total; never ahead of the schedule.
    function checkSupply(Emission emission, uint16 subnets) internal view {
        IEmission.Supply memory all = emission.supply();
        IEmission.Supply memory sum;
        for (uint16 netuid = 1; netuid <= subnets; ++netuid) {
            IEmission.Supply memory s = emission.supplyOf(netuid);
            assertAddsUp(s);
            assertEq(s.scheduled, emission.dueAt(netuid, emission.accountedUntil(netuid)), "what the gauge gave");
            sum.scheduled += s.scheduled;
            sum.minted += s.minted;
            sum.notMinted += s.notMinted;
            sum.carried += s.carried;
            sum.claimable += s.claimable;
            sum.claimed += s.claimed;
            sum.pooled += s.pooled;
            sum.bounties += s.bounties;
        }
        assertAddsUp(all);
        assertEq(keccak256(abi.encode(sum)), keccak256(abi.encode(all)), "total");
        assertLe(all.scheduled, emission.schedule(block.timestamp - emission.startedAt()), "never ahead of schedule");
    }

    function assertAddsUp(IEmission.Supply memory s) private pure {
        assertEq(s.scheduled, s.minted + s.notMinted + s.carried, "scheduled");
        assertEq(s.minted, s.claimable + s.claimed + s.pooled + s.bounties, "minted");
    }
}
