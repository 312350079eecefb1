// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Evidence} from "../libraries/Evidence.sol";
import {IGoverned} from "./IGoverned.sol";
import {IStakeVault} from "./IStakeVault.sol";

/// @title Faults that anybody can prove
/// @notice A node is at fault when keys of it signed two answers to one request, or an answer under another model version
/// or policy than was asked. Whoever shows that posts a bond; the node's stake is held at once and slashed after `wait`,
/// in which a decision of the stakers may veto it. How good an answer was is nobody's business here.
/// @dev A node that answers each request once, and under the terms of the request, signs nothing that is evidence. A fault
/// is dated by the deadline in the request, which its consumer chose: what a receipt says of its own time proves nothing.
/// A request names its miner, so each is a fault of one node, and is judged once, whatever the evidence.
interface IDisputeCourt is IGoverned {
    enum Fault {
        TwoAnswers,
        OtherTerms
    }

    /// @param Dismissed the court lost its role: the bond went back, nothing else happened
    enum Status {
        Open,
        Executed,
        Vetoed,
        Dismissed
    }

    /// @param bond of an accusation in wei, for good
    /// @param slashBps part of the accused pool that is taken, for accusations from now on
    /// @param margin seconds after a whole cycle of decisions: at least a day, except on a local chain
    struct CourtTerms {
        uint128 bond;
        uint16 slashBps;
        uint48 margin;
    }

    /// @param accusedAt when the node began to be held, unix seconds
    /// @param faultAt what left the node before is not liable, unix seconds
    struct Accusation {
        address challenger;
        uint48 accusedAt;
        uint48 faultAt;
        uint64 nodeId;
        uint16 slashBps;
        Status status;
        bytes32 requestDigest;
    }

    event Accused(
        uint256 indexed accusationId,
        uint64 indexed nodeId,
        address indexed challenger,
        bytes32 requestDigest,
        Fault fault,
        uint48 faultAt,
        uint16 slashBps
    );
    /// @notice The pool lost `burned + reward`; the challenger has the reward and its bond.
    event AccusationExecuted(uint256 indexed accusationId, uint64 indexed nodeId, uint256 burned, uint256 reward);
    /// @notice The stakers let the node off; the bond is burned.
    event AccusationVetoed(uint256 indexed accusationId, uint64 indexed nodeId);
    event AccusationDismissed(uint256 indexed accusationId, uint64 indexed nodeId);
    event SlashBpsSet(uint16 previous, uint16 current);

    error CourtSlashOutOfBounds(uint256 slashBps, uint256 low, uint256 high);
    error MarginOutOfBounds(uint256 margin, uint256 low, uint256 high);
    /// @notice The batch is empty, larger than a batch may be, or the proof longer than the batch allows.
    error ReceiptProofTooLong(uint256 siblings, uint256 batchCount);
    error ReceiptNotInBatch(bytes32 computed, bytes32 root);
    error ReceiptSignatureInvalid();
    error ReceiptOfAnotherRequest(bytes32 requestDigest, bytes32 expected);
    /// @notice The key signs for no node, or for another one than the miner that the request names.
    error SignerOfAnotherNode(address signer, uint64 nodeId, uint64 expected);
    /// @notice The key had been replaced before the request was made.
    error SignerRetired(address signer, uint256 retiredAt, uint256 faultAt);
    error SameAnswer(bytes32 responseDigest);
    error SameTerms(bytes32 modelVersion, bytes32 policy);
    error RequestTooOld(uint256 deadline, uint256 oldest);
    /// @notice Nobody takes a request whose deadline is so far ahead.
    error RequestAhead(uint256 faultAt, uint256 nowSeconds);
    /// @notice Each fault is judged once.
    error AlreadyAccused(bytes32 requestDigest, uint256 accusationId);
    /// @notice So many faults of the node are being judged; the next may be shown when one of them is closed.
    error TooManyAccusations(uint64 nodeId, uint256 limit);
    error AccusationUnknown(uint256 accusationId);
    error AccusationClosed(uint256 accusationId, Status status);
    error TooEarlyToExecute(uint256 accusationId, uint256 executableAt);
    error CourtInOffice();

    /// @notice Accuses the node of the miner that the request names of having signed two answers to it. Takes `bond` wei of
    /// the caller; needs an allowance of the token. Reverts unless the evidence proves it, for a request whose deadline
    /// passed more than an unbonding time ago, and while there is no `roomFor` the node.
    function accuseOfTwoAnswers(
        Evidence.InferRequest calldata request,
        Evidence.SignedReceipt calldata first,
        Evidence.SignedReceipt calldata second
    ) external returns (uint256 accusationId);

    /// @notice Accuses the node of the miner that the request names of having answered it under another model version or
    /// policy. Otherwise as `accuseOfTwoAnswers`.
    function accuseOfOtherTerms(Evidence.InferRequest calldata request, Evidence.SignedReceipt calldata receipt)
        external
        returns (uint256 accusationId);

    /// @notice Slashes the node. Anybody may call, `wait` seconds after the accusation. The challenger gets its bond back
    /// and a reward: a quarter of what the pool loses, but at most half of what the node owner's own stake in it loses.
    /// Everything else is burned.
    function execute(uint256 accusationId) external returns (uint256 burned, uint256 reward);

    /// @notice Lets the node off for good and burns the bond, so that nobody gains by a veto. Only who the permissions let:
    /// the stakers.
    function veto(uint256 accusationId) external;

    /// @notice Gives the bond of an open accusation back when the court may no longer slash. Anybody may call.
    function dismiss(uint256 accusationId) external;

    /// @notice Sets the part of a pool that is taken, for later accusations: 100 to 5000 bps. Only who the permissions let.
    function setSlashBps(uint16 slashBps_) external;

    /// @notice The id of a request, which its receipts name.
    function requestDigestOf(Evidence.InferRequest calldata request) external view returns (bytes32 digest);

    /// @notice The key that signed a receipt. Reverts when the proof or the signature is wrong.
    function signerOf(Evidence.SignedReceipt calldata receipt) external view returns (address signer);

    function accusation(uint256 accusationId) external view returns (Accusation memory);

    /// @notice Up to `count` accusations from `first` on, which is at least 1.
    function accusations(uint256 first, uint256 count) external view returns (Accusation[] memory page);

    /// @notice Accusations so far; the last accusationId.
    function accusationCount() external view returns (uint256);

    /// @notice The accusation for a request; 0: none.
    function accusationOf(bytes32 requestDigest) external view returns (uint256 accusationId);

    /// @notice How many more accusations of the node the court takes until one is closed. At most eight are open, so that
    /// whoever stole a key, or wants to be slashed often, cannot keep one decision from vetoing them all.
    function roomFor(uint64 nodeId) external view returns (uint256);

    /// @notice When the accusation may be executed, unix seconds.
    function executableAt(uint256 accusationId) external view returns (uint256);

    function slashBps() external view returns (uint16);

    /// @notice Wei that an accusation takes; immutable.
    function bond() external view returns (uint256);

    /// @notice Seconds from an accusation to its execution: the longest cycle of a decision and the margin; immutable.
    function wait() external view returns (uint48);

    function token() external view returns (IERC20);

    function vault() external view returns (IStakeVault);

    /// @notice The verifying contract of the network's domain.
    function subnets() external view returns (address);
}
