// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StakeVault} from "../src/StakeVault.sol";
import {WitanAccess} from "../src/WitanAccess.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {IStakeVotes} from "../src/interfaces/IStakeVotes.sol";
import {MockEmission} from "./MockEmission.sol";
import {Test} from "./Test.sol";

/// @notice The vault alone, with this contract in the place of the subnets contract, and the moves of its users.
abstract contract VaultFixture is Test {
    uint48 internal constant GENESIS_TIME = 1_800_000_000;
    uint48 internal constant UNBONDING = 14 days;
    uint48 internal constant REWARD_UNLOCK = 1 days;
    uint48 internal constant MOVE_LOCK = 1 days;
    address internal constant TREASURY = address(0x7EA5);
    address internal constant SLASHER = address(0x51A5);
    address internal constant REPORTER = address(0x4E904);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant CAROL = address(0xCA401);

    MockEmission internal emission;
    WitanToken internal token;
    StakeVault internal vault;
    IStakeVotes internal votes;

    function setUp() public virtual {
        vm.warp(GENESIS_TIME);
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (TREASURY, 10_000_000e18);
        emission = new MockEmission();
        token = new WitanToken(address(emission), accounts, amounts);
        address access = address(new WitanAccess(SLASHER, address(0), address(0)));
        vault = new StakeVault(
            address(token), address(this), address(emission), access, UNBONDING, REWARD_UNLOCK, MOVE_LOCK
        );
        votes = vault.votes();
        emission.connect(token, vault);
        createNodes(4);
    }

    function createNodes(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            uint64 nodeId = vault.nodeCount() + 1;
            vault.createNode(ownerOf(nodeId), operatorOf(nodeId));
        }
    }

    function ownerOf(uint64 nodeId) internal pure returns (address) {
        return address(uint160(0x0A0000) + nodeId);
    }

    function operatorOf(uint64 nodeId) internal pure returns (address) {
        return address(uint160(0x0B0000) + nodeId);
    }

    function pass(uint256 time) internal {
        vm.warp(block.timestamp + time);
    }

    function fund(address account, uint256 assets) internal {
        vm.prank(TREASURY);
        assertTrue(token.transfer(account, assets), "transfer");
        vm.prank(account);
        token.approve(address(vault), assets);
    }

    function stakeAs(address account, uint64 nodeId, uint256 assets) internal returns (uint256 shares) {
        fund(account, assets);
        vm.prank(account);
        return vault.stake(nodeId, assets);
    }

    function unstakeAs(address account, uint64 nodeId) internal returns (uint256 requestId) {
        uint256 shares = vault.sharesOf(nodeId, account);
        vm.prank(account);
        return vault.requestUnstake(nodeId, shares);
    }

    function moveAs(address account, uint64 fromNode, uint64 toNode) internal returns (uint256 received) {
        uint256 shares = vault.sharesOf(fromNode, account);
        vm.prank(account);
        return vault.redelegate(fromNode, toNode, shares);
    }

    function withdrawAs(address account, uint256 requestId) internal returns (uint256 assets) {
        vm.prank(account);
        return vault.withdraw(requestId);
    }

    function delegateAs(address account, address delegatee) internal {
        vm.prank(account);
        votes.delegate(delegatee);
    }

    function slash(uint64 nodeId, uint16 bps, uint256 faultAt) internal returns (uint256 burned) {
        vm.prank(SLASHER);
        (burned,) = vault.slash(nodeId, bps, uint48(faultAt), address(0), 0);
    }

    /// @notice A reward in the pool of the node, still locked.
    function reward(uint64 nodeId, uint256 assets) internal {
        emission.reward(nodeId, assets);
        vault.sync(nodeId);
    }

    /// @notice All that the account could take home now and later, in wei.
    function wealthOf(address account) internal view returns (uint256 assets) {
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            assets += vault.assetsOf(nodeId, account);
        }
        (, IStakeVault.Unstake[] memory requests) = vault.requestsOf(account, 0, type(uint256).max);
        for (uint256 i = 0; i < requests.length; ++i) {
            assets += requests[i].assets;
        }
        uint256 debt = vault.debtOf(account);
        return token.balanceOf(account) + (debt < assets ? assets - debt : 0);
    }
}
