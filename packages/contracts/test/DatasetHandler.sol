// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {ICuratorBallots} from "../src/interfaces/ICuratorBallots.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {RecordLeaf} from "../src/libraries/DatasetLeaf.sol";
import {DatasetFixture} from "./DatasetFixture.sol";
import {MerkleBuilder} from "./MerkleBuilder.sol";

/// @notice People who propose, vote, flag, correct, order and claim in two data sets; remembers what versions said.
contract DatasetHandler is DatasetFixture {
    uint256 public constant SETS = 2;
    /// @dev Versions are made of this many kinds of records, so that condemned ones come back.
    uint256 private constant SALTS = 5;

    mapping(uint256 setId => mapping(uint32 version => bytes32)) public digestOf;
    mapping(uint256 setId => mapping(uint32 version => uint256)) public saltOf;
    mapping(uint256 ballotId => uint256) private _saltOfBallot;
    uint256 public flags;
    uint256 public corrections;
    uint256 public claims;

    constructor() {
        setUp();
        for (uint256 i = 0; i < SETS; ++i) {
            uint256 setId = createWithVersion();
            fundReserve(setId, 50e18);
            _remember(setId, 1);
        }
    }

    function parts() external view returns (WitanToken, DatasetRegistry) {
        return (token, registry);
    }

    function accounts() external pure returns (address[] memory list) {
        list = new address[](9);
        (list[0], list[1], list[2], list[3]) = (OWNER, FLAGGER, BUYER, STRANGER);
        for (uint256 i = 0; i < 3; ++i) {
            (list[4 + i]) = contributor(i);
        }
        (list[7], list[8]) = (DAO, TREASURY);
    }

    function propose(uint256 s, uint256 salt, uint256 count) external {
        uint256 setId = _set(s);
        (salt, count) = (1 + salt % SALTS, bound(count, RECORDS, RECORDS + 4));
        uint32 newest = registry.dataset(setId).versions;
        vm.prank(STRANGER);
        registry.proposeVersion(setId, versionOf(salt, RECORDS, newest));
        _saltOfBallot[registry.ballotCount()] = salt;
    }

    function voteSome(uint256 b, uint256 who, bool support) external {
        if (registry.ballotCount() == 0) return;
        uint256 ballotId = _recent(b);
        ICuratorBallots.Ballot memory ballot = registry.ballot(ballotId);
        if (ballot.outcome != ICuratorBallots.Outcome.Open || block.timestamp >= ballot.endsAt) return;
        if (registry.hasVoted(ballotId, curator(who % 3))) return;
        vm.prank(curator(who % 3));
        try registry.vote(ballotId, support) {
            IDatasetRegistry.Dataset memory set = registry.dataset(ballot.setId);
            if (digestOf[ballot.setId][set.versions] == 0) {
                saltOf[ballot.setId][set.versions] = _saltOfBallot[ballotId];
                _remember(ballot.setId, set.versions);
            }
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == IDatasetRegistry.VersionOutdated.selector
                    || selector == IDatasetRegistry.NotListed.selector,
                "a vote fails only where its version does not follow"
            );
        }
    }

    function lapseSome(uint256 b) external {
        if (registry.ballotCount() == 0) return;
        uint256 ballotId = _recent(b);
        ICuratorBallots.Ballot memory ballot = registry.ballot(ballotId);
        if (ballot.outcome != ICuratorBallots.Outcome.Open || block.timestamp < ballot.endsAt) return;
        registry.lapse(ballotId);
    }

    function flagOne(uint256 s, uint256 i, uint256 count) external {
        uint256 setId = _set(s);
        if (!registry.isListed(setId)) return;
        uint256 salt = saltOf[setId][registry.dataset(setId).versions];
        if (salt == 0) salt = 1;
        (i, count) = (i % (RECORDS - 3), 1 + count % 3);
        (RecordLeaf[] memory records, bytes32[][] memory proofs) = flagArguments(salt, i, count);
        fund(FLAGGER, BOND * count);
        uint32 newest = registry.dataset(setId).versions;
        vm.prank(FLAGGER);
        try registry.flag(setId, newest, records, proofs, REASON, 1, 0) {
            ++flags;
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IDatasetRegistry.AlreadyFlagged.selector, "only what is flagged is refused");
            vm.prank(FLAGGER);
            assertTrue(token.transfer(TREASURY, BOND * count), "back");
        }
    }

    function correctOne(uint256 s, uint256 salt, uint256 upTo) external {
        uint256 setId = _set(s);
        IDatasetRegistry.Dataset memory set = registry.dataset(setId);
        if (set.answered == set.upheld) return;
        salt = 1 + salt % SALTS;
        upTo = bound(upTo, set.answered + 1, set.upheld);
        uint32 version = correctTo(setId, salt, uint64(upTo));
        saltOf[setId][version] = salt;
        _remember(setId, version);
        ++corrections;
    }

    function orderOne(uint256 s) external {
        uint256 setId = _set(s);
        if (!registry.isListed(setId)) return;
        orderAs(BUYER, setId);
    }

    function claimOne(uint256 s, uint256 version, uint256 who) external {
        uint256 setId = _set(s);
        uint32 number = uint32(1 + version % registry.dataset(setId).versions);
        who = who % 3;
        bytes32[] memory proof = MerkleBuilder.proofOf(shareNodesOf(RECORDS), who);
        registry.claimRoyalty(setId, number, contributor(who), sharesOf(RECORDS, who), proof);
        ++claims;
    }

    function sweepOne(uint256 s, uint256 version) external {
        uint256 setId = _set(s);
        uint32 number = uint32(1 + version % registry.dataset(setId).versions);
        if (block.timestamp < uint256(registry.poolOf(setId, number).lastPaidAt) + 365 days) return;
        registry.sweepRoyalty(setId, number);
    }

    function withdrawOne(uint256 who) external {
        address account = this.accounts()[who % 9];
        if (registry.creditOf(account) > 0) registry.withdraw(account);
    }

    function reserveOne(uint256 s, uint256 amount) external {
        uint256 setId = _set(s);
        uint128 reserve = registry.dataset(setId).reserve;
        vm.prank(OWNER);
        registry.releaseReserve(setId, uint128(bound(amount, 0, reserve)));
        fundReserve(setId, 5e18);
    }

    function relist(uint256 s) external {
        uint256 setId = _set(s);
        IDatasetRegistry.Dataset memory set = registry.dataset(setId);
        if (!set.delisted || set.answered < set.upheld) return;
        vm.prank(DAO);
        registry.setListed(setId, true);
    }

    /// @notice Whoever finds a condemned record in a newest version proves it.
    function proveOne(uint256 s, uint256 i) external {
        uint256 setId = _set(s);
        if (!registry.isListed(setId)) return;
        uint256 salt = saltOf[setId][registry.dataset(setId).versions];
        if (salt == 0) salt = 1;
        bytes32[] memory proof = MerkleBuilder.proofOf(nodesOf(salt, RECORDS), i % RECORDS);
        vm.prank(STRANGER);
        try registry.proveUncorrected(setId, recordOf(salt, i % RECORDS), proof) {
            assertTrue(!registry.isListed(setId), "delisted");
        } catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IDatasetRegistry.NotCondemned.selector, "nothing to prove");
        }
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1 hours, 4 days));
    }

    function waitLong() external {
        vm.warp(block.timestamp + 200 days);
    }

    function _set(uint256 s) private pure returns (uint256) {
        return 1 + s % SETS;
    }

    function _recent(uint256 b) private view returns (uint256) {
        uint256 count = registry.ballotCount();
        return count - b % (count < 6 ? count : 6);
    }

    function _remember(uint256 setId, uint32 version) private {
        digestOf[setId][version] = keccak256(abi.encode(registry.version(setId, version)));
    }
}
