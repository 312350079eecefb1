// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Subnets} from "../src/Subnets.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {ISubnetTerms} from "../src/interfaces/ISubnetTerms.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {SubnetsHandler} from "./SubnetsHandler.sol";

/// @notice What holds whatever people do to subnets.
/// forge-config: default.invariant.runs = 16
/// forge-config: default.invariant.depth = 128
contract SubnetsInvariants is InvariantTest {
    event log_named_uint(string key, uint256 value); // forge prints it

    uint256 private constant GENESIS = 1_000_000e18;
    uint256 private constant LOCK = 50e18;

    SubnetsHandler private handler;
    WitanToken private token;
    Subnets private subnets;

    function setUp() public {
        handler = new SubnetsHandler();
        (token, subnets,) = handler.parts();
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](8);
        selectors[0] = SubnetsHandler.registerSome.selector;
        selectors[1] = SubnetsHandler.deregisterOne.selector;
        selectors[2] = SubnetsHandler.replaceOne.selector;
        selectors[3] = SubnetsHandler.changeParameters.selector;
        selectors[4] = SubnetsHandler.declareOne.selector;
        selectors[5] = SubnetsHandler.setPays.selector;
        selectors[6] = SubnetsHandler.wait.selector;
        selectors[7] = SubnetsHandler.waitForTheNextEpoch.selector;
    }

    /// @notice The history argument: at the end of every epoch that is not closed, and at every later moment, the
    /// slots' two last holders say what the whole record says.
    function invariantOpenEpochsRememberTheirHolders() public view {
        checkOwnSlots();
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            uint64 epoch = subnets.currentEpoch(netuid);
            for (uint64 e = epoch > 3 ? epoch - 3 : 0; e < epoch; ++e) {
                (, uint48 end,, uint48 settleEnd) = subnets.windows(netuid, e);
                if (block.timestamp < settleEnd) checkHolders(netuid, end);
            }
            (uint48 start,,,) = subnets.windows(netuid, epoch);
            checkHolders(netuid, uint48((start + block.timestamp) / 2));
            checkHolders(netuid, uint48(block.timestamp));
            checkHolders(netuid, uint48(block.timestamp + 1));
        }
    }

    function invariantASlotHasOneOperatorAndANodeOneSlot() public view {
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            ISubnets.Neuron[] memory neurons = subnets.neurons(netuid, 0, 64);
            for (uint256 i = 0; i < neurons.length; ++i) {
                if (neurons[i].nodeId == 0) continue;
                assertEq(subnets.uidOf(netuid, neurons[i].operator), i, "one slot an operator");
                for (uint256 j = 0; j < i; ++j) {
                    assertTrue(neurons[i].nodeId != neurons[j].nodeId, "one slot a node");
                }
            }
            for (uint256 i = 0; i < handler.ACTORS(); ++i) {
                checkRetiredKey(netuid, i);
            }
        }
    }

    function invariantUidsStayWithinBoundsAndPricesAreBurned() public view {
        checkBurnedAndHeld();
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            ISubnetTerms.Subnet memory subnet = subnets.subnet(netuid);
            assertLe(subnet.neuronCount, subnet.parameters.maxUids, "at most maxUids");
            (bool pending,, ISubnetTerms.Parameters memory next) = subnets.pendingParameters(netuid);
            if (pending) assertLe(subnet.neuronCount, next.maxUids, "and what is to come");
            assertEq(subnet.neuronCount, handler.slotCount(netuid), "never shrinks");
            assertEq(subnets.lastChangedAt(netuid), handler.changedAt(netuid), "last change");
        }
    }

    /// @dev What the run has seen; printed with -vv.
    function afterInvariant() public {
        emit log_named_uint("prunings", handler.prunings());
        emit log_named_uint("reuses", handler.reuses());
        emit log_named_uint("parameter changes", handler.parameterChanges());
    }

    function checkHolders(uint16 netuid, uint48 timestamp) private view {
        (uint64[] memory nodeIds, uint48[] memory since) = subnets.slotsAt(netuid, timestamp);
        (uint64[] memory expectedIds, uint48[] memory expectedSince) = handler.holdersBefore(netuid, timestamp);
        assertEq(
            keccak256(abi.encode(nodeIds, since)), keccak256(abi.encode(expectedIds, expectedSince)), "the holders then"
        );
    }

    function checkRetiredKey(uint16 netuid, uint256 i) private view {
        uint256 key = handler.keyIndex(i);
        if (key < handler.ACTORS()) return;
        address retired = vm.addr(uint256(keccak256(abi.encode("operator", key - handler.ACTORS()))) >> 8);
        (bool success,) = address(subnets).staticcall(abi.encodeCall(subnets.uidOf, (netuid, retired)));
        assertTrue(!success, "a replaced key has no slot");
    }

    /// @dev Only the slot of the one who declares (actor 0) is ever an own slot.
    function checkOwnSlots() private view {
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            uint64 epoch = subnets.currentEpoch(netuid);
            for (uint64 e = epoch > 2 ? epoch - 2 : 0; e <= epoch + 1; ++e) {
                (, uint48 end,, uint48 settleEnd) = subnets.windows(netuid, e);
                if (block.timestamp >= settleEnd) continue;
                uint256[] memory own = subnets.ownSlotsAt(netuid, end);
                (uint64[] memory nodeIds,) = handler.holdersBefore(netuid, end);
                for (uint256 uid = 0; uid < nodeIds.length; ++uid) {
                    if (own[0] >> uid & 1 == 1) assertEq(nodeIds[uid], handler.actorNode(0), "declared");
                }
            }
        }
    }

    function checkBurnedAndHeld() private view {
        assertEq(token.totalSupply(), GENESIS - handler.burned(), "burned");
        assertEq(token.balanceOf(address(subnets)), handler.SUBNETS() * LOCK, "held");
        (,, uint256 credits) = handler.parts();
        assertEq(credits, handler.evictions(), "whoever left was credited");
    }
}
