// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ForkClaim} from "../src/ForkClaim.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IForkClaim} from "../src/interfaces/IForkClaim.sol";
import {ForkHandler} from "./ForkHandler.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {Vm} from "./Vm.sol";

/// @notice What holds whatever people do at the claims of a fork, over 20,480 moves.
/// forge-config: default.invariant.runs = 160
/// forge-config: default.invariant.depth = 128
contract ForkInvariants is InvariantTest {
    ForkHandler private handler;
    ForkClaim private claims;
    WitanToken private token;

    function setUp() public {
        handler = new ForkHandler();
        (claims, token) = handler.contracts();
    }

    function target() internal view override returns (address) {
        return address(handler);
    }

    function moves() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](8);
        selectors[0] = ForkHandler.claimAs.selector;
        selectors[1] = ForkHandler.claimAs.selector;
        selectors[2] = ForkHandler.claimAndStake.selector;
        selectors[3] = ForkHandler.claimAndStake.selector;
        selectors[4] = ForkHandler.cheat.selector;
        selectors[5] = ForkHandler.donate.selector;
        selectors[6] = ForkHandler.wait.selector;
        selectors[7] = ForkHandler.sweep.selector;
    }

    /// @notice Nothing that had to be refused was accepted, and the books balance to the wei.
    function invariantEveryTokenIsPaidOnceAtMost() public view {
        assertEq(handler.accepted(), 0, "refused");
        uint256 came = claims.supply() + handler.donated();
        uint256 went = handler.paid() + handler.swept();
        assertEq(token.balanceOf(address(claims)), came - went, "what came and did not go");
        assertLe(handler.paid(), claims.supply(), "never more than the genesis");
    }

    /// @notice Each holder at most once. Read by forge at the end of a run.
    function afterInvariant() public view {
        uint256 outstanding = 0;
        for (uint256 i = 0; i < handler.holders(); ++i) {
            assertLe(handler.timesPaid(i), 1, "once");
            if (handler.timesPaid(i) == 0) outstanding += handler.wholeOf(i);
        }
        assertEq(handler.paid() + outstanding, claims.supply(), "all claims are the genesis");
    }

    /// @notice The campaign does reach what it is about.
    function testTheMovesClaimStakeAndSweep() public {
        vm.recordLogs();
        for (uint256 seed = 0; seed < 300; ++seed) {
            playMove(seed);
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        atLeast(logs, "claims", IForkClaim.Claimed.selector, 10);
        atLeast(logs, "sweeps", IForkClaim.Swept.selector, 1);
        assertLe(10, handler.claimed(), "claimed");
    }
}
