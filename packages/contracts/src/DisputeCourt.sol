// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed} from "./Governed.sol";
import {IDisputeCourt} from "./interfaces/IDisputeCourt.sol";
import {IStakeVault} from "./interfaces/IStakeVault.sol";
import {IWitanTimelock} from "./interfaces/IWitanTimelock.sol";
import {IWitanToken} from "./interfaces/IWitanToken.sol";
import {Evidence} from "./libraries/Evidence.sol";
import {SlashReward} from "./libraries/SlashReward.sol";

contract DisputeCourt is IDisputeCourt, Governed, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Evidence for Evidence.InferRequest;
    using Evidence for Evidence.SignedReceipt;

    uint256 private constant LOCAL_CHAIN_ID = 31_337;
    uint256 private constant PUBLIC_MIN_MARGIN = 1 days;
    uint256 private constant MIN_SLASH_BPS = 100;
    uint256 private constant MAX_SLASH_BPS = 5000;
    /// @dev No miner takes a request whose deadline is further ahead: protocol, `INFER_PROTOCOL.maxDeadlineMs`.
    uint256 private constant MAX_DEADLINE_AHEAD = 10 minutes;
    uint256 private constant MILLISECONDS = 1000;
    /// @dev Few enough for one decision to veto, and for stake that left to walk through the slashes.
    uint256 private constant MAX_OPEN = 8;

    /// @inheritdoc IDisputeCourt
    IERC20 public immutable token;
    /// @inheritdoc IDisputeCourt
    IStakeVault public immutable vault;
    /// @inheritdoc IDisputeCourt
    address public immutable subnets;
    /// @inheritdoc IDisputeCourt
    uint256 public immutable bond;
    /// @inheritdoc IDisputeCourt
    uint48 public immutable wait;

    /// @inheritdoc IDisputeCourt
    uint16 public slashBps;
    /// @inheritdoc IDisputeCourt
    uint256 public accusationCount;
    /// @inheritdoc IDisputeCourt
    mapping(bytes32 requestDigest => uint256) public accusationOf;
    mapping(uint256 accusationId => Accusation) private _accusations;
    mapping(uint64 nodeId => uint256) private _open;

    /// @dev A decision on the veto takes a cycle at the most and its proposer had the margin to notice; the same margin is
    /// left to execute before the hold lapses.
    constructor(
        address token_,
        address vault_,
        address subnets_,
        address timelock,
        address authority_,
        CourtTerms memory terms
    ) Governed(authority_) {
        (token, vault, subnets) = (IERC20(token_), IStakeVault(vault_), subnets_);
        uint48 maxCycle = IWitanTimelock(timelock).maxCycle();
        uint256 low = block.chainid == LOCAL_CHAIN_ID ? 1 : PUBLIC_MIN_MARGIN;
        uint256 high = Math.saturatingSub(vault.maxHold(), maxCycle) / 2;
        if (terms.margin < low || terms.margin > high) revert MarginOutOfBounds(terms.margin, low, high);
        wait = maxCycle + terms.margin;
        bond = terms.bond;
        _setSlashBps(terms.slashBps);
    }

    /// @inheritdoc IDisputeCourt
    function accuseOfTwoAnswers(
        Evidence.InferRequest calldata request,
        Evidence.SignedReceipt calldata first,
        Evidence.SignedReceipt calldata second
    ) external nonReentrant returns (uint256 accusationId) {
        bytes32 digest = request.requestDigest(subnets);
        (uint64 nodeId, uint48 faultAt) = _judge(request);
        _checkReceipt(first, digest, nodeId, faultAt);
        _checkReceipt(second, digest, nodeId, faultAt);
        bytes32 answer = first.receipt.responseDigest;
        if (answer == second.receipt.responseDigest) revert SameAnswer(answer);
        return _accuse(nodeId, digest, faultAt, Fault.TwoAnswers);
    }

    /// @inheritdoc IDisputeCourt
    function accuseOfOtherTerms(Evidence.InferRequest calldata request, Evidence.SignedReceipt calldata receipt)
        external
        nonReentrant
        returns (uint256 accusationId)
    {
        bytes32 digest = request.requestDigest(subnets);
        (uint64 nodeId, uint48 faultAt) = _judge(request);
        _checkReceipt(receipt, digest, nodeId, faultAt);
        if (receipt.receipt.modelVersion == request.modelVersion && receipt.receipt.policy == request.policy) {
            revert SameTerms(request.modelVersion, request.policy);
        }
        return _accuse(nodeId, digest, faultAt, Fault.OtherTerms);
    }

    /// @inheritdoc IDisputeCourt
    function execute(uint256 accusationId) external nonReentrant returns (uint256 burned, uint256 reward) {
        Accusation memory a = _close(accusationId, Status.Executed);
        if (block.timestamp < executableAt(accusationId)) {
            revert TooEarlyToExecute(accusationId, executableAt(accusationId));
        }
        vault.sync(a.nodeId);
        uint16 rewardBps = SlashReward.bpsDown(vault, a.nodeId, a.slashBps);
        (burned, reward) = vault.slash(a.nodeId, a.slashBps, a.faultAt, a.challenger, rewardBps);
        emit AccusationExecuted(accusationId, a.nodeId, burned, reward);
        vault.release(a.nodeId, a.accusedAt);
        token.safeTransfer(a.challenger, bond);
    }

    /// @inheritdoc IDisputeCourt
    function veto(uint256 accusationId) external nonReentrant restricted {
        Accusation memory a = _close(accusationId, Status.Vetoed);
        emit AccusationVetoed(accusationId, a.nodeId);
        vault.release(a.nodeId, a.accusedAt);
        if (bond != 0) IWitanToken(address(token)).burn(bond);
    }

    /// @inheritdoc IDisputeCourt
    function dismiss(uint256 accusationId) external nonReentrant {
        (bool maySlash,) = IAccessManager(authority).canCall(address(this), address(vault), IStakeVault.slash.selector);
        if (maySlash) revert CourtInOffice();
        Accusation memory a = _close(accusationId, Status.Dismissed);
        emit AccusationDismissed(accusationId, a.nodeId);
        token.safeTransfer(a.challenger, bond);
    }

    /// @inheritdoc IDisputeCourt
    function setSlashBps(uint16 slashBps_) external restricted {
        _setSlashBps(slashBps_);
    }

    /// @inheritdoc IDisputeCourt
    function requestDigestOf(Evidence.InferRequest calldata request) external view returns (bytes32 digest) {
        return request.requestDigest(subnets);
    }

    /// @inheritdoc IDisputeCourt
    function signerOf(Evidence.SignedReceipt calldata receipt) public view returns (address signer) {
        if (!receipt.fits()) revert ReceiptProofTooLong(receipt.proof.length, receipt.count);
        bytes32 root = receipt.rootOf();
        if (root != receipt.root) revert ReceiptNotInBatch(root, receipt.root);
        ECDSA.RecoverError failure;
        (signer, failure,) = ECDSA.tryRecoverCalldata(receipt.batchDigest(subnets), receipt.signature);
        if (failure != ECDSA.RecoverError.NoError) revert ReceiptSignatureInvalid();
    }

    /// @inheritdoc IDisputeCourt
    function accusation(uint256 accusationId) public view returns (Accusation memory a) {
        a = _accusations[accusationId];
        if (a.challenger == address(0)) revert AccusationUnknown(accusationId);
    }

    /// @inheritdoc IDisputeCourt
    function accusations(uint256 first, uint256 count) external view returns (Accusation[] memory page) {
        page = new Accusation[](Math.min(Math.saturatingSub(accusationCount + 1, first), count));
        for (uint256 i = 0; i < page.length; ++i) {
            page[i] = accusation(first + i);
        }
    }

    /// @inheritdoc IDisputeCourt
    function roomFor(uint64 nodeId) external view returns (uint256) {
        return MAX_OPEN - _open[nodeId];
    }

    /// @inheritdoc IDisputeCourt
    function executableAt(uint256 accusationId) public view returns (uint256) {
        return accusation(accusationId).accusedAt + wait;
    }

    /// @dev The node that a request was made to, and since when stake in it is liable: nobody can have taken the request
    /// before that, and the key that the request was made to serves then.
    function _judge(Evidence.InferRequest calldata request) private view returns (uint64 nodeId, uint48 faultAt) {
        uint256 deadline = request.deadline / MILLISECONDS;
        uint256 oldest = Math.saturatingSub(block.timestamp, vault.unbonding());
        if (deadline < oldest) revert RequestTooOld(deadline, oldest);
        uint256 earliest = Math.saturatingSub(deadline, MAX_DEADLINE_AHEAD);
        if (earliest > block.timestamp) revert RequestAhead(earliest, block.timestamp);
        nodeId = vault.everNodeOf(request.miner);
        faultAt = uint48(earliest); // ≤ the clock
    }

    function _checkReceipt(Evidence.SignedReceipt calldata signed, bytes32 digest, uint64 nodeId, uint48 faultAt)
        private
        view
    {
        bytes32 named = signed.receipt.requestDigest;
        if (named != digest) revert ReceiptOfAnotherRequest(named, digest);
        address signer = signerOf(signed);
        uint64 signersNode = vault.everNodeOf(signer);
        if (signersNode == 0 || signersNode != nodeId) revert SignerOfAnotherNode(signer, signersNode, nodeId);
        uint48 retiredAt = vault.retiredAt(signer);
        if (retiredAt != 0 && retiredAt < faultAt) revert SignerRetired(signer, retiredAt, faultAt);
    }

    function _accuse(uint64 nodeId, bytes32 digest, uint48 faultAt, Fault fault)
        private
        returns (uint256 accusationId)
    {
        if (accusationOf[digest] != 0) {
            revert AlreadyAccused(digest, accusationOf[digest]);
        }
        if (++_open[nodeId] > MAX_OPEN) revert TooManyAccusations(nodeId, MAX_OPEN);
        accusationId = ++accusationCount;
        accusationOf[digest] = accusationId;
        _accusations[accusationId] =
            Accusation(msg.sender, uint48(block.timestamp), faultAt, nodeId, slashBps, Status.Open, digest);
        emit Accused(accusationId, nodeId, msg.sender, digest, fault, faultAt, slashBps);
        vault.hold(nodeId);
        token.safeTransferFrom(msg.sender, address(this), bond);
    }

    function _close(uint256 accusationId, Status status) private returns (Accusation memory a) {
        a = accusation(accusationId);
        if (a.status != Status.Open) revert AccusationClosed(accusationId, a.status);
        _accusations[accusationId].status = status;
        --_open[a.nodeId];
    }

    function _setSlashBps(uint16 slashBps_) private {
        if (slashBps_ < MIN_SLASH_BPS || slashBps_ > MAX_SLASH_BPS) {
            revert CourtSlashOutOfBounds(slashBps_, MIN_SLASH_BPS, MAX_SLASH_BPS);
        }
        emit SlashBpsSet(slashBps, slashBps_);
        slashBps = slashBps_;
    }
}
