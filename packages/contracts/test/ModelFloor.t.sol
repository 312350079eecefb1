// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {AggregatorV3Interface} from "../src/interfaces/AggregatorV3Interface.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {FeedFloor} from "../src/libraries/FeedFloor.sol";
import {ModelFixture} from "./ModelFixture.sol";

/// @notice A feed whose rounds the test gives; those it never gave revert, as Chainlink's do.
contract RecordedFeed is AggregatorV3Interface {
    struct Round {
        int256 answer;
        uint256 updatedAt;
    }

    error NoData(uint80 id);

    uint80 internal constant FIRST = (3 << 64) + 1; // a third phase, as proxies number them
    Round[] internal rounds;

    function tell(int256 answer) external returns (uint80 id) {
        rounds.push(Round(answer, block.timestamp));
        return FIRST + uint80(rounds.length - 1);
    }

    function breakOff() external {
        rounds.push(Round(0, 0));
    }

    function getRoundData(uint80 id) public view returns (uint80, int256, uint256, uint256, uint80) {
        if (id < FIRST || id - FIRST >= rounds.length) revert NoData(id);
        Round storage r = rounds[id - FIRST];
        return (id, r.answer, r.updatedAt, r.updatedAt, id);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(FIRST + uint80(rounds.length) - 1);
    }
}

