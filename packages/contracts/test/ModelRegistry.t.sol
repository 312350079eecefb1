// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {ModelFixture} from "./ModelFixture.sol";

contract ModelRegistryTest is ModelFixture {
    function testPublishAndActivate() public {
        uint256 modelId = createModel(MAKER);
        assertEq(models.ownerOf(modelId), MAKER, "owner");
        assertEq(publishAs(MAKER, modelId, 1), 1, "first version");
        IModelRegistry.Version memory v = models.version(modelId, 1);
        assertEq(v.manifest, termsOf(1).manifest, "manifest");
        assertEq(v.weights, termsOf(1).weights, "weights");
        assertEq(v.evaluation, termsOf(1).evaluation, "evaluation");
        assertTrue(!models.isAccepted(modelId, 1), "published is not live");
        activate(modelId, 1);
        assertTrue(models.isAccepted(modelId, 1), "live");
        (uint256 found, uint32 number) = models.versionOfManifest(v.manifest);
        assertEq(found, modelId, "known by its manifest");
        assertEq(number, 1, "and number");
    }

    function testActivatedModelsAreListedOnceByTheirSubnet() public {
        uint256 first = createModel(MAKER);
        uint256 second = createModel(MAKER);
        createModel(MAKER);
        vm.prank(MAKER);
        uint256 elsewhere = models.create("elsewhere", NETUID + 1, FORK_BPS);
        publishAs(MAKER, second, 1);
        publishAs(MAKER, second, 2);
        publishAs(MAKER, first, 3);
        publishAs(MAKER, elsewhere, 4);
        assertEq(models.activatedIn(NETUID).length, 0, "published is not live");
        activate(second, 1);
        activate(first, 1);
        activate(elsewhere, 1);
        activate(second, 2);
        vm.prank(MAKER);
        models.retire(second, 2);
        activate(second, 1);
        uint256[] memory modelIds = models.activatedIn(NETUID);
        assertEq(modelIds.length, 2, "each once");
        assertEq(modelIds[0], second, "the first to go live");
        assertEq(modelIds[1], first, "then the other");
        assertEq(models.activatedIn(NETUID + 1).length, 1, "each subnet its own");
    }

    function testGraceOfTheVersionBefore() public {
        uint256 modelId = createModel(MAKER);
        publishAs(MAKER, modelId, 1);
        publishAs(MAKER, modelId, 2);
        activate(modelId, 1);
        activate(modelId, 2);
        assertEq(liveOf(modelId), 2, "live");
        assertTrue(models.isAccepted(modelId, 1), "in grace");
        vm.warp(block.timestamp + GRACE);
        assertTrue(!models.isAccepted(modelId, 1), "grace is over");
        assertTrue(models.isAccepted(modelId, 2), "live");
    }

    function testRollbackTakesAVote() public {
        uint256 modelId = createModel(MAKER);
        publishAs(MAKER, modelId, 1);
        publishAs(MAKER, modelId, 2);
        activate(modelId, 2);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, MAKER));
        vm.prank(MAKER);
        models.activate(modelId, 1);
        vm.prank(MAKER);
        models.retire(modelId, 2);
        assertEq(liveOf(modelId), 0, "a live version that is retired leaves none");
        assertTrue(!models.isAccepted(modelId, 1), "no older one comes back");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionRetiredAlready.selector, modelId, 2));
        activate(modelId, 2);
        activate(modelId, 1);
        assertEq(liveOf(modelId), 1, "by a vote");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.AlreadyLive.selector, modelId, 1));
        activate(modelId, 1);
    }

    function testRetiringEndsTheGrace() public {
        uint256 modelId = createModel(MAKER);
        publishAs(MAKER, modelId, 1);
        publishAs(MAKER, modelId, 2);
        activate(modelId, 1);
        activate(modelId, 2);
        vm.prank(MAKER);
        models.retire(modelId, 1);
        assertTrue(!models.isAccepted(modelId, 1), "at once");
    }

    function testTrainingNamesExactVersions() public {
        uint256 setId = createWithVersion();
        include(setId, versionOf(2, RECORDS, 1));
        orderAs(MAKER, setId);
        uint256 modelId = createModel(MAKER);
        IModelRegistry.VersionTerms memory t = trained(1, setId, 1, 2);
        vm.prank(MAKER);
        models.publish(modelId, t);
        bytes32[][] memory roots = new bytes32[][](1);
        roots[0] = new bytes32[](2);
        (roots[0][0], roots[0][1]) = (nodesOf(1, RECORDS)[0], nodesOf(2, RECORDS)[0]);
        bytes32 expected = keccak256(abi.encode(t.trainedOn, roots));
        assertEq(models.version(modelId, 1).trainingRoot, expected, "training root");
        assertEq(models.trainedOn(modelId, 1)[0].versions.length, 2, "versions");
        t = trained(1, setId, 3, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.VersionUnknown.selector, setId, 3));
        vm.prank(MAKER);
        models.publish(modelId, t);
    }

    function testListedDataSetsArePaid() public {
        uint256 first = createWithVersion();
        uint256 second = createWithVersion();
        vm.prank(OWNER);
        registry.transferFrom(OWNER, MAKER, second);
        orderAs(MAKER, first);
        uint256 modelId = createModel(MAKER);
        IModelRegistry.VersionTerms memory t = termsOf(1);
        t.trainedOn = new IModelRegistry.TrainingSet[](2);
        t.trainedOn[0] = trained(1, first, 1, 1).trainedOn[0];
        t.trainedOn[1] = trained(1, second, 1, 1).trainedOn[0];
        vm.prank(MAKER);
        models.publish(modelId, t);
        (address[] memory payees, uint16[] memory bps) = models.dataSetsOf(modelId);
        assertEq(payees.length, 2, "both");
        assertEq(payees[0], OWNER, "owner of the first");
        assertEq(payees[1], MAKER, "owner of the second");
        assertEq(bps[0], 5000, "half");
        upholdSome(first, 1, 0, 1);
        vm.warp(block.timestamp + CORRECTION_PERIOD + 1);
        (payees, bps) = models.dataSetsOf(modelId);
        assertEq(payees.length, 1, "one that is not corrected earns nothing");
        assertEq(payees[0], MAKER, "owner of the second");
        assertEq(bps[0], 5000, "and no more than before");
    }

    function testTrainingTakesAnOrder() public {
        uint256 setId = createWithVersion();
        uint256 modelId = createModel(MAKER);
        IModelRegistry.VersionTerms memory t = trained(1, setId, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoAccess.selector, setId, 1, MAKER));
        vm.prank(MAKER);
        models.publish(modelId, t);
        orderAs(MAKER, setId);
        vm.prank(MAKER);
        models.publish(modelId, t);
    }

    function testTrainingSetsHaveOneSpelling() public {
        uint256 setId = createWithVersion();
        uint256 modelId = createModel(OWNER);
        IModelRegistry.VersionTerms memory t = trained(1, setId, 1, 2);
        t.trainedOn[0].versions[1] = 1;
        refused(modelId, t, 0);
        t.trainedOn[0].versions = new uint32[](0);
        refused(modelId, t, 0);
        t.trainedOn[0].versions = new uint32[](9);
        refused(modelId, t, 0);
        t.trainedOn = new IModelRegistry.TrainingSet[](2);
        (t.trainedOn[0], t.trainedOn[1]) = (trained(1, setId, 1, 1).trainedOn[0], trained(1, setId, 1, 1).trainedOn[0]);
        refused(modelId, t, 1);
        t.trainedOn = new IModelRegistry.TrainingSet[](9);
        refused(modelId, t, 9);
    }

    function testForksPayAtMostThreeAncestors() public {
        uint256 modelId = createModel(maker(0));
        publishAs(maker(0), modelId, 0);
        for (uint256 i = 1; i <= 5; ++i) {
            modelId = forkModel(maker(i), modelId, 1);
            publishAs(maker(i), modelId, i);
        }
        (address[] memory accounts, uint16[] memory bps) = models.creatorsOf(modelId);
        assertEq(accounts.length, 4, "its own maker and three more");
        uint256 sum = 0;
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(accounts[i], maker(5 - i), "from the youngest");
            sum += bps[i];
        }
        assertEq(sum, 10_000, "to the last basis point");
        assertEq(bps[0], 8000, "four fifths");
        assertEq(bps[1], 1600, "four fifths of what is passed on");
        assertEq(bps[3], 80, "the rest");
        assertEq(models.ancestorsOf(modelId, 10).length, 5, "the whole lineage");
        assertEq(models.ancestorsOf(modelId, 10)[4], 1, "to its root");
    }

    function testForkKeepsTheShareItWasMadeWith() public {
        uint256 modelId = createModel(MAKER);
        publishAs(MAKER, modelId, 1);
        uint256 child = forkModel(maker(1), modelId, 1);
        vm.prank(MAKER);
        models.setForkShare(modelId, 5000);
        (, uint16[] memory bps) = models.creatorsOf(child);
        assertEq(bps[1], FORK_BPS, "as agreed");
        (, bps) = models.creatorsOf(forkModel(maker(2), modelId, 1));
        assertEq(bps[1], 5000, "as asked now");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ForkShareTooHigh.selector, 5001, 5000));
        vm.prank(MAKER);
        models.setForkShare(modelId, 5001);
    }

    function testForkNamesAVersionThatIs() public {
        uint256 modelId = createModel(MAKER);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelVersionUnknown.selector, modelId, 1));
        forkModel(maker(1), modelId, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelVersionUnknown.selector, 2, 1));
        forkModel(maker(1), 2, 1);
    }

    /// @notice Somebody publishes another's manifest first; the vote says whose it is.
    function testManifestBelongsToWhomTheVoteGaveIt() public {
        uint256 thief = createModel(STRANGER);
        publishAs(STRANGER, thief, 1);
        uint256 modelId = createModel(MAKER);
        publishAs(MAKER, modelId, 1);
        activate(modelId, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ManifestTaken.selector, termsOf(1).manifest, modelId));
        activate(thief, 1);
    }

    function testPolicies() public {
        uint256 modelId = createModel(MAKER);
        assertEq(models.policyOf(modelId), bytes32(0), "none");
        vm.prank(DAO);
        models.setSubnetPolicy(NETUID, POLICY);
        assertEq(models.policyOf(modelId), POLICY, "the subnet's");
        vm.prank(DAO);
        models.setModelPolicy(modelId, bytes32(uint256(7)));
        assertEq(models.policyOf(modelId), bytes32(uint256(7)), "its own");
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, MAKER));
        vm.prank(MAKER);
        models.setModelPolicy(modelId, POLICY);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, MAKER));
        vm.prank(MAKER);
        models.setSubnetPolicy(NETUID, POLICY);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, 9));
        vm.prank(DAO);
        models.setModelPolicy(9, POLICY);
    }

    function testOnlyTheOwnerPublishesAndRetires() public {
        uint256 modelId = createModel(MAKER);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotModelOwner.selector, modelId, STRANGER));
        publishAs(STRANGER, modelId, 1);
        publishAs(MAKER, modelId, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotModelOwner.selector, modelId, STRANGER));
        vm.prank(STRANGER);
        models.retire(modelId, 1);
        vm.prank(MAKER);
        models.transferFrom(MAKER, STRANGER, modelId);
        assertEq(publishAs(STRANGER, modelId, 2), 2, "the token is the model");
    }

    function testNamesAndDigestsAreChecked() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelNameInvalid.selector, 0));
        models.create("", NETUID, 0);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelNameInvalid.selector, 32));
        models.create("12345678901234567890123456789012", NETUID, 0);
        uint256 modelId = createModel(MAKER);
        IModelRegistry.VersionTerms memory t = termsOf(1);
        t.weights = 0;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelVersionInvalid.selector, bytes32("weights")));
        vm.prank(MAKER);
        models.publish(modelId, t);
        t = termsOf(1);
        t.parent = 1;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelVersionUnknown.selector, modelId, 1));
        vm.prank(MAKER);
        models.publish(modelId, t);
    }

    function testFuzzCreatorsAddUp(uint16[4] memory shares, uint8 depth) public {
        uint256 modelId = createModel(maker(0));
        publishAs(maker(0), modelId, 0);
        for (uint256 i = 0; i < depth % 6; ++i) {
            vm.prank(maker(i));
            models.setForkShare(modelId, shares[i % 4] % 5001);
            modelId = forkModel(maker(i + 1), modelId, 1);
            publishAs(maker(i + 1), modelId, i + 1);
        }
        (address[] memory accounts, uint16[] memory bps) = models.creatorsOf(modelId);
        assertLe(accounts.length, 4, "at most four");
        uint256 sum = 0;
        for (uint256 i = 0; i < bps.length; ++i) {
            sum += bps[i];
        }
        assertEq(sum, 10_000, "whole");
        assertTrue(bps[0] >= 5000, "the maker keeps half");
    }

    function refused(uint256 modelId, IModelRegistry.VersionTerms memory t, uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TrainingSetsInvalid.selector, index));
        vm.prank(OWNER);
        models.publish(modelId, t);
    }
}
