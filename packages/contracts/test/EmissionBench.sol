// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {WitanAccess} from "../src/WitanAccess.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {Test} from "./Test.sol";

/// @notice The vault as emission sees it.
contract VaultDouble {
    Emission private emission;
    mapping(address account => uint256) public stakedOf;
    mapping(uint64 nodeId => address) public ownerOf;

    function connect(Emission emission_) external {
        emission = emission_;
    }

    function setOwner(uint64 nodeId, address owner) external {
        ownerOf[nodeId] = owner;
    }

    /// @notice The account's stake changes, and the vault tells the gauge.
    function setStake(address account, uint256 stake) external {
        stakedOf[account] = stake;
        if (emission.hasPointed(account)) emission.stakeChanged(account);
    }

    /// @notice The account's stake changes as by a reward or a slash, of which the gauge does not hear.
    function setStakeQuietly(address account, uint256 stake) external {
        stakedOf[account] = stake;
    }

    function pull(uint64 nodeId) external returns (uint256) {
        return emission.pullPool(nodeId);
    }
}

/// @notice The subnets as emission sees them, with the whole history of their slots.
contract SubnetsDouble {
    struct Holder {
        uint64 nodeId;
        uint48 registeredAt;
    }

    Emission private emission;
    mapping(uint16 netuid => address) public ownerOf;
    mapping(uint16 netuid => uint16) public slotCount;
    uint16 public subnetCount;
    mapping(uint16 netuid => mapping(uint16 uid => Holder[])) private _holders;

    function connect(Emission emission_) external {
        emission = emission_;
    }

    function activate(uint16 netuid, address owner) external {
        ownerOf[netuid] = owner;
        if (netuid > subnetCount) subnetCount = netuid;
        emission.activate(netuid);
    }

    function deactivate(uint16 netuid) external {
        emission.deactivate(netuid);
    }

    function register(uint16 netuid, uint64 nodeId) external returns (uint16 uid) {
        uid = slotCount[netuid]++;
        _holders[netuid][uid].push(Holder(nodeId, uint48(block.timestamp)));
        emission.slotAssigned(netuid, uid, nodeId);
    }

    function replace(uint16 netuid, uint16 uid, uint64 nodeId) external {
        Holder[] storage holders = _holders[netuid][uid];
        emission.creditSlot(netuid, uid, holders[holders.length - 1].nodeId);
        holders.push(Holder(nodeId, uint48(block.timestamp)));
        emission.slotAssigned(netuid, uid, nodeId);
    }

    /// @notice Who held the slot right before `time`; 0: nobody.
    function holderBefore(uint16 netuid, uint16 uid, uint48 time) external view returns (uint64 nodeId) {
        Holder[] storage holders = _holders[netuid][uid];
        for (uint256 i = 0; i < holders.length && holders[i].registeredAt < time; ++i) {
            nodeId = holders[i].nodeId;
        }
    }

    function holder(uint16 netuid, uint16 uid) external view returns (uint64 nodeId) {
        Holder[] storage holders = _holders[netuid][uid];
        return holders[holders.length - 1].nodeId;
    }
}

