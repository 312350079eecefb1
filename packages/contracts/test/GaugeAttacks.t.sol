// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {GaugeBench} from "./GaugeBench.sol";

/// @notice What somebody gains who points, stakes or settles at the right moment: nothing.
contract GaugeAttacksTest is GaugeBench {
    event log_named_uint(string key, uint256 value); // forge prints it

    function setUp() public {
        deploy(10_000);
        activate(1);
        activate(2);
        registerMany(1, 1, 3);
        vault.setStake(ALICE, 100e18);
    }

    /// @notice Before anybody else points, dust moves dust: neither does its subnet get all, nor the others nothing.
    function testTheFirstPointedWeiMovesNothing() public {
        vault.setStake(BOB, 1);
        pointAt(BOB, 1);
        goTo(2 * PERIOD);
        uint256 half = uint256(PERIOD) * 1e18 / 2;
        assertLe(half, due(2, PERIOD, 2 * PERIOD) + 1e4, "the other subnet");
        assertLe(due(1, PERIOD, 2 * PERIOD), half + 1e4, "the one pointed at");
    }

    /// @notice One stake, pointed by two accounts within a period by moving it in between.
    function testStakeIsNotCountedTwice() public {
        pointAt(ALICE, 1);
        goTo(100);
        vault.setStake(ALICE, 0);
        vault.setStake(BOB, 100e18);
        pointAt(BOB, 1);
        goTo(200);
        vault.setStake(BOB, 0);
        vault.setStake(ALICE, 100e18);
        assertEq(emission.votesAt(1, START + PERIOD), 100e18, "once");
        assertEq(emission.totalVotesAt(START + PERIOD), 100e18, "once");
        pointAt(ALICE, 1, 1, 2, 1);
        pointAt(ALICE, 2);
        assertEq(emission.totalVotesAt(START + PERIOD), 100e18, "nor by pointing again");
        assertEq(emission.votesAt(2, START + PERIOD), 100e18, "the last list counts");
    }

    /// @notice Stake that leaves before the boundary never counted, whenever it came.
    function testPointingAndLeavingWithinAPeriod() public {
        goTo(PERIOD - 1);
        pointAt(ALICE, 1);
        vault.setStake(ALICE, 0);
        goTo(3 * PERIOD);
        assertEq(due(1, 0, 3 * PERIOD), due(2, 0, 3 * PERIOD), "equal shares throughout");
        assertEq(emission.totalVotesAt(START + 3 * PERIOD), 0, "nothing");
    }

    /// @notice Stake and votes moved in the transaction before a settlement change nothing about the epoch.
    function testASettlementCannotBeSandwiched() public {
        pointAt(ALICE, 2);
        goTo(2 * PERIOD);
        uint256 undisturbed = emission.dueAt(1, START + 2 * PERIOD);
        vault.setStake(BOB, 1_000_000e18);
        pointAt(BOB, 1);
        vault.setStake(ALICE, 0);
        IEmission.Payment memory p = payment(START + 2 * PERIOD, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        assertEq(emission.payEpoch(1, 1, p), undisturbed, "the epoch");
        vault.setStake(BOB, 0);
        pointNowhere(BOB);
        assertEq(emission.totalVotesAt(START + 3 * PERIOD), 0, "nor any later one");
    }

    /// @notice A late settlement reads the past as an early one does.
    function testLateAndEarlySettlementsAgree() public {
        pointAt(ALICE, 1);
        goTo(PERIOD + 5);
        vault.setStake(BOB, 300e18);
        pointAt(BOB, 2);
        uint256 early = emission.dueAt(1, START + PERIOD + 5);
        goTo(5 * PERIOD);
        pointAt(ALICE, 2);
        emission.advance(1, 100);
        assertEq(emission.dueAt(1, START + PERIOD + 5), early, "the past stands");
        IEmission.Payment memory p = payment(START + PERIOD + 5, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        assertEq(emission.payEpoch(1, 1, p), early, "and is paid");
    }

    /// @notice However many dust accounts point: one word a boundary, and a subnet reads no more than its pause.
    function testDustCannotClogASettlement() public {
        for (uint160 i = 1; i <= 200; ++i) {
            goTo(uint256(PERIOD) * i / 20);
            vault.setStake(address(i), i);
            pointAt(address(i), uint16(i % 2 + 1));
        }
        uint48 end = START + 11 * PERIOD;
        vm.warp(end);
        IEmission.Payment memory p = payment(end, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        uint256 before = gasleft();
        vm.cool(address(emission));
        emission.payEpoch(1, 0, p);
        uint256 used = before - gasleft();
        emit log_named_uint("after ten boundaries with changes", used);
        assertLe(used, 400_000, "bounded by the boundaries");
        assertEq(emission.advance(1, 100), 0, "nothing left to read");
    }

    /// @notice A subnet unsettled for a thousand boundaries is settled for the price of one, once it has been advanced.
    function testABacklogIsReadInPieces() public {
        for (uint256 i = 1; i <= 1000; ++i) {
            goTo(uint256(PERIOD) * i);
            vault.setStake(ALICE, 100e18 + i % 2);
            if (i == 1) pointAt(ALICE, 1, 3, 2, 1);
        }
        uint48 end = START + 1000 * PERIOD;
        vm.warp(end + 10);
        uint256 expected = emission.dueAt(1, end);
        uint256 snapshot = vm.snapshotState();
        IEmission.Payment memory p = payment(end, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        assertEq(emission.payEpoch(1, 0, p), expected, "at once");
        vm.revertToState(snapshot);
        uint256 moved = 0;
        uint256 pieces = 0;
        for (uint256 step = 1; step > 0; moved += step) {
            step = emission.advance(1, 150);
            ++pieces;
        }
        assertEq(moved, 999, "every boundary with a change until now");
        assertEq(pieces, 8, "in seven pieces and one without work");
        uint256 before = gasleft();
        vm.cool(address(emission));
        assertEq(emission.payEpoch(1, 0, p), expected, "in pieces");
        uint256 used = before - gasleft();
        emit log_named_uint("a thousand boundaries, advanced before", used);
        assertLe(used, 400_000, "one piece left");
    }

    /// @notice Repeating what is known writes nothing, so nobody can add boundaries for free.
    function testPokingWithoutAChangeWritesNothing() public {
        pointAt(ALICE, 1);
        goTo(5 * PERIOD);
        emission.poke(ALICE);
        pointAt(ALICE, 1);
        goTo(7 * PERIOD);
        assertEq(emission.advance(1, 100), 1, "one boundary");
    }

    /// @notice A majority that abstains: its validators get what they get anyway, the miners' part is given up.
    function testAbstainingNeverPaysMore() public {
        uint256[] memory pay = list(ONE / 2, ONE / 4, ONE / 4);
        IEmission.Payment memory p = payment(START + PERIOD, list(0, ONE, 0), pay, list(0, 0, 0));
        goTo(PERIOD + 1);
        uint256 snapshot = vm.snapshotState();
        emission.payEpoch(1, 0, p);
        IEmission.Supply memory voted = emission.supplyOf(1);
        vm.revertToState(snapshot);
        p.voted = false;
        emission.payEpoch(1, 0, p);
        IEmission.Supply memory abstained = emission.supplyOf(1);
        assertEq(abstained.pooled, voted.pooled, "validators");
        assertEq(abstained.claimable + abstained.notMinted, voted.claimable, "the miners' part is not minted");
        assertEq(abstained.carried, voted.carried, "nor kept for later");
    }
}
