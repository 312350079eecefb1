// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RecentTrace} from "../src/libraries/RecentTrace.sol";
import {Test} from "./Test.sol";

contract RecentTraceTest is Test {
    using RecentTrace for RecentTrace.Trace;

    RecentTrace.Trace private trace;
    uint48[] private times;
    uint256[] private values;

    function testEmpty() public view {
        assertEq(trace.latest(), 0, "latest");
        assertEq(trace.valueAt(0), 0, "at the beginning");
        assertEq(trace.valueAt(type(uint48).max), 0, "at the end");
    }

    /// @notice As a plain list of changes says, at and around every change.
    function testFuzzAgreesWithAList(uint16[12] memory steps, uint88[12] memory written) public {
        uint48 time = 1_800_000_000;
        for (uint256 i = 0; i < steps.length; ++i) {
            time += steps[i] % 4; // often within one second
            trace.push(time, written[i]);
            times.push(time);
            values.push(written[i]);
            assertEq(trace.latest(), written[i], "latest");
        }
        for (uint256 i = 0; i < times.length; ++i) {
            for (uint48 t = times[i] - 2; t <= times[i] + 2; ++t) {
                assertEq(trace.valueAt(t), listedAt(t), "history");
            }
        }
    }

    function testValuesHaveTheirBits() public {
        trace.push(1, type(uint88).max);
        trace.push(2, 1);
        assertEq(trace.valueAt(1), type(uint88).max, "previous");
        assertEq(trace.valueAt(2), 1, "last");
        vm.expectRevert();
        this.push(3, uint256(type(uint88).max) + 1);
        vm.expectRevert();
        this.push(1 << 40, 1);
    }

    function push(uint256 time, uint256 value) external {
        trace.push(time, value);
    }

    function listedAt(uint48 time) private view returns (uint256 value) {
        for (uint256 i = 0; i < times.length && times[i] <= time; ++i) {
            value = values[i];
        }
    }
}
