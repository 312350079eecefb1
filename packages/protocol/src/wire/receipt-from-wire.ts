import { SIGNATURE_BYTES } from '../crypto/signature.js'
import type {
  ReceiptBatch as WireBatch,
  Receipt as WireReceipt,
  SignedReceipt as WireSignedReceipt,
} from '../generated/witan/v1/receipt_pb.js'
import {
  MAX_BATCH_RECEIPTS,
  MAX_PROOF_SIBLINGS,
  type Receipt,
  type ReceiptBatch,
  type SignedReceipt,
} from '../receipts/receipt.js'
import { amountFromBytes, digestFrom, fixedHex, required, safeCount } from './fields-from-wire.js'
import { malformed, tooLarge } from './wire-error.js'

export function signedReceiptFromWire({ receipt, proof, batch }: WireSignedReceipt): SignedReceipt {
  if (proof.length > MAX_PROOF_SIBLINGS) throw tooLarge('SignedReceipt.proof', proof.length, MAX_PROOF_SIBLINGS)
  return {
    receipt: receiptFromWire(required(receipt, 'SignedReceipt.receipt')),
    proof: proof.map((sibling) => digestFrom(sibling, 'SignedReceipt.proof')),
    batch: batchFromWire(required(batch, 'SignedReceipt.batch')),
  }
}

function receiptFromWire(receipt: WireReceipt): Receipt {
  return {
    requestDigest: digestFrom(receipt.requestDigest, 'Receipt.request_digest'),
    responseDigest: digestFrom(receipt.responseDigest, 'Receipt.response_digest'),
    evidenceDigest: digestFrom(receipt.evidenceDigest, 'Receipt.evidence_digest'),
    modelVersion: digestFrom(receipt.modelVersion, 'Receipt.model_version'),
    policy: digestFrom(receipt.policy, 'Receipt.policy'),
    units: safeCount(receipt.units, 'Receipt.units'),
    price: amountFromBytes(receipt.price, 'Receipt.price'),
    channel: digestFrom(receipt.channel, 'Receipt.channel'),
    startedAt: safeCount(receipt.startedAt, 'Receipt.started_at'),
    finishedAt: safeCount(receipt.finishedAt, 'Receipt.finished_at'),
  }
}

function batchFromWire({ root, count, signature }: WireBatch): ReceiptBatch {
  if (count < 1 || count > MAX_BATCH_RECEIPTS) {
    throw malformed('ReceiptBatch.count', 'is out of range', { count, max: MAX_BATCH_RECEIPTS })
  }
  return {
    root: digestFrom(root, 'ReceiptBatch.root'),
    count,
    signature: fixedHex(signature, SIGNATURE_BYTES, 'ReceiptBatch.signature'),
  }
}
