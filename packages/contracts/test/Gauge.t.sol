// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {IGauge} from "../src/interfaces/IGauge.sol";
import {GaugeBench} from "./GaugeBench.sol";

/// @notice What a subnet is due.
contract GaugeTest is GaugeBench {
    function setUp() public {
        deploy(10_000);
        activate(1);
        activate(2);
        // With the base of one token a subnet: three quarters and one.
        vault.setStake(ALICE, 5e18);
        vault.setStake(BOB, 1e18);
    }

    function testNobodyPointsEqualShares() public {
        goTo(600);
        activate(3);
        assertEq(due(1, 0, 600), 300e18, "half");
        assertEq(due(1, 600, 1200), 200e18, "then a third");
        assertEq(due(3, 0, 1200), 200e18, "from its activation");
        assertEq(emission.shareAt(3, START + 700), uint256(1e18) / 3, "share");
        assertEq(emission.activeSubnets(), 3, "active");
        assertEq(emission.dueAt(1, START - 1), 0, "before the start");
    }

    function testPointedStakeCountsFromTheNextBoundary() public {
        goTo(10);
        assertEq(emission.nextBoundary(), START + PERIOD, "boundary");
        pointAt(ALICE, 1);
        pointAt(BOB, 2);
        assertEq(emission.votesAt(1, START + PERIOD - 1), 0, "not yet");
        assertEq(emission.votesAt(1, START + PERIOD), 5e18, "pending");
        assertEq(emission.totalVotesAt(START + PERIOD), 6e18, "in all");
        goTo(3 * PERIOD);
        assertEq(due(1, 0, PERIOD), uint256(PERIOD) * 1e18 / 2, "equal shares until then");
        assertEq(due(1, PERIOD, 2 * PERIOD), uint256(PERIOD) * 0.75e18, "then three quarters");
        assertEq(due(2, PERIOD, 2 * PERIOD), uint256(PERIOD) * 0.25e18, "and one");
    }

    function testWeightsSplitRoundingDown() public {
        vault.setStake(ALICE, 100);
        pointAt(ALICE, 1, 1, 2, 2);
        assertEq(emission.votesAt(1, START + PERIOD), 33, "a third");
        assertEq(emission.votesAt(2, START + PERIOD), 66, "two thirds");
        (uint16[] memory netuids, uint16[] memory weights, uint256 stake) = emission.pointsOf(ALICE);
        assertEq(netuids.length, 2, "netuids");
        assertEq(netuids[1], 2, "netuid");
        assertEq(weights[1], 2, "weight");
        assertEq(stake, 100, "stake");
    }

    function testPointingReplaces() public {
        pointAt(ALICE, 1);
        goTo(PERIOD);
        pointAt(ALICE, 2);
        assertEq(emission.votesAt(1, START + PERIOD), 5e18, "still");
        assertEq(emission.votesAt(1, START + 2 * PERIOD), 0, "moved");
        assertEq(emission.votesAt(2, START + 2 * PERIOD), 5e18, "moved");
        assertEq(emission.totalVotesAt(START + 2 * PERIOD), 5e18, "once");
        pointNowhere(ALICE);
        assertEq(emission.totalVotesAt(START + 2 * PERIOD), 0, "taken back in time");
        assertTrue(!emission.hasPointed(ALICE), "nowhere");
    }

    function testStakeChangesFollow() public {
        pointAt(ALICE, 1);
        assertTrue(emission.hasPointed(ALICE), "pointed");
        goTo(PERIOD);
        vault.setStake(ALICE, 50e18);
        assertEq(emission.votesAt(1, START + PERIOD), 5e18, "until the boundary");
        assertEq(emission.votesAt(1, START + 2 * PERIOD), 50e18, "then more");
        vault.setStakeQuietly(ALICE, 60e18);
        emission.poke(ALICE);
        assertEq(emission.votesAt(1, START + 2 * PERIOD), 60e18, "anybody tells");
        vm.prank(address(vault));
        emission.stakeChanged(BOB);
        emission.poke(BOB);
        assertEq(emission.totalVotesAt(START + 2 * PERIOD), 60e18, "who points nowhere does not count");
    }

    function testASubnetLeavesAndReturnsWithItsVotes() public {
        pointAt(ALICE, 1);
        pointAt(BOB, 2);
        goTo(PERIOD + 100);
        pointAt(BOB, 1); // pending when subnet 1 leaves
        subnets.deactivate(1);
        assertTrue(!emission.isActive(1), "gone");
        assertEq(emission.totalVotesAt(START + PERIOD + 100), 1e18, "only subnet 2 counts");
        assertEq(emission.totalVotesAt(START + 2 * PERIOD), 0, "and nobody points at it");
        goTo(2 * PERIOD + 100);
        vault.setStake(ALICE, 1e18); // changes nothing that counts
        subnets.activate(1, subnetOwner(1));
        assertEq(emission.totalVotesAt(START + 2 * PERIOD + 100), 6e18, "back with what is in force");
        assertEq(emission.totalVotesAt(START + 3 * PERIOD), 2e18, "and what is pending");
        goTo(4 * PERIOD);
        assertEq(due(1, PERIOD, PERIOD + 100), 75e18, "three quarters until it left");
        assertEq(due(1, PERIOD + 100, 2 * PERIOD + 100), 0, "nothing while away");
        assertEq(due(2, PERIOD + 100, 2 * PERIOD + 100), uint256(PERIOD) * 1e18, "all of it, pointed at or alone");
        assertEq(
            due(1, 2 * PERIOD + 100, 3 * PERIOD), uint256(PERIOD - 100) * 1e18 * 7 / 8, "all votes, but for a base"
        );
        assertEq(due(1, 3 * PERIOD, 4 * PERIOD), uint256(PERIOD) * 0.75e18, "then fewer");
    }

    /// @notice A subnet that leaves while its votes are about to go elsewhere.
    function testLeavingWithVotesThatLeave() public {
        pointAt(ALICE, 1);
        goTo(PERIOD + 1);
        pointNowhere(ALICE);
        subnets.deactivate(1);
        assertEq(emission.totalVotesAt(START + PERIOD + 1), 0, "now");
        assertEq(emission.totalVotesAt(START + 2 * PERIOD), 0, "and then");
        assertEq(emission.activeSubnets(), 1, "active");
        subnets.activate(1, subnetOwner(1));
        assertEq(emission.totalVotesAt(START + PERIOD + 1), 5e18, "back for the rest of the period");
        assertEq(emission.totalVotesAt(START + 2 * PERIOD), 0, "and then");
    }

    /// @notice A subnet that leaves in the very second to which its timeline was read.
    function testLeavingAtTheCursor() public {
        pointAt(ALICE, 2);
        goTo(PERIOD);
        emission.advance(1, 10);
        emission.advance(2, 10);
        subnets.deactivate(2);
        goTo(2 * PERIOD);
        assertEq(due(2, PERIOD, 2 * PERIOD), 0, "gone");
        assertEq(due(1, PERIOD, 2 * PERIOD), uint256(PERIOD) * 1e18, "alone");
        vm.prank(address(subnets));
        vm.expectRevert(abi.encodeWithSelector(IGauge.SubnetNotActive.selector, 2));
        emission.deactivate(2);
        vm.prank(address(subnets));
        vm.expectRevert(abi.encodeWithSelector(IGauge.SubnetAlreadyActive.selector, 1));
        emission.activate(1);
    }

    /// @notice What the limit cuts off is scheduled for nobody.
    function testTheShareIsLimited() public {
        deploy(4000);
        activate(1);
        assertEq(due(1, 0, 1000), 400e18, "alone");
        activate(2);
        activate(3);
        vault.setStake(ALICE, 15e18);
        vault.setStake(BOB, 2e18);
        pointAt(ALICE, 1);
        pointAt(BOB, 2);
        assertEq(due(1, 0, 900), 300e18, "a third is below it");
        assertEq(due(1, PERIOD, PERIOD + 1000), 400e18, "of 80 %");
        assertEq(due(2, PERIOD, PERIOD + 1000), 150e18, "the others get no more");
        assertEq(due(3, PERIOD, PERIOD + 1000), 50e18, "nobody points here: its base");
        assertEq(emission.shareAt(1, START + PERIOD), 0.4e18, "share");
    }

    function testListsAreChecked() public {
        (uint16[] memory netuids, uint16[] memory weights) = (new uint16[](2), new uint16[](1));
        expectPoint(netuids, weights, abi.encodeWithSelector(IGauge.PointsMismatch.selector, 2, 1));
        weights = new uint16[](2);
        expectPoint(netuids, weights, abi.encodeWithSelector(IGauge.PointsNotAscending.selector, 0, 0));
        (netuids[0], netuids[1]) = (1, 1);
        expectPoint(netuids, weights, abi.encodeWithSelector(IGauge.PointWithoutWeight.selector, 1));
        (weights[0], weights[1]) = (1, 1);
        expectPoint(netuids, weights, abi.encodeWithSelector(IGauge.PointsNotAscending.selector, 1, 1));
        netuids[1] = 3;
        expectPoint(netuids, weights, abi.encodeWithSelector(IGauge.SubnetNotActive.selector, 3));
        (netuids, weights) = (new uint16[](9), new uint16[](9));
        expectPoint(netuids, weights, abi.encodeWithSelector(IGauge.TooManyPoints.selector, 9, 8));
    }

    function testTermsAreChecked() public {
        vm.expectRevert(IGauge.GaugePeriodZero.selector);
        create(IEmission.EmissionTerms(0, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(IGauge.MaxShareOutOfBounds.selector, 0, 1, 10_000));
        create(IEmission.EmissionTerms(0, 1, 0));
        vm.expectRevert(abi.encodeWithSelector(IGauge.MaxShareOutOfBounds.selector, 10_001, 1, 10_000));
        create(IEmission.EmissionTerms(0, 1, 10_001));
    }

    /// @notice Eight subnets pointed at: the whole list counts and comes back.
    function testALongList() public {
        (uint16[] memory netuids, uint16[] memory weights) = (new uint16[](8), new uint16[](8));
        for (uint16 i = 0; i < 8; ++i) {
            if (i > 1) activate(i + 1);
            (netuids[i], weights[i]) = (i + 1, 65_535 - i);
        }
        vm.prank(ALICE);
        emission.point(netuids, weights);
        uint256 sum = 0;
        for (uint16 i = 1; i <= 8; ++i) {
            sum += emission.votesAt(i, START + PERIOD);
        }
        assertEq(sum, emission.totalVotesAt(START + PERIOD), "all");
        assertLe(sum, 5e18, "no more than the stake");
        assertLe(5e18, sum + 8, "and no less than rounding");
        (, uint16[] memory read,) = emission.pointsOf(ALICE);
        assertEq(keccak256(abi.encode(read)), keccak256(abi.encode(weights)), "weights");
    }

    /// @notice An epoch that ended before a subnet's activation pays nothing and stops nothing.
    function testAnEpochBeforeTheActivation() public {
        goTo(PERIOD + 50);
        activate(3);
        uint256[] memory none = new uint256[](0);
        assertEq(emission.payEpoch(3, 0, payment(START + PERIOD, none, none, none)), 0, "nothing");
        goTo(2 * PERIOD);
        uint256 paid = emission.payEpoch(3, 1, payment(START + 2 * PERIOD, none, none, none));
        assertEq(paid, uint256(PERIOD - 50) * 1e18 / 3, "from its activation");
    }

    function create(IEmission.EmissionTerms memory terms) private {
        new Emission(address(token), address(vault), address(subnets), address(this), address(this), terms);
    }

    function expectPoint(uint16[] memory netuids, uint16[] memory weights, bytes memory failure) private {
        vm.expectRevert(failure);
        emission.point(netuids, weights);
    }
}
