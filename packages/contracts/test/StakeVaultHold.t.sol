// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGoverned} from "../src/interfaces/IGoverned.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice Nothing that is liable leaves while a court decides, and nothing is held for ever.
contract StakeVaultHoldTest is VaultFixture {
    uint48 private constant MAX_HOLD = 2 * UNBONDING;

    function testOnlyWhoThePermissionsLetHolds() public {
        bytes4 selector = vault.hold.selector;
        vm.expectRevert(
            abi.encodeWithSelector(IGoverned.NotAuthorized.selector, address(this), address(vault), selector)
        );
        vault.hold(1);
        selector = vault.release.selector;
        vm.expectRevert(
            abi.encodeWithSelector(IGoverned.NotAuthorized.selector, address(this), address(vault), selector)
        );
        vault.release(1, 0);
        vm.prank(SLASHER);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.NodeUnknown.selector, 9));
        vault.hold(9);
    }

    function testARequestIsHeldAndReleased() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 request = unstakeAs(ALICE, 1);
        pass(UNBONDING);
        uint48 heldAt = hold(1);
        pass(1);
        refusesWithdrawal(ALICE, request, 1, heldAt);
        assertEq(vault.maxHold(), MAX_HOLD, "declared");
        vm.expectEmit(true, true, true, true);
        emit IStakeVault.Released(1, heldAt, 0);
        release(1, heldAt);
        assertEq(withdrawAs(ALICE, request), 100e18, "paid");
    }

    function testWhoLeftLongBeforeTheHoldIsPaid() public {
        stakeAs(ALICE, 1, 100e18);
        uint256 request = unstakeAs(ALICE, 1);
        pass(UNBONDING + 1);
        hold(1);
        pass(10 days);
        assertEq(withdrawAs(ALICE, request), 100e18, "no longer liable when the hold came");
    }

    /// @notice A hold keeps alive what was liable when it came: the slash finds it however long it takes.
    function testASlashAfterALongHoldStillHits() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(BOB, 1, 100e18);
        uint256 faultAt = block.timestamp;
        uint256 request = unstakeAs(ALICE, 1);
        moveAs(BOB, 1, 2);
        pass(UNBONDING);
        uint48 heldAt = hold(1);
        pass(UNBONDING);
        vault.syncVotes(BOB, 2); // forgets what is no longer liable
        slash(1, 1000, faultAt);
        release(1, heldAt);
        assertEq(withdrawAs(ALICE, request), 90e18, "a request");
        assertEq(wealthOf(BOB), 90e18, "a redelegation");
    }

    function testRedelegatedStakeHoldsTheWithdrawalsOfItsAccount() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(ALICE, 2, 100e18);
        moveAs(ALICE, 1, 3);
        uint256 request = unstakeAs(ALICE, 2);
        pass(UNBONDING);
        uint48 heldAt = hold(1);
        pass(1);
        refusesWithdrawal(ALICE, request, 1, heldAt);
        release(1, heldAt);
        assertEq(withdrawAs(ALICE, request), 100e18, "paid");
    }

    function testTheOwnersStakeStaysInThePool() public {
        address owner = ownerOf(1);
        uint256 shares = stakeAs(owner, 1, 100e18);
        uint48 heldAt = hold(1);
        bytes memory reason = abi.encodeWithSelector(IStakeVault.OwnerHeld.selector, 1, owner, heldAt + MAX_HOLD);
        vm.startPrank(owner);
        vm.expectRevert(reason);
        vault.requestUnstake(1, shares);
        vm.expectRevert(reason);
        vault.redelegate(1, 2, shares);
        vm.stopPrank();
        pass(MAX_HOLD + 1);
        unstakeAs(owner, 1);
    }

    function testTheOwnerIsNotKeptForEver() public {
        address owner = ownerOf(1);
        stakeAs(owner, 1, 100e18);
        uint48 heldAt = hold(1);
        for (uint256 i = 0; i < 3; ++i) {
            pass(MAX_HOLD / 3);
            hold(1);
        }
        uint256 shares = vault.sharesOf(1, owner);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.OwnerHeld.selector, 1, owner, heldAt + MAX_HOLD));
        vault.requestUnstake(1, shares);
        pass(1);
        uint256 request = unstakeAs(owner, 1);
        hold(1);
        slash(1, 5000, block.timestamp - 1);
        assertEq(vault.unstakeRequest(request).assets, 50e18, "and its stake is liable all the same");
    }

    /// @notice What came at the end of many holds is held for its own time.
    function testALateHoldLastsAsLongAsAnyOther() public {
        stakeAs(ALICE, 1, 100e18);
        uint48 first = hold(1);
        pass(MAX_HOLD - 1);
        uint256 faultAt = block.timestamp;
        uint256 request = unstakeAs(ALICE, 1);
        pass(UNBONDING);
        uint48 second = hold(1);
        assertEq(second, first + MAX_HOLD - 1 + UNBONDING, "a hold of its own, for the first has lapsed");
        pass(1);
        refusesWithdrawal(ALICE, request, 1, second);
        uint256 snapshot = vm.snapshotState();
        pass(MAX_HOLD - 2);
        uint48 third = hold(1);
        pass(1);
        refusesWithdrawal(ALICE, request, 1, third);
        slash(1, 1000, faultAt);
        pass(1);
        assertEq(withdrawAs(ALICE, request), 90e18, "no longer held by the second, and too old for the third");
        vm.revertToState(snapshot);
        pass(MAX_HOLD);
        assertEq(withdrawAs(ALICE, request), 100e18, "lapsed");
    }

    /// @notice However often the node is slashed for what it does later, what left it long ago does not pay for the way.
    function testLaterSlashesCostALeaverNothing() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(BOB, 1, 100e18);
        stakeAs(CAROL, 1, 100e18);
        uint256 request = unstakeAs(ALICE, 1);
        moveAs(BOB, 1, 2);
        pass(UNBONDING + MAX_HOLD + 1);
        for (uint256 i = 0; i < 500; ++i) {
            slash(1, 1, block.timestamp);
        }
        uint256 gas = gasleft();
        assertEq(withdrawAs(ALICE, request), 100e18, "whole");
        assertLe(gas - gasleft(), 150_000, "gas of the withdrawal");
        gas = gasleft();
        vault.syncVotes(BOB, 2);
        assertLe(gas - gasleft(), 150_000, "gas of the sync");
        assertEq(wealthOf(BOB), 100e18, "whole");
    }

    function testDelegatorsMayStillLeaveThePool() public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(BOB, 1, 100e18);
        hold(1);
        uint256 request = unstakeAs(ALICE, 1);
        moveAs(BOB, 1, 2);
        slash(1, 5000, block.timestamp);
        assertEq(vault.unstakeRequest(request).assets, 50e18, "and pay");
        assertEq(wealthOf(BOB), 50e18, "and pay");
    }

    function testHoldsAreCountedAndTheFirstCounts() public {
        uint48 first = hold(1);
        pass(1 days);
        uint48 second = hold(1);
        assertEq(vault.heldSince(1), first, "the first");
        release(1, first);
        assertEq(vault.heldSince(1), first, "still held, as long as any is open");
        release(1, second);
        assertEq(vault.heldSince(1), 0, "free");
        release(1, second);
        assertEq(vault.heldSince(1), 0, "no more than there were");
        uint48 third = hold(1);
        assertEq(vault.heldSince(1), third, "a new one");
    }

    function testALateReleaseEndsNoOtherHold() public {
        uint48 first = hold(1);
        pass(MAX_HOLD + 1);
        assertEq(vault.heldSince(1), 0, "lapsed");
        uint48 second = hold(1);
        release(1, first);
        assertEq(vault.heldSince(1), second, "of another time");
    }

    /// @notice A court that only ever holds delays a withdrawal, by a bounded time.
    function testFuzzABrokenCourtCannotLockStakeForEver(uint256 seed) public {
        stakeAs(ALICE, 1, 100e18);
        stakeAs(ALICE, 2, 100e18);
        moveAs(ALICE, 1, 3);
        uint256 request = unstakeAs(ALICE, 2);
        uint256 start = block.timestamp;
        while (true) {
            seed = uint256(keccak256(abi.encode(seed)));
            hold(1);
            hold(2);
            pass(bound(seed, 1 hours, 5 days));
            if (block.timestamp > start + UNBONDING + MAX_HOLD + 10 days) break;
        }
        assertEq(withdrawAs(ALICE, request), 100e18, "paid while the court goes on holding");
    }

    function testAHoldLapses() public {
        stakeAs(ALICE, 1, 100e18);
        uint48 heldAt = hold(1);
        uint256 request = unstakeAs(ALICE, 1);
        pass(MAX_HOLD);
        refusesWithdrawal(ALICE, request, 1, heldAt);
        pass(1);
        assertEq(withdrawAs(ALICE, request), 100e18, "whatever the court does");
    }

    function testTheBooksKnowWhenAKeyWasReplaced() public {
        assertEq(vault.retiredAt(operatorOf(1)), 0, "serves");
        pass(5);
        vault.setOperator(1, address(0x0E));
        assertEq(vault.retiredAt(operatorOf(1)), block.timestamp, "replaced");
        assertEq(vault.everNodeOf(operatorOf(1)), 1, "and still the node's");
        vault.setOperator(1, operatorOf(1));
        assertEq(vault.retiredAt(operatorOf(1)), 0, "again");
        assertEq(vault.retiredAt(address(0x0E)), block.timestamp, "the other");
    }

    function refusesWithdrawal(address account, uint256 request, uint64 nodeId, uint48 heldAt) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IStakeVault.WithdrawalHeld.selector, request, nodeId, heldAt + MAX_HOLD));
        vault.withdraw(request);
    }

    function hold(uint64 nodeId) private returns (uint48 heldAt) {
        vm.prank(SLASHER);
        vault.hold(nodeId);
        return uint48(block.timestamp);
    }

    function release(uint64 nodeId, uint48 heldAt) private {
        vm.prank(SLASHER);
        vault.release(nodeId, heldAt);
    }
}
