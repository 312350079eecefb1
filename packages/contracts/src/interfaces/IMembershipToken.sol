// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IGoverned} from "./IGoverned.sol";

/// @title The members of a consortium that decides by heads
/// @notice Each member has one vote, 1e18 units of a token that cannot be moved, whatever its stake. A governor over this
/// contract's votes decides who else is a member; nobody else can. A vote counts for the member itself
/// until it delegates; `delegate(address(0))` takes it back.
/// @dev Reads as any `IERC5805` with the timestamp as clock. One vote is 1e18 units, so that a percentage of few members
/// is no rounding error: 51 % of three is more than one and less than two.
interface IMembershipToken is IERC5805, IGoverned {
    event Admitted(address indexed account, uint256 members);
    event Removed(address indexed account, uint256 members);

    error FirstMembersMissing();
    error MemberTwice(address account);
    error MemberUnknown(address account);
    /// @notice Without members nobody could ever decide anything again.
    error MemberLast(address account);
    error MembershipFixed(address from, address to);

    /// @notice Makes an account a member from now on. Only who the permissions let: a decision of the members.
    function admit(address account) external;

    /// @notice Ends a membership: no vote at any later snapshot. Only who the permissions let.
    function remove(address account) external;

    function isMember(address account) external view returns (bool);

    function memberCount() external view returns (uint256);
}
