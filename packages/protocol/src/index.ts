export { BEHAVIOURS, type BehaviourName, type BehaviourRole, LOCAL_CHAIN_ID, parseBehaviour } from './behaviour.js'
export {
  type Address,
  bytesToHex,
  type Hex,
  hexToBytes,
  isHex,
  parseAddress,
  ZERO_ADDRESS,
  ZERO_DIGEST,
} from './bytes/hex.js'
export { type Commitment, commitmentHash } from './commitment.js'
export { addressOfPublicKey } from './crypto/address.js'
export { signatureBackend } from './crypto/backend.js'
export { keccak256, keccak256Hex } from './crypto/keccak256.js'
export { isSignedBy, recoverAddress, SIGNATURE_BYTES } from './crypto/signature.js'
export { createSigner, type Signer } from './crypto/signer.js'
export { type IdxItem, IdxParser } from './dataset/idx-parser.js'
export { type ContributorShare, contributorLeaf, type DatasetRecord, recordLeaf } from './dataset/record-leaf.js'
export { type AddressRecord, announcementDigest, recordDigest } from './eip712/announcement.js'
export { createDomain, DOMAIN_NAME, DOMAIN_VERSION, type Domain } from './eip712/domain.js'
export { type OperatorConsent, operatorConsentDigest, signOperatorConsent } from './eip712/operator-consent.js'
export { type RequestIdentity, requestDigest } from './eip712/request-digest.js'
export {
  bytesToWords,
  checkWeightRow,
  claimOf,
  type EmissionSplit,
  type EmissionTerms,
  type EpochEngine,
  type EpochInput,
  type EpochResult,
  type EpochSchedule,
  type EpochWindow,
  epochAt,
  epochWindow,
  fromBitmap,
  fromKernelOutput,
  isMaxLimited,
  type KernelInput,
  type KernelOutput,
  type KernelRules,
  type LaneBits,
  type LiquidAlpha,
  limitWeights,
  MAX_CELLS,
  MAX_LIQUID_CELLS,
  MAX_QUANTISED_STAKE,
  MAX_UIDS,
  maxUpscale,
  PPM_ONE,
  packRow,
  packWords,
  parseCase,
  quantiseStake,
  type Row,
  runEpoch,
  SHARE_ONE,
  SIGMOID_TABLE_HEX,
  type SimulatedStep,
  type SimulationCase,
  type SimulationRules,
  type SimulationStep,
  type SlotTerms,
  selectPermits,
  simulateCase,
  splitEmission,
  toBitmap,
  toKernelInput,
  U16_ONE,
  unpackRow,
  unpackWords,
  type VersionedRow,
  WEIGHT_ONE,
  type WeightRowLimits,
} from './epoch/index.js'
export { ERROR_CATALOG, type ErrorCode } from './errors/catalog.js'
export type { CatalogEntry } from './errors/catalog-entry.js'
export { type ErrorFact, isWitanError, WitanError, type WitanErrorOptions } from './errors/witan-error.js'
export { type Evidence, parseEvidence, printEvidence } from './faults/evidence-text.js'
export { type Fault, type FaultRules, type FoundFaults, faultAt, findFaults } from './faults/find-faults.js'
export { canonicalJson, type Json, jsonDigest } from './json/canonical-json.js'
export { BLOB_PROTOCOL, DESCRIBE_PROTOCOL, INFER_PROTOCOL, isNetworkName, RECORD_PROTOCOL } from './limits.js'
export { REPLAY_GROUND_TRUTH } from './mechanism.js'
export { hashPair, MerkleTree, maxProofLength, NODE_BYTES, rootOfProof, siblingIndices } from './merkle/merkle-tree.js'
export { PARAMETER_TABLE, type ParameterBounds } from './parameters/parameter-table.js'
export {
  DEFAULT_PARAMETERS,
  MIN_EPOCH_LENGTH,
  MINIMAL_BLOCK_TIME,
  MINIMAL_MIN_EPOCH_LENGTH,
  MINIMAL_PARAMETERS,
} from './parameters/presets.js'
export type { ParameterName, SubnetParameters } from './parameters/subnet-parameters.js'
export { type ParameterContext, validateParameters } from './parameters/validate-parameters.js'
export {
  type PayloadLimits,
  POLICY_LIMITS,
  type Policy,
  type PolicyGate,
  policyDigest,
  policyDocument,
  type RefusedPattern,
} from './policy/policy.js'
export {
  outputRefusal,
  type PolicyRefusal,
  type PolicySubject,
  policyRefusal,
  policyRefused,
} from './policy/policy-refusal.js'
export { refusedBy } from './policy/refused-by.js'
export { checkReceipt, type ReceiptExpectation } from './receipts/check-receipt.js'
export {
  MAX_BATCH_RECEIPTS,
  type Receipt,
  type ReceiptBatch,
  receiptBatchDigest,
  receiptStructHash,
  type SignedReceipt,
} from './receipts/receipt.js'
export { createReceiptVerifier, type ReceiptVerifier, verifyReceipt } from './receipts/receipt-verifier.js'
export { type RequestParties, requestIdentityOf, requestIdOf } from './receipts/request-id.js'
export { signReceiptBatch } from './receipts/sign-receipt-batch.js'
export {
  type ChannelTerms,
  channelIdOf,
  checkVoucher,
  type SignedVoucher,
  signVoucher,
  type Voucher,
  type VoucherExpectation,
  voucherDigest,
} from './receipts/voucher.js'
export {
  type RecordExpectation,
  recordOperator,
  type SignedRecord,
  signRecord,
  verifyRecord,
} from './record/signed-record.js'
export {
  type MinerRecord,
  medianLatencyMs,
  minerScore,
  type Outcome,
  type OutcomeResult,
  REPLAY_SCORING,
  type ScoreBook,
  type ScoringRules,
  scoreEpoch,
  speedFactor,
  weightsRow,
} from './scoring/index.js'
export {
  decodeBlobRequest,
  decodeBlobResponse,
  encodeBlobRequest,
  encodeBlobResponse,
} from './wire/blob-codec.js'
export type { BlobRequest, BlobResponse } from './wire/blob-message.js'
export {
  decodeDescribeRequest,
  decodeDescription,
  encodeDescribeRequest,
  encodeDescription,
} from './wire/describe-codec.js'
export type { Description, Load, ModelOffer } from './wire/describe-message.js'
export type {
  Chunk,
  Closing,
  Credit,
  Failure,
  InferFrame,
  InferFrameKind,
  InferRequest,
  Timing,
} from './wire/infer-frame.js'
export { decodeInferFrame, encodeInferFrame } from './wire/infer-frame-codec.js'
export {
  decodeRecordRequest,
  decodeRecordResponse,
  encodeRecordRequest,
  encodeRecordResponse,
} from './wire/record-codec.js'
export type { RecordRequest, RecordResponse } from './wire/record-message.js'
