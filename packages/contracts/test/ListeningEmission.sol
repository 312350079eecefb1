// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {IStakeListener} from "../src/interfaces/IStakeListener.sol";

/// @notice The emission contract, and what the vault told it about accounts.
contract ListeningEmission is Emission, IStakeListener {
    mapping(address account => bool) public hasPointed;
    mapping(address account => uint256) public staked;
    mapping(address account => uint256) public changes;

    constructor(address token_, address vault_, address subnets_, address consensus_)
        Emission(token_, vault_, subnets_, consensus_)
    {}

    function point(address account) external {
        hasPointed[account] = true;
    }

    function stakeChanged(address account) external {
        staked[account] = vault.stakedOf(account);
        ++changes[account];
    }
}
