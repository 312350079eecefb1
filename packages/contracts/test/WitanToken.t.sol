// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IWitanToken} from "../src/interfaces/IWitanToken.sol";
import {Network} from "./Network.sol";

contract WitanTokenTest is Network {
    function testGenesisIsMintedOnce() public view {
        assertEq(token.totalSupply(), GENESIS, "supply");
        assertEq(token.genesisSupply(), GENESIS, "genesis");
        assertEq(token.balanceOf(TREASURY), GENESIS, "treasury");
        assertEq(token.cap(), 21_000_000e18, "cap");
    }

    function testGenesisListsMustMatch() public {
        vm.expectRevert(abi.encodeWithSelector(IWitanToken.GenesisLengthMismatch.selector, 1, 0));
        new WitanToken(address(emission), new address[](1), new uint256[](0));
    }

    function testOnlyEmissionMints() public {
        vm.expectRevert(abi.encodeWithSelector(IWitanToken.NotEmission.selector, address(this), address(emission)));
        token.mint(address(this), 1);
        vm.prank(DEPLOYER);
        vm.expectRevert(abi.encodeWithSelector(IWitanToken.NotEmission.selector, DEPLOYER, address(emission)));
        token.mint(DEPLOYER, 1);

        vm.prank(address(emission));
        token.mint(address(this), 5);
        assertEq(token.balanceOf(address(this)), 5, "minted");
    }

    function testCapHolds() public {
        uint256 cap = token.cap();
        uint256 room = cap - token.totalSupply();
        vm.prank(address(emission));
        token.mint(address(this), room);
        vm.prank(address(emission));
        vm.expectRevert(abi.encodeWithSelector(ERC20Capped.ERC20ExceededCap.selector, cap + 1, cap));
        token.mint(address(this), 1);
    }

    function testBurnNeedsOwnershipOrAllowance() public {
        vm.prank(TREASURY);
        token.burn(1e18);
        assertEq(token.totalSupply(), GENESIS - 1e18, "burned");

        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(this), 0, 1));
        token.burnFrom(TREASURY, 1);
        vm.prank(TREASURY);
        token.approve(address(this), 1);
        token.burnFrom(TREASURY, 1);
        assertEq(token.balanceOf(TREASURY), GENESIS - 1e18 - 1, "burned from");
    }
}
