// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {IGauge} from "../src/interfaces/IGauge.sol";
import {EmissionSchedule} from "../src/libraries/EmissionSchedule.sol";
import {EmissionBench} from "./EmissionBench.sol";

/// @notice What an epoch pays.
contract EmissionTest is EmissionBench {
    uint64 private nextEpoch;

    function setUp() public {
        deploy(10_000);
        activate(1);
        registerMany(1, 1, 3);
    }

    function testScheduleHalves() public view {
        assertEq(emission.schedule(1), 1e18, "a token a second");
        assertEq(emission.schedule(10_500_000), 10_500_000e18, "first era");
        assertEq(emission.schedule(10_500_002), 10_500_001e18, "half");
        assertEq(emission.schedule(type(uint48).max), 20_000_000e18, "cap less genesis");
        assertEq(emission.scheduleCap(), 20_000_000e18, "limit");
    }

    function testFuzzScheduleIsTheClosedForm(uint256 elapsed, uint256 limit) public pure {
        elapsed = bound(elapsed, 0, type(uint48).max);
        limit = bound(limit, 0, 21_000_000e18);
        // Two eras: min(t, t₀ + (t − t₀)/2), and 21 M tokens are reached inside the second.
        uint256 first = 10_500_000;
        uint256 expected = elapsed <= first ? elapsed * 1e18 : first * 1e18 + (elapsed - first) * 0.5e18;
        if (expected > limit) expected = limit;
        assertEq(EmissionSchedule.scheduled(elapsed, limit), expected, "schedule");
    }

    function testOnlyPeersCall() public {
        IEmission.Payment memory p = payment(START + 600, list(0, 0, 0), list(0, 0, 0), list(0, 0, 0));
        vm.startPrank(SETTLER);
        vm.expectRevert(abi.encodeWithSelector(IEmission.NotConsensus.selector, SETTLER, address(this)));
        emission.payEpoch(1, 0, p);
        vm.expectRevert(abi.encodeWithSelector(IGauge.NotVault.selector, SETTLER, address(vault)));
        emission.pullPool(1);
        vm.expectRevert(abi.encodeWithSelector(IGauge.NotVault.selector, SETTLER, address(vault)));
        emission.stakeChanged(SETTLER);
        bytes memory notSubnets = abi.encodeWithSelector(IGauge.NotSubnets.selector, SETTLER, address(subnets));
        vm.expectRevert(notSubnets);
        emission.activate(5);
        vm.expectRevert(notSubnets);
        emission.deactivate(1);
        vm.expectRevert(notSubnets);
        emission.slotAssigned(1, 0, 1);
        vm.expectRevert(notSubnets);
        emission.creditSlot(1, 0, 1);
        vm.stopPrank();
    }

    function testSplit() public {
        // 600 tokens, of which the settler gets 0.5 % but at most 1; 599 are split 18/41/41.
        uint256 paid = pay(600, list(ONE / 4, ONE / 4 * 3, 0), list(0, 0, ONE), list(0, 0, 1000));
        assertEq(paid, 600e18, "a token a second");
        assertEq(emission.bounties(SETTLER), 1e18, "bounty at its cap");
        assertEq(emission.ownerClaimable(1), 107.82e18, "owner");
        assertEq(emission.claimable(1, 1), 61.3975e18, "a quarter of the miners' part");
        assertEq(emission.claimable(1, 2), 184.1925e18, "three quarters");
        assertEq(emission.claimable(1, 3), 24.559e18, "a tenth of the validators' part");
        assertEq(emission.poolAccrued(3), 221.031e18, "the rest");
        balanced();
    }

    function testBountyIsAPartOfASmallEpoch() public {
        pay(100, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        assertEq(emission.bounties(SETTLER), 0.5e18, "half a percent");
        assertEq(emission.ownerClaimable(1), 17.91e18, "taken before the cuts");
        balanced();
    }

    function testNobodyVoted() public {
        IEmission.Payment memory p = payment(START + 600, list(0, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        (p.voted, p.incentive) = (false, "");
        send(p);
        assertEq(emission.supply().notMinted, 245.59e18, "the miners' part");
        assertEq(emission.supply().carried, 0, "nothing carries");
        assertEq(emission.poolAccrued(1), 245.59e18, "validators get no more than their part");
        balanced();
    }

    function testNobodyStaked() public {
        IEmission.Payment memory p;
        p.end = START + 600;
        p.settler = SETTLER;
        send(p);
        assertEq(emission.supply().carried, 600e18, "everything carries");
        assertEq(emission.bounties(SETTLER), 0, "no bounty for nothing");
        assertEq(pay(1200, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0)), 1200e18, "into the next");
        balanced();
    }

    function testOwnSlotsAreNotMinted() public {
        IEmission.Payment memory p = payment(START + 600, list(ONE / 2, ONE / 2, 0), list(ONE, 0, 0), list(1000, 0, 0));
        p.ownSlots = new uint256[](1);
        p.ownSlots[0] = 1;
        send(p);
        assertEq(emission.supply().notMinted, 122.795e18, "half of the miners' part");
        assertEq(emission.claimable(1, 1), 24.559e18, "the take stays");
        assertEq(emission.claimable(1, 2), 122.795e18, "nobody else gets more");
        balanced();
    }

    function testVoidEpochsJoinTheNext() public {
        assertEq(pay(1800, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0)), 1800e18, "three epochs");
        vm.expectRevert(abi.encodeWithSelector(IEmission.EpochAlreadyPaid.selector, 1, START + 1800, START + 1800));
        emission.payEpoch(1, 2, payment(START + 1800, list(0, 0, 0), list(0, 0, 0), list(0, 0, 0)));
    }

    function testTheScheduleEnds() public {
        pay(100_000 days, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        assertEq(emission.supply().scheduled, emission.scheduleCap(), "all of it");
        assertEq(pay(100_001 days, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0)), 0, "and no more");
        balanced();
    }

    /// @notice Rests below a gwei and of shares carry, to the wei, and are split with the next epoch.
    function testRestsCarry() public {
        uint256 third = ONE / 3;
        pay(601, list(third, third, third), list(third, third, third), list(333, 333, 333));
        IEmission.Supply memory s = emission.supply();
        uint256 carried = s.carried;
        assertTrue(carried > 0, "a share is lost to rounding");
        uint256 part = 600e18 * 41 / 100;
        assertEq(emission.claimable(1, 1) % 1e9, 0, "whole gwei");
        assertLe(carried, 2 * 2 * part / ONE + 20e9, "two units of the shares of both parts, and some gwei");
        uint256 paid = pay(1201, list(third, third, third), list(third, third, third), list(333, 333, 333));
        assertEq(paid, 600e18 + carried, "split in the next epoch");
        balanced();
    }

    function testWeiBelowAGweiCarry() public {
        activate(2);
        activate(3);
        uint256 paid = pay(100, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        assertEq(paid, uint256(100e18) / 3, "a third");
        assertEq(emission.supplyOf(1).carried, paid % 1e9 + 1e9, "the wei, and a gwei that the cuts lose");
        balanced();
    }

    function testMalformedPaymentsAreRefused() public {
        vm.warp(START + 601);
        IEmission.Payment memory p = payment(START + 600, list(ONE, 0, 0), list(0, 0, 0), list(0, 0, 0));
        p.incentive = "";
        expectLength(p, "incentive", 32, 0);
        p = payment(START + 600, list(ONE, 0, 0), list(0, 0, 0), list(0, 0, 0));
        p.validatorPay = new bytes(64);
        expectLength(p, "validatorPay", 32, 64);
        p = payment(START + 600, list(ONE, 0, 0), list(0, 0, 0), list(0, 0, 0));
        p.takes = new bytes(31);
        expectLength(p, "takes", 32, 31);
        p = payment(START + 600, list(ONE, ONE, 0), list(0, 0, 0), list(0, 0, 0));
        vm.expectRevert(
            abi.encodeWithSelector(IEmission.PaymentTooLarge.selector, bytes32("incentive"), 491.18e9, 245.59e9)
        );
        emission.payEpoch(1, 0, p);
        p = payment(START + 600, list(ONE, 0, 0), list(ONE, ONE, 0), list(0, 0, 0));
        vm.expectRevert(
            abi.encodeWithSelector(IEmission.PaymentTooLarge.selector, bytes32("validatorPay"), 491.18e9, 245.59e9)
        );
        emission.payEpoch(1, 0, p);
    }

    function testASubnetThatIsNotActiveEarnsNothing() public {
        registerMany(2, 11, 3);
        IEmission.Payment memory p = payment(START + 600, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0));
        vm.warp(START + 601);
        assertEq(emission.payEpoch(2, 0, p), 0, "nothing");
        activate(2);
        vm.warp(START + 1201);
        p.end = START + 1200;
        assertEq(emission.payEpoch(2, 1, p), 599e18 / 2, "from its activation on, shared with the other");
        subnets.deactivate(2);
        vm.warp(START + 1801);
        p.end = START + 1800;
        assertEq(emission.payEpoch(2, 2, p), 0.5e18, "the second before it left");
        p.end = START + 1801;
        assertEq(emission.payEpoch(2, 3, p), 0, "and no more");
    }

    /// @notice Leaving keeps what is carried; the next accounted epoch pays it.
    function testDeactivationKeepsTheCarried() public {
        IEmission.Payment memory p;
        p.end = START + 600;
        send(p);
        subnets.deactivate(1);
        assertEq(emission.supplyOf(1).carried, 600e18, "carried");
        vm.warp(START + 7200);
        assertEq(pay(1200, list(ONE, 0, 0), list(ONE, 0, 0), list(0, 0, 0)), 601e18, "the carried and the last second");
        balanced();
    }

    /// @notice The hot loop against the rule, slot by slot, at every size and with every kind of slot.
    function testFuzzLanesFollowTheRule(uint256 seed, uint16 n, uint48 elapsed, bool voted) public {
        n = uint16(bound(n, 1, 37));
        elapsed = uint48(bound(elapsed, 1, 30 days));
        registerMany(1, 4, n);
        n += 3;
        (uint256[] memory incentive, uint256[] memory pays, uint256[] memory takes) = randomShares(seed, n);
        IEmission.Payment memory p = payment(START + elapsed, incentive, pays, takes);
        p.voted = voted;
        p.ownSlots = new uint256[](1);
        p.ownSlots[0] = seed & (seed >> 64) & ((1 << n) - 1);
        for (uint48 round = 1; round <= 2; ++round) {
            p.end = START + elapsed * round;
            vm.warp(p.end);
            uint256[] memory expected = balances(n);
            addExpected(expected, p, incentive, pays, takes);
            emission.payEpoch(1, round, p);
            assertEq(keccak256(abi.encode(balances(n))), keccak256(abi.encode(expected)), "owners and pools");
            balanced();
        }
    }

    /// @dev Rule 8, slot by slot.
    function addExpected(
        uint256[] memory balances_,
        IEmission.Payment memory p,
        uint256[] memory incentive,
        uint256[] memory pays,
        uint256[] memory takes
    ) private view {
        IEmission.Supply memory s = emission.supplyOf(1);
        uint256 whole = (emission.dueAt(1, p.end) - s.scheduled + s.carried) / 1e9;
        uint256 bounty = whole * 50 / 10_000;
        whole -= bounty > 1e9 ? 1e9 : bounty;
        uint256 part = whole * 4100 / 10_000; // the miners' and the validators'
        for (uint256 uid = 0; uid < p.uids; ++uid) {
            uint256 owed = p.voted && p.ownSlots[0] >> uid & 1 == 0 ? part * incentive[uid] / ONE : 0;
            uint256 pooled = part * pays[uid] / ONE;
            uint256 take = pooled * takes[uid] / 10_000;
            balances_[uid] += (owed + take) * 1e9;
            balances_[p.uids + uid] += (pooled - take) * 1e9;
        }
    }

    function balances(uint16 n) private view returns (uint256[] memory values) {
        values = new uint256[](2 * uint256(n));
        for (uint64 i = 0; i < n; ++i) {
            (values[i], values[n + i]) = (emission.claimable(1, i + 1), emission.poolAccrued(i + 1));
        }
    }

    function expectLength(IEmission.Payment memory p, bytes32 field, uint256 expected, uint256 actual) private {
        vm.expectRevert(abi.encodeWithSelector(IEmission.WrongPaymentLength.selector, field, expected, actual));
        emission.payEpoch(1, 0, p);
    }

    /// @param end seconds after the start
    function pay(uint48 end, uint256[] memory incentive, uint256[] memory pays, uint256[] memory takes)
        private
        returns (uint256)
    {
        return send(payment(START + end, incentive, pays, takes));
    }

    function send(IEmission.Payment memory p) private returns (uint256) {
        if (block.timestamp <= p.end) vm.warp(p.end + 1);
        return emission.payEpoch(1, nextEpoch++, p);
    }

    function balanced() private view {
        IEmission.Supply memory s = emission.supply();
        assertBalanced(s);
        assertEq(keccak256(abi.encode(s)), keccak256(abi.encode(emission.supplyOf(1))), "one subnet is all");
        assertLe(token.totalSupply(), GENESIS + s.minted, "supply");
        assertEq(s.scheduled, emission.dueAt(1, emission.accountedUntil(1)), "what the gauge gave");
    }
}
