// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRevenueSplitter} from "../src/interfaces/IRevenueSplitter.sol";
import {RevenueSplit} from "../src/libraries/RevenueSplit.sol";
import {PaymentsFixture} from "./PaymentsFixture.sol";

/// @notice The sums of a distribution, exhaustively and at random.
contract RevenueSplitTest is PaymentsFixture {
    /// @notice A proof for every amount: a part of `10,000 q + r` is `q` times its basis points more than that of `r`, so
    /// what holds for all remainders holds for all amounts.
    function testTheDefaultTableConservesEveryAmount() public pure {
        IRevenueSplitter.Table memory table = RevenueSplit.defaultTable();
        assertEq(RevenueSplit.sumOf(table), 10_000, "whole");
        for (uint256 r = 0; r < 10_000; ++r) {
            RevenueSplit.Parts memory p = RevenueSplit.split(r, table);
            assertEq(p.creators + p.pool + p.dataSets + p.validators + p.treasury, r, "conserved");
            assertLe(r * 7000, (p.creators + p.pool) * 10_000, "seven tenths to creators and stakers");
            assertLe(p.pool * 10_000, r * 4000 + 4 * 10_000, "at most four wei of dust");
        }
    }

    function testEveryTableOfQuartersConservesEverySmallAmount() public pure {
        IRevenueSplitter.Table memory t;
        uint256 tables = 0;
        for (uint256 code = 0; code < 625; ++code) {
            t.creators = uint16(code % 5 * 2500);
            t.pool = uint16(code / 5 % 5 * 2500);
            t.dataSets = uint16(code / 25 % 5 * 2500);
            t.validators = uint16(code / 125 * 2500);
            uint256 sum = RevenueSplit.sumOf(t) - t.treasury;
            if (sum > 10_000) continue;
            t.treasury = uint16(10_000 - sum);
            ++tables;
            for (uint256 assets = 0; assets < 64; ++assets) {
                RevenueSplit.Parts memory p = RevenueSplit.split(assets, t);
                assertEq(p.creators + p.pool + p.dataSets + p.validators + p.treasury, assets, "conserved");
            }
        }
        assertEq(tables, 70, "all of them");
    }

    function testDividingConservesEverySmallAmount() public pure {
        uint16[] memory bps = new uint16[](3);
        for (uint256 code = 0; code < 1331; ++code) {
            (bps[0], bps[1]) = (uint16(code % 11 * 1000), uint16(code / 11 % 11 * 1000));
            bps[2] = uint16(code / 121 * 1000);
            if (uint256(bps[0]) + bps[1] + bps[2] > 10_000) continue;
            for (uint256 assets = 0; assets < 32; ++assets) {
                (uint256[] memory shares, uint256 rest) = RevenueSplit.divide(assets, bps);
                assertEq(shares[0] + shares[1] + shares[2] + rest, assets, "conserved");
            }
        }
    }

    /// @notice Whatever the amount, the lineage and the data sets: every wei arrives, and where it should.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzzDistribution(uint256 assets, uint256 seed) public {
        assets = seed % 4 == 0 ? bound(assets, 1, 20_000) : bound(assets, 1, 1_000_000e18);
        (address[] memory creators, uint16[] memory royalties) = payees("creator", seed % 5, seed >> 8);
        (address[] memory sets, uint16[] memory shares) = payees("data set", seed / 5 % 9, seed >> 128);
        peers.setCreators(MODEL, creators, royalties);
        peers.setDataSets(MODEL, sets, shares);
        payIn(NETUID, NODE, MODEL, assets);
        splitter.distribute(NETUID, NODE, MODEL);

        uint256 toData = checkDataSets(assets / 10_000 * 1000 + assets % 10_000 * 1000 / 10_000, sets, shares);
        uint256 tenth = assets / 10;
        uint256 toCreators = checkCreators(assets * 3 / 10 + tenth - toData, creators, royalties);
        uint256 toStakers = vault.pool(NODE).locked;
        (uint256 pot,) = splitter.potOf(NETUID);
        assertEq(pot, tenth, "validators");
        assertEq(splitter.owedTo(TIMELOCK), tenth, "treasury");
        assertEq(toStakers, assets - toData - toCreators - 2 * tenth, "stakers");
        assertLe(assets * 7000, (toCreators + toStakers) * 10_000, "seven tenths to creators and stakers");

        pay(creators);
        pay(sets);
        splitterPays(TIMELOCK);
        assertEq(token.balanceOf(address(splitter)), pot, "nothing stuck but the validators' pot");
    }

    function checkDataSets(uint256 part, address[] memory sets, uint16[] memory bps)
        private
        view
        returns (uint256 paid)
    {
        for (uint256 i = 0; i < sets.length; ++i) {
            uint256 share = part * bps[i] / 10_000;
            assertEq(splitter.owedTo(sets[i]), share, "data set");
            paid += share;
        }
    }

    function checkCreators(uint256 part, address[] memory creators, uint16[] memory bps)
        private
        view
        returns (uint256 paid)
    {
        if (creators.length == 0) return 0;
        for (uint256 i = 1; i < creators.length; ++i) {
            uint256 share = part * bps[i] / 10_000;
            assertEq(splitter.owedTo(creators[i]), share, "royalty");
            paid += share;
        }
        assertEq(splitter.owedTo(creators[0]), part - paid, "the creator has the rest");
        return part;
    }

    function pay(address[] memory accounts) private {
        for (uint256 i = 0; i < accounts.length; ++i) {
            splitterPays(accounts[i]);
        }
    }

    function splitterPays(address account) private {
        uint256 owed = splitter.owedTo(account);
        if (owed == 0) return;
        splitter.withdraw(account);
        assertEq(token.balanceOf(account), owed, "paid");
    }

    /// @dev `count` payees with parts of at most the whole.
    function payees(string memory kind, uint256 count, uint256 seed)
        private
        pure
        returns (address[] memory accounts, uint16[] memory bps)
    {
        (accounts, bps) = (new address[](count), new uint16[](count));
        uint256 left = 10_000;
        for (uint256 i = 0; i < count; ++i) {
            accounts[i] = address(uint160(uint256(keccak256(abi.encode(kind, i)))));
            uint256 part = uint256(keccak256(abi.encode(kind, seed, i))) % (left + 1);
            if (i + 1 == count && seed % 2 == 0) part = left;
            bps[i] = uint16(part);
            left -= part;
        }
    }
}
