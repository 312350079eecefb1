// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VaultFixture} from "./VaultFixture.sol";

/// @notice What the sizes that matter cost; the figures are printed with `-vv`.
contract StakeVaultGasTest is VaultFixture {
    event log_named_uint(string key, uint256 value); // forge prints it

    uint256 private constant TRANSACTION_LIMIT = 16_777_216; // EIP-7825

    function testStakesAndTakesOfManyNodes() public {
        createNodes(252);
        uint64[] memory nodeIds = new uint64[](256);
        for (uint64 i = 0; i < 256; ++i) {
            nodeIds[i] = i + 1;
        }
        stakeAll(1e18);
        uint48 first = uint48(block.timestamp);
        pass(100);
        measureStakesAt("256 nodes that did not change", nodeIds, first, 256e18, 3200);
        stakeAll(1e18);
        measureStakesAt("256 nodes changed once since", nodeIds, first, 256e18, 3200);
        pass(1);
        stakeAll(1e18);
        pass(1);
        measureStakesAt("256 nodes changed twice since", nodeIds, first, 256e18, 9500);

        vm.cool(address(vault));
        uint256 before = gasleft();
        vault.takesAt(nodeIds, first);
        print("takes of 256 nodes", before - gasleft(), 256 * 3200);
    }

    function testMoves() public {
        stakeAs(BOB, 1, 5e18);
        stakeAs(BOB, 2, 5e18);
        pass(1);
        fund(ALICE, 10e18);
        vm.prank(ALICE);
        cool();
        uint256 before = gasleft();
        uint256 shares = vault.stake(1, 10e18);
        print("stake, first of the account", before - gasleft(), 700_000);
        pass(1);
        vm.prank(ALICE);
        cool();
        before = gasleft();
        vault.redelegate(1, 2, shares / 2);
        print("redelegate", before - gasleft(), 900_000);
        pass(1);
        vm.prank(ALICE);
        cool();
        before = gasleft();
        uint256 request = vault.requestUnstake(1, shares / 2);
        print("requestUnstake", before - gasleft(), 600_000);
        vm.prank(SLASHER);
        cool();
        before = gasleft();
        vault.slash(1, 5000, uint48(block.timestamp), REPORTER, 1000);
        print("slash", before - gasleft(), 400_000);
        cool();
        before = gasleft();
        vault.syncVotes(ALICE, 2);
        print("syncVotes with a debt", before - gasleft(), 400_000);
        pass(UNBONDING);
        vm.prank(ALICE);
        cool();
        before = gasleft();
        vault.withdraw(request);
        print("withdraw", before - gasleft(), 200_000);
    }

    /// @notice The most that any one account's votes and delegations can cost.
    function testTheLargestTallies() public {
        createNodes(60);
        for (uint64 nodeId = 1; nodeId <= 32; ++nodeId) {
            stakeAs(ALICE, nodeId, 1e18);
            stakeAs(BOB, nodeId + 32, 1e18);
        }
        delegateAs(ALICE, CAROL);
        delegateAs(ALICE, ALICE);
        pass(1);
        vm.prank(BOB);
        cool();
        uint256 before = gasleft();
        votes.delegate(ALICE);
        print("delegate, 32 nodes to a delegatee with 32", before - gasleft(), TRANSACTION_LIMIT);
        pass(1);
        cool();
        before = gasleft();
        uint256 all = votes.getPastVotes(ALICE, block.timestamp - 1);
        print("getPastVotes over 64 seats", before - gasleft(), 1_000_000);
        assertEq(all, 64e18, "all");
        vm.prank(ALICE);
        votes.delegate(CAROL);
        pass(1);
        cool();
        vm.prank(BOB);
        before = gasleft();
        votes.delegate(CAROL); // every seat is taken
        print("delegate, 32 nodes to full seats", before - gasleft(), TRANSACTION_LIMIT);
    }

    function testManySlashesOfADeparture() public {
        stakeAs(ALICE, 1, 10e18);
        uint256 request = unstakeAs(ALICE, 1);
        for (uint256 i = 0; i < 100; ++i) {
            slash(1, 10, block.timestamp);
        }
        pass(UNBONDING);
        vm.prank(ALICE);
        cool();
        uint256 before = gasleft();
        vault.withdraw(request);
        print("withdraw after 100 slashes of the node", before - gasleft(), 400_000);
    }

    function stakeAll(uint256 assets) private {
        uint64 count = vault.nodeCount();
        for (uint64 nodeId = 1; nodeId <= count; ++nodeId) {
            address account = address(uint160(0xE00000) + nodeId);
            stakeAs(account, nodeId, assets);
        }
    }

    function measureStakesAt(string memory what, uint64[] memory nodeIds, uint48 time, uint256 sum, uint256 each)
        private
    {
        vm.cool(address(vault));
        uint256 before = gasleft();
        uint256[] memory stakes = vault.stakesAt(nodeIds, time);
        print(what, before - gasleft(), nodeIds.length * each);
        for (uint256 i = 0; i < stakes.length; ++i) {
            sum -= stakes[i];
        }
        assertEq(sum, 0, "stakes");
    }

    function cool() private {
        vm.cool(address(vault));
        vm.cool(address(votes));
        vm.cool(address(token));
        vm.cool(address(emission));
    }

    function print(string memory what, uint256 gas, uint256 limit) private {
        emit log_named_uint(what, gas);
        assertLe(gas, limit, what);
    }
}
