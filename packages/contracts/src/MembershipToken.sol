// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Governed} from "./Governed.sol";
import {IMembershipToken} from "./interfaces/IMembershipToken.sol";

contract MembershipToken is IMembershipToken, ERC20Votes, Governed {
    uint256 private constant ONE_VOTE = 1e18;

    constructor(address authority_, address[] memory members)
        ERC20("Witan Membership", "WMEMBER")
        EIP712("Witan", "1")
        Governed(authority_)
    {
        if (members.length == 0) revert FirstMembersMissing();
        for (uint256 i = 0; i < members.length; ++i) {
            _admit(members[i]);
        }
    }

    /// @inheritdoc IMembershipToken
    function admit(address account) external restricted {
        _admit(account);
    }

    /// @inheritdoc IMembershipToken
    function remove(address account) external restricted {
        if (!isMember(account)) revert MemberUnknown(account);
        if (memberCount() == 1) revert MemberLast(account);
        _burn(account, ONE_VOTE);
        emit Removed(account, memberCount());
    }

    /// @inheritdoc IMembershipToken
    function isMember(address account) public view returns (bool) {
        return balanceOf(account) != 0;
    }

    /// @inheritdoc IMembershipToken
    function memberCount() public view returns (uint256) {
        return totalSupply() / ONE_VOTE;
    }

    /// @inheritdoc IVotes
    function delegates(address account) public view override(IVotes, Votes) returns (address delegatee) {
        delegatee = super.delegates(account);
        if (delegatee == address(0)) delegatee = account;
    }

    /// @inheritdoc IERC6372
    function clock() public view override(IERC6372, Votes) returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override(IERC6372, Votes) returns (string memory) {
        return "mode=timestamp";
    }

    function _admit(address account) private {
        if (isMember(account)) revert MemberTwice(account);
        _mint(account, ONE_VOTE);
        emit Admitted(account, memberCount());
    }

    /// @dev Without a delegatee the account votes itself: nobody has to act before it can vote.
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && to != address(0)) revert MembershipFixed(from, to);
        super._update(from, to, value);
    }
}
