import type { Hex } from '../bytes/hex.js'
import { type Domain, typedDataDigest } from '../eip712/domain.js'
import { typeEncoder } from '../eip712/type-encoder.js'

/** What a miner signs about one answer; it makes the answer evidence (specification: Request digest, receipt, voucher). */
export interface Receipt {
  /** The request id. */
  readonly requestDigest: Hex
  /** keccak256 of the whole output. */
  readonly responseDigest: Hex
  /** Digest of the mechanism's evidence; zero when it has none. */
  readonly evidenceDigest: Hex
  readonly modelVersion: Hex
  readonly policy: Hex
  /** Work in the model's units, for example tokens or images. */
  readonly units: number
  /** Wei. */
  readonly price: bigint
  /** Payment channel; zero without one. */
  readonly channel: Hex
  /** Unix milliseconds. */
  readonly startedAt: number
  /** Unix milliseconds. */
  readonly finishedAt: number
}

/** The root of a batch of receipts under the miner's signature. */
export interface ReceiptBatch {
  readonly root: Hex
  /** 1 to `MAX_BATCH_RECEIPTS`. */
  readonly count: number
  /** 65 bytes: r, s, v. */
  readonly signature: Hex
}

/** One receipt with its path to a signed root. */
export interface SignedReceipt {
  readonly receipt: Receipt
  /** Siblings from the leaf up, 32 bytes each. */
  readonly proof: readonly Hex[]
  readonly batch: ReceiptBatch
}

/** Ten siblings at most, 320 bytes a reply: a larger batch saves no more signing time that matters. */
export const MAX_BATCH_RECEIPTS = 1024
export const MAX_PROOF_SIBLINGS = Math.log2(MAX_BATCH_RECEIPTS)

const receiptEncoder = typeEncoder(
  'Receipt(bytes32 requestDigest,bytes32 responseDigest,bytes32 evidenceDigest,bytes32 modelVersion,bytes32 policy,' +
    'uint64 units,uint256 price,bytes32 channel,uint64 startedAt,uint64 finishedAt)',
)
const batchEncoder = typeEncoder('ReceiptBatch(bytes32 root,uint32 count)')

/** The EIP-712 struct hash, 32 bytes; its keccak256 is the receipt's leaf. */
export function receiptStructHash(receipt: Receipt): Uint8Array {
  return receiptEncoder
    .rewind()
    .digest(receipt.requestDigest)
    .digest(receipt.responseDigest)
    .digest(receipt.evidenceDigest)
    .digest(receipt.modelVersion)
    .digest(receipt.policy)
    .uint(receipt.units)
    .uint(receipt.price)
    .digest(receipt.channel)
    .uint(receipt.startedAt)
    .uint(receipt.finishedAt)
    .hash()
}

/** What the operator key signs, 32 bytes. */
export function receiptBatchDigest(domain: Domain, root: Uint8Array, count: number): Uint8Array {
  return typedDataDigest(domain, batchEncoder.rewind().bytes(root).uint(count).hash())
}
