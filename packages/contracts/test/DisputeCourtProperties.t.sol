// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDisputeCourt} from "../src/interfaces/IDisputeCourt.sol";
import {Evidence} from "../src/libraries/Evidence.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @notice An honest node is never guilty, a guilty one is slashed once, and nobody gains by accusing itself.
contract DisputeCourtPropertiesTest is CourtFixture {
    uint256 private constant REQUESTS = 6;
    uint256 private constant SIGNED = 14;
    uint256 private constant HONEST = 1;

    Evidence.InferRequest[] private _requests;
    Evidence.SignedReceipt[] private _signed;

    /// @notice An honest node answers each request once, under the version asked, old and new versions side by side while
    /// they change, and repeats its receipt in whatever batch and order it is asked for again. No pair of what it signed,
    /// with any request there is, is evidence of anything.
    /// forge-config: default.fuzz.runs = 48
    function testFuzzAnHonestNodeIsNeverGuilty(uint256 seed) public {
        playHonestly(seed);
        for (uint256 i = 0; i < _requests.length; ++i) {
            for (uint256 a = 0; a < _signed.length; ++a) {
                innocent(abi.encodeCall(court.accuseOfOtherTerms, (_requests[i], _signed[a])));
                uint256 b = uint256(keccak256(abi.encode(seed, i, a))) % _signed.length;
                innocent(abi.encodeCall(court.accuseOfTwoAnswers, (_requests[i], _signed[a], _signed[b])));
                // The likeliest pair: receipts of the same request.
                for (b = 0; b < _signed.length; ++b) {
                    if (_signed[b].receipt.requestDigest != _signed[a].receipt.requestDigest) continue;
                    innocent(abi.encodeCall(court.accuseOfTwoAnswers, (_requests[i], _signed[a], _signed[b])));
                }
            }
        }
        assertEq(court.accusationCount(), 0, "nobody is accused");
        assertEq(vault.heldSince(nodeOf(HONEST)), 0, "nothing is held");
    }

    /// @notice As many faults as there are, from the same honest past with one more receipt.
    /// forge-config: default.fuzz.runs = 48
    function testFuzzAGuiltyNodeIsSlashedOnceAFault(uint256 seed) public {
        playHonestly(seed);
        uint256 which = seed % SIGNED;
        Evidence.InferRequest memory r = requestOf(_signed[which].receipt.requestDigest);
        Evidence.Receipt memory second = _signed[which].receipt;
        second.responseDigest = keccak256(abi.encode(seed));
        _signed.push(signedBy(HONEST, second));
        Evidence.Receipt memory third = second;
        third.modelVersion = keccak256(abi.encode(seed, "version"));
        _signed.push(signedBy(HONEST, third));
        vm.startPrank(CHALLENGER);
        uint256 accused = 0;
        for (uint256 a = 0; a < _signed.length; ++a) {
            for (uint256 b = 0; b < _signed.length; ++b) {
                try court.accuseOfTwoAnswers(r, _signed[a], _signed[b]) {
                    ++accused;
                } catch {}
            }
            try court.accuseOfOtherTerms(r, _signed[a]) {
                ++accused;
            } catch {}
        }
        vm.stopPrank();
        assertEq(accused, 1, "once");
        uint256 before = vault.stakeOf(nodeOf(HONEST));
        warpToExecution(1);
        court.execute(1);
        assertEq(vault.stakeOf(nodeOf(HONEST)), before - before / 10, "slashed");
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeCourt.AccusationClosed.selector, 1, IDisputeCourt.Status.Executed)
        );
        court.execute(1);
    }

    /// @notice The owner of a node with little own stake and large delegations is its own challenger, as often as it likes.
    /// With all that is its own it is never richer than before; and each reward is below the burn and at most half of what
    /// its own stake in the pool lost.
    function testFuzzAccusingOneselfNeverPays(uint256 own, uint256 others, uint256 locked, uint16 bps, uint256 times)
        public
    {
        own = bound(own, 1, 100_000e18);
        others = bound(others, 1, 500_000e18);
        locked = bound(locked, 1, 10_000e18);
        times = bound(times, 1, 4);
        vm.prank(address(timelock));
        court.setSlashBps(uint16(bound(bps, 100, 5000)));
        uint64 nodeId = nodeOf(3);
        address owner = ownerOf(3);
        stakeAs(owner, nodeId, own);
        stakeAs(address(0xDE1E), nodeId, others);
        fund(TREASURY, locked, address(vault));
        vm.prank(TREASURY);
        vault.rewardPool(nodeId, locked);

        uint256 wealth = vault.assetsOf(nodeId, owner);
        for (uint256 i = 0; i < times; ++i) {
            uint256 id = accuse(3, i);
            warpToExecution(id);
            vault.sync(nodeId);
            uint256 before = vault.assetsOf(nodeId, owner);
            if (i == 0) wealth = before;
            (uint256 burned, uint256 reward) = court.execute(id);
            assertTrue(reward < burned, "below the burn");
            assertLe(2 * reward, before - vault.assetsOf(nodeId, owner), "half of what the owner's own stake lost");
        }
        uint256 gained = token.balanceOf(CHALLENGER) - 1000e18;
        assertLe(vault.assetsOf(nodeId, owner) + gained, wealth, "never richer");
    }

    /// @notice Stake that already answers for a debt, or that the owner moved away in time, earns it nothing.
    function testADebtIsNoStakeToLose() public {
        uint64 nodeId = nodeOf(GUILTY);
        appointCourt();
        fund(FEW, 60e18, address(vault));
        vm.startPrank(FEW);
        vault.stake(nodeOf(3), 60e18);
        vault.redelegate(nodeOf(3), nodeOf(1), vault.sharesOf(nodeOf(3), FEW));
        vm.stopPrank();
        uint64 left = nodeOf(3);
        vm.prank(SLASHER);
        vault.slash(left, 10_000, uint48(block.timestamp), address(0), 0);
        assertEq(vault.debtOf(FEW), 60e18, "of 90 tokens on its node 30 are its own");
        stakeAs(address(0xDE1E), nodeId, 910e18);
        uint256 id = accuse(GUILTY, 1);
        warpToExecution(id);
        (, uint256 reward) = court.execute(id);
        assertLe(reward, 1.5e18, "half of a tenth of 30");
        assertLe(1.4e18, reward, "to the basis point");
    }

    function playHonestly(uint256 seed) private {
        delete _requests;
        delete _signed;
        for (uint256 i = 0; i < REQUESTS; ++i) {
            uint256 s = uint256(keccak256(abi.encode(seed, "request", i)));
            Evidence.InferRequest memory r = requestTo(HONEST, i);
            // Versions change while both count.
            r.modelVersion = keccak256(abi.encode("version", i < REQUESTS / 2 ? 0 : s % 2));
            r.policy = keccak256(abi.encode("policy", s % 3));
            r.deadline = uint64((block.timestamp + s % 600) * 1000 + s % 1000);
            _requests.push(r);
        }
        // Asked again in any order; each answer is signed in a batch with one that comes later or earlier.
        for (uint256 k = 0; k < SIGNED; ++k) {
            uint256 s = uint256(keccak256(abi.encode(seed, "signing", k)));
            Evidence.Receipt[] memory batch = new Evidence.Receipt[](1 + s % 5);
            for (uint256 j = 0; j < batch.length; ++j) {
                batch[j] = answerTo((s >> (8 + 8 * j)) % REQUESTS);
            }
            _signed.push(signedBatch(HONEST, batch)[(s >> 64) % batch.length]);
            if (s % 4 == 0) vm.warp(block.timestamp + s % 3600);
        }
    }

    /// @dev What the journal of an honest miner says: the same for the same request, whenever it is asked.
    function answerTo(uint256 i) private view returns (Evidence.Receipt memory) {
        return receiptOf(_requests[i], vm.toString(i));
    }

    function requestOf(bytes32 digest) private view returns (Evidence.InferRequest memory r) {
        for (uint256 i = 0; i < _requests.length; ++i) {
            if (digestOf(_requests[i]) == digest) return _requests[i];
        }
    }

    function innocent(bytes memory call) private {
        vm.prank(CHALLENGER);
        (bool ok,) = address(court).call(call);
        assertTrue(!ok, "no evidence");
    }
}
