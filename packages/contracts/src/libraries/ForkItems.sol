// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {IDatasetRegistry} from "../interfaces/IDatasetRegistry.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {ISubnetTerms} from "../interfaces/ISubnetTerms.sol";

/// @dev What makes an item of one network the same as one of another. Numbers that each network gives are left out.
library ForkItems {
    function subnet(ISubnetTerms subnets, uint16 netuid) internal view returns (bytes32) {
        ISubnetTerms.Subnet memory s = subnets.subnet(netuid);
        return keccak256(abi.encode(s.name, s.mechanism, s.membership, s.parameters, subnets.modelVersions(netuid)));
    }

    function model(IModelRegistry models, IDatasetRegistry datasets, uint256 modelId)
        internal
        view
        returns (bytes32 digest)
    {
        IModelRegistry.Model memory m = models.model(modelId);
        digest = keccak256(abi.encode(models.nameOf(modelId), m.forkBps, m.versions, m.live, models.policyOf(modelId)));
        for (uint32 number = 1; number <= m.versions; ++number) {
            IModelRegistry.Version memory v = models.version(modelId, number);
            bytes32[] memory roots = _trainingRoots(datasets, models.trainedOn(modelId, number));
            digest = keccak256(
                abi.encode(digest, v.manifest, v.weights, v.evaluation, v.licence, v.parent, v.retired, roots)
            );
        }
    }

    function dataset(IDatasetRegistry datasets, uint256 setId) internal view returns (bytes32 digest) {
        uint32 versions = datasets.dataset(setId).versions;
        digest = keccak256(abi.encode(datasets.nameOf(setId), versions));
        for (uint32 number = 1; number <= versions; ++number) {
            IDatasetRegistry.Version memory v = datasets.version(setId, number);
            digest = keccak256(abi.encode(digest, v.terms, v.edition));
        }
    }

    /// @dev Sorted: the sets may have other numbers here, and so another order.
    function _trainingRoots(IDatasetRegistry datasets, IModelRegistry.TrainingSet[] memory sets)
        private
        view
        returns (bytes32[] memory roots)
    {
        uint256 count = 0;
        for (uint256 i = 0; i < sets.length; ++i) {
            count += sets[i].versions.length;
        }
        roots = new bytes32[](count);
        for (uint256 i = 0; i < sets.length; ++i) {
            for (uint256 k = 0; k < sets[i].versions.length; ++k) {
                roots[--count] = datasets.version(sets[i].setId, sets[i].versions[k]).terms.root;
            }
        }
        Arrays.sort(roots);
    }
}
