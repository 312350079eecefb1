// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {EmissionBench} from "./EmissionBench.sol";

/// @notice What paying an epoch costs with nothing accessed before, as within a settlement; printed with `-vv`.
contract EmissionGasTest is EmissionBench {
    event log_named_uint(string key, uint256 value); // forge prints it

    uint256 private constant WORD = 5000; // a storage word that is not zero: cold read and write

    function testLargestSubnetWithScatteredValidators() public {
        measure("256 uids, 64 validators one a word", 256, 4, 64 + 64);
    }

    function testLargestSubnetWithValidatorsInARow() public {
        measure("256 uids, 64 validators in a row", 256, 1, 64 + 16);
    }

    function testLocalNetwork() public {
        measure("12 uids, 3 validators", 12, 4, 3 + 3);
    }

    function measure(string memory what, uint16 n, uint256 stride, uint256 words) private {
        deploy(10_000);
        activate(1);
        uint256[] memory incentive = new uint256[](n);
        uint256[] memory pay = new uint256[](n);
        uint256[] memory takes = new uint256[](n);
        uint256 validators = n / 4;
        for (uint256 uid = 0; uid < n; ++uid) {
            incentive[uid] = ONE / n - uid;
            takes[uid] = 1000;
            if (uid % stride == 0 && uid / stride < validators) pay[uid] = ONE / validators - uid;
        }
        uint48 end = START;
        for (uint64 epoch = 0; epoch < 3; ++epoch) {
            end += PERIOD;
            vm.warp(end + PERIOD / 4);
            IEmission.Payment memory p = payment(end, incentive, pay, takes);
            vm.cool(address(emission));
            vm.cool(address(token));
            bytes memory data = abi.encodeCall(emission.payEpoch, (1, epoch, p));
            uint256 before = gasleft();
            (bool ok,) = address(emission).call(data);
            uint256 used = before - gasleft();
            assertTrue(ok, "paid");
            if (epoch == 2) {
                emit log_named_uint(what, used);
                emit log_named_uint("  of it beyond its lanes' storage", used - words * WORD);
            }
        }
    }
}
