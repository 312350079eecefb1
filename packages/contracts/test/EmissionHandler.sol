// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmission} from "../src/interfaces/IEmission.sol";
import {GaugeBench} from "./GaugeBench.sol";

/// @notice What happens to emission, in any order; every move is a legal one and must not fail. Beside it a plain
/// account of who earned what, from the rules and from who held which slot.
contract EmissionHandler is GaugeBench {
    uint16 public constant SUBNETS = 3;
    uint64 public constant NODES = 14;
    uint256 public constant ACCOUNTS = 5;
    uint256 private constant SETTLERS = 2;
    uint16 private constant MAX_SLOTS = 9;

    uint256 public calls;
    uint256 public redirected;
    mapping(uint16 netuid => mapping(uint64 nodeId => uint256)) public earned;
    mapping(uint64 nodeId => uint256) public pooled;
    mapping(address settler => uint256) public bountiesEarned;

    modifier counted() {
        ++calls;
        _;
    }

    constructor() {
        deploy(6000);
        activate(1);
        registerMany(1, 1, 4);
    }

    function moveSubnet(uint256 seed) external counted {
        uint16 netuid = subnetOf(seed);
        if (!emission.isActive(netuid)) activate(netuid);
        else if (seed >> 32 & 1 == 0) subnets.deactivate(netuid);
    }

    function registerOne(uint256 seed) external counted {
        (uint16 netuid, uint64 nodeId) = (subnetOf(seed), nodeOf(seed >> 16));
        if (subnets.slotCount(netuid) == MAX_SLOTS || holds(netuid, nodeId)) return;
        registerMany(netuid, nodeId, 1);
    }

    function replaceOne(uint256 seed) external counted {
        (uint16 netuid, uint64 nodeId) = (subnetOf(seed), nodeOf(seed >> 16));
        uint16 count = subnets.slotCount(netuid);
        if (count == 0 || holds(netuid, nodeId)) return;
        vault.setOwner(nodeId, nodeOwner(nodeId));
        subnets.replace(netuid, uint16((seed >> 32) % count), nodeId);
    }

    function stakeOne(uint256 seed, uint128 amount, bool quietly) external counted {
        amount %= 1_000_000e18;
        if (seed >> 32 & 3 == 0) amount %= 10; // dust, or nothing
        if (quietly) vault.setStakeQuietly(accountOf(seed), amount);
        else vault.setStake(accountOf(seed), amount);
    }

    function pokeOne(uint256 seed) external counted {
        emission.poke(accountOf(seed));
    }

    function pointOne(uint256 seed, uint16 weightA, uint16 weightB) external counted {
        address account = accountOf(seed);
        uint16 a = uint16((seed >> 16) % SUBNETS + 1);
        if (seed >> 32 & 7 == 0) return pointNowhere(account);
        if (!emission.isActive(a)) return;
        if (a < SUBNETS && emission.isActive(a + 1)) pointAt(account, a, weightA | 1, a + 1, weightB | 1);
        else pointAt(account, a);
    }

    function wait(uint256 time) external counted {
        vm.warp(block.timestamp + bound(time, 1, 3 * PERIOD));
    }

    function advanceOne(uint256 seed) external counted {
        emission.advance(subnetOf(seed), seed >> 32 & 3);
    }

    /// @notice Settles an epoch that ended between the last accounted one and now.
    function settleOne(uint256 seed, uint48 end, uint8 flags) external counted {
        uint16 netuid = subnetOf(seed);
        uint48 from = emission.accountedUntil(netuid);
        if (from == 0) from = START;
        if (from >= block.timestamp) return;
        end = uint48(bound(end, from + 1, block.timestamp));
        (IEmission.Payment memory p, uint256[][3] memory shares) = paymentOf(netuid, end, seed, flags);
        note(netuid, p, shares);
        uint256 before = emission.bounties(p.settler);
        emission.payEpoch(netuid, end, p);
        bountiesEarned[p.settler] += emission.bounties(p.settler) - before;
    }

    function claimSome(uint256 seed) external counted {
        uint16 netuid = subnetOf(seed);
        emission.claim(netuid, ids(nodeOf(seed >> 16), nodeOf(seed >> 32)));
        if (seed >> 48 & 1 == 0) emission.claimOwnerCut(netuid);
    }

    /// @notice Everything that the two nodes earned is paid, in the subnets listed for them.
    function claimAllOf(uint256 seed) external counted {
        (uint64 a, uint64 b) = (nodeOf(seed), nodeOf(seed >> 16));
        emission.claimAll(ids(a, b));
        assertNothingListed(a);
        assertNothingListed(b);
    }

    function pullOne(uint256 seed) external counted {
        vault.pull(nodeOf(seed));
        assertEq(emission.poolAccrued(nodeOf(seed)), 0, "all pulled");
    }

    function claimBountyOf(uint256 seed) external counted {
        vm.prank(settlerOf(seed));
        emission.claimBounty();
        assertEq(emission.bounties(settlerOf(seed)), 0, "all claimed");
    }

    function assertNothingListed(uint64 nodeId) private view {
        uint16[] memory netuids = emission.subnetsOf(nodeId);
        for (uint256 i = 0; i < netuids.length; ++i) {
            assertEq(emission.claimable(netuids[i], nodeId), 0, "all claimed");
        }
    }

    function paymentOf(uint16 netuid, uint48 end, uint256 seed, uint8 flags)
        private
        view
        returns (IEmission.Payment memory p, uint256[][3] memory shares)
    {
        uint16 n = 0;
        while (n < subnets.slotCount(netuid) && subnets.holderBefore(netuid, n, end) != 0) ++n;
        (shares[0], shares[1], shares[2]) = randomShares(seed, n);
        p = payment(end, shares[0], shares[1], shares[2]);
        p.settler = settlerOf(seed >> 48);
        p.staked = flags & 7 != 0;
        p.voted = p.staked && flags & 24 != 0;
        p.ownSlots = new uint256[](flags >> 5 & 1);
        if (p.ownSlots.length > 0) p.ownSlots[0] = (seed >> 128 & seed >> 192) & ((1 << n) - 1);
    }

    /// @dev Rule 8, slot by slot, for who held it right before the epoch's end.
    function note(uint16 netuid, IEmission.Payment memory p, uint256[][3] memory shares) private {
        if (!p.staked) return;
        IEmission.Supply memory s = emission.supplyOf(netuid);
        uint256 whole = (emission.dueAt(netuid, p.end) - s.scheduled + s.carried) / 1e9;
        uint256 bounty = whole * 50 / 10_000;
        whole -= bounty > 1e9 ? 1e9 : bounty;
        uint256 part = whole * 4100 / 10_000;
        for (uint16 uid = 0; uid < p.uids; ++uid) {
            uint64 nodeId = subnets.holderBefore(netuid, uid, p.end);
            if (nodeId != subnets.holder(netuid, uid)) ++redirected;
            bool own = p.ownSlots.length > 0 && p.ownSlots[0] >> uid & 1 == 1;
            uint256 pay = part * shares[1][uid] / ONE;
            uint256 take = pay * shares[2][uid] / 10_000;
            earned[netuid][nodeId] += (take + (p.voted && !own ? part * shares[0][uid] / ONE : 0)) * 1e9;
            pooled[nodeId] += (pay - take) * 1e9;
        }
    }

    function holds(uint16 netuid, uint64 nodeId) private view returns (bool) {
        for (uint16 uid = 0; uid < subnets.slotCount(netuid); ++uid) {
            if (subnets.holder(netuid, uid) == nodeId) return true;
        }
        return false;
    }

    function subnetOf(uint256 seed) private pure returns (uint16) {
        return uint16(seed % SUBNETS + 1);
    }

    function nodeOf(uint256 seed) private pure returns (uint64) {
        return uint64(seed % NODES + 1);
    }

    function accountOf(uint256 seed) public pure returns (address) {
        return address(uint160(0xACC000 + seed % ACCOUNTS));
    }

    function settlerOf(uint256 seed) public pure returns (address) {
        return address(uint160(0x5E7700 + seed % SETTLERS));
    }

    function parts() external view returns (address, address, address) {
        return (address(token), address(vault), address(emission));
    }
}
