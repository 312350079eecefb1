// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRevenueSource} from "../src/interfaces/IRevenueSource.sol";

/// @notice What the splitter asks of others: a model registry that can misbehave in every way, the slots and members of a
/// subnet, and the last pay of consensus.
contract RevenuePeers is IRevenueSource {
    enum Mood {
        Answers,
        Reverts,
        BurnsGas,
        Garbles
    }

    struct Payees {
        address[] accounts;
        uint16[] bps;
    }

    Mood public mood;
    mapping(uint256 modelId => Payees) private _creators;
    mapping(uint256 modelId => Payees) private _dataSets;
    uint64[] private _nodeIds;
    uint48[] private _registeredAt;
    bytes32 private _payHash;
    uint48 private _payEnd;
    mapping(uint16 netuid => uint32) public memberCount;
    mapping(uint16 netuid => mapping(address account => bool)) public isMember;

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    function setCreators(uint256 modelId, address[] calldata accounts, uint16[] calldata bps) external {
        _creators[modelId] = Payees(accounts, bps);
    }

    function setDataSets(uint256 modelId, address[] calldata accounts, uint16[] calldata bps) external {
        _dataSets[modelId] = Payees(accounts, bps);
    }

    function setSlots(uint64[] calldata nodeIds, uint48[] calldata registeredAt) external {
        (_nodeIds, _registeredAt) = (nodeIds, registeredAt);
    }

    function setLastPay(bytes32 hash, uint48 end) external {
        (_payHash, _payEnd) = (hash, end);
    }

    function admit(uint16 netuid, address account) external {
        isMember[netuid][account] = true;
        ++memberCount[netuid];
    }

    function creatorsOf(uint256 modelId) external view returns (address[] memory, uint16[] memory) {
        _behave();
        return (_creators[modelId].accounts, _creators[modelId].bps);
    }

    function dataSetsOf(uint256 modelId) external view returns (address[] memory, uint16[] memory) {
        _behave();
        return (_dataSets[modelId].accounts, _dataSets[modelId].bps);
    }

    function slotsAt(uint16, uint48) external view returns (uint64[] memory, uint48[] memory) {
        return (_nodeIds, _registeredAt);
    }

    function lastPay(uint16) external view returns (bytes32, uint64, uint48) {
        return (_payHash, 0, _payEnd);
    }

    function _behave() private view {
        if (mood == Mood.Reverts) revert("no such model");
        if (mood == Mood.BurnsGas) assembly { invalid() }
        if (mood == Mood.Garbles) {
            assembly {
                mstore(0, not(0))
                mstore(32, not(0))
                return(0, 64)
            }
        }
    }
}
