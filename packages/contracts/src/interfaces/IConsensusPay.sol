// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the subnets ask of consensus
interface IConsensusPay {
    /// @notice What every uid earned in the last settled epoch, in a unit that is the same for all uids of a subnet.
    /// @return words eight `uint32` a word, uid 0 in the lowest bits; a uid beyond the end earned nothing
    function lastPay(uint16 netuid) external view returns (uint256[] memory words);
}
