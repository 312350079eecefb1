// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {IGauge} from "../src/interfaces/IGauge.sol";
import {EmissionBench} from "./EmissionBench.sol";

/// @notice The largest share and the largest bounty change with time, and the past keeps its own.
contract EmissionDecisionsTest is EmissionBench {
    function setUp() public {
        deploy(10_000);
        activate(1);
        registerMany(1, 1, 3);
    }

    function testTheLargestShareChangesAtTheNextBoundary() public {
        vm.warp(START + 100);
        vm.expectEmit(true, true, true, true);
        emit IGauge.MaxShareSet(2500, START + PERIOD);
        setMaxShare(2500);
        assertEq(emission.maxShareBps(), 10_000, "not yet");
        assertEq(emission.shareAt(1, START + PERIOD - 1), 1e18, "until the boundary");
        assertEq(emission.shareAt(1, START + PERIOD), 0.25e18, "from it on");
        assertEq(emission.activeSubnets(), 1, "the subnets are the same");
        vm.warp(START + 3 * PERIOD);
        assertEq(emission.maxShareBps(), 2500, "in force");
        setMaxShare(5000);
        vm.warp(START + 5 * PERIOD);
        uint256 due = uint256(PERIOD) * 1e18 + 3 * uint256(PERIOD) * 0.25e18 + uint256(PERIOD) * 0.5e18;
        assertEq(emission.dueAt(1, START + 5 * PERIOD), due, "each time with its own share");
        uint256[] memory none = new uint256[](0);
        assertEq(emission.payEpoch(1, 0, payment(START + 5 * PERIOD, none, none, none)), due, "and so it is paid");
    }

    /// @notice Settled late or early, split anywhere: the same sum.
    function testFuzzPastSegmentsKeepTheirShare(uint16[4] memory shares, uint32[4] memory times, uint32 split) public {
        uint256 time = START;
        uint256 expected = 0;
        uint256 inForce = 10_000;
        for (uint256 i = 0; i < shares.length; ++i) {
            uint16 bps = uint16(bound(shares[i], 1, 10_000));
            vm.warp(time + bound(times[i], 0, PERIOD - 1));
            setMaxShare(bps);
            expected += uint256(PERIOD) * 1e18 * inForce / 10_000;
            time += PERIOD;
            inForce = bps;
        }
        uint48 end = uint48(time);
        vm.warp(end);
        uint48 middle = uint48(bound(split, START + 1, end - 1));
        uint256[] memory none = new uint256[](0);
        uint256 paid = emission.payEpoch(1, 0, payment(middle, none, none, none));
        IEmission.Payment memory last = payment(end, none, none, none);
        assertEq(emission.dueAt(1, end), expected, "due");
        uint256 carried = emission.supplyOf(1).carried;
        paid += emission.payEpoch(1, 1, last) - carried;
        assertEq(paid, expected, "paid");
    }

    function testTheLargestShareHasBounds() public {
        vm.startPrank(STAKERS);
        vm.expectRevert(abi.encodeWithSelector(IGauge.MaxShareOutOfBounds.selector, 0, 1, 10_000));
        emission.setMaxShare(0);
        vm.expectRevert(abi.encodeWithSelector(IGauge.MaxShareOutOfBounds.selector, 10_001, 1, 10_000));
        emission.setMaxShare(10_001);
        vm.stopPrank();
    }

    function testTheBountyChangesForEpochsThatEndAfterwards() public {
        vm.warp(START + 2000);
        vm.expectEmit(true, true, true, true);
        emit IEmission.BountyCapSet(2e18, START + 2001);
        setBountyCap(2e18);
        assertEq(emission.bountyCap(), 2e18, "for what ends from now on");
        vm.warp(START + 4000);
        setBountyCap(0);
        vm.warp(START + 5000);
        assertEq(bountyOf(0, START + 1000), 1e18, "ended before both");
        assertEq(bountyOf(1, START + 2000), 1e18, "ended with the change");
        assertEq(bountyOf(2, START + 4000), 2e18, "ended between");
        assertEq(bountyOf(3, START + 4001), 0, "ended afterwards");
    }

    function bountyOf(uint64 epoch, uint48 end) private returns (uint256) {
        uint256 before = emission.bounties(SETTLER);
        emission.payEpoch(1, epoch, payment(end, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0)));
        return emission.bounties(SETTLER) - before;
    }

    function setMaxShare(uint16 bps) private {
        vm.prank(STAKERS);
        emission.setMaxShare(bps);
    }

    function setBountyCap(uint128 cap) private {
        vm.prank(STAKERS);
        emission.setBountyCap(cap);
    }
}
