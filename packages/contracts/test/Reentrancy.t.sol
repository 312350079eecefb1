// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {StakeVault} from "../src/StakeVault.sol";
import {WitanAccess} from "../src/WitanAccess.sol";
import {Test} from "./Test.sol";

/// @notice A token that calls back, and the vault's emission contract at once.
contract HostileToken {
    bytes public attack;
    bytes public answer;

    function arm(bytes calldata attack_) external {
        attack = attack_;
    }

    function pullPool(uint64) external pure returns (uint256) {
        return 0;
    }

    function hasPointed(address) external pure returns (bool) {
        return false;
    }

    function burn(uint256) external {
        _callBack();
    }

    function transfer(address, uint256) external returns (bool) {
        return _callBack();
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        return _callBack();
    }

    function _callBack() private returns (bool) {
        bytes memory data = attack;
        if (data.length == 0) return true;
        bool entered;
        (entered, answer) = msg.sender.call(data);
        return !entered;
    }
}

contract ReentrancyTest is Test {
    HostileToken private token;
    StakeVault private vault;

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new HostileToken();
        address access = address(new WitanAccess(address(this), address(0), address(0)));
        vault = new StakeVault(address(token), address(this), address(token), access, 1 days, 1 days, 1 days);
        vault.createNode(address(this), address(0xA));
        vault.stake(1, 100);
    }

    function testNoMoveReentersFromATransfer() public {
        bytes[] memory attacks = new bytes[](9);
        attacks[0] = abi.encodeCall(vault.stake, (1, 1));
        attacks[1] = abi.encodeCall(vault.requestUnstake, (1, 1));
        attacks[2] = abi.encodeCall(vault.withdraw, (1));
        attacks[3] = abi.encodeCall(vault.sync, (1));
        attacks[4] = abi.encodeCall(vault.redelegate, (1, 2, 1));
        attacks[5] = abi.encodeCall(vault.withdrawAll, (new uint256[](1)));
        attacks[6] = abi.encodeCall(vault.syncVotes, (address(this), 1));
        attacks[7] = abi.encodeCall(vault.slash, (1, 1, 1, address(0), 0));
        attacks[8] = abi.encodeCall(vault.rewardPool, (1, 1));
        for (uint256 i = 0; i < attacks.length; ++i) {
            token.arm(attacks[i]);
            vault.stake(1, 100);
            assertRefused();
            token.arm(attacks[i]);
            vault.rewardPool(1, 100);
            assertRefused();
            token.arm("");
            uint256 requestId = vault.requestUnstake(1, 10e6);
            vm.warp(block.timestamp + 1 days);
            token.arm(attacks[i]);
            vault.withdraw(requestId);
            assertRefused();
            token.arm(attacks[i]);
            vault.slash(1, 1, uint48(block.timestamp), address(0), 0);
            assertRefused();
        }
    }

    function assertRefused() private view {
        bytes4 selector = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        assertEq(bytes32(token.answer()), bytes32(selector), "refused by the guard");
    }
}
