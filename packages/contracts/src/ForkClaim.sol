// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDatasetRegistry} from "./interfaces/IDatasetRegistry.sol";
import {IForkClaim} from "./interfaces/IForkClaim.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {ISubnets} from "./interfaces/ISubnets.sol";
import {ForkItems} from "./libraries/ForkItems.sol";

contract ForkClaim is IForkClaim {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint48 private constant CLAIM_PERIOD = 365 days;

    IERC20 public immutable token;
    IStakeVault public immutable vault;
    ISubnets public immutable subnets;
    IDatasetRegistry public immutable datasets;
    IModelRegistry public immutable models;
    address public immutable treasury;
    /// @inheritdoc IForkClaim
    bytes32 public immutable exportDigest;
    /// @inheritdoc IForkClaim
    bytes32 public immutable claimsRoot;
    /// @inheritdoc IForkClaim
    bytes32 public immutable stateRoot;
    /// @inheritdoc IForkClaim
    uint256 public immutable supply;
    /// @inheritdoc IForkClaim
    uint48 public immutable sweepableAt;

    bool private _swept;
    /// @inheritdoc IForkClaim
    mapping(address account => bool) public hasClaimed;
    /// @inheritdoc IForkClaim
    mapping(Kind kind => mapping(uint256 id => uint256)) public successorOf;
    /// @inheritdoc IForkClaim
    mapping(Kind kind => mapping(uint256 successor => uint256)) public originOf;

    constructor(Peers memory peers, Origin memory origin) {
        token = IERC20(peers.token);
        (vault, subnets, datasets, models) = (peers.vault, peers.subnets, peers.datasets, peers.models);
        treasury = peers.treasury;
        (exportDigest, claimsRoot, stateRoot) = (origin.exportDigest, origin.claimsRoot, origin.stateRoot);
        supply = origin.supply;
        sweepableAt = uint48(block.timestamp) + CLAIM_PERIOD;
    }

    /// @inheritdoc IForkClaim
    function claim(address account, uint256 liquid, uint256 staked, bytes32[] calldata proof) external {
        _claim(account, liquid, staked, proof);
        token.safeTransfer(account, liquid + staked);
    }

    /// @inheritdoc IForkClaim
    function claimAndStake(uint256 liquid, uint256 staked, uint64 nodeId, uint256 assets, bytes32[] calldata proof)
        external
    {
        _claim(msg.sender, liquid, staked, proof);
        uint256 whole = liquid + staked;
        if (assets > whole) revert StakeExceedsClaim(assets, whole);
        token.forceApprove(address(vault), assets);
        vault.stakeFor(msg.sender, nodeId, assets);
        if (whole > assets) token.safeTransfer(msg.sender, whole - assets);
    }

    /// @inheritdoc IForkClaim
    function sweep() external returns (uint256 assets) {
        if (block.timestamp < sweepableAt) revert SweepTooEarly(sweepableAt);
        _swept = true;
        assets = token.balanceOf(address(this));
        emit Swept(treasury, assets);
        token.safeTransfer(treasury, assets);
    }

    /// @inheritdoc IForkClaim
    function adopt(Kind kind, uint256 id, uint256 successor, bytes32[] calldata proof) external {
        if (successorOf[kind][id] != 0) revert AdoptedAlready(kind, id, successorOf[kind][id]);
        if (originOf[kind][successor] != 0) revert AdoptedAlready(kind, originOf[kind][successor], successor);
        address owner = _ownerOf(kind, successor);
        if (msg.sender != owner) revert NotItemOwner(kind, successor, msg.sender, owner);
        bytes32 digest = digestOf(kind, successor);
        if (!isExported(kind, id, owner, digest, proof)) revert ItemNotProven(kind, id, owner, digest);
        (successorOf[kind][id], originOf[kind][successor]) = (successor, id);
        emit Adopted(kind, id, successor, owner);
    }

    /// @inheritdoc IForkClaim
    function digestOf(Kind kind, uint256 id) public view returns (bytes32 digest) {
        if (kind == Kind.Subnet) return ForkItems.subnet(subnets, id.toUint16());
        if (kind == Kind.Model) return ForkItems.model(models, datasets, id);
        if (kind == Kind.Dataset) return ForkItems.dataset(datasets, id);
        revert NotAdoptable(kind);
    }

    /// @inheritdoc IForkClaim
    function isExported(Kind kind, uint256 id, address owner, bytes32 digest, bytes32[] calldata proof)
        public
        view
        returns (bool)
    {
        return MerkleProof.verifyCalldata(proof, stateRoot, _leafOf(abi.encode(kind, id, owner, digest)));
    }

    function _claim(address account, uint256 liquid, uint256 staked, bytes32[] calldata proof) private {
        if (_swept) revert ClaimsSwept(sweepableAt);
        if (hasClaimed[account]) revert ClaimedAlready(account);
        if (!MerkleProof.verifyCalldata(proof, claimsRoot, _leafOf(abi.encode(account, liquid, staked)))) {
            revert ClaimNotProven(account, liquid, staked);
        }
        hasClaimed[account] = true;
        emit Claimed(account, liquid, staked);
    }

    function _ownerOf(Kind kind, uint256 id) private view returns (address) {
        if (kind == Kind.Subnet) return subnets.ownerOf(id.toUint16());
        if (kind == Kind.Model) return IERC721(address(models)).ownerOf(id);
        if (kind == Kind.Dataset) return IERC721(address(datasets)).ownerOf(id);
        revert NotAdoptable(kind);
    }

    function _leafOf(bytes memory encoded) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(encoded)));
    }
}
