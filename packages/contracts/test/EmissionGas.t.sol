// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {EmissionBench} from "./EmissionBench.sol";

/// @notice What paying an epoch costs with nothing accessed before, as within a settlement; printed with `-vv`.
contract EmissionGasTest is EmissionBench {
    event log_named_uint(string key, uint256 value); // forge prints it

    uint256 private constant WORD = 5000; // a storage word that is not zero: cold read and write

    function testLargestSubnetWithScatteredValidators() public {
        measure("256 uids, 64 validators one a word", 256, 4, 64 + 16);
    }

    function testLargestSubnetWithValidatorsInARow() public {
        measure("256 uids, 64 validators in a row", 256, 1, 64 + 16);
    }

    function testLocalNetwork() public {
        measure("12 uids, 3 validators", 12, 4, 3 + 3);
    }

    /// @notice The worst case: every slot changed hands between the epoch's end and its settlement, with nothing accrued
    /// before, so that every word and every credit is new.
    function testEverySlotReplacedBeforeTheSettlement() public {
        deploy(10_000);
        activate(1);
        registerMany(1, 1, 256);
        (uint256[] memory incentive, uint256[] memory pay, uint256[] memory takes) = evenShares(256, 4);
        uint48 end = START + PERIOD;
        vm.warp(end + 1);
        for (uint16 uid = 0; uid < 256; ++uid) {
            subnets.replace(1, uid, 1001 + uint64(uid));
        }
        uint256 used = payGas(0, payment(end, incentive, pay, takes));
        emit log_named_uint("256 uids, all redirected, all words new", used);
        assertLe(used, 13_500_000, "some 40,000 a slot");
    }

    function measure(string memory what, uint16 n, uint256 stride, uint256 words) private {
        deploy(10_000);
        activate(1);
        (uint256[] memory incentive, uint256[] memory pay, uint256[] memory takes) = evenShares(n, stride);
        uint256 used = 0;
        for (uint48 epoch = 1; epoch <= 3; ++epoch) {
            uint48 end = START + PERIOD * epoch;
            vm.warp(end + PERIOD / 4);
            used = payGas(epoch, payment(end, incentive, pay, takes));
        }
        emit log_named_uint(what, used);
        emit log_named_uint("  of it beyond the storage of its lanes", used - words * WORD);
    }

    /// @dev A quarter of the slots validate, `stride` uids apart.
    function evenShares(uint16 n, uint256 stride)
        private
        pure
        returns (uint256[] memory incentive, uint256[] memory pay, uint256[] memory takes)
    {
        (incentive, pay, takes) = (new uint256[](n), new uint256[](n), new uint256[](n));
        uint256 validators = n / 4;
        for (uint256 uid = 0; uid < n; ++uid) {
            incentive[uid] = ONE / n - uid;
            takes[uid] = 1000;
            if (uid % stride == 0 && uid / stride < validators) pay[uid] = ONE / validators - uid;
        }
    }

    function payGas(uint64 epoch, IEmission.Payment memory p) private returns (uint256) {
        vm.cool(address(emission));
        vm.cool(address(token));
        bytes memory data = abi.encodeCall(emission.payEpoch, (1, epoch, p));
        uint256 before = gasleft();
        (bool ok,) = address(emission).call(data);
        uint256 used = before - gasleft();
        assertTrue(ok, "paid");
        return used;
    }
}
