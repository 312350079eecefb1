// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {Pruning} from "../src/libraries/Pruning.sol";
import {SlotWord} from "../src/libraries/SlotWord.sol";
import {SubnetsFixture} from "./SubnetsFixture.sol";

contract SubnetsPruningTest is SubnetsFixture {
    event log_named_uint(string key, uint256 value); // forge prints it

    function testTheLowestPayGoesThenTheEarliestThenTheLowestUid() public {
        uint16 netuid = createSubnet(cheap(5));
        registerMany(netuid, 0, 2);
        vm.warp(block.timestamp + 1);
        registerMany(netuid, 2, 3);
        skipEpochs(netuid, 3);
        pay(9, 7, 5, 7, 9);
        assertRanks(netuid, [uint256(3), 1, 0, 2, 4]);
        assertEq(register(netuid, 5), 2, "the lowest pay");
        assertEq(rewards.creditsOf(netuid, 2, nodeOf(2)), 1, "its accruals go to its owner");
        (bool prunable,) = subnets.pruningRank(netuid, 2, lastPay(netuid));
        assertTrue(!prunable, "the new one is immune");
        assertEq(register(netuid, 6), 1, "of two equal the earlier");
        assertEq(register(netuid, 7), 3, "the other");
        assertEq(register(netuid, 8), 0, "then of two equal the earlier");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.NotRegistered.selector, netuid, operatorOf(0)));
        subnets.uidOf(netuid, operatorOf(0));
        assertEq(register(netuid, 0), 4, "a pruned node may come back");
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerOne(netuid, 9);
    }

    function testWhoHasNoPayGoesFirst() public {
        uint16 netuid = createSubnet(cheap(2));
        registerMany(netuid, 0, 2);
        skipEpochs(netuid, 3);
        uint32[] memory one = new uint32[](1);
        one[0] = 1;
        setPay(one); // shorter than the slots
        assertEq(register(netuid, 2), 1, "no pay on record");
    }

    /// @notice An owner that changes the cuts does not change what was paid.
    function testPayIsWeighedByTheCutsThatItWasPaidBy() public {
        uint16 netuid = createSubnet(cheap(2));
        registerMany(netuid, 0, 2);
        skipEpochs(netuid, 3);
        ISubnetTerms.Parameters memory p = cheap(2);
        (p.minersCut, p.validatorsCut) = (0, 8200);
        setParameters(netuid, p);
        setPay(100, uint256(90) << 32, 3);
        skipEpochs(netuid, 1);
        assertEq(subnets.parameters(netuid).minersCut, 0, "in force");
        assertEq(register(netuid, 2), 1, "it was paid less");
    }

    /// @notice Immune is whoever has not been there for `immunity` whole epochs.
    function testImmunityEndsWithAnEpoch() public {
        ISubnetTerms.Parameters memory p = cheap(1);
        p.immunity = 3;
        uint16 netuid = createSubnet(p);
        skipEpochs(netuid, 1);
        register(netuid, 0); // in the first second of epoch 1
        (uint48 start,,,) = subnets.windows(netuid, 5);
        vm.warp(start - 1); // three epochs, less a second, after its own
        vm.expectRevert(abi.encodeWithSelector(ISubnets.AllImmune.selector, netuid));
        this.registerOne(netuid, 1);
        vm.warp(start);
        assertEq(register(netuid, 1), 0, "pruned");
    }

    function testFuzzOrderIsThatOfASort(uint256 seed, uint256 n) public pure {
        n = bound(n, 1, 40);
        Pruning.Candidates memory c = randomCandidates(seed, n);
        (uint16[] memory order, uint256 count) = sorted(c);
        (bool found, uint16 next) = Pruning.next(c);
        assertTrue(found == (count > 0), "somebody");
        if (found) assertEq(next, order[0], "the first of the sort");
        bool[] memory ranked = new bool[](n);
        for (uint256 k = 0; k < count; ++k) {
            (bool prunable, uint256 rank) = Pruning.rankOf(c, order[k]);
            assertTrue(prunable, "has a rank");
            assertEq(rank, k, "its place in the sort");
            ranked[order[k]] = true;
        }
        for (uint16 uid = 0; uid < n; ++uid) {
            (bool prunable,) = Pruning.rankOf(c, uid);
            assertTrue(prunable == ranked[uid], "immune and vacant have none");
        }
    }

    /// @notice The whole path: `register` takes whom `pruningRank` names, over random pays.
    function testFuzzRegisterPrunesRankZero(uint256 seed) public {
        uint16 netuid = createSubnet(cheap(12));
        for (uint256 i = 0; i < 12; ++i) {
            register(netuid, i);
            if (random(seed, i) % 2 == 0) vm.warp(block.timestamp + 1);
        }
        skipEpochs(netuid, 3);
        uint32[] memory pays = new uint32[](12);
        for (uint256 i = 0; i < 12; ++i) {
            pays[i] = uint32(random(seed, 100 + i) % 4);
        }
        setPay(pays);
        for (uint256 i = 0; i < 12; ++i) {
            uint16 next = 0;
            for (uint16 uid = 0; uid < 12; ++uid) {
                (bool prunable, uint256 rank) = subnets.pruningRank(netuid, uid, lastPay(netuid));
                if (prunable && rank == 0) next = uid;
            }
            assertEq(register(netuid, 20 + i), next, "rank 0");
        }
        assertEq(rewards.creditCount(), 12, "each credited");
    }

    function testGasOfAFullSubnet() public {
        (uint256 reading, uint256 pruning) = gasOf(256, 16);
        assertLe(reading, 700_000, "one cold read a slot");
        assertLe(pruning, 1_200_000, "two of them");
    }

    function testGasOfTheLargestSubnet() public {
        (uint256 reading, uint256 pruning) = gasOf(512, 48);
        assertLe(reading, 1_500_000, "one cold read a slot");
        assertLe(pruning, 2_300_000, "far from a transaction's limit");
    }

    function gasOf(uint16 n, uint16 validators) private returns (uint256 reading, uint256 pruning) {
        ISubnetTerms.Parameters memory p = cheap(n);
        p.maxValidators = validators;
        uint16 netuid = createSubnet(p);
        registerMany(netuid, 0, n);
        skipEpochs(netuid, 3);
        uint32[] memory pays = new uint32[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            pays[uid] = uint32(n - uid);
        }
        setPay(pays);
        reading = coldGasOf(address(this), abi.encodeCall(subnets.slotsAt, (netuid, uint48(block.timestamp))));
        emit log_named_uint(string.concat(vm.toString(uint256(n)), " slots: slotsAt"), reading);

        fund(ownerOf(n), 1e18, address(subnets));
        bytes memory consent = signConsent(n, ownerOf(n), block.timestamp);
        bytes memory call =
            abi.encodeCall(subnets.register, (netuid, operatorOf(n), block.timestamp, consent, 1e18, lastPay(netuid)));
        pruning = coldGasOf(ownerOf(n), call);
        emit log_named_uint(string.concat(vm.toString(uint256(n)), " slots: pruning registration"), pruning);
        assertEq(subnets.uidOf(netuid, operatorOf(n)), n - 1, "the lowest pay");
    }

    /// @dev With nothing accessed before, as in a transaction of its own, and without decoding the answer.
    function coldGasOf(address caller, bytes memory call) private returns (uint256 used) {
        cool();
        vm.cool(address(payer));
        vm.prank(caller);
        used = gasleft();
        (bool success,) = address(subnets).call(call);
        used -= gasleft();
        assertTrue(success, "call");
    }

    function randomCandidates(uint256 seed, uint256 n) private pure returns (Pruning.Candidates memory c) {
        c.slots = new uint256[](n);
        c.pay = new uint256[](random(seed, 0) % 48); // may be shorter than the slots
        c.paidUntil = 1 + random(seed, 2) % 9;
        c.immuneFrom = 1 + random(seed, 1) % 6;
        for (uint256 uid = 0; uid < n; ++uid) {
            uint64 nodeId = random(seed, 10 + uid) % 5 == 0 ? 0 : uint64(uid + 1);
            c.slots[uid] = SlotWord.created(nodeId, 1 + random(seed, 100 + uid) % 6);
            uint256 amount = random(seed, 200 + uid) % 3 == 0 ? type(uint32).max : random(seed, 300 + uid) % 3;
            if (uid < c.pay.length) c.pay[uid] = amount;
        }
    }

    /// @dev The rule read aloud: insertion by lower pay, then earlier registration, then lower uid.
    function sorted(Pruning.Candidates memory c) private pure returns (uint16[] memory order, uint256 count) {
        order = new uint16[](c.slots.length);
        for (uint16 uid = 0; uid < c.slots.length; ++uid) {
            if (SlotWord.node(c.slots[uid]) == 0 || SlotWord.since(c.slots[uid]) >= c.immuneFrom) continue;
            uint256 place = count++;
            for (; place > 0 && goesBefore(c, uid, order[place - 1]); --place) {
                order[place] = order[place - 1];
            }
            order[place] = uid;
        }
    }

    function goesBefore(Pruning.Candidates memory c, uint16 a, uint16 b) private pure returns (bool) {
        if (payOf(c, a) != payOf(c, b)) return payOf(c, a) < payOf(c, b);
        (uint48 aSince, uint48 bSince) = (SlotWord.since(c.slots[a]), SlotWord.since(c.slots[b]));
        return aSince != bSince ? aSince < bSince : a < b;
    }

    function payOf(Pruning.Candidates memory c, uint256 uid) private pure returns (uint256) {
        return uid < c.pay.length && SlotWord.since(c.slots[uid]) < c.paidUntil ? c.pay[uid] : 0;
    }

    function random(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    function pay(uint32 a, uint32 b, uint32 c, uint32 d, uint32 e) private {
        uint32[] memory pays = new uint32[](5);
        (pays[0], pays[1], pays[2], pays[3], pays[4]) = (a, b, c, d, e);
        setPay(pays);
    }

    function assertRanks(uint16 netuid, uint256[5] memory ranks) private view {
        for (uint16 uid = 0; uid < 5; ++uid) {
            (bool prunable, uint256 rank) = subnets.pruningRank(netuid, uid, lastPay(netuid));
            assertTrue(prunable, "prunable");
            assertEq(rank, ranks[uid], "rank");
        }
    }

    function registerOne(uint16 netuid, uint256 i) external {
        register(netuid, i);
    }
}
