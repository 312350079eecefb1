// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochKernel} from "../src/interfaces/IEpochKernel.sol";
import {KernelCase} from "./KernelCase.sol";

contract EpochKernelTest is KernelCase {
    uint256 private constant WEIGHT_ONE = 1 << 30;
    uint256 private constant SHARE_ONE = 1 << 31;

    function test_twoVotersAgree() public view {
        Outcome memory output = run(_twoVoters(60, 40, _row(2, 65_535), _row(2, 65_535)));
        assertEq(output.consensus[2], WEIGHT_ONE, "consensus");
        assertEq(output.incentive[2], SHARE_ONE, "incentive");
        assertEq(output.dividends[0], SHARE_ONE * 60 / 100, "dividends follow stake");
        assertEq(output.validatorPay[1], SHARE_ONE * 40 / 100, "pay is dividends");
        assertEq(output.bonds[0] >> 32, 6553, "a tenth of the weight becomes bond");
        assertTrue(output.minersVoted, "voted");
    }

    function test_minorityCampIsClippedToNothing() public view {
        Outcome memory output = run(_twoVoters(60, 40, _row(2, 65_535), _row(3, 65_535)));
        assertEq(output.consensus[3], 0, "consensus of the minority's choice");
        assertEq(output.validatorTrust[1], 0, "trust of the minority");
        assertEq(output.dividends[0], SHARE_ONE, "dividends of the majority");
        assertEq(output.bonds[1], 0, "the minority gets no bond");
    }

    function test_evenSplitPaysBothCampsAtTheDefaultKappaOnly() public view {
        Case memory input = _twoVoters(50, 50, _row(2, 65_535), _row(3, 65_535));
        assertEq(run(input).incentive[3], SHARE_ONE / 2, "at 32767");
        input.kappa = 32_768;
        assertTrue(!run(input).minersVoted, "at 32768");
    }

    function test_withoutUsefulVotesActiveStakeIsPaid() public view {
        Case memory input = _twoVoters(30, 10, new uint256[](0), _row(1, 65_535));
        assertEq(run(input).validatorPay[0], SHARE_ONE * 3 / 4, "by active stake");
        input.withheld = 1;
        assertEq(run(input).validatorPay[1], SHARE_ONE, "who withheld is not paid");
        input.withheld = 3;
        assertEq(run(input).validatorPay[0], SHARE_ONE * 3 / 4, "nobody active: by stake");
    }

    function test_voteForThePreviousHolderIsMasked() public view {
        Case memory input = _twoVoters(60, 40, _row(2, 65_535), _row(2, 65_535));
        input.registeredAt[2] = 900;
        assertTrue(!run(input).minersVoted, "registered when the rows were committed");
    }

    function test_bondsOfAColumnRegisteredSinceAreCleared() public view {
        Case memory input = _twoVoters(60, 40, _row(2, 65_535), _row(2, 65_535));
        input.bonds[1] = _row(2, 65_535);
        input.lastSettledEnd = 500;
        assertTrue(run(input).dividends[1] > run(input).dividends[0], "old bonds count");
        input.registeredAt[2] = 501;
        assertEq(run(input).dividends[0], SHARE_ONE * 60 / 100, "cleared bonds do not");
    }

    function test_bondsOfFormerHoldersAreNotStored() public view {
        Case memory input = _twoVoters(60, 40, _row(2, 65_535), _row(2, 65_535));
        input.newPermits = 6;
        uint256[] memory bonds = run(input).bonds;
        assertEq(bonds.length, 2, "one row a new holder");
        assertTrue(bonds[0] != 0, "uid 1 keeps its row");
        assertEq(bonds[1], 0, "uid 2 has none yet");
    }

    function test_refusesInputsThatDoNotFit() public {
        Case memory input = _twoVoters(60, 40, _row(2, 1), _row(2, 1));
        input.registeredAt = new uint256[](5);
        _expect(abi.encodeWithSelector(IEpochKernel.WrongLength.selector, bytes32("registeredAt"), 1, 2), input);

        input = _twoVoters(60, 40, _row(2, 1), _row(2, 1));
        input.newPermits = 16;
        _expect(abi.encodeWithSelector(IEpochKernel.UnknownUid.selector, bytes32("newPermits"), 4), input);

        input = _twoVoters(1 << 30, 1 << 30, _row(2, 1), _row(2, 1));
        _expect(abi.encodeWithSelector(IEpochKernel.QuantisedStakeTooLarge.selector, uint256(1) << 31), input);

        input = _twoVoters(60, 40, _row(2, 1), _row(2, 1));
        input.bondsAlpha = 1_000_001;
        _expect(
            abi.encodeWithSelector(IEpochKernel.RuleOutOfRange.selector, bytes32("bondsAlpha"), 1_000_001, 1_000_000),
            input
        );
    }

    function test_aWrongClaimNamesItsUid() public {
        Case memory input = _twoVoters(60, 40, _row(2, 65_535), _row(3, 65_535));
        uint256[] memory claim = words(runWith(input, new uint256[](0)).consensus);
        for (uint256 uid = 0; uid < 4; ++uid) {
            claim[0] ^= 1 << (32 * uid);
            vm.expectRevert(abi.encodeWithSelector(IEpochKernel.BadClaim.selector, uid));
            this.runClaimed(input, claim);
            claim[0] ^= 1 << (32 * uid);
        }
        claim[0] |= 1 << 31; // would borrow from uid 1
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.BadClaim.selector, 0));
        this.runClaimed(input, claim);
        input.withheld = 3; // nobody active: consensus is 0, whatever is claimed
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.BadClaim.selector, 1));
        claim[0] = 1 << 32;
        this.runClaimed(input, claim);
    }

    function runClaimed(Case memory input, uint256[] memory claim) external view {
        runWith(input, claim);
    }

    function test_votersComeInOrderAndExist() public {
        Case memory input = _twoVoters(60, 40, _row(2, 1), _row(2, 1));
        uint256[] memory voters = votersOf(input);
        (voters[0], voters[1]) = (voters[1], voters[0]);
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.VotersUnordered.selector, 1));
        this.runVoters(input, voters);
        voters = votersOf(input);
        voters[1] |= 4;
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.UnknownUid.selector, bytes32("voters"), 4));
        this.runVoters(input, voters);
        voters = votersOf(input);
        voters[1] += 1 << 16;
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.BondRowUnknown.selector, 1, 2));
        this.runVoters(input, voters);
    }

    function runVoters(Case memory c, uint256[] memory voters) external view {
        uint256[] memory none = new uint256[](0);
        uint256[] memory permits = new uint256[](1);
        kernel.run(
            rulesOf(c),
            voters,
            pack(c.stake, 32),
            pack(c.registeredAt, 64),
            permits,
            flat(c.rows, 1),
            flat(c.bonds, 1),
            none
        );
    }

    function test_liquidAlphaMovesTheBondsOfDissentFaster() public view {
        Case memory input = _twoVoters(60, 40, _row(2, 65_535), _row(3, 65_535));
        (input.bondsPenalty, input.lastSettledEnd) = (0, 500);
        input.bonds[0] = _row(2, 65_535);
        uint256 agreed = run(input).bonds[1] >> 48;
        input.liquidAlpha = true;
        Outcome memory output = run(input);
        assertTrue(output.bonds[1] >> 48 > agreed, "an early vote gains its bond at the high alpha");
        assertEq(output.bonds[0] >> 32 & 65_535, 65_535, "a bond at its weight stays");
    }

    function test_permitsGoToTheLargestAndOnTiesToTheHigherUid() public view {
        uint256[] memory stake = new uint256[](5);
        (stake[0], stake[1], stake[2], stake[3]) = (7, 9, 7, 7);
        uint256[] memory packed = pack(stake, 32);
        assertEq(kernel.selectPermits(packed, 5, 3)[0], 14, "uids 1, 2, 3");
        assertEq(kernel.selectPermits(packed, 5, 9)[0], 15, "never without stake");
        assertEq(kernel.selectPermits(packed, 5, 0)[0], 0, "none");
    }

    function testFuzz_permitsAreThoseOfASort(uint256 seed) public view {
        uint256 n = 1 + seed % 60;
        uint256[] memory stake = new uint256[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            stake[uid] = _draw(seed, bytes32(uid)) % 9;
        }
        uint256 most = _draw(seed, "most") % 20;
        uint256 permits = kernel.selectPermits(pack(stake, 32), uint16(n), uint16(most))[0];
        for (uint256 uid = 0; uid < n; ++uid) {
            uint256 better = 0;
            for (uint256 other = 0; other < n; ++other) {
                if (stake[other] > stake[uid] || (stake[other] == stake[uid] && other > uid)) ++better;
            }
            assertTrue(
                (permits >> uid & 1 == 1) == (stake[uid] > 0 && better < most), "the largest, ties to the higher uid"
            );
        }
    }

    function test_quantiseLeavesSmallSumsAlone() public view {
        uint256[] memory stakes = new uint256[](2);
        (stakes[0], stakes[1]) = (5, (1 << 31) - 6);
        assertEq(unpack(kernel.quantise(stakes), 2, 32)[1], stakes[1], "sum below 2^31");
        stakes[0] = 6;
        assertEq(unpack(kernel.quantise(stakes), 2, 32)[0], 5, "scaled and rounded down");
    }

    function test_quantiseRefusesMoreThan128Bits() public {
        uint256[] memory stakes = new uint256[](2);
        stakes[1] = 1 << 128;
        vm.expectRevert(abi.encodeWithSelector(IEpochKernel.StakeTooLarge.selector, 1, stakes[1]));
        kernel.quantise(stakes);
    }

    function testFuzz_quantisedStakesFit(uint128[40] calldata raw) public view {
        uint256[] memory stakes = new uint256[](raw.length);
        for (uint256 uid = 0; uid < raw.length; ++uid) {
            stakes[uid] = raw[uid];
        }
        uint256[] memory quantised = unpack(kernel.quantise(stakes), raw.length, 32);
        uint256 total;
        for (uint256 uid = 0; uid < raw.length; ++uid) {
            total += quantised[uid];
        }
        assertLe(total, (1 << 31) - 1, "sum of quantised stakes");
    }

    function testFuzz_sharesStayWithinOne(uint256 seed) public view {
        uint256 n = 1 + seed % 20;
        Outcome memory output = run(_randomInput(seed, n));
        _assertShares(output.incentive, "incentive");
        _assertShares(output.dividends, "dividends");
        _assertShares(output.validatorPay, "validator pay");
        for (uint256 uid = 0; uid < n; ++uid) {
            assertLe(output.consensus[uid], WEIGHT_ONE, "consensus");
            assertLe(output.validatorTrust[uid], WEIGHT_ONE, "trust");
        }
    }

    function testFuzz_selfVotesNeverCount(uint256 seed) public view {
        Case memory input = _randomInput(seed, 16);
        bytes32 before = keccak256(abi.encode(run(input)));
        uint256 holder;
        for (uint256 uid = 0; uid < 16; ++uid) {
            if ((input.permits >> uid) & 1 == 1) input.rows[holder++][0] |= uint256(65_535) << (16 * uid);
        }
        assertEq(keccak256(abi.encode(run(input))), before, "result");
    }

    /// @notice Every cell of every voter set, and different: sixteen validators without a claim, 64 of 256 uids with one.
    function test_gasOfFullEpochs() public view {
        assertLe(_gasOf(_fullInput(16, 48), new uint256[](0)), 1_200_000, "without a claim");
        Case memory input = _fullInput(64, 192);
        uint256[] memory claim = words(runWith(input, new uint256[](0)).consensus);
        assertLe(_gasOf(input, claim), 4_500_000, "with a claim");
    }

    function _gasOf(Case memory input, uint256[] memory claim) private view returns (uint256) {
        uint256 before = gasleft();
        runWith(input, claim);
        return before - gasleft();
    }

    function _expect(bytes memory revertData, Case memory input) private {
        vm.expectRevert(revertData);
        this.runClaimed(input, new uint256[](0));
    }

    function _assertShares(uint256[] memory shares, string memory what) private pure {
        uint256 total;
        for (uint256 uid = 0; uid < shares.length; ++uid) {
            total += shares[uid];
        }
        assertLe(total, SHARE_ONE, what);
        assertTrue(total == 0 || total > SHARE_ONE - shares.length, what);
    }

    /// Four uids, the first two voters; all registered at 100, rows committed at 900, the epoch ends at 1000.
    function _twoVoters(uint256 stake0, uint256 stake1, uint256[] memory row0, uint256[] memory row1)
        private
        pure
        returns (Case memory input)
    {
        input = _emptyInput(4);
        input.permits = 3;
        input.newPermits = 3;
        (input.stake[0], input.stake[1]) = (stake0, stake1);
        (input.rows, input.bonds) = (new uint256[][](2), new uint256[][](2));
        (input.rows[0], input.rows[1]) = (row0, row1);
    }

    function _emptyInput(uint256 n) private pure returns (Case memory input) {
        (input.kappa, input.bondsPenalty, input.bondsAlpha) = (32_767, 65_535, 100_000);
        (input.endsAt, input.activityCutoff) = (1000, 500);
        input.stake = new uint256[](n);
        input.registeredAt = new uint256[](n);
        input.lastUpdate = new uint256[](n);
        input.committedAt = new uint256[](n);
        for (uint256 uid = 0; uid < n; ++uid) {
            (input.registeredAt[uid], input.lastUpdate[uid], input.committedAt[uid]) = (100, 900, 900);
        }
    }

    function _row(uint256 uid, uint256 weight) private pure returns (uint256[] memory words) {
        words = new uint256[](1);
        words[0] = weight << (16 * uid);
    }

    function _randomInput(uint256 seed, uint256 n) private pure returns (Case memory input) {
        input = _emptyInput(n);
        uint256 mask = (1 << n) - 1;
        input.permits = _draw(seed, "permits") & mask;
        input.newPermits = _draw(seed, "newPermits") & mask;
        input.withheld = _draw(seed, "withheld") & _draw(seed, "also") & mask;
        input.kappa = uint16(_draw(seed, "kappa"));
        input.liquidAlpha = _draw(seed, "liquid") % 2 == 0;
        input.lastSettledEnd = 500;
        uint256 holders;
        for (uint256 uid = 0; uid < n; ++uid) {
            input.stake[uid] = _draw(seed, bytes32(uid)) % (1 << 26);
            input.registeredAt[uid] = _draw(seed, bytes32(uid + 256)) % 1000;
            holders += (input.permits >> uid) & 1;
        }
        input.rows = _randomRows(seed, holders, n);
        input.bonds = _randomRows(~seed, holders, n);
    }

    function _randomRows(uint256 seed, uint256 count, uint256 n) private pure returns (uint256[][] memory rows) {
        rows = new uint256[][](count);
        for (uint256 k = 0; k < count; ++k) {
            rows[k] = new uint256[]((n + 15) / 16);
            for (uint256 word = 0; word < rows[k].length; ++word) {
                rows[k][word] = _draw(seed, bytes32((k << 16) | (word + 1)));
            }
        }
    }

    /// Every cell of every voter set to a different weight, so that consensus has the most to sort.
    function _fullInput(uint256 validators, uint256 miners) private pure returns (Case memory input) {
        input = _emptyInput(validators + miners);
        input.permits = (1 << validators) - 1;
        input.newPermits = input.permits;
        for (uint256 uid = 0; uid < validators; ++uid) {
            input.stake[uid] = 1_000_000 + uid;
        }
        input.rows = _randomRows(1, validators, validators + miners);
        input.bonds = _randomRows(2, validators, validators + miners);
    }

    function _draw(uint256 seed, bytes32 what) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what)));
    }
}
