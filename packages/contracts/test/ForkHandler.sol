// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ForkClaim} from "../src/ForkClaim.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {ForkFixture} from "./ForkFixture.sol";

/// @notice Holders, strangers and cheats at the claims of a fork; counts what was paid.
contract ForkHandler is ForkFixture {
    uint256 public paid;
    uint256 public donated;
    uint256 public swept;
    uint256 public claimed;
    /// @notice Calls that should have been refused and were not.
    uint256 public accepted;
    mapping(uint256 i => uint256) public timesPaid;
    uint64 private _nodeId;

    constructor() {
        setUp();
        uint16 netuid = createSubnet();
        register(netuid, 0);
        _nodeId = nodeOf(0);
    }

    function contracts() external view returns (ForkClaim, WitanToken) {
        return (claims, token);
    }

    function holders() external pure returns (uint256) {
        return HOLDERS;
    }

    function wholeOf(uint256 i) public pure returns (uint256) {
        return liquidOf(i) + stakedOf(i);
    }

    function claimAs(uint256 i, uint256 caller) external {
        i %= HOLDERS;
        bytes32[] memory proof = proofOf(i);
        vm.prank(holder(caller % HOLDERS));
        try claims.claim(holder(i), liquidOf(i), stakedOf(i), proof) {
            _count(i);
        } catch {}
    }

    function claimAndStake(uint256 i, uint256 assets) external {
        i %= HOLDERS;
        bytes32[] memory proof = proofOf(i);
        assets = bound(assets, 1, wholeOf(i) + 1);
        vm.prank(holder(i));
        try claims.claimAndStake(liquidOf(i), stakedOf(i), _nodeId, assets, proof) {
            if (assets > wholeOf(i)) ++accepted;
            _count(i);
        } catch {}
    }

    function cheat(uint256 i, uint256 liquid, uint256 staked) external {
        i %= HOLDERS;
        liquid = bound(liquid, 0, supply);
        staked = bound(staked, 0, supply);
        if (liquid == liquidOf(i) && staked == stakedOf(i)) return;
        bytes32[] memory proof = proofOf(i);
        try claims.claim(holder(i), liquid, staked, proof) {
            ++accepted;
        } catch {}
    }

    function donate(uint256 assets) external {
        assets = bound(assets, 0, 1e18);
        vm.prank(TREASURY);
        assertTrue(token.transfer(address(claims), assets), "given");
        donated += assets;
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 60 days));
    }

    function sweep() external {
        bool isEarly = block.timestamp < claims.sweepableAt();
        try claims.sweep() returns (uint256 assets) {
            if (isEarly) ++accepted;
            swept += assets;
        } catch {}
    }

    function _count(uint256 i) private {
        ++timesPaid[i];
        ++claimed;
        paid += wholeOf(i);
        if (swept > 0) ++accepted;
    }
}
