// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IStakeVotes} from "../src/interfaces/IStakeVotes.sol";
import {VaultFixture} from "./VaultFixture.sol";

contract StakeVaultVotesTest is VaultFixture {
    uint256 private constant KEY = 0xC0FFEE;

    function testStakeVotesForItselfWithoutAnAction() public {
        fund(ALICE, 10e18);
        vm.expectEmit(true, true, true, true);
        emit IVotes.DelegateVotesChanged(ALICE, 0, 10e18);
        vm.prank(ALICE);
        vault.stake(1, 10e18);
        stakeAs(ALICE, 2, 5e18);
        assertEq(votes.delegates(ALICE), ALICE, "itself");
        assertEq(votes.getVotes(ALICE), 15e18, "over all nodes");
        assertEq(votes.stakedOf(ALICE), 15e18, "staked");
        assertEq(votes.countedOf(ALICE, 2), 5e18, "on one node");
        assertEq(votes.vault(), address(vault), "vault");
    }

    function testPastVotes() public {
        uint256 start = block.timestamp;
        stakeAs(ALICE, 1, 10e18);
        pass(10);
        stakeAs(ALICE, 2, 5e18);
        pass(10);
        unstakeAs(ALICE, 1);
        pass(10);
        assertEq(votes.getPastVotes(ALICE, start - 1), 0, "before");
        assertEq(votes.getPastVotes(ALICE, start), 10e18, "the first stake");
        assertEq(votes.getPastVotes(ALICE, start + 19), 15e18, "both");
        assertEq(votes.getPastVotes(ALICE, start + 20), 5e18, "unbonding stake has no vote");
        assertEq(votes.getPastTotalSupply(start + 19), 15e18, "all stake then");
        assertEq(votes.getPastTotalSupply(start + 20), 5e18, "all stake now");
        uint256 time = block.timestamp;
        vm.expectRevert(abi.encodeWithSelector(IStakeVotes.ERC5805FutureLookup.selector, time, time));
        votes.getPastVotes(ALICE, time);
        vm.expectRevert(abi.encodeWithSelector(IStakeVotes.ERC5805FutureLookup.selector, time, time));
        votes.getPastTotalSupply(time);
        assertEq(votes.clock(), time, "clock");
        assertEq(keccak256(bytes(votes.CLOCK_MODE())), keccak256("mode=timestamp"), "mode");
    }

    function testRewardsVoteOnceSynced() public {
        stakeAs(ALICE, 1, 10e18);
        reward(1, 10e18);
        pass(REWARD_UNLOCK);
        assertEq(votes.getVotes(ALICE), 10e18, "as last counted");
        vault.syncVotes(ALICE, 1);
        assertEq(votes.getVotes(ALICE), 20e18 - 1, "rounded down");
    }

    function testMovedStakeVotesWhereItIs() public {
        stakeAs(ALICE, 1, 10e18);
        uint256 start = block.timestamp;
        pass(1);
        moveAs(ALICE, 1, 2);
        assertEq(votes.getVotes(ALICE), 10e18, "once");
        assertEq(votes.countedOf(ALICE, 1), 0, "no longer there");
        slash(2, 1, block.timestamp);
        assertEq(votes.getVotes(ALICE), 0, "voided with its node");
        assertEq(votes.getPastVotes(ALICE, start), 10e18, "the past stays");
    }

    function testDelegation() public {
        stakeAs(ALICE, 1, 10e18);
        stakeAs(ALICE, 2, 1e18);
        stakeAs(BOB, 1, 5e18);
        vm.expectEmit(true, true, true, true);
        emit IVotes.DelegateChanged(ALICE, ALICE, BOB);
        vm.expectEmit(true, true, true, true);
        emit IVotes.DelegateVotesChanged(ALICE, 11e18, 0);
        vm.expectEmit(true, true, true, true);
        emit IVotes.DelegateVotesChanged(BOB, 5e18, 16e18);
        delegateAs(ALICE, BOB);
        assertEq(votes.getVotes(ALICE), 0, "given away");
        stakeAs(ALICE, 3, 4e18);
        assertEq(votes.getVotes(BOB), 20e18, "later stake follows");
        delegateAs(BOB, CAROL);
        assertEq(votes.getVotes(CAROL), 5e18, "delegation does not chain");
        delegateAs(ALICE, CAROL);
        assertEq(votes.getVotes(BOB), 0, "moved on");
        assertEq(votes.getVotes(CAROL), 20e18, "to another one");
        delegateAs(ALICE, address(0));
        assertEq(votes.delegates(ALICE), ALICE, "taken back");
        assertEq(votes.getVotes(ALICE), 15e18, "own votes");
        assertEq(votes.stakedOf(ALICE), 15e18, "staked is the account's own");
    }

    function testDelegationBySignature() public {
        address signer = vm.addr(KEY);
        stakeAs(signer, 1, 10e18);
        (uint8 v, bytes32 r, bytes32 s) = signDelegation(BOB, 0, block.timestamp);
        votes.delegateBySig(BOB, 0, block.timestamp, v, r, s);
        assertEq(votes.getVotes(BOB), 10e18, "delegated");
        vm.expectRevert(abi.encodeWithSelector(Nonces.InvalidAccountNonce.selector, signer, 1));
        votes.delegateBySig(BOB, 0, block.timestamp, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(IVotes.VotesExpiredSignature.selector, block.timestamp - 1));
        votes.delegateBySig(BOB, 1, block.timestamp - 1, v, r, s);
        (v, r, s) = signDelegation(CAROL, 1, block.timestamp);
        vm.chainId(999); // a fork
        vm.expectRevert();
        votes.delegateBySig(CAROL, 1, block.timestamp, v, r, s);
    }

    function testASlashVoidsUntilSynced() public {
        stakeAs(ALICE, 1, 10e18);
        stakeAs(ALICE, 2, 1e18);
        stakeAs(BOB, 1, 20e18);
        delegateAs(BOB, CAROL);
        uint256 time = block.timestamp;
        pass(1);
        slash(1, 5000, time);
        assertEq(votes.getVotes(ALICE), 1e18, "other nodes stay");
        assertEq(votes.getVotes(CAROL), 0, "delegated votes too");
        pass(1);
        assertEq(votes.getPastVotes(ALICE, time + 1), 1e18, "at a snapshot");
        assertEq(votes.getPastVotes(CAROL, time + 1), 0, "of delegated ones too");
        vault.syncVotes(ALICE, 1);
        vault.syncVotes(BOB, 1);
        assertEq(votes.getVotes(ALICE), 6e18, "own");
        assertEq(votes.getVotes(CAROL), 10e18, "delegated");
        pass(1);
        assertEq(votes.getPastVotes(CAROL, time), 20e18, "before the slash");
        assertEq(votes.getPastVotes(CAROL, time + 1), 0, "after it");
        assertEq(votes.getPastVotes(CAROL, time + 2), 10e18, "synced");
        assertEq(votes.getPastTotalSupply(time + 2), 16e18, "all stake");
    }

    function testDelegationDuringTheVoid() public {
        stakeAs(ALICE, 1, 10e18);
        stakeAs(BOB, 1, 10e18);
        delegateAs(BOB, CAROL);
        slash(1, 5000, block.timestamp);
        delegateAs(ALICE, CAROL);
        assertEq(votes.getVotes(CAROL), 0, "void votes move as nothing");
        vault.syncVotes(BOB, 1);
        vault.syncVotes(ALICE, 1);
        assertEq(votes.getVotes(CAROL), 10e18, "and count once synced");
        delegateAs(ALICE, ALICE);
        assertEq(votes.getVotes(CAROL), 5e18, "taken out exactly");
        assertEq(votes.getVotes(ALICE), 5e18, "to the wei");
    }

    /// @notice `syncVotes` is anybody's, and the votes of several accounts may be one delegatee's: only this event says
    /// whose stake was counted as what.
    function testEveryCountIsTold() public {
        stakeAs(ALICE, 1, 10e18);
        stakeAs(BOB, 1, 20e18);
        delegateAs(ALICE, CAROL);
        delegateAs(BOB, CAROL);
        slash(1, 5000, block.timestamp);
        vm.expectEmit(true, true, true, true);
        emit IStakeVotes.StakeCounted(BOB, 1, 10e18);
        vault.syncVotes(BOB, 1);
    }

    function testOnlyTheVaultCounts() public {
        vm.expectRevert(abi.encodeWithSelector(IStakeVotes.NotVault.selector, address(this), address(vault)));
        votes.count(ALICE, 1, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IStakeVotes.NotVault.selector, address(this), address(vault)));
        votes.voidNode(1);
    }

    /// @notice 32 nodes of dust cannot keep a big delegator out, nor push out the delegatee's own stake.
    function testDustNeverBlocksDelegatedVotes() public {
        createNodes(40);
        stakeAs(CAROL, 40, 1);
        for (uint64 nodeId = 1; nodeId <= 32; ++nodeId) {
            stakeAs(ALICE, nodeId, 10 + nodeId);
        }
        delegateAs(ALICE, CAROL);
        uint256 before = votes.getVotes(CAROL);
        assertTrue(votes.isCounted(ALICE, 1), "the smallest has a seat");

        stakeAs(BOB, 33, 10e18);
        delegateAs(BOB, CAROL);
        assertEq(votes.getVotes(CAROL), before + 10e18 - 11, "in the place of the smallest");
        assertTrue(!votes.isCounted(ALICE, 1), "which lost its seat");
        assertEq(votes.countedOf(ALICE, 1), 11, "not its stake");
        assertTrue(votes.isCounted(CAROL, 40), "own stake has seats of its own");

        vault.syncVotes(ALICE, 1);
        assertTrue(!votes.isCounted(ALICE, 1), "too small to return");
        delegateAs(ALICE, ALICE);
        assertEq(votes.getVotes(CAROL), 10e18 + 1, "taken out exactly");
        assertEq(votes.getVotes(ALICE), votes.stakedOf(ALICE), "all own votes are back");
        delegateAs(ALICE, CAROL);
        assertEq(votes.getVotes(CAROL), before + 10e18 - 11, "given again");
        unstakeAs(BOB, 33);
        vault.syncVotes(ALICE, 1);
        assertTrue(votes.isCounted(ALICE, 1), "back when there is room");
        assertEq(votes.getVotes(CAROL), before, "as at first");
    }

    /// @notice Votes of an earlier stay of a node are never taken out of a later one.
    function testATenancyEndsWithTheSeat() public {
        createNodes(40);
        stakeAs(BOB, 33, 5e18);
        delegateAs(BOB, CAROL);
        for (uint64 nodeId = 1; nodeId <= 32; ++nodeId) {
            stakeAs(ALICE, nodeId, 10e18);
        }
        delegateAs(ALICE, CAROL);
        assertTrue(!votes.isCounted(BOB, 33), "pushed out");
        address dave = address(0xDA7E);
        stakeAs(dave, 33, 20e18);
        delegateAs(dave, CAROL); // the node has a seat again
        assertTrue(!votes.isCounted(BOB, 33), "that is not Bob's");
        uint256 before = votes.getVotes(CAROL);
        unstakeAs(BOB, 33);
        assertEq(votes.getVotes(CAROL), before, "nothing was counted, nothing is taken");
        assertTrue(votes.isCounted(dave, 33), "Dave's stay");
    }

    function testFuzzVotesNeverExceedStake(uint256 first, uint256 second, uint256 gift, uint256 bps) public {
        first = bound(first, 1, 1_000_000e18);
        second = bound(second, 1, 1_000_000e18);
        stakeAs(ALICE, 1, first);
        reward(1, bound(gift, 1, 1_000_000e18));
        pass(REWARD_UNLOCK / 3);
        vault.sync(1);
        vm.assume(vault.toSharesDown(1, second) > 0);
        stakeAs(BOB, 1, second);
        delegateAs(BOB, ALICE);
        slash(1, uint16(bound(bps, 1, 9999)), block.timestamp);
        vault.syncVotes(ALICE, 1);
        vault.syncVotes(BOB, 1);
        pass(1);
        assertLe(votes.getVotes(ALICE), votes.getPastTotalSupply(block.timestamp - 1), "votes");
        assertEq(votes.getVotes(ALICE), votes.stakedOf(ALICE) + votes.stakedOf(BOB), "all counted");
    }

    function signDelegation(address delegatee, uint256 nonce, uint256 expiry)
        private
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Witan"),
                keccak256("1"),
                block.chainid,
                address(votes)
            )
        );
        bytes32 typehash = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 structHash = keccak256(abi.encode(typehash, delegatee, nonce, expiry));
        return vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }
}
