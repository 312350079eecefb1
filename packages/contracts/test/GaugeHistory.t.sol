// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {GaugeBench} from "./GaugeBench.sol";

/// @notice Random histories of the gauge: against a plain model, and against themselves read at other moments.
contract GaugeHistoryTest is GaugeBench {
    struct Vote {
        uint16 netuid;
        uint256 stake;
    }

    uint16 private constant SUBNETS = 3;
    uint256 private constant ACCOUNTS = 4;
    uint256 private constant STEPS = 24;
    uint16 private constant LIMIT_BPS = 5500;
    uint256 private constant BASE = 1e18;

    /// @dev The model: where each account points, in force and from the next boundary on; what each subnet was due.
    Vote[ACCOUNTS] private held;
    Vote[ACCOUNTS] private pending;
    bool[SUBNETS + 1] private active;
    uint256[SUBNETS + 1] private dueInAll;
    uint256 private modelTime;
    uint256 private segments;

    function setUp() public {
        deploy(LIMIT_BPS);
        activate(1);
        active[1] = true;
        modelTime = START;
    }

    /// @notice Every subnet is due what the rule says, rounded down by less than a wei for each segment.
    function testFuzzAHistoryFollowsTheRule(uint256 seed) public {
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            advanceModel(block.timestamp + (seed >> 200) % (2 * PERIOD));
            vm.warp(modelTime);
            move(seed);
            for (uint16 netuid = 1; netuid <= SUBNETS; ++netuid) {
                uint256 actual = emission.dueAt(netuid, uint48(block.timestamp));
                // The model has a segment for every step and boundary, so either may round where the other does not.
                assertLe(actual, dueInAll[netuid] + segments, "no more");
                assertLe(dueInAll[netuid], actual + segments, "no less");
            }
        }
    }

    /// @notice What was due until a moment is the same, read at that moment or at the end, and is what is paid then,
    /// whatever moved and whoever advanced in between.
    function testFuzzReadingChangesNothing(uint256 seed) public {
        uint48[] memory moments = new uint48[](STEPS);
        uint256[] memory due_ = new uint256[](STEPS);
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + (seed >> 200) % (2 * PERIOD) + 1);
            if (seed >> 180 & 1 == 0) move(seed >> 8);
            if (seed >> 181 & 1 == 0) emission.advance(1, seed >> 182 & 3);
            moments[step] = uint48(block.timestamp);
            due_[step] = emission.dueAt(1, moments[step]);
            move(seed);
        }
        for (uint256 step = 0; step < STEPS; ++step) {
            assertEq(emission.dueAt(1, moments[step]), due_[step], "read late");
        }
        IEmission.Payment memory p; // nobody has stake: what is split is all that was due until then
        for (uint256 step = 0; step < STEPS; ++step) {
            if (seed >> step & 1 == 0) continue;
            if (seed >> step & 128 == 0) emission.advance(1, 2);
            p.end = moments[step];
            assertEq(emission.payEpoch(1, 0, p), due_[step], "paid late");
        }
    }

    function move(uint256 seed) private {
        uint16 netuid = uint16(seed % SUBNETS + 1);
        uint256 i = (seed >> 16) % ACCOUNTS;
        address account = address(uint160(0xACC000 + i));
        if (seed >> 32 & 3 == 0) {
            if (active[netuid]) subnets.deactivate(netuid);
            else activate(netuid);
            active[netuid] = !active[netuid];
        } else if (seed >> 32 & 3 == 1) {
            vault.setStake(account, (seed >> 64) % 1000e18);
            pending[i].stake = vault.stakedOf(account);
        } else if (active[netuid]) {
            pointAt(account, netuid);
            pending[i] = Vote(netuid, vault.stakedOf(account));
        }
    }

    function advanceModel(uint256 to) private {
        while (modelTime < to) {
            uint256 boundary = (modelTime / PERIOD + 1) * PERIOD;
            uint256 until = boundary < to ? boundary : to;
            addSegment(emission.schedule(until - START) - emission.schedule(modelTime - START));
            modelTime = until;
            if (until < boundary) continue;
            for (uint256 i = 0; i < ACCOUNTS; ++i) {
                held[i] = pending[i];
            }
        }
    }

    function addSegment(uint256 amount) private {
        ++segments;
        uint256[SUBNETS + 1] memory votes;
        uint256 total = 0;
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            votes[held[i].netuid] += held[i].stake;
            if (active[held[i].netuid]) total += held[i].stake;
        }
        uint256 count = 0;
        for (uint256 k = 1; k <= SUBNETS; ++k) {
            if (active[k]) ++count;
        }
        for (uint256 k = 1; k <= SUBNETS; ++k) {
            if (!active[k]) continue;
            uint256 part = amount * (votes[k] + BASE) / (total + count * BASE);
            uint256 limit = amount * LIMIT_BPS / 10_000;
            dueInAll[k] += part < limit ? part : limit;
        }
    }
}
