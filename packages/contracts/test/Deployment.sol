// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consensus} from "../src/Consensus.sol";
import {Emission} from "../src/Emission.sol";
import {StakeVault} from "../src/StakeVault.sol";
import {Subnets} from "../src/Subnets.sol";
import {WitanToken} from "../src/WitanToken.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {Test} from "./Test.sol";

/// @notice The network as it is deployed: one account, consecutive nonces, every peer address known beforehand.
abstract contract Deployment is Test {
    struct Plan {
        address kernel;
        address token;
        address vault;
        address subnets;
        address emission;
        address consensus;
    }

    address internal constant DEPLOYER = address(0xDE910);
    address internal constant TREASURY = address(0x7EA5);
    uint256 internal constant GENESIS = 1_000_000e18;
    uint256 internal constant CREATION_PRICE = 100e18;
    uint48 internal constant UNBONDING = 14 days;
    uint48 internal constant REWARD_UNLOCK = 1 days;
    uint32 internal constant MIN_EPOCH_LENGTH = 600;
    uint32 internal constant GAUGE_PERIOD = 600;

    address internal kernel;
    WitanToken internal token;
    StakeVault internal vault;
    Subnets internal subnets;
    Emission internal emission;
    Consensus internal consensus;

    function deploy() internal {
        Plan memory plan = _plan();
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (TREASURY, GENESIS);
        bytes memory kernelCode = vm.getCode("EpochKernel.sol:EpochKernel");

        vm.startPrank(DEPLOYER);
        kernel = _create(kernelCode);
        token = new WitanToken(plan.emission, accounts, amounts);
        vault = new StakeVault(plan.token, plan.subnets, plan.emission, UNBONDING, REWARD_UNLOCK);
        subnets = new Subnets(plan.token, plan.vault, plan.emission, CREATION_PRICE, MIN_EPOCH_LENGTH);
        emission = new Emission(plan.token, plan.vault, plan.subnets, plan.consensus, terms());
        consensus = new Consensus(plan.subnets, plan.vault, plan.emission, plan.kernel);
        vm.stopPrank();

        assertEq(kernel, plan.kernel, "kernel address");
        assertEq(address(token), plan.token, "token address");
        assertEq(address(vault), plan.vault, "vault address");
        assertEq(address(subnets), plan.subnets, "subnets address");
        assertEq(address(emission), plan.emission, "emission address");
        assertEq(address(consensus), plan.consensus, "consensus address");
    }

    function terms() internal pure returns (IEmission.EmissionTerms memory) {
        return IEmission.EmissionTerms({bountyCap: 0, gaugePeriod: GAUGE_PERIOD, maxShareBps: 10_000});
    }

    function _plan() private view returns (Plan memory) {
        uint256 nonce = vm.getNonce(DEPLOYER);
        return Plan({
            kernel: vm.computeCreateAddress(DEPLOYER, nonce),
            token: vm.computeCreateAddress(DEPLOYER, nonce + 1),
            vault: vm.computeCreateAddress(DEPLOYER, nonce + 2),
            subnets: vm.computeCreateAddress(DEPLOYER, nonce + 3),
            emission: vm.computeCreateAddress(DEPLOYER, nonce + 4),
            consensus: vm.computeCreateAddress(DEPLOYER, nonce + 5)
        });
    }

    function _create(bytes memory code) private returns (address created) {
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
    }
}
