// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";

/// @dev What is owed to accounts, each of which is paid by itself.
abstract contract Payouts is IRevenueSplitter, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;

    /// @inheritdoc IRevenueSplitter
    mapping(address account => uint256) public owedTo;

    constructor(address token_) {
        token = IERC20(token_);
    }

    /// @inheritdoc IRevenueSplitter
    function withdraw(address account) external nonReentrant returns (uint256 assets) {
        assets = owedTo[account];
        if (assets == 0) revert NothingDue();
        owedTo[account] = 0;
        emit Withdrawn(account, assets);
        token.safeTransfer(account, assets);
    }

    function _credit(address account, uint256 assets) internal {
        if (assets == 0) return;
        owedTo[account] += assets;
        emit Credited(account, assets);
    }
}
