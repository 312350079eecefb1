// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Stake pools as one would write them first, to show that each attack works on something. No tokens: `given`
/// and `taken` say who paid in and out.
contract NaiveStaking {
    mapping(uint64 nodeId => uint256) public assets;
    mapping(uint64 nodeId => uint256) public shares;
    mapping(uint64 nodeId => mapping(address account => uint256)) public sharesOf;
    mapping(address account => uint256) public unbonding;
    mapping(address account => uint256) public given;
    mapping(address account => uint256) public taken;
    mapping(uint256 proposal => uint256) public ballots;
    mapping(uint256 proposal => mapping(address account => bool)) private voted;

    function stake(address account, uint64 nodeId, uint256 amount) external {
        given[account] += amount;
        _join(account, nodeId, amount);
    }

    function move(address account, uint64 fromNode, uint64 toNode) external {
        _join(account, toNode, _leave(account, fromNode));
    }

    function requestUnstake(address account, uint64 nodeId) external {
        unbonding[account] += _leave(account, nodeId);
    }

    function withdraw(address account) external {
        taken[account] += unbonding[account];
        unbonding[account] = 0;
    }

    /// @dev At once, in proportion to shares.
    function reward(uint64 nodeId, uint256 amount) external {
        assets[nodeId] += amount;
    }

    /// @dev Of the pool alone, rounded down, for whatever reporter and part.
    function slash(uint64 nodeId, uint256 bps, address reporter, uint256 reporterBps) external {
        uint256 cut = assets[nodeId] * bps / 10_000;
        assets[nodeId] -= cut;
        taken[reporter] += cut * reporterBps / 10_000;
    }

    /// @dev With what the account holds now.
    function vote(address account, uint256 proposal, uint64 nodeId) external {
        require(!voted[proposal][account], "once an account");
        voted[proposal][account] = true;
        ballots[proposal] += assetsOf(account, nodeId);
    }

    function assetsOf(address account, uint64 nodeId) public view returns (uint256) {
        return shares[nodeId] == 0 ? 0 : sharesOf[nodeId][account] * assets[nodeId] / shares[nodeId];
    }

    function _join(address account, uint64 nodeId, uint256 amount) private {
        uint256 bought = shares[nodeId] == 0 ? amount : amount * shares[nodeId] / assets[nodeId];
        sharesOf[nodeId][account] += bought;
        shares[nodeId] += bought;
        assets[nodeId] += amount;
    }

    function _leave(address account, uint64 nodeId) private returns (uint256 amount) {
        amount = assetsOf(account, nodeId);
        shares[nodeId] -= sharesOf[nodeId][account];
        sharesOf[nodeId][account] = 0;
        assets[nodeId] -= amount;
    }
}
