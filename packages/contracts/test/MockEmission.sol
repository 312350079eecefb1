// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WitanToken} from "../src/WitanToken.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";

/// @notice What the vault sees of the emission contract: rewards by hand, and a note of what it was told.
contract MockEmission {
    WitanToken private token;
    IStakeVault private vault;

    mapping(uint64 nodeId => uint256) public accrued;
    mapping(address account => bool) public hasPointed;
    mapping(address account => uint256) public lastStaked;
    mapping(address account => uint256) public changes;

    function connect(WitanToken token_, IStakeVault vault_) external {
        (token, vault) = (token_, vault_);
    }

    function reward(uint64 nodeId, uint256 amount) external {
        accrued[nodeId] += amount;
        token.mint(address(this), amount);
    }

    function pullPool(uint64 nodeId) external returns (uint256 amount) {
        amount = accrued[nodeId];
        accrued[nodeId] = 0;
        if (amount > 0) require(token.transfer(msg.sender, amount), "transfer");
    }

    function point(address account) external {
        hasPointed[account] = true;
    }

    function stakeChanged(address account) external {
        lastStaked[account] = vault.stakedOf(account);
        ++changes[account];
    }
}
