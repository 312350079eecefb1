// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {PoolMath} from "../src/libraries/PoolMath.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice What stakers, delegators and the court do to the vault, in any order. Every move checks what it must not do.
contract StakeVaultHandler is VaultFixture {
    uint64 public constant NODES = 4;
    uint256 public constant ACTORS = 6;
    uint256 private constant DAY = 1 days;

    uint256 public rewarded;
    mapping(address account => uint256) private _put;
    mapping(address account => uint256) private _paid;
    /// @dev A past moment and the sum of all votes then, as read in the second after it.
    uint256 private _moment;
    uint256 private _votesThen;
    mapping(uint64 nodeId => uint48[]) private _heldAt;
    mapping(address account => uint256) private _movedAt;

    /// @dev No move makes its account richer, at that moment; but an owner may receive what an empty pool still earned.
    modifier neverEnriches(address account) {
        uint256 before = wealthOf(account);
        _;
        if (!isOwner(account)) assertLe(wealthOf(account), before, "nobody gains by a move of its own");
    }

    constructor() {
        setUp();
        for (uint256 i = 0; i < ACTORS; ++i) {
            emission.point(actor(i));
            fund(actor(i), 100_000e18);
            vm.prank(actor(i));
            token.approve(address(vault), type(uint256).max);
        }
    }

    /// @dev The owners of two nodes are stakers too.
    function actor(uint256 i) public pure returns (address) {
        i %= ACTORS;
        return i < 2 ? ownerOf(uint64(i) + 1) : address(uint160(0xAC0000 + i));
    }

    function isOwner(address account) private pure returns (bool) {
        return account == actor(0) || account == actor(1);
    }

    function node(uint256 seed) public pure returns (uint64) {
        return uint64(seed % NODES) + 1;
    }

    function stakeSome(uint256 who, uint256 where, uint256 amount) external neverEnriches(actor(who)) {
        amount = bound(amount, 1, amount % 3 == 0 ? 1e6 : 1000e18);
        if (token.balanceOf(actor(who)) < amount) return;
        vm.prank(actor(who));
        try vault.stake(node(where), amount) {
            _put[actor(who)] += amount;
        } catch (bytes memory reason) {
            onlyIf(reason, IStakeVault.AmountTooSmall.selector, 0, 0);
        }
    }

    function unstakeSome(uint256 who, uint256 where, uint256 part) external neverEnriches(actor(who)) {
        uint64 nodeId = held(actor(who), where);
        uint256 shares = partOf(vault.sharesOf(nodeId, actor(who)), part);
        if (shares == 0) return;
        vm.prank(actor(who));
        try vault.requestUnstake(nodeId, shares) {}
        catch (bytes memory reason) {
            onlyIf(
                reason,
                IStakeVault.AmountTooSmall.selector,
                IStakeVault.InsufficientShares.selector,
                IStakeVault.OwnerHeld.selector
            );
        }
    }

    function moveSome(uint256 who, uint256 from, uint256 to, uint256 part) external neverEnriches(actor(who)) {
        uint64 nodeId = held(actor(who), from);
        uint256 shares = partOf(vault.sharesOf(nodeId, actor(who)), part);
        if (shares == 0 || nodeId == node(to)) return;
        vm.prank(actor(who));
        try vault.redelegate(nodeId, node(to), shares) {
            _movedAt[actor(who)] = block.timestamp;
        } catch (bytes memory reason) {
            if (bytes4(reason) == IStakeVault.TooManyDepartures.selector) return;
            if (bytes4(reason) == IStakeVault.OwnerHeld.selector) return;
            onlyIf(
                reason,
                IStakeVault.AmountTooSmall.selector,
                IStakeVault.InsufficientShares.selector,
                IStakeVault.MoveLocked.selector
            );
        }
    }

    function withdrawSome(uint256 who) external neverEnriches(actor(who)) {
        address account = actor(who);
        (uint256[] memory ids,) = vault.requestsOf(account, 0, type(uint256).max);
        for (uint256 i = 0; i < ids.length; ++i) {
            IStakeVault.Unstake memory request = vault.unstakeRequest(ids[i]);
            vm.prank(account);
            try vault.withdraw(ids[i]) returns (uint256 assets) {
                _paid[account] += assets;
                uint256 since = vault.heldSince(request.nodeId);
                assertTrue(since == 0 || request.availableAt < since, "nothing liable leaves a held node");
            } catch (bytes memory reason) {
                onlyIf(
                    reason,
                    IStakeVault.RequestPaid.selector,
                    IStakeVault.StillUnbonding.selector,
                    IStakeVault.WithdrawalHeld.selector
                );
                uint256 free = Math.max(request.availableAt, _movedAt[account] + UNBONDING) + vault.maxHold();
                bool isHeld = bytes4(reason) == IStakeVault.WithdrawalHeld.selector;
                assertTrue(!isHeld || block.timestamp <= free, "nothing is held past the maximum");
            }
        }
        assertLe(_paid[account], _put[account] + rewarded, "never more than put in and all rewards");
    }

    function syncSome(uint256 who, uint256 where) external neverEnriches(actor(who)) {
        vault.syncVotes(actor(who), node(where));
    }

    function delegateSome(uint256 who, uint256 to) external neverEnriches(actor(who)) {
        delegateAs(actor(who), actor(to));
    }

    function rewardSome(uint256 where, uint256 amount) external {
        amount = bound(amount, 1, amount % 3 == 0 ? 1000 : 100e18);
        emission.reward(node(where), amount);
        rewarded += amount;
    }

    /// @notice Paying a reward in enriches nobody who does it, and is accounted to the wei.
    function payInSome(uint256 who, uint256 where, uint256 amount) external neverEnriches(actor(who)) {
        amount = bound(amount, 1, amount % 3 == 0 ? 1000 : 100e18);
        if (token.balanceOf(actor(who)) < amount) return;
        uint256 accounted = vault.accountedAssets();
        uint256 due = vault.sync(node(where));
        bool pooled = vault.pool(node(where)).shares > 0;
        vm.prank(actor(who));
        vault.rewardPool(node(where), amount);
        uint256 grown = (due > 0 && pooled ? due : 0) + (pooled ? amount : 0);
        assertEq(vault.accountedAssets(), accounted + grown, "accounted with the reward");
        rewarded += amount;
    }

    function holdSome(uint256 where) external {
        vm.prank(SLASHER);
        vault.hold(node(where));
        _heldAt[node(where)].push(uint48(block.timestamp));
    }

    /// @notice Any of the holds there were, released or lapsed ones too.
    function releaseSome(uint256 where, uint256 which) external {
        uint48[] storage heldAt = _heldAt[node(where)];
        if (heldAt.length == 0) return;
        uint256 since = vault.heldSince(node(where));
        vm.prank(SLASHER);
        vault.release(node(where), heldAt[which % heldAt.length]);
        uint256 later = vault.heldSince(node(where));
        assertTrue(later == since || later == 0, "a release holds nothing");
    }

    /// @notice Slashing raises nobody's claim, on no node, and hits each request that is liable: one that left after the
    /// fault, or less than an unbonding time before the node was held.
    function slashSome(uint256 where, uint256 bps, uint256 age, uint256 reporterBps) external {
        bps = bps % 10 == 0 ? 10_000 : bound(bps, 1, 10_000);
        vault.sync(node(where)); // late rewards go to the owner, slashed or not
        uint256[] memory before = claims();
        uint256[] memory requests = requestsLeft();
        uint256 supply = token.totalSupply();
        uint48 faultAt = uint48(block.timestamp - age % (UNBONDING + 2 * DAY));
        vm.prank(SLASHER);
        (, uint256 given) =
            vault.slash(node(where), uint16(bps), faultAt, REPORTER, uint16(bound(reporterBps, 0, 4999)));
        uint256 gone = supply - token.totalSupply();
        assertTrue(gone > given || gone + given == 0, "more is burned than given");
        checkRequests(node(where), bps, faultAt, requests);
        uint256[] memory later = claims();
        for (uint256 i = 0; i < later.length; ++i) {
            assertLe(later[i], before[i], "slashing never raises a claim");
        }
    }

    /// @notice Once a second is over, votes cast with it are within the stake of it, and stay what they are.
    function wait(uint256 time) external {
        uint256 last = block.timestamp;
        time = time % 4 == 0 ? bound(time, DAY, UNBONDING) : bound(time, 1, DAY);
        uint256 sum = 0;
        for (uint256 i = 0; i < ACTORS; ++i) {
            sum += votes.getVotes(actor(i));
        }
        pass(time);
        assertEq(votesAt(last), sum, "votes of a second are those at its end");
        assertLe(sum, votes.getPastTotalSupply(last), "no stake votes twice");
        if (_moment != 0) assertEq(votesAt(_moment), _votesThen, "the past stays");
        if (_moment == 0 || time % 3 == 0) (_moment, _votesThen) = (last, sum);
    }

    function votesAt(uint256 time) public view returns (uint256 sum) {
        for (uint256 i = 0; i < ACTORS; ++i) {
            sum += votes.getPastVotes(actor(i), time);
        }
    }

    /// @dev A node that the account has a position on, if there is one.
    function held(address account, uint256 seed) private view returns (uint64) {
        uint64[] memory nodeIds = vault.nodesOf(account);
        return nodeIds.length == 0 ? node(seed) : nodeIds[seed % nodeIds.length];
    }

    /// @dev What each request there ever was still pays.
    function requestsLeft() private view returns (uint256[] memory assets) {
        assets = new uint256[](vault.requestCount() + 1);
        for (uint256 id = 1; id < assets.length; ++id) {
            assets[id] = vault.unstakeRequest(id).assets;
        }
    }

    function checkRequests(uint64 nodeId, uint256 bps, uint256 faultAt, uint256[] memory before) private view {
        uint256 since = vault.heldSince(nodeId) == 0 ? block.timestamp : vault.heldSince(nodeId);
        for (uint256 id = 1; id < before.length; ++id) {
            IStakeVault.Unstake memory r = vault.unstakeRequest(id);
            bool isLiable = r.nodeId == nodeId && r.requestedAt >= faultAt && r.availableAt >= since;
            uint256 lost = isLiable ? PoolMath.partUp(before[id], bps) : 0;
            assertEq(r.assets, before[id] - lost, "all that is liable is hit, nothing else");
        }
    }

    /// @dev Of every actor: all it could take home, and its position on each node.
    function claims() private view returns (uint256[] memory all) {
        all = new uint256[](ACTORS * (NODES + 1));
        for (uint256 i = 0; i < all.length; ++i) {
            uint64 nodeId = uint64(i / ACTORS);
            all[i] = nodeId == 0 ? wealthOf(actor(i)) : vault.assetsOf(nodeId, actor(i));
        }
    }

    function partOf(uint256 shares, uint256 part) private pure returns (uint256) {
        return part % 3 == 0 ? shares : bound(part, 0, shares);
    }

    function onlyIf(bytes memory reason, bytes4 first, bytes4 second, bytes4 third) private pure {
        bytes4 selector = bytes4(reason);
        assertTrue(selector == first || selector == second || selector == third, "an expected refusal");
    }

    function parts() external view returns (address, address, address, address) {
        return (address(token), address(vault), address(votes), address(emission));
    }
}
