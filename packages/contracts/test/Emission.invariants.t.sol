// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {VaultDouble} from "./EmissionBench.sol";
import {EmissionHandler} from "./EmissionHandler.sol";
import {SupplyInvariants} from "./SupplyInvariants.sol";

/// @notice What holds whatever happens to emission. No move of the handler fails; that is an invariant too.
contract EmissionInvariants is SupplyInvariants {
    EmissionHandler private handler;
    WitanToken private token;
    VaultDouble private vault;
    Emission private emission;

    function setUp() public {
        handler = new EmissionHandler();
        (address token_, address vault_, address emission_) = handler.parts();
        (token, vault, emission) = (WitanToken(token_), VaultDouble(vault_), Emission(emission_));
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    /// @dev Settlements are listed twice.
    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](14);
        (selectors[0], selectors[1]) = (EmissionHandler.moveSubnet.selector, EmissionHandler.registerOne.selector);
        (selectors[2], selectors[3]) = (EmissionHandler.replaceOne.selector, EmissionHandler.stakeOne.selector);
        (selectors[4], selectors[5]) = (EmissionHandler.pokeOne.selector, EmissionHandler.pointOne.selector);
        (selectors[6], selectors[7]) = (EmissionHandler.wait.selector, EmissionHandler.advanceOne.selector);
        (selectors[8], selectors[9]) = (EmissionHandler.settleOne.selector, EmissionHandler.claimSome.selector);
        (selectors[10], selectors[11]) = (EmissionHandler.claimAllOf.selector, EmissionHandler.pullOne.selector);
        (selectors[12], selectors[13]) = (EmissionHandler.claimBountyOf.selector, EmissionHandler.settleOne.selector);
    }

    /// @notice One campaign checks everything: a move costs more than a check.
    /// forge-config: default.invariant.runs = 44
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check-interval = 5
    function invariantEmissionIsSound() public view {
        checkSupply(emission, handler.SUBNETS());
        checkWhoGetsWhat();
        checkVotes();
    }

    /// @dev Emission owes each node what it earned while it held its slots.
    function checkWhoGetsWhat() private view {
        IEmission.Supply memory all = emission.supply();
        uint256 claimable = 0;
        uint256 poolsOwed = 0;
        uint256 pooled = 0;
        for (uint64 nodeId = 1; nodeId <= handler.NODES(); ++nodeId) {
            uint256 due = 0;
            uint256 earned = 0;
            for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
                due += emission.claimable(netuid, nodeId);
                earned += handler.earned(netuid, nodeId);
            }
            assertEq(token.balanceOf(address(uint160(0x0A0000 + uint256(nodeId)))) + due, earned, "earned");
            claimable += due;
            poolsOwed += emission.poolAccrued(nodeId);
            pooled += handler.pooled(nodeId);
        }
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            claimable += emission.ownerClaimable(netuid);
        }
        assertEq(claimable, all.claimable, "claimable");
        assertEq(pooled, all.pooled, "pooled");
        assertEq(token.balanceOf(address(vault)) + poolsOwed, pooled, "pulled or not");
        uint256 bounties = 0;
        for (uint256 i = 0; i < 2; ++i) {
            address settler = handler.settlerOf(i);
            bounties += emission.bounties(settler);
            assertEq(token.balanceOf(settler) + emission.bounties(settler), handler.bountiesEarned(settler), "bounties");
        }
        uint256 unpaid = claimable + poolsOwed + bounties;
        assertEq(token.totalSupply() + unpaid, token.genesisSupply() + all.minted, "minted here only, when paid out");
    }

    /// @dev The votes are those of the accounts, and the shares are of one whole.
    function checkVotes() private view {
        uint256[4] memory votes;
        for (uint256 i = 0; i < handler.ACCOUNTS(); ++i) {
            addVotes(votes, handler.accountOf(i));
        }
        uint48 next = emission.nextBoundary();
        uint256 active = 0;
        uint256 total = 0;
        uint256 shares = 0;
        for (uint16 netuid = 1; netuid <= handler.SUBNETS(); ++netuid) {
            assertEq(emission.votesAt(netuid, next), votes[netuid], "votes");
            uint256 share = emission.shareAt(netuid, uint48(block.timestamp));
            assertLe(share, 0.6e18, "limit");
            shares += share;
            if (!emission.isActive(netuid)) continue;
            ++active;
            total += votes[netuid];
        }
        assertEq(emission.activeSubnets(), active, "active");
        assertEq(emission.totalVotesAt(next), total, "total");
        assertLe(shares, 1e18, "shares");
    }

    function addVotes(uint256[4] memory votes, address account) private view {
        (uint16[] memory netuids, uint16[] memory weights, uint256 stake) = emission.pointsOf(account);
        uint256 sum = 0;
        for (uint256 i = 0; i < weights.length; ++i) {
            sum += weights[i];
        }
        for (uint256 i = 0; i < weights.length; ++i) {
            votes[netuids[i]] += stake * weights[i] / sum;
        }
    }
}
