// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Whom the use of a model pays
/// @notice What the revenue splitter asks of the model registry. It gives each call 300,000 gas; a call that reverts,
/// answers with longer lists, with parts above the whole or with the zero address counts as an empty list.
interface IRevenueSource {
    /// @notice The model's creator first, then those of at most three ancestors, with their royalties. What the parts
    /// leave of 10,000 is the creator's.
    /// @param modelId the model
    function creatorsOf(uint256 modelId) external view returns (address[] memory creators, uint16[] memory bps);

    /// @notice At most eight payees of the data sets that the model was trained on. What the parts leave of 10,000 is
    /// its creators'.
    /// @param modelId the model
    function dataSetsOf(uint256 modelId) external view returns (address[] memory payees, uint16[] memory bps);
}
