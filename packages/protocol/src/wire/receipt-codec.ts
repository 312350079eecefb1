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
import { amountBytes, bytesOf } from './fields-to-wire.js'
import { malformed, tooLarge } from './wire-error.js'

export function signedReceiptToWire({ receipt, proof, batch }: SignedReceipt): WireSignedReceipt {
  return {
    $typeName: 'witan.v1.SignedReceipt',
    receipt: receiptToWire(receipt),
    proof: proof.map((sibling) => bytesOf(sibling)),
    batch: {
      $typeName: 'witan.v1.ReceiptBatch',
      root: bytesOf(batch.root),
      count: batch.count,
      signature: bytesOf(batch.signature, SIGNATURE_BYTES),
    },
  }
}

export function signedReceiptFromWire({ receipt, proof, batch }: WireSignedReceipt): SignedReceipt {
  if (proof.length > MAX_PROOF_SIBLINGS) throw tooLarge('SignedReceipt.proof', proof.length, MAX_PROOF_SIBLINGS)
  return {
    receipt: receiptFromWire(required(receipt, 'SignedReceipt.receipt')),
    proof: proof.map((sibling) => digestFrom(sibling, 'SignedReceipt.proof')),
    batch: batchFromWire(required(batch, 'SignedReceipt.batch')),
  }
}

function receiptToWire(receipt: Receipt): WireReceipt {
  return {
    $typeName: 'witan.v1.Receipt',
    requestDigest: bytesOf(receipt.requestDigest),
    responseDigest: bytesOf(receipt.responseDigest),
    evidenceDigest: bytesOf(receipt.evidenceDigest),
    modelVersion: bytesOf(receipt.modelVersion),
    policy: bytesOf(receipt.policy),
    units: BigInt(receipt.units),
    price: amountBytes(receipt.price),
    channel: bytesOf(receipt.channel),
    startedAt: BigInt(receipt.startedAt),
    finishedAt: BigInt(receipt.finishedAt),
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
