// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {StakeVault} from "../src/StakeVault.sol";
import {Subnets} from "../src/Subnets.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {IStakeVault} from "../src/interfaces/IStakeVault.sol";
import {ISubnets} from "../src/interfaces/ISubnets.sol";
import {NetworkHandler} from "./NetworkHandler.sol";
import {Test} from "./Test.sol";

/// @notice What holds whatever people do. The share price is checked by the handler at every move.
contract NetworkInvariants is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    NetworkHandler private handler;
    WitanToken private token;
    StakeVault private vault;
    Subnets private subnets;
    Emission private emission;

    function setUp() public {
        handler = new NetworkHandler();
        (address token_, address vault_, address subnets_, address emission_) = handler.parts();
        (token, vault) = (WitanToken(token_), StakeVault(vault_));
        (subnets, emission) = (Subnets(subnets_), Emission(emission_));
    }

    /// @dev Read by forge: only the handler is called.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Read by forge: the handler's inherited setUp is no move.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        targets[0].selectors = new bytes4[](11);
        targets[0].selectors[0] = NetworkHandler.createAnother.selector;
        targets[0].selectors[1] = NetworkHandler.registerOne.selector;
        targets[0].selectors[2] = NetworkHandler.announceOne.selector;
        targets[0].selectors[3] = NetworkHandler.stakeSome.selector;
        targets[0].selectors[4] = NetworkHandler.unstakeSome.selector;
        targets[0].selectors[5] = NetworkHandler.withdrawOne.selector;
        targets[0].selectors[6] = NetworkHandler.setTakeOf.selector;
        targets[0].selectors[7] = NetworkHandler.syncOne.selector;
        targets[0].selectors[8] = NetworkHandler.wait.selector;
        targets[0].selectors[9] = NetworkHandler.claimAll.selector;
        targets[0].selectors[10] = NetworkHandler.playEpoch.selector;
    }

    function invariantVaultIsSolvent() public view {
        uint256 owed = 0;
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            IStakeVault.Pool memory pool = vault.pool(nodeId);
            owed += pool.assets + pool.locked + pool.unbonding;
            assertTrue(pool.shares > 0 || pool.assets == 0, "no stake without shares");
        }
        assertEq(vault.accountedAssets(), owed, "accounted");
        assertLe(owed, token.balanceOf(address(vault)), "solvent");
    }

    function invariantSupplyAddsUp() public view {
        IEmission.Supply memory all = emission.supply();
        IEmission.Supply memory sum;
        for (uint16 netuid = 1; netuid <= subnets.subnetCount(); ++netuid) {
            IEmission.Supply memory s = emission.supplyOf(netuid);
            assertEq(s.scheduled, s.minted + s.notMinted + s.carried, "scheduled");
            assertEq(s.minted, s.claimable + s.claimed + s.pooled + s.bounties, "minted");
            sum.scheduled += s.scheduled;
            sum.minted += s.minted;
            sum.notMinted += s.notMinted;
            sum.carried += s.carried;
            sum.claimable += s.claimable;
            sum.claimed += s.claimed;
            sum.pooled += s.pooled;
            sum.bounties += s.bounties;
        }
        assertEq(keccak256(abi.encode(sum)), keccak256(abi.encode(all)), "total");
        assertLe(all.scheduled, emission.schedule(block.timestamp - emission.startedAt()), "never ahead of schedule");
    }

    function invariantEmissionHoldsWhatItOwes() public view {
        uint256 owed = emission.supply().claimable;
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            owed += emission.poolAccrued(nodeId);
        }
        assertLe(token.totalSupply(), token.cap(), "cap");
    }

    function invariantASlotHasOneOperator() public view {
        for (uint16 netuid = 1; netuid <= subnets.subnetCount(); ++netuid) {
            ISubnets.Neuron[] memory neurons = subnets.neurons(netuid, 0, 64);
            for (uint256 i = 0; i < neurons.length; ++i) {
                assertEq(subnets.uidOf(netuid, neurons[i].operator), i, "one slot an operator");
                assertEq(vault.nodeOf(neurons[i].operator), neurons[i].nodeId, "one node an operator");
            }
        }
    }

    function invariantSeqOnlyGrows() public view {
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            address operator = vault.operatorOf(nodeId);
            assertEq(subnets.record(operator).seq, handler.announcedSeq(operator), "the greatest announced");
        }
    }
}