contract ModelFloorTest is ModelFixture {
    uint48 internal constant SPAN = 3 days;
    int256 internal constant LEAST = 9000;

    RecordedFeed internal feed;
    uint256 internal modelId;

    function setUp() public override {
        super.setUp();
        feed = new RecordedFeed();
        modelId = createModel(MAKER);
        publishAs(MAKER, modelId, 1);
        publishAs(MAKER, modelId, 2);
        activate(modelId, 1);
        activate(modelId, 2);
        setFloor(address(feed), SPAN, LEAST);
    }

    function setFloor(address feed_, uint48 span, int256 least) internal {
        vm.prank(DAO);
        models.setFloor(modelId, IModelRegistry.Floor(feed_, span, least));
    }

    function skip(uint256 time) internal {
        vm.warp(block.timestamp + time);
    }

    /// @dev An answer at once and after every `step`, `count` in all; then time is at the last one.
    function tell(int256 answer, uint256 count, uint256 step) internal returns (uint80 id) {
        for (uint256 i = 0; i < count; ++i) {
            if (i > 0) skip(step);
            id = feed.tell(answer);
        }
    }

    function testAVersionUnderTheFloorForTheWholeSpanIsDemotedByAnybody() public {
        uint80 last = tell(LEAST - 1, 4, 1 days);
        vm.expectEmit(true, true, true, true, address(models));
        emit IModelRegistry.VersionDemoted(modelId, 2, last, LEAST - 1);
        vm.prank(STRANGER);
        models.demote(modelId);
        IModelRegistry.Model memory m = models.model(modelId);
        assertEq(m.live, 0, "none is live");
        assertEq(m.previous, 0, "and none comes back");
        assertTrue(!models.isAccepted(modelId, 2), "not accepted");
        assertTrue(!models.isAccepted(modelId, 1), "nor the one before");
        assertTrue(!models.version(modelId, 2).retired, "a vote may bring it back");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NothingToDemote.selector, modelId));
        models.demote(modelId);
    }

    function testAVoteMakesItLiveAgainAndOnlyNewAnswersCountThen() public {
        tell(LEAST - 1, 4, 1 days);
        models.demote(modelId);
        activate(modelId, 2);
        skip(1);
        tell(LEAST - 1, 3, 1 days);
        vm.expectPartialRevert(FeedFloor.FloorTooSoon.selector);
        models.demote(modelId);
        skip(1 days);
        feed.tell(LEAST - 1);
        models.demote(modelId);
        assertEq(liveOf(modelId), 0, "demoted again");
    }

    function testOneAnswerAtTheFloorKeepsItForASpan() public {
        tell(LEAST - 1, 4, 1 days);
        skip(1 hours);
        uint80 good = feed.tell(LEAST);
        skip(1 hours);
        tell(LEAST - 1, 3, 1 days);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FloorHeld.selector, good, LEAST));
        models.demote(modelId);
        skip(1 days - 1);
        feed.tell(LEAST - 1);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FloorHeld.selector, good, LEAST));
        models.demote(modelId); // it stood until the first of the bad ones, a second within the span
        skip(1);
        models.demote(modelId);
    }

    function testSilenceIsNotABadAnswer() public {
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FeedUnreadable.selector, address(feed), 0));
        models.demote(modelId);
        tell(LEAST - 1, 4, 1 days);
        uint256 last = block.timestamp;
        skip(SPAN);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FeedStale.selector, address(feed), last));
        models.demote(modelId);
    }

    function testAFeedWithTooFewOrBrokenRoundsDemotesNothing() public {
        skip(SPAN);
        uint80 first = feed.tell(LEAST - 1);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FeedUnreadable.selector, address(feed), first - 1));
        models.demote(modelId);
        feed.breakOff();
        skip(1);
        feed.tell(LEAST - 1);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FeedUnreadable.selector, address(feed), first + 1));
        models.demote(modelId);
    }

    function testAnswersForTheVersionBeforeDoNotCount() public {
        RecordedFeed older = new RecordedFeed();
        uint256 liveSince = block.timestamp;
        vm.warp(liveSince - 1);
        older.tell(LEAST - 1);
        vm.warp(liveSince + SPAN);
        older.tell(LEAST - 1);
        setFloor(address(older), SPAN, LEAST);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.FloorTooSoon.selector, liveSince - 1, liveSince));
        models.demote(modelId);
    }

    function testAFeedThatAnswersAllTheTimeCostsABoundedWalk() public {
        tell(LEAST - 1, 400, 1 minutes);
        vm.expectRevert(abi.encodeWithSelector(FeedFloor.TooManyRounds.selector, 256));
        models.demote(modelId);
        setFloor(address(feed), 255 minutes, LEAST);
        models.demote(modelId);
    }

    function testOnlyTheDaoSetsAFloorAndOnlyOneThatCanBeRead() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, MAKER));
        vm.prank(MAKER);
        models.setFloor(modelId, IModelRegistry.Floor(address(feed), SPAN, 0));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.FloorInvalid.selector, address(feed), 0));
        setFloor(address(feed), 0, LEAST);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.FloorInvalid.selector, address(feed), 365 days + 1));
        setFloor(address(feed), 365 days + 1, LEAST);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.FloorInvalid.selector, STRANGER, SPAN));
        setFloor(STRANGER, SPAN, LEAST);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.FloorInvalid.selector, address(0), 0));
        setFloor(address(0), 0, LEAST);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, 9));
        vm.prank(DAO);
        models.setFloor(9, IModelRegistry.Floor(address(feed), SPAN, LEAST));
        assertEq(models.floorOf(modelId).feed, address(feed), "the floor before stands");

        vm.expectEmit(true, true, true, true, address(models));
        emit IModelRegistry.FloorSet(modelId, address(0), 0, 0);
        setFloor(address(0), 0, 0);
        tell(LEAST - 1, 4, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NothingToDemote.selector, modelId));
        models.demote(modelId);
    }

    /// @notice Whatever a feed answered and when: a demotion goes through exactly when what stood in every second of the
    /// span was an answer under the floor, given while the version was live.
    function testFuzzItIsDemotedExactlyWhenEverySecondOfTheSpanWasUnderTheFloor(uint256 seed) public {
        uint48 span = 20;
        setFloor(address(feed), span, LEAST);
        uint256 liveSince = block.timestamp;
        uint256 count = 2 + seed % 30;
        int256[] memory standing = new int256[](200); // by second since it is live; the largest: nothing stood yet
        uint256 told = liveSince;
        int256 current = type(int256).max;
        for (uint256 i = 0; i < count; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            uint256 pause = 1 + word % 5;
            for (uint256 s = 0; s < pause; ++s) {
                standing[block.timestamp - liveSince] = current;
                skip(1);
            }
            current = word % 8 == 7 ? LEAST + int256(word % 3) : LEAST - 1 - int256(word % 3);
            feed.tell(current);
            told = block.timestamp;
        }
        uint256 silence = seed % 25;
        for (uint256 s = 0; s < silence; ++s) {
            standing[block.timestamp - liveSince] = current;
            skip(1);
        }
        bool isBroken = told > block.timestamp - span && block.timestamp - liveSince >= span && current < LEAST;
        for (uint256 t = block.timestamp - span; isBroken && t < block.timestamp; ++t) {
            isBroken = standing[t - liveSince] < LEAST;
        }
        try models.demote(modelId) {
            assertTrue(isBroken, "demoted");
        } catch {
            assertTrue(!isBroken, "kept");
        }
    }
}
