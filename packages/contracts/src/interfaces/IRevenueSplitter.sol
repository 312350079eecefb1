// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISubnets} from "./ISubnets.sol";

/// @title Who is paid when a model is used
/// @notice Revenue comes in by subnet, node and model, and waits until anybody distributes it: 30 % to the creators of
/// the model and of its ancestors, 40 % to the pool of the node that served, 10 % to the data sets, 10 % to the
/// validators of the subnet, 10 % to the treasury. The members of a consortium may sign another table for their subnet.
/// @notice Rounding: the parts of data sets, validators and treasury, and the creators' as a whole, are rounded down; the
/// serving pool has the rest. Within the creators' part and the data sets' each share is rounded down; what is left of
/// the data sets' goes to the creators, what is left of the creators' to the first of them, and without any to the pool.
/// So creators and stakers together never have less than 70 % by the default table, to the wei.
/// @notice Creators, data sets, validators and the treasury are credited and withdraw; the pool's part is locked in the
/// vault like a reward. No payee can hold up another.
/// @dev Always: the token balance ≥ what waits + what is owed + what validators' pots hold, and equal unless somebody
/// sent tokens without `payIn`.
interface IRevenueSplitter {
    /// @param assets wei
    struct Revenue {
        uint16 netuid;
        uint64 nodeId;
        uint256 modelId;
        uint256 assets;
    }

    /// @notice Basis points, 10,000 together.
    struct Table {
        uint16 creators;
        uint16 pool;
        uint16 dataSets;
        uint16 validators;
        uint16 treasury;
    }

    event RevenuePaidIn(uint16 indexed netuid, uint64 indexed nodeId, uint256 indexed modelId, uint256 assets);
    /// @notice The parts of a distribution, in wei.
    event Distributed(
        uint16 indexed netuid,
        uint64 indexed nodeId,
        uint256 indexed modelId,
        uint256 creators,
        uint256 pool,
        uint256 dataSets,
        uint256 validators,
        uint256 treasury
    );
    event Credited(address indexed account, uint256 assets);
    event Withdrawn(address indexed account, uint256 assets);
    event ValidatorPaid(uint16 indexed netuid, uint64 indexed nodeId, address indexed owner, uint256 assets);
    event PotSwept(uint16 indexed netuid, uint256 assets);
    event TableSigned(uint16 indexed netuid, Table table, uint48 fromTime, uint256 nonce);

    error NodeUnknown(uint64 nodeId);
    /// @notice There is nothing to pay out.
    error NothingDue();
    /// @notice With so little gas the model registry could not answer, and its payees would be passed over.
    error GasTooLow(uint256 gasLeft, uint256 required);
    error LastPayMismatch(bytes32 computed, bytes32 stored);
    error PotNotStale(uint16 netuid, uint256 staleAt);
    error TableNotWhole(uint256 sum, uint256 whole);
    error NotConsortium(uint16 netuid);
    error TableExpired(uint256 deadline);
    /// @notice More than half of the members must sign.
    error MajorityMissing(uint256 signatures, uint256 members);
    /// @notice Members are listed in ascending order, each once.
    error SignersNotAscending(address account);
    error NotMember(uint16 netuid, address account);
    error MemberSignatureInvalid(address member);

    /// @notice Takes revenue from the caller and keeps it until it is distributed; needs an allowance of the token for
    /// the sum. Anybody may pay in.
    function payIn(Revenue[] calldata revenues) external;

    /// @notice Distributes what came in for a node and a model in a subnet. Anybody may call.
    /// @return assets wei that were distributed
    function distribute(uint16 netuid, uint64 nodeId, uint256 modelId) external returns (uint256 assets);

    /// @notice Divides the pot of a subnet among the owners of the nodes that validated in its last settled epoch, in
    /// proportion to their pay and rounded down; the rest stays for the next time. A slot that changed hands twice since
    /// is left out. Anybody may call.
    /// @param lastPay as in the `EpochSettled` of that epoch
    function payValidators(uint16 netuid, ISubnets.LastPay calldata lastPay) external returns (uint256 assets);

    /// @notice Gives the treasury a pot that paid nobody for 90 days. Anybody may call.
    function sweepPot(uint16 netuid) external returns (uint256 assets);

    /// @notice Pays the account all it is owed. Anybody may call.
    function withdraw(address account) external returns (uint256 assets);

    /// @notice Gives a consortium's subnet another table from `tableDelay` seconds on; until then anybody may distribute
    /// what came in by the table before. Anybody may hand it in.
    /// @param members more than half of them, ascending
    /// @param signatures of `SplitTable(uint16 netuid,uint16 creators,uint16 pool,uint16 dataSets,uint16 validators,uint16
    /// treasury,uint256 nonce,uint256 deadline)`, one a member; of a contract by ERC-1271
    function setTable(
        uint16 netuid,
        Table calldata table,
        uint256 deadline,
        address[] calldata members,
        bytes[] calldata signatures
    ) external;

    /// @notice Wei that wait to be distributed.
    function pendingOf(uint16 netuid, uint64 nodeId, uint256 modelId) external view returns (uint256 assets);

    /// @notice Wei that `withdraw` pays.
    function owedTo(address account) external view returns (uint256 assets);

    /// @notice Wei that wait for the validators of a subnet, and since when they do, unix seconds.
    function potOf(uint16 netuid) external view returns (uint256 assets, uint48 since);

    /// @notice The table in force.
    function tableOf(uint16 netuid) external view returns (Table memory);

    /// @notice The nonce of the next table that a consortium signs.
    function tableNonces(uint16 netuid) external view returns (uint256);

    /// @notice What members sign.
    function tableDigest(uint16 netuid, Table calldata table, uint256 nonce, uint256 deadline)
        external
        view
        returns (bytes32);

    /// @notice Seconds between a signed table and its effect.
    function tableDelay() external view returns (uint48);

    /// @notice The account of the network's treasury.
    function treasury() external view returns (address);

    /// @notice The creators of a model as they are paid; reverts when the registry gives no proper answer.
    function creatorsOf(uint256 modelId) external view returns (address[] memory creators, uint16[] memory bps);

    /// @notice The data sets of a model, as `creatorsOf`.
    function dataSetsOf(uint256 modelId) external view returns (address[] memory payees, uint16[] memory bps);
}
