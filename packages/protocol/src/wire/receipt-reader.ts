import type { Hex } from '../bytes/hex.js'
import { SIGNATURE_BYTES } from '../crypto/signature.js'
import {
  MAX_BATCH_RECEIPTS,
  MAX_PROOF_SIBLINGS,
  type Receipt,
  type ReceiptBatch,
  type SignedReceipt,
} from '../receipts/receipt.js'
import type { CanonicalReader } from './canonical-reader.js'
import { BATCH, RECEIPT, SIGNED_RECEIPT } from './infer-fields.js'

/** The fields of a signed receipt in the order of the wire. */
export function readSignedReceipt(reader: CanonicalReader): SignedReceipt {
  const outer = reader.enter(SIGNED_RECEIPT.receipt)
  const receipt = readReceipt(reader)
  reader.leave(outer)
  const proof: Hex[] = []
  while (reader.isNext(SIGNED_RECEIPT.proof) && proof.length < MAX_PROOF_SIBLINGS) {
    proof.push(reader.digest(SIGNED_RECEIPT.proof))
  }
  reader.enter(SIGNED_RECEIPT.batch)
  const batch = readBatch(reader)
  reader.leave(outer)
  return { receipt, proof, batch }
}

function readReceipt(reader: CanonicalReader): Receipt {
  return {
    requestDigest: reader.digest(RECEIPT.requestDigest),
    responseDigest: reader.digest(RECEIPT.responseDigest),
    evidenceDigest: reader.digest(RECEIPT.evidenceDigest),
    modelVersion: reader.digest(RECEIPT.modelVersion),
    policy: reader.digest(RECEIPT.policy),
    units: reader.uint(RECEIPT.units),
    price: reader.amount(RECEIPT.price),
    channel: reader.digest(RECEIPT.channel),
    startedAt: reader.uint(RECEIPT.startedAt),
    finishedAt: reader.uint(RECEIPT.finishedAt),
  }
}

function readBatch(reader: CanonicalReader): ReceiptBatch {
  const root = reader.digest(BATCH.root)
  const count = reader.uint32(BATCH.count)
  reader.require(count >= 1 && count <= MAX_BATCH_RECEIPTS)
  return { root, count, signature: reader.hex(BATCH.signature, SIGNATURE_BYTES) }
}
