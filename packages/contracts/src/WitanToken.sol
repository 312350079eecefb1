// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IWitanToken} from "./interfaces/IWitanToken.sol";

contract WitanToken is ERC20Permit, ERC20Capped, ERC20Burnable, IWitanToken {
    uint256 private constant CAP = 21_000_000e18;

    /// @inheritdoc IWitanToken
    address public immutable emission;
    /// @inheritdoc IWitanToken
    uint256 public immutable genesisSupply;

    constructor(address emission_, address[] memory accounts, uint256[] memory amounts)
        ERC20("Witan", "WITAN")
        ERC20Permit("Witan")
        ERC20Capped(CAP)
    {
        if (accounts.length != amounts.length) {
            revert GenesisLengthMismatch(accounts.length, amounts.length);
        }
        emission = emission_;
        for (uint256 i = 0; i < accounts.length; ++i) {
            _mint(accounts[i], amounts[i]);
        }
        genesisSupply = totalSupply();
    }

    /// @inheritdoc IWitanToken
    function mint(address account, uint256 amount) external {
        if (msg.sender != emission) revert NotEmission(msg.sender, emission);
        _mint(account, amount);
    }

    /// @inheritdoc IWitanToken
    function burn(uint256 amount) public override(ERC20Burnable, IWitanToken) {
        super.burn(amount);
    }

    /// @inheritdoc IWitanToken
    function burnFrom(address account, uint256 amount) public override(ERC20Burnable, IWitanToken) {
        super.burnFrom(account, amount);
    }

    /// @inheritdoc IWitanToken
    function cap() public view override(ERC20Capped, IWitanToken) returns (uint256) {
        return super.cap();
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}
