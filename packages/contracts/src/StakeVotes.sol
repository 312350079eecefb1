// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {IStakeVotes} from "./interfaces/IStakeVotes.sol";
import {RecentTrace} from "./libraries/RecentTrace.sol";
import {VoteTally} from "./libraries/VoteTally.sol";

contract StakeVotes is IStakeVotes, EIP712, Nonces {
    using SafeCast for uint256;
    using RecentTrace for RecentTrace.Trace;
    using VoteTally for VoteTally.Tally;

    /// @param delegatee 0: the account itself
    struct Account {
        address delegatee;
        uint96 staked;
    }

    bytes32 private constant DELEGATION_TYPEHASH =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    /// @inheritdoc IStakeVotes
    address public immutable vault;

    mapping(address account => Account) private _accounts;
    mapping(address account => mapping(uint64 nodeId => VoteTally.Count)) private _counts;
    mapping(address delegatee => mapping(bool own => VoteTally.Tally)) private _tallies;
    /// @dev How often each node was slashed.
    mapping(uint64 nodeId => RecentTrace.Trace) private _slashes;

    /// @dev Created by the vault.
    constructor() EIP712("Witan", "1") {
        vault = msg.sender;
    }

    /// @inheritdoc IStakeVotes
    function count(address account, uint64 nodeId, uint256 assets) external {
        if (msg.sender != vault) revert NotVault(msg.sender, vault);
        VoteTally.Count memory last = _counts[account][nodeId];
        _accounts[account].staked = (_accounts[account].staked + assets - last.assets).toUint96();

        address delegatee = delegates(account);
        uint256 votesBefore = getVotes(delegatee);
        VoteTally.Tally storage tally = _tallies[delegatee][delegatee == account];
        tally.remove(_slashes, nodeId, last);
        _counts[account][nodeId] = tally.add(_slashes, nodeId, assets);
        emit StakeCounted(account, nodeId, assets);
        _emitVotes(delegatee, votesBefore);
    }

    /// @inheritdoc IStakeVotes
    function voidNode(uint64 nodeId) external {
        if (msg.sender != vault) revert NotVault(msg.sender, vault);
        _slashes[nodeId].push(block.timestamp, _slashes[nodeId].latest() + 1);
    }

    /// @inheritdoc IVotes
    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    /// @inheritdoc IVotes
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        if (block.timestamp > expiry) revert VotesExpiredSignature(expiry);
        bytes32 structHash = keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry));
        address signer = ECDSA.recover(_hashTypedDataV4(structHash), v, r, s);
        _useCheckedNonce(signer, nonce);
        _delegate(signer, delegatee);
    }

    /// @inheritdoc IVotes
    function getVotes(address account) public view returns (uint256) {
        return _tallies[account][true].votes(_slashes) + _tallies[account][false].votes(_slashes);
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        uint48 time = _checkPast(timepoint);
        return _tallies[account][true].votesAt(_slashes, time) + _tallies[account][false].votesAt(_slashes, time);
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return IStakeVault(vault).totalStakeAt(_checkPast(timepoint));
    }

    /// @inheritdoc IVotes
    function delegates(address account) public view returns (address delegatee) {
        delegatee = _accounts[account].delegatee;
        if (delegatee == address(0)) delegatee = account;
    }

    /// @inheritdoc IStakeVotes
    function stakedOf(address account) external view returns (uint256 assets) {
        return _accounts[account].staked;
    }

    /// @inheritdoc IStakeVotes
    function countedOf(address account, uint64 nodeId) external view returns (uint256 assets) {
        return _counts[account][nodeId].assets;
    }

    /// @inheritdoc IStakeVotes
    function isCounted(address account, uint64 nodeId) external view returns (bool) {
        address delegatee = delegates(account);
        return _tallies[delegatee][delegatee == account].isCounted(_slashes, nodeId, _counts[account][nodeId]);
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Moves the account's counts, of at most `StakeVault.MAX_POSITIONS` nodes, as they were last counted.
    function _delegate(address account, address to) private {
        if (to == address(0)) to = account;
        address from = delegates(account);
        _accounts[account].delegatee = to;
        emit DelegateChanged(account, from, to);
        if (from == to) return;

        (uint256 fromBefore, uint256 toBefore) = (getVotes(from), getVotes(to));
        uint64[] memory nodeIds = IStakeVault(vault).nodesOf(account);
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            VoteTally.Count memory last = _counts[account][nodeIds[i]];
            if (last.slashes != _slashes[nodeIds[i]].latest()) continue;
            _tallies[from][from == account].remove(_slashes, nodeIds[i], last);
            _counts[account][nodeIds[i]] = _tallies[to][to == account].add(_slashes, nodeIds[i], last.assets);
        }
        _emitVotes(from, fromBefore);
        _emitVotes(to, toBefore);
    }

    function _emitVotes(address delegatee, uint256 votesBefore) private {
        uint256 votesNow = getVotes(delegatee);
        if (votesNow != votesBefore) emit DelegateVotesChanged(delegatee, votesBefore, votesNow);
    }

    function _checkPast(uint256 timepoint) private view returns (uint48) {
        if (timepoint >= clock()) revert ERC5805FutureLookup(timepoint, clock());
        return uint48(timepoint); // below the clock
    }
}
