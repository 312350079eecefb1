// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PaymentChannels} from "../src/PaymentChannels.sol";
import {RevenueSplitter} from "../src/RevenueSplitter.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IPaymentChannels} from "../src/interfaces/IPaymentChannels.sol";
import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {PaymentsHandler} from "./PaymentsHandler.sol";
import {Vm} from "./Vm.sol";

/// @notice What holds whatever consumers, miners and others do.
contract PaymentsInvariants is InvariantTest {
    PaymentsHandler private handler;
    WitanToken private token;
    PaymentChannels private channels;
    RevenueSplitter private splitter;
    address private timelock;

    function setUp() public {
        handler = new PaymentsHandler();
        (address token_, address channels_, address splitter_, address timelock_) = handler.contracts();
        (token, channels) = (WitanToken(token_), PaymentChannels(channels_));
        (splitter, timelock) = (RevenueSplitter(splitter_), timelock_);
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](14);
        selectors[0] = PaymentsHandler.openSome.selector;
        selectors[1] = PaymentsHandler.topUpSome.selector;
        selectors[2] = PaymentsHandler.settleSome.selector;
        selectors[3] = PaymentsHandler.settleBatch.selector;
        selectors[4] = PaymentsHandler.forgeSome.selector;
        selectors[5] = PaymentsHandler.closeSome.selector;
        selectors[6] = PaymentsHandler.withdrawSome.selector;
        selectors[7] = PaymentsHandler.payInSome.selector;
        selectors[8] = PaymentsHandler.distributeSome.selector;
        selectors[9] = PaymentsHandler.payOut.selector;
        selectors[10] = PaymentsHandler.payValidatorsOf.selector;
        selectors[11] = PaymentsHandler.sweepSome.selector;
        selectors[12] = PaymentsHandler.wait.selector;
        selectors[13] = PaymentsHandler.openSome.selector;
    }

    /// forge-config: default.invariant.runs = 200
    /// forge-config: default.invariant.depth = 100
    /// forge-config: default.invariant.check_interval = 5
    function invariantMoney() public {
        checkChannels();
        checkRevenue();
        handler.notePaid();
    }

    function testTheMovesReachEverything() public {
        vm.recordLogs();
        for (uint256 i = 0; i < 600; ++i) {
            playMove(i);
            if (i % 5 == 0) invariantMoney();
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        atLeast(logs, "opened", IPaymentChannels.ChannelOpened.selector, 20);
        atLeast(logs, "topped up", IPaymentChannels.ToppedUp.selector, 2);
        atLeast(logs, "settled", IPaymentChannels.VoucherSettled.selector, 20);
        atLeast(logs, "closed", IPaymentChannels.ChannelClosed.selector, 5);
        atLeast(logs, "distributed", IRevenueSplitter.Distributed.selector, 20);
        atLeast(logs, "paid out", IRevenueSplitter.Withdrawn.selector, 20);
        atLeast(logs, "validators", IRevenueSplitter.ValidatorPaid.selector, 5);
        atLeast(logs, "swept", IRevenueSplitter.PotSwept.selector, 1);
    }

    function checkChannels() private view {
        bytes32[] memory ids = handler.channelIds();
        uint256 held = 0;
        uint256 paid = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            IPaymentChannels.Channel memory c = channels.channelOf(ids[i]);
            assertLe(c.paid, c.deposit, "paid <= deposit");
            assertLe(c.paid, handler.promised(ids[i]), "no more than was signed for");
            assertLe(handler.lastPaid(ids[i]), c.paid, "paid only grows");
            assertLe(c.deposit, handler.deposited(ids[i]), "deposit");
            if (handler.withdrawn(ids[i])) assertEq(c.paid, c.deposit, "empty for ever");
            else assertEq(c.deposit, handler.deposited(ids[i]), "all there until it is withdrawn");
            held += c.deposit - c.paid;
            paid += c.paid;
        }
        assertEq(token.balanceOf(address(channels)), held, "solvent, and nothing stuck");
        assertEq(paid, handler.settled(), "what was paid went to the splitter");
    }

    function checkRevenue() private view {
        uint256 held = splitter.owedTo(timelock);
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            (uint256 pot,) = splitter.potOf(netuid);
            held += pot;
            for (uint64 nodeId = 1; nodeId <= handler.NODES(); ++nodeId) {
                for (uint256 model = 0; model < handler.MODELS(); ++model) {
                    held += splitter.pendingOf(netuid, nodeId, model);
                }
            }
        }
        for (uint256 i = 0; i < 6; ++i) {
            held += splitter.owedTo(handler.payee(i));
        }
        for (uint64 nodeId = 1; nodeId <= handler.NODES(); ++nodeId) {
            held += splitter.owedTo(handler.nodeOwner(nodeId));
        }
        assertEq(token.balanceOf(address(splitter)), held, "solvent, and nothing stuck");
        uint256 came = handler.settled() + handler.paidInOtherwise();
        assertEq(came, held + handler.toPools() + handler.withdrawnByPayees(), "every wei came from somewhere");
    }
}
