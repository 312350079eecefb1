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
import {SupplyInvariants} from "./SupplyInvariants.sol";

/// @notice What holds whatever people do. What must hold at every move (the share price, slashes, a second settlement) is
/// checked by the handler; the sums over everybody here, at every eighth move.
contract NetworkInvariants is SupplyInvariants {
    uint256 private constant EVERY = 8;

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

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](23);
        selectors[0] = NetworkHandler.createAnother.selector;
        selectors[1] = NetworkHandler.registerOne.selector;
        selectors[2] = NetworkHandler.announceOne.selector;
        selectors[3] = NetworkHandler.stakeSome.selector;
        selectors[4] = NetworkHandler.unstakeSome.selector;
        selectors[5] = NetworkHandler.withdrawOne.selector;
        selectors[6] = NetworkHandler.setTakeOf.selector;
        selectors[7] = NetworkHandler.syncOne.selector;
        selectors[8] = NetworkHandler.wait.selector;
        selectors[9] = NetworkHandler.claimAll.selector;
        selectors[10] = NetworkHandler.playEpoch.selector;
        selectors[11] = NetworkHandler.deregisterOne.selector;
        selectors[12] = NetworkHandler.replaceOperatorOf.selector;
        selectors[13] = NetworkHandler.redelegateSome.selector;
        selectors[14] = NetworkHandler.slashOne.selector;
        selectors[15] = NetworkHandler.pointSome.selector;
        selectors[16] = NetworkHandler.setParametersOf.selector;
        selectors[17] = NetworkHandler.dissolveOne.selector;
        selectors[18] = NetworkHandler.claim.selector;
        selectors[19] = NetworkHandler.claimBounty.selector;
        // Most of what follows depends on these.
        selectors[20] = NetworkHandler.playEpoch.selector;
        selectors[21] = NetworkHandler.playEpoch.selector;
        selectors[22] = NetworkHandler.registerOne.selector;
    }

    /// @dev One campaign, so that every call serves all checks: 200 x 100 moves.
    /// forge-config: default.invariant.runs = 200
    /// forge-config: default.invariant.depth = 100
    function invariantNetwork() public view {
        if (handler.calls() % EVERY != 0) return;
        checkVault();
        checkSupply(emission, subnets.subnetCount());
        checkClaims();
        checkWhatIsOwed();
        checkOperators();
    }

    /// @dev Solvent, and nothing comes out that was neither put in nor paid by emission.
    function checkVault() private view {
        uint256 owed = 0;
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            IStakeVault.Pool memory pool = vault.pool(nodeId);
            owed += pool.assets + pool.locked + pool.unbonding;
            assertTrue(pool.shares > 0 || pool.assets == 0, "no stake without shares");
        }
        assertEq(vault.accountedAssets(), owed, "accounted");
        assertLe(owed, token.balanceOf(address(vault)), "solvent");
        uint256 rewards = emission.supply().pooled - poolsOwed();
        uint256 putIn = 0;
        uint256 takenOut = 0;
        for (uint256 i = 0; i < handler.OPERATORS(); ++i) {
            address account = address(uint160(0x0A0000 + i));
            assertLe(handler.takenOut(account), handler.putIn(account) + rewards, "nobody more than in plus rewards");
            putIn += handler.putIn(account);
            takenOut += handler.takenOut(account);
        }
        assertLe(owed + takenOut + handler.slashedOut(), putIn + rewards, "all together");
    }

    function checkClaims() private view {
        for (uint16 netuid = 1; netuid <= subnets.subnetCount(); ++netuid) {
            assertEq(emission.supplyOf(netuid).claimable, claimableIn(netuid), "who can claim what, to the wei");
        }
        uint256 limit = emission.schedule(block.timestamp - emission.startedAt());
        assertLe(emission.supply().minted, limit, "minted within the schedule");
        assertLe(token.totalSupply(), token.cap(), "cap");
    }

    /// @dev What is not paid out yet is not minted yet, and is all there is to mint.
    function checkWhatIsOwed() private view {
        IEmission.Supply memory all = emission.supply();
        uint256 bounties = emission.bounties(address(handler)) + token.balanceOf(address(handler));
        assertEq(all.bounties, bounties, "bounties, claimed or not");
        assertEq(token.balanceOf(address(emission)), 0, "emission holds nothing");
        assertLe(poolsOwed(), all.pooled, "pools");
    }

    function checkOperators() private view {
        for (uint16 netuid = 1; netuid <= subnets.subnetCount(); ++netuid) {
            ISubnets.Neuron[] memory neurons = subnets.neurons(netuid, 0, 64);
            for (uint256 i = 0; i < neurons.length; ++i) {
                if (neurons[i].nodeId == 0) continue; // vacant
                assertEq(subnets.uidOf(netuid, neurons[i].operator), i, "one slot an operator");
                assertEq(vault.nodeOf(neurons[i].operator), neurons[i].nodeId, "one node an operator");
            }
        }
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            address operator = vault.operatorOf(nodeId);
            assertEq(subnets.record(operator).seq, handler.announcedSeq(operator), "the greatest announced");
        }
    }

    function claimableIn(uint16 netuid) private view returns (uint256 sum) {
        sum = emission.ownerClaimable(netuid);
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            sum += emission.claimable(netuid, nodeId);
        }
    }

    function poolsOwed() private view returns (uint256 sum) {
        for (uint64 nodeId = 1; nodeId <= vault.nodeCount(); ++nodeId) {
            sum += emission.poolAccrued(nodeId);
        }
    }
}
