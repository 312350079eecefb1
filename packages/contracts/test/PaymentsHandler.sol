// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPaymentChannels} from "../src/interfaces/IPaymentChannels.sol";
import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {PaymentsFixture} from "./PaymentsFixture.sol";
import {RevenuePeers} from "./RevenuePeers.sol";

/// @notice What consumers, miners and anybody else do to channels and revenue, in any order.
contract PaymentsHandler is PaymentsFixture {
    uint256 public constant CONSUMERS = 4;
    uint64 public constant NODES = 4;
    uint256 public constant MODELS = 3;
    uint16 public constant SUBNETS = 2;
    uint256 private constant MAX_CHANNELS = 24;

    bytes32[] private _ids;
    mapping(bytes32 channelId => uint256) private _ownerIndex;
    /// @dev What the consumer has signed for at most.
    mapping(bytes32 channelId => uint256) public promised;
    mapping(bytes32 channelId => uint256) public deposited;
    mapping(bytes32 channelId => uint256) public lastPaid;
    mapping(bytes32 channelId => bool) public withdrawn;
    uint256 public settled;
    uint256 public paidInOtherwise;
    uint256 public toPools;
    uint256 public withdrawnByPayees;

    constructor() {
        setUp();
        for (uint256 m = 0; m < MODELS; ++m) {
            peers.setCreators(m, list(payee(m), payee(m + 1)), parts(uint16(5000 + m), 3333));
            if (m > 0) peers.setDataSets(m, list(payee(m + 3), address(0)), parts(uint16(9999 / m), 0));
        }
        uint64[] memory nodeIds = new uint64[](3);
        for (uint64 i = 0; i < 3; ++i) {
            nodeIds[i] = i + 1;
        }
        peers.setSlots(nodeIds, new uint48[](3));
        ISubnets.LastPay memory pay = lastPay();
        peers.setLastPay(keccak256(abi.encode(pay.incentive, pay.validatorPay)), uint48(block.timestamp));
    }

    function lastPay() private pure returns (ISubnets.LastPay memory) {
        return ISubnets.LastPay("", abi.encodePacked(uint256(5) | 7 << 32 | 11 << 64));
    }

    function payee(uint256 i) public pure returns (address) {
        return address(uint160(0xBEE000 + i % 6));
    }

    function channelIds() external view returns (bytes32[] memory) {
        return _ids;
    }

    function consumerOf(uint256 i) external pure returns (address) {
        return consumer(i);
    }

    function openSome(uint256 who, uint256 where, uint256 model, uint256 assets) external {
        if (_ids.length == MAX_CHANNELS) return;
        who %= CONSUMERS;
        assets = bound(assets, 1, assets % 3 == 0 ? 1000 : 100e18);
        give(consumer(who), assets, address(channels));
        vm.prank(consumer(who));
        bytes32 id = channels.open(node(where), uint16(1 + model % SUBNETS), model % MODELS, assets);
        assertEq(deposited[id], 0, "an id never comes again");
        _ids.push(id);
        (_ownerIndex[id], deposited[id]) = (who, assets);
    }

    function topUpSome(uint256 which, uint256 assets) external {
        if (_ids.length == 0) return;
        bytes32 id = pick(which);
        assets = bound(assets, 1, 10e18);
        give(CAROL, assets, address(channels));
        bool open = channels.channelOf(id).closesAt == 0;
        vm.prank(CAROL);
        try channels.topUp(id, assets) {
            assertTrue(open, "only while open");
            deposited[id] += assets;
        } catch (bytes memory reason) {
            only(reason, IPaymentChannels.ChannelClosing.selector);
            assertTrue(!open, "refused only when closing");
        }
    }

    function settleSome(uint256 which, uint256 cumulative) external {
        if (_ids.length == 0) return;
        bytes32 id = pick(which);
        cumulative = amountFor(id, cumulative);
        uint256 before = channels.channelOf(id).paid;
        try this.settleAs(_ownerIndex[id], id, cumulative) returns (uint256 assets) {
            settled += assets;
            assertTrue(assets > 0, "something");
            assertEq(channels.channelOf(id).paid, before + assets, "booked");
        } catch (bytes memory reason) {
            only(reason, IPaymentChannels.NothingToSettle.selector);
            assertEq(channels.channelOf(id).paid, before, "nothing");
        }
    }

    function settleAs(uint256 who, bytes32 id, uint256 cumulative) external returns (uint256) {
        return settle(who, id, cumulative);
    }

    /// @dev Of three channels, which may be the same.
    function settleBatch(uint256 which, uint256 cumulative) external {
        if (_ids.length == 0) return;
        IPaymentChannels.SignedVoucher[] memory batch = new IPaymentChannels.SignedVoucher[](3);
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 id = pick(uint256(keccak256(abi.encode(which, i))));
            batch[i] = signedVoucher(_ownerIndex[id], id, amountFor(id, uint256(keccak256(abi.encode(cumulative, i)))));
        }
        settled += channels.settleMany(batch);
    }

    /// @notice A stranger's signature never moves anything.
    function forgeSome(uint256 which, uint256 cumulative, uint256 who) external {
        if (_ids.length == 0) return;
        bytes32 id = pick(which);
        who = who % 8 + CONSUMERS;
        try this.settleAs(who, id, cumulative) {
            revert NotTrue("a forged voucher is refused");
        } catch (bytes memory reason) {
            only(reason, IPaymentChannels.VoucherSignatureInvalid.selector);
        }
    }

    function closeSome(uint256 which) external {
        if (_ids.length == 0) return;
        bytes32 id = pick(which);
        vm.prank(consumer(_ownerIndex[id]));
        try channels.requestClose(id) {}
        catch (bytes memory reason) {
            only(reason, IPaymentChannels.ChannelClosing.selector);
        }
    }

    function withdrawSome(uint256 which) external {
        if (_ids.length == 0) return;
        bytes32 id = pick(which);
        IPaymentChannels.Channel memory c = channels.channelOf(id);
        vm.prank(consumer(_ownerIndex[id]));
        try channels.withdraw(id) returns (uint256 assets) {
            assertTrue(c.closesAt != 0 && block.timestamp >= c.closesAt, "after the grace period");
            assertEq(assets, c.deposit - c.paid, "what is left");
            withdrawn[id] = true;
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == IPaymentChannels.CloseNotRequested.selector
                    || selector == IPaymentChannels.GraceRunning.selector,
                "an expected refusal"
            );
        }
    }

    function payInSome(uint256 where, uint256 model, uint256 assets) external {
        assets = bound(assets, 1, assets % 3 == 0 ? 1000 : 10e18);
        payIn(uint16(1 + model % SUBNETS), node(where), model % MODELS, assets);
        paidInOtherwise += assets;
    }

    function distributeSome(uint256 where, uint256 model) external {
        (uint16 netuid, uint64 nodeId) = (uint16(1 + model % SUBNETS), node(where));
        peers.setMood(RevenuePeers.Mood(where % 7 < 4 ? where % 7 : 0));
        uint256 before = token.balanceOf(address(splitter));
        uint256 pending = splitter.pendingOf(netuid, nodeId, model % MODELS);
        try splitter.distribute(netuid, nodeId, model % MODELS) returns (uint256 assets) {
            assertEq(assets, pending, "all that waited");
            toPools += before - token.balanceOf(address(splitter));
        } catch (bytes memory reason) {
            only(reason, IRevenueSplitter.NothingDue.selector);
            assertEq(pending, 0, "only when nothing waited");
        }
    }

    function payOut(uint256 who) external {
        address account = who % 4 == 0 ? TIMELOCK : who % 4 == 1 ? ownerOf(uint64(who / 4 % 3) + 1) : payee(who / 4);
        try splitter.withdraw(account) returns (uint256 assets) {
            withdrawnByPayees += assets;
        } catch (bytes memory reason) {
            only(reason, IRevenueSplitter.NothingDue.selector);
        }
    }

    function payValidatorsOf(uint256 which) external {
        try splitter.payValidators(uint16(1 + which % SUBNETS), lastPay()) {}
        catch (bytes memory reason) {
            only(reason, IRevenueSplitter.NothingDue.selector);
        }
    }

    function sweepSome(uint256 which) external {
        uint16 netuid = uint16(1 + which % SUBNETS);
        (, uint48 since) = splitter.potOf(netuid);
        try splitter.sweepPot(netuid) {
            assertTrue(block.timestamp >= since + 90 days, "only when it is stale");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == IRevenueSplitter.NothingDue.selector || selector == IRevenueSplitter.PotNotStale.selector,
                "an expected refusal"
            );
        }
    }

    function wait(uint256 time) external {
        pass(time % 16 == 0 ? 91 days : bound(time, 1, GRACE));
    }

    function notePaid() external {
        for (uint256 i = 0; i < _ids.length; ++i) {
            lastPaid[_ids[i]] = channels.channelOf(_ids[i]).paid;
        }
    }

    function node(uint256 seed) private pure returns (uint64) {
        return uint64(seed % NODES) + 1;
    }

    function pick(uint256 seed) private view returns (bytes32) {
        return _ids[seed % _ids.length];
    }

    /// @dev Any promise: old, new, or above the deposit.
    function amountFor(bytes32 id, uint256 seed) private returns (uint256 cumulative) {
        cumulative = bound(seed, 0, deposited[id] + deposited[id] / 4);
        if (cumulative > promised[id]) promised[id] = cumulative;
    }

    function only(bytes memory reason, bytes4 selector) private pure {
        assertEq(bytes32(bytes4(reason)), bytes32(selector), "an expected refusal");
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(token), address(channels), address(splitter), TIMELOCK);
    }

    function nodeOwner(uint64 nodeId) external pure returns (address) {
        return ownerOf(nodeId);
    }
}
