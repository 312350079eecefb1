// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {EmissionSchedule} from "../src/libraries/EmissionSchedule.sol";
import {Network} from "./Network.sol";

contract EmissionTest is Network {
    uint64 private constant ONE = 1 << 32;

    uint16 private netuid;

    function setUp() public override {
        super.setUp();
        netuid = createSubnet();
        registerMany(netuid, 0, 3);
        vm.warp(GENESIS_TIME + 1);
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

    function testFuzzIndexIsExactWhenever(uint256 second, uint256 third, uint256 at) public {
        second = bound(second, 1, 1000 days);
        third = bound(third, second, 1000 days);
        at = bound(at, 0, 1000 days);
        vm.warp(GENESIS_TIME + second);
        createSubnet();
        vm.warp(GENESIS_TIME + third);
        createSubnet();
        uint256 expected = emission.schedule(at < second ? at : second);
        if (at > second) expected += (emission.schedule(at < third ? at : third) - emission.schedule(second)) / 2;
        if (at > third) expected += (emission.schedule(at) - emission.schedule(third)) / 3;
        assertEq(emission.indexAt(uint48(GENESIS_TIME + at)), expected, "index");
        assertEq(emission.indexAt(GENESIS_TIME - 1), 0, "before the start");
    }

    function testOnlyPeersCall() public {
        vm.expectRevert(abi.encodeWithSelector(IEmission.NotSubnets.selector, address(this), address(subnets)));
        emission.activate(5);
        vm.expectRevert(abi.encodeWithSelector(IEmission.NotConsensus.selector, address(this), address(consensus)));
        emission.payEpoch(netuid, 0, payment(600, new uint64[](3), new uint64[](3)));
        vm.expectRevert(abi.encodeWithSelector(IEmission.NotVault.selector, address(this), address(vault)));
        emission.pullPool(1);
        vm.prank(address(subnets));
        vm.expectRevert(abi.encodeWithSelector(IEmission.SubnetAlreadyActive.selector, netuid));
        emission.activate(netuid);
    }

    function testSplit() public {
        vm.prank(ownerOf(2));
        vault.setTake(3, 1000);
        uint256 paid = pay(600, shares3(ONE / 4, ONE / 4 * 3, 0), shares3(0, 0, ONE));
        assertEq(paid, 600e18, "a token a second");
        assertEq(emission.ownerClaimable(netuid), 108e18, "owner");
        assertEq(emission.claimable(netuid, 1), 61.5e18, "a quarter of the miners' part");
        assertEq(emission.claimable(netuid, 2), 184.5e18, "three quarters");
        assertEq(emission.claimable(netuid, 3), 0, "take set after the epoch began does not count");
        assertEq(emission.poolAccrued(3), 246e18, "pool");

        paid = pay(1200, shares3(ONE, 0, 0), shares3(0, 0, ONE));
        assertEq(emission.claimable(netuid, 3), 24.6e18, "a tenth of the validators' part");
        assertEq(emission.poolAccrued(3), 246e18 + 221.4e18, "the rest");
        balanced();
    }

    function testClaims() public {
        pay(600, shares3(ONE / 4, ONE / 4 * 3, 0), shares3(0, 0, ONE));
        uint64[] memory nodes = new uint64[](4);
        (nodes[0], nodes[1], nodes[2], nodes[3]) = (1, 2, 1, 77);
        assertEq(emission.claim(netuid, nodes), 246e18, "claimed");
        assertEq(token.balanceOf(ownerOf(0)), 61.5e18, "first owner");
        assertEq(token.balanceOf(ownerOf(1)), 184.5e18, "second owner");
        assertEq(emission.claim(netuid, nodes), 0, "once");
        assertEq(emission.claimOwnerCut(netuid), 108e18, "owner's cut");
        assertEq(emission.claimOwnerCut(netuid), 0, "once");
        assertEq(token.balanceOf(CREATOR), 108e18, "subnet owner");
        stakeAs(TREASURY, 3, 1e18);
        assertEq(vault.pool(3).locked, 0, "an empty pool's late reward went to the owner");
        assertEq(token.balanceOf(ownerOf(2)), 246e18, "pulled");
        balanced();
        assertEq(token.balanceOf(address(emission)), 0, "nothing left");
    }

    function testNobodyVoted() public {
        IEmission.Payment memory p = payment(600, shares3(0, 0, 0), shares3(ONE, 0, 0));
        p.voted = false;
        vm.prank(address(consensus));
        emission.payEpoch(netuid, 0, p);
        assertEq(emission.supply().notMinted, 246e18, "the miners' part");
        assertEq(emission.supply().carried, 0, "nothing carries");
        balanced();
    }

    function testNobodyStaked() public {
        IEmission.Payment memory p = payment(600, shares3(0, 0, 0), shares3(0, 0, 0));
        (p.staked, p.voted) = (false, false);
        vm.prank(address(consensus));
        emission.payEpoch(netuid, 0, p);
        assertEq(emission.supply().carried, 600e18, "everything carries");
        assertEq(pay(1200, shares3(ONE, 0, 0), shares3(ONE, 0, 0)), 1200e18, "into the next");
        balanced();
    }

    function testVoidEpochsJoinTheNext() public {
        assertEq(pay(1800, shares3(ONE, 0, 0), shares3(ONE, 0, 0)), 1800e18, "three epochs");
        vm.prank(address(consensus));
        vm.expectRevert(
            abi.encodeWithSelector(
                IEmission.EpochAlreadyPaid.selector, netuid, GENESIS_TIME + 1800, GENESIS_TIME + 1800
            )
        );
        emission.payEpoch(netuid, 2, payment(1800, new uint64[](3), new uint64[](3)));
    }

    function testTheScheduleEnds() public {
        pay(100_000 days, shares3(ONE, 0, 0), shares3(ONE, 0, 0));
        assertEq(emission.supply().scheduled, emission.scheduleCap(), "all of it");
        assertEq(pay(100_001 days, shares3(ONE, 0, 0), shares3(ONE, 0, 0)), 0, "and no more");
        balanced();
    }

    function testFuzzSplitConserves(uint32 a, uint32 b, uint32 c, uint32 d, uint16 take, uint48 elapsed) public {
        elapsed = uint48(bound(elapsed, 1, 100_000 days));
        take = uint16(bound(take, 0, 1800));
        vm.prank(ownerOf(0));
        vault.setTake(1, take);
        uint256 miners = uint256(a) + b + 1;
        uint256 validators = uint256(c) + d + 1;
        uint256 paid = pay(
            elapsed,
            shares3(uint64(uint256(a) * ONE / miners), uint64(uint256(b) * ONE / miners), 0),
            shares3(uint64(uint256(c) * ONE / validators), 0, uint64(uint256(d) * ONE / validators))
        );
        assertEq(paid, emission.schedule(elapsed), "no subnet but this one");
        balanced();
    }

    function pay(uint48 end, uint64[] memory incentive, uint64[] memory validatorPay) private returns (uint256) {
        IEmission.Payment memory p = payment(end, incentive, validatorPay);
        vm.warp(GENESIS_TIME + end + 1);
        vm.prank(address(consensus));
        return emission.payEpoch(netuid, end / 600 - (end < 600 ? 0 : 1), p);
    }

    /// @param end seconds after the start; the epoch starts 600 seconds before, or at the start
    function payment(uint48 end, uint64[] memory incentive, uint64[] memory validatorPay)
        private
        pure
        returns (IEmission.Payment memory)
    {
        uint64[] memory nodeIds = new uint64[](3);
        (nodeIds[0], nodeIds[1], nodeIds[2]) = (1, 2, 3);
        uint48 start = end > 1200 ? 600 : end < 600 ? 0 : end - 600;
        return IEmission.Payment({
            start: GENESIS_TIME + start,
            end: GENESIS_TIME + end,
            staked: true,
            voted: true,
            nodeIds: nodeIds,
            incentive: incentive,
            validatorPay: validatorPay
        });
    }

    function shares3(uint64 a, uint64 b, uint64 c) private pure returns (uint64[] memory shares) {
        shares = new uint64[](3);
        (shares[0], shares[1], shares[2]) = (a, b, c);
    }

    function balanced() private view {
        IEmission.Supply memory s = emission.supply();
        assertEq(s.scheduled, s.minted + s.notMinted + s.carried, "scheduled");
        assertEq(s.minted, s.claimable + s.claimed + s.pooled, "minted");
        assertEq(keccak256(abi.encode(s)), keccak256(abi.encode(emission.supplyOf(netuid))), "one subnet is all");
        assertEq(token.totalSupply(), GENESIS - CREATION_PRICE - burnedByRegistration() + s.minted, "supply");
    }

    function burnedByRegistration() private pure returns (uint256) {
        return 1e18 + 1.26e18 + 1.5876e18;
    }
}
