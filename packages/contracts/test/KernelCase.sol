// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "../src/interfaces/IEpochKernel.sol";
import {Test} from "./Test.sol";

/// @notice The kernel as a test writes its inputs: lists with one entry a uid instead of packed words.
abstract contract KernelCase is Test {
    /// @dev Rows and bonds: one a holder of `permits`, ascending.
    struct Case {
        uint16 kappa;
        uint16 bondsPenalty;
        uint32 bondsAlpha;
        bool liquidAlpha;
        uint64 endsAt;
        uint64 activityCutoff;
        uint64 lastSettledEnd;
        uint256 permits;
        uint256 newPermits;
        uint256 withheld;
        uint256[] stake;
        uint256[] registeredAt;
        uint256[] lastUpdate;
        uint256[] committedAt;
        uint256[][] rows;
        uint256[][] bonds;
    }

    struct Outcome {
        uint256[] consensus;
        uint256[] validatorTrust;
        uint256[] incentive;
        uint256[] dividends;
        uint256[] validatorPay;
        uint256[] bonds;
        bool minersVoted;
        uint256 activeStake;
    }

    IEpochKernel internal kernel;

    function setUp() public virtual {
        bytes memory code = vm.getCode("EpochKernel.sol:EpochKernel");
        address created;
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
        kernel = IEpochKernel(created);
    }

    /// @notice Finds consensus, then claims it: both ways must agree on everything.
    function run(Case memory c) internal view returns (Outcome memory o) {
        IEpochKernel.Output memory found = runWith(c, new uint256[](0));
        IEpochKernel.Output memory claimed = runWith(c, words(found.consensus));
        assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(claimed)), "claimed as found");
        uint256 n = c.stake.length;
        o.consensus = unpack(words(found.consensus), n, 32);
        o.validatorTrust = unpack(words(found.validatorTrust), n, 32);
        o.incentive = unpack(words(found.incentive), n, 32);
        o.dividends = unpack(words(found.dividends), n, 32);
        o.validatorPay = unpack(words(found.validatorPay), n, 32);
        o.bonds = words(found.bonds);
        (o.minersVoted, o.activeStake) = (found.minersVoted, found.activeStake);
    }

    function runWith(Case memory c, uint256[] memory claim) internal view returns (IEpochKernel.Output memory) {
        uint256 n = c.stake.length;
        uint256[] memory newPermits = new uint256[]((n + 255) / 256);
        if (n > 0) newPermits[0] = c.newPermits;
        return kernel.run(
            rulesOf(c),
            votersOf(c),
            pack(c.stake, 32),
            pack(c.registeredAt, 64),
            newPermits,
            flat(c.rows, (n + 15) / 16),
            flat(c.bonds, (n + 15) / 16),
            claim
        );
    }

    function rulesOf(Case memory c) internal pure returns (IEpochKernel.Rules memory) {
        uint16 n = uint16(c.stake.length); // tests stay small
        return IEpochKernel.Rules({
            kappa: c.kappa,
            bondsPenalty: c.bondsPenalty,
            bondsAlpha: c.bondsAlpha,
            liquidAlpha: c.liquidAlpha,
            alphaLow: 6554,
            alphaHigh: 58_982,
            alphaSteepness: 1000,
            endsAt: c.endsAt,
            activityCutoff: c.activityCutoff,
            lastSettledEnd: c.lastSettledEnd,
            uids: n,
            bondWords: (n + 15) / 16,
            rowWords: (n + 15) / 16
        });
    }

    function votersOf(Case memory c) internal pure returns (uint256[] memory voters) {
        voters = new uint256[](c.rows.length);
        uint256 next = 0;
        for (uint256 uid = 0; uid < c.stake.length; ++uid) {
            if (c.permits >> uid & 1 == 0) continue;
            uint256 flag = (c.withheld >> uid & 1) << 32;
            voters[next] = uid | (next + 1) << 16 | flag | c.lastUpdate[uid] << 64 | c.committedAt[uid] << 128;
            ++next;
        }
    }

    function pack(uint256[] memory values, uint256 bits) internal pure returns (uint256[] memory packed) {
        uint256 lanes = 256 / bits;
        packed = new uint256[]((values.length + lanes - 1) / lanes);
        for (uint256 k = 0; k < values.length; ++k) {
            packed[k / lanes] |= values[k] << (bits * (k % lanes));
        }
    }

    function unpack(uint256[] memory packed, uint256 n, uint256 bits) internal pure returns (uint256[] memory values) {
        uint256 lanes = 256 / bits;
        values = new uint256[](n);
        for (uint256 k = 0; k < n; ++k) {
            values[k] = packed[k / lanes] >> (bits * (k % lanes)) & ((1 << bits) - 1);
        }
    }

    function flat(uint256[][] memory rows, uint256 stride) internal pure returns (uint256[] memory list) {
        list = new uint256[](rows.length * stride);
        for (uint256 v = 0; v < rows.length; ++v) {
            for (uint256 k = 0; k < rows[v].length; ++k) {
                list[v * stride + k] = rows[v][k];
            }
        }
    }

    function words(bytes memory data) internal pure returns (uint256[] memory list) {
        list = new uint256[](data.length / 32);
        for (uint256 k = 0; k < list.length; ++k) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(data, 0x20), shl(5, k)))
            }
            list[k] = word;
        }
    }
}
