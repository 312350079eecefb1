// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The emission schedule, its split and what can be claimed
/// @notice One token a second at first; the rate halves after every 10,500,000 tokens scheduled, and the schedule ends
/// at the cap less the genesis. Its clock starts with the first subnet. Active subnets share equally. An epoch's
/// emission is split by the subnet's cuts (specification: The epoch, rule 8).
/// @dev To the wei, for every subnet and in total: scheduled = minted + notMinted + carried and
/// minted = claimable + claimed + pooled.
interface IEmission {
    /// @param scheduled emission of all accounted epochs
    /// @param minted of it, minted to this contract
    /// @param notMinted of it, given up for good because nobody voted usefully
    /// @param carried of it, still to be split: joins the next accounted epoch
    /// @param claimable of the minted, owed to owners
    /// @param claimed of the minted, paid to owners
    /// @param pooled of the minted, credited to stake pools, pulled or not
    struct Supply {
        uint256 scheduled;
        uint256 minted;
        uint256 notMinted;
        uint256 carried;
        uint256 claimable;
        uint256 claimed;
        uint256 pooled;
    }

    /// @notice How an epoch pays; arrays by uid.
    /// @param start the epoch's S, unix seconds: a node's take is that in force then
    /// @param end the epoch's T, unix seconds
    /// @param staked whether anybody had stake; if not, the whole emission carries
    /// @param voted whether any vote was useful; if not, the miners' part is not minted
    /// @param incentive of 2^32
    /// @param validatorPay of 2^32
    struct Payment {
        uint48 start;
        uint48 end;
        bool staked;
        bool voted;
        uint64[] nodeIds;
        uint64[] incentive;
        uint64[] validatorPay;
    }

    /// @notice What an epoch paid, in wei; arrays by uid.
    /// @param emission the schedule since the last accounted epoch and what was carried before
    /// @param incentive to the nodes' owners
    /// @param take to the nodes' owners: their part of the validator pay
    /// @param pooled to the nodes' stake pools: the rest of the validator pay
    struct Paid {
        uint256 emission;
        uint256 owner;
        uint256 notMinted;
        uint256 carried;
        uint64[] nodeIds;
        uint256[] incentive;
        uint256[] take;
        uint256[] pooled;
    }

    event SubnetActivated(uint16 indexed netuid, uint48 since, uint256 activeSubnets, uint256 index);
    event EpochPaid(uint16 indexed netuid, uint64 indexed epoch, Paid paid);
    event Claimed(uint16 indexed netuid, uint64 indexed nodeId, address indexed owner, uint256 amount);
    event OwnerCutClaimed(uint16 indexed netuid, address indexed owner, uint256 amount);
    event PoolPulled(uint64 indexed nodeId, uint256 amount);

    error NotSubnets(address caller, address subnets);
    error NotConsensus(address caller, address consensus);
    error NotVault(address caller, address vault);
    error SubnetAlreadyActive(uint16 netuid);
    error EpochAlreadyPaid(uint16 netuid, uint256 end, uint256 accountedUntil);

    /// @notice Starts a subnet's share now. Only the subnets contract, at creation.
    function activate(uint16 netuid) external;

    /// @notice Accounts a subnet's emission up to `payment.end` and splits it. Only the consensus contract.
    /// @return emission wei that were split: the schedule since the last accounted epoch and what was carried
    function payEpoch(uint16 netuid, uint64 epoch, Payment calldata payment) external returns (uint256 emission);

    /// @notice Hands a node's accrued pool rewards to the vault. Only the vault.
    function pullPool(uint64 nodeId) external returns (uint256 amount);

    /// @notice Pays what these nodes earned in a subnet (incentive and take) to their owners. Anybody may call.
    function claim(uint16 netuid, uint64[] calldata nodeIds) external returns (uint256 amount);

    /// @notice Pays the subnet owner's cut to the subnet's owner. Anybody may call.
    function claimOwnerCut(uint16 netuid) external returns (uint256 amount);

    /// @notice Incentive and take that `claim` would pay, in wei.
    function claimable(uint16 netuid, uint64 nodeId) external view returns (uint256);

    /// @notice What `claimOwnerCut` would pay, in wei.
    function ownerClaimable(uint16 netuid) external view returns (uint256);

    /// @notice What `pullPool` would hand over, in wei.
    function poolAccrued(uint64 nodeId) external view returns (uint256);

    /// @notice Sums over all subnets, in wei.
    function supply() external view returns (Supply memory);

    function supplyOf(uint16 netuid) external view returns (Supply memory);

    /// @notice Wei scheduled in the first `elapsed` seconds.
    function schedule(uint256 elapsed) external view returns (uint256);

    /// @notice Wei that one active subnet is due from the start of the schedule to `timestamp`.
    function indexAt(uint48 timestamp) external view returns (uint256);

    /// @notice The schedule's last wei: cap less genesis.
    function scheduleCap() external view returns (uint256);

    /// @notice Unix seconds; 0 before the first subnet.
    function startedAt() external view returns (uint48);

    function activeSubnets() external view returns (uint256);

    /// @notice The end of the subnet's last accounted epoch, unix seconds.
    function accountedUntil(uint16 netuid) external view returns (uint48);
}