/// @notice Emission between doubles of its peers; the bench itself is the consensus contract.
abstract contract EmissionBench is Test {
    uint48 internal constant START = 1_800_001_440; // a boundary
    uint256 internal constant GENESIS = 1_000_000e18;
    uint128 internal constant BOUNTY_CAP = 1e18;
    uint32 internal constant PERIOD = 4320;
    uint256 internal constant ONE = 1 << 31;
    address internal constant STAKERS = address(0x57A4E5);
    address internal constant SETTLER = address(0x5E771E);

    WitanToken internal token;
    VaultDouble internal vault;
    SubnetsDouble internal subnets;
    Emission internal emission;

    function deploy(uint16 maxShareBps) internal {
        vm.warp(START);
        vault = new VaultDouble();
        subnets = new SubnetsDouble();
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (address(0x7EA5), GENESIS);
        address access = address(new WitanAccess(STAKERS, address(0), address(0)));
        token =
            new WitanToken(vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1), accounts, amounts);
        emission = new Emission(
            address(token),
            address(vault),
            address(subnets),
            address(this),
            access,
            IEmission.EmissionTerms({bountyCap: BOUNTY_CAP, gaugePeriod: PERIOD, maxShareBps: maxShareBps})
        );
        vault.connect(emission);
        subnets.connect(emission);
    }

    function subnetOwner(uint16 netuid) internal pure returns (address) {
        return address(uint160(0x050000 + uint256(netuid)));
    }

    function nodeOwner(uint64 nodeId) internal pure returns (address) {
        return address(uint160(0x0A0000 + uint256(nodeId)));
    }

    function activate(uint16 netuid) internal {
        subnets.activate(netuid, subnetOwner(netuid));
    }

    /// @notice Nodes `first` … take the next `count` slots.
    function registerMany(uint16 netuid, uint64 first, uint16 count) internal {
        for (uint64 nodeId = first; nodeId < first + count; ++nodeId) {
            vault.setOwner(nodeId, nodeOwner(nodeId));
            subnets.register(netuid, nodeId);
        }
    }

    /// @notice An epoch with the default cuts in which everybody voted.
    function payment(uint48 end, uint256[] memory incentive, uint256[] memory validatorPay, uint256[] memory takes)
        internal
        pure
        returns (IEmission.Payment memory p)
    {
        p.end = end;
        (p.staked, p.voted, p.settler) = (true, true, SETTLER);
        p.uids = uint16(incentive.length);
        (p.ownerCut, p.minersCut, p.validatorsCut) = (1800, 4100, 4100);
        p.incentive = packed(incentive, 32);
        p.validatorPay = packed(validatorPay, 32);
        p.takes = packed(takes, 16);
    }

    /// @notice Shares that sum to one at most, many of them 0, and takes up to 18 %.
    function randomShares(uint256 seed, uint16 n)
        internal
        pure
        returns (uint256[] memory incentive, uint256[] memory validatorPay, uint256[] memory takes)
    {
        (incentive, validatorPay, takes) = (new uint256[](n), new uint256[](n), new uint256[](n));
        (uint256 left, uint256 leftPay) = (ONE, ONE);
        for (uint256 uid = 0; uid < n; ++uid) {
            seed = uint256(keccak256(abi.encode(seed)));
            incentive[uid] = seed % 3 == 0 ? 0 : uint64(seed) % (left / 2 + 1);
            validatorPay[uid] = seed % 5 > 1 ? 0 : uint64(seed >> 64) % (leftPay + 1);
            takes[uid] = uint64(seed >> 128) % 1801;
            left -= incentive[uid];
            leftPay -= validatorPay[uid];
        }
    }

    function packed(uint256[] memory values, uint256 bits) internal pure returns (bytes memory) {
        uint256 perWord = 256 / bits;
        uint256[] memory words = new uint256[]((values.length + perWord - 1) / perWord);
        for (uint256 i = 0; i < values.length; ++i) {
            words[i / perWord] |= values[i] << (bits * (i % perWord));
        }
        return abi.encodePacked(words);
    }

    function list(uint256 a, uint256 b, uint256 c) internal pure returns (uint256[] memory values) {
        values = new uint256[](3);
        (values[0], values[1], values[2]) = (a, b, c);
    }

    function ids(uint64 a) internal pure returns (uint64[] memory nodeIds) {
        nodeIds = new uint64[](1);
        nodeIds[0] = a;
    }

    function ids(uint64 a, uint64 b) internal pure returns (uint64[] memory nodeIds) {
        nodeIds = new uint64[](2);
        (nodeIds[0], nodeIds[1]) = (a, b);
    }

    function assertBalanced(IEmission.Supply memory s) internal pure {
        assertEq(s.scheduled, s.claimable + s.claimed + s.pooled + s.bounties + s.notMinted + s.carried, "scheduled");
        assertEq(s.minted, s.claimable + s.claimed + s.pooled + s.bounties, "minted");
    }
}
