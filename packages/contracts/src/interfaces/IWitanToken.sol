// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The token of the network
/// @notice ERC-20 with permit (ERC-2612) and a cap of 21,000,000. The genesis list is minted at creation; after that
/// only the emission contract mints, so that supply follows the schedule. Anybody may burn what is their own.
interface IWitanToken is IERC20 {
    /// @param emission the only account that may mint
    error NotEmission(address caller, address emission);
    error GenesisLengthMismatch(uint256 accounts, uint256 amounts);

    /// @notice The only account that may mint.
    function emission() external view returns (address);

    /// @notice The largest supply, in wei.
    function cap() external view returns (uint256);

    /// @notice What the genesis list held together, in wei; the emission schedule ends at `cap() - genesisSupply()`.
    function genesisSupply() external view returns (uint256);

    /// @notice Mints to `account`. Reverts with `NotEmission`, or `ERC20ExceededCap` past the cap.
    function mint(address account, uint256 amount) external;

    /// @notice Burns from the caller.
    function burn(uint256 amount) external;

    /// @notice Burns from `account`, spending the caller's allowance.
    function burnFrom(address account, uint256 amount) external;
}
