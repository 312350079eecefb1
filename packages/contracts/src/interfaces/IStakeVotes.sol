// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title Votes of staked tokens
/// @notice The votes of an account are what its stake was worth, in wei, when it was last counted: at every move of the
/// account and at every `IStakeVault.syncVotes`, which anybody may call. They count for the account itself until it
/// delegates; `delegate(address(0))` takes them back. Stake on its way out and stake taken for a debt count nothing.
/// @dev Reads as any `IERC5805` with the timestamp as clock. A slash voids all votes on the node, also delegated ones,
/// until each account is counted again; no event of this contract says so, `IStakeVault.Slashed` does. A delegatee's own
/// stake and what others delegated to it are summed apart, in up to 32 nodes each: own stake always fits; of delegated
/// stake the nodes that weigh least count nothing (`isCounted`) until there is room and they are counted again.
/// Always: the sum of all votes ≤ `getPastTotalSupply`, at every moment.
interface IStakeVotes is IERC5805 {
    /// @notice From now on the account's stake on a node counts as `assets` wei, whether or not it has a seat.
    event StakeCounted(address indexed account, uint64 indexed nodeId, uint256 assets);

    error NotVault(address caller, address vault);
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);

    /// @notice Counts `assets` wei of the account on a node from now on. Only the vault.
    function count(address account, uint64 nodeId, uint256 assets) external;

    /// @notice Voids all votes on a node until they are counted again. Only the vault, at a slash.
    function voidNode(uint64 nodeId) external;

    /// @notice The account's stake over all nodes as last counted, in wei, whether or not it votes.
    function stakedOf(address account) external view returns (uint256 assets);

    /// @notice What the account's stake on a node was worth when last counted, in wei.
    function countedOf(address account, uint64 nodeId) external view returns (uint256 assets);

    /// @notice Whether `countedOf` counts among the votes of the account's delegatee.
    function isCounted(address account, uint64 nodeId) external view returns (bool);

    /// @notice Who reports stake.
    function vault() external view returns (address);
}
