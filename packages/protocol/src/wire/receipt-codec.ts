import type { Hex } from '../bytes/hex.js'
import { SIGNATURE_BYTES } from '../crypto/signature.js'
import {
  MAX_BATCH_RECEIPTS,
  MAX_PROOF_SIBLINGS,
  type Receipt,
  type ReceiptBatch,
  type SignedReceipt,
} from '../receipts/receipt.js'
import { bytesTag, varintTag } from './tag.js'
import { malformed, tooLarge } from './wire-error.js'
import type { WireReader } from './wire-reader.js'
import type { WireWriter } from './wire-writer.js'

// Field numbers of proto/witan/v1/receipt.proto.
const REQUEST_DIGEST = bytesTag(1)
const RESPONSE_DIGEST = bytesTag(2)
const EVIDENCE_DIGEST = bytesTag(3)
const MODEL_VERSION = bytesTag(4)
const POLICY = bytesTag(5)
const UNITS = varintTag(6)
const PRICE = bytesTag(7)
const CHANNEL = bytesTag(8)
const STARTED_AT = varintTag(9)
const FINISHED_AT = varintTag(10)

const ROOT = bytesTag(1)
const COUNT = varintTag(2)
const SIGNATURE = bytesTag(3)

const RECEIPT = bytesTag(1)
const PROOF = bytesTag(2)
const BATCH = bytesTag(3)

export function writeSignedReceipt(writer: WireWriter, { receipt, proof, batch }: SignedReceipt): void {
  writer.uint32(RECEIPT).fork()
  writeReceipt(writer, receipt)
  writer.join()
  for (const sibling of proof) writer.digest(PROOF, sibling)
  writer
    .uint32(BATCH)
    .fork()
    .digest(ROOT, batch.root)
    .count32(COUNT, batch.count)
    .hex(SIGNATURE, batch.signature)
    .join()
}

export function readSignedReceipt(reader: WireReader, end: number): SignedReceipt {
  let receipt: Receipt | undefined
  let batch: ReceiptBatch | undefined
  const proof: Hex[] = []
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case RECEIPT:
        receipt = readReceipt(reader, reader.submessageEnd('SignedReceipt.receipt'))
        break
      case PROOF:
        if (proof.length === MAX_PROOF_SIBLINGS) throw tooLarge('SignedReceipt.proof', proof.length + 1, proof.length)
        proof.push(reader.digest('SignedReceipt.proof'))
        break
      case BATCH:
        batch = readBatch(reader, reader.submessageEnd('SignedReceipt.batch'))
        break
      default:
        reader.skipField(tag)
    }
  }
  reader.expectEnd(end, 'SignedReceipt')
  return {
    receipt: reader.required(receipt, 'SignedReceipt.receipt'),
    proof,
    batch: reader.required(batch, 'SignedReceipt.batch'),
  }
}

function writeReceipt(writer: WireWriter, receipt: Receipt): void {
  writer
    .digest(REQUEST_DIGEST, receipt.requestDigest)
    .digest(RESPONSE_DIGEST, receipt.responseDigest)
    .digest(EVIDENCE_DIGEST, receipt.evidenceDigest)
    .digest(MODEL_VERSION, receipt.modelVersion)
    .digest(POLICY, receipt.policy)
    .count64(UNITS, receipt.units)
    .amount(PRICE, receipt.price)
    .digest(CHANNEL, receipt.channel)
    .count64(STARTED_AT, receipt.startedAt)
    .count64(FINISHED_AT, receipt.finishedAt)
}

function readReceipt(reader: WireReader, end: number): Receipt {
  let requestDigest: Hex | undefined
  let responseDigest: Hex | undefined
  let evidenceDigest: Hex | undefined
  let modelVersion: Hex | undefined
  let policy: Hex | undefined
  let channel: Hex | undefined
  let units = 0
  let price = 0n
  let startedAt = 0
  let finishedAt = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case REQUEST_DIGEST:
        requestDigest = reader.digest('Receipt.request_digest')
        break
      case RESPONSE_DIGEST:
        responseDigest = reader.digest('Receipt.response_digest')
        break
      case EVIDENCE_DIGEST:
        evidenceDigest = reader.digest('Receipt.evidence_digest')
        break
      case MODEL_VERSION:
        modelVersion = reader.digest('Receipt.model_version')
        break
      case POLICY:
        policy = reader.digest('Receipt.policy')
        break
      case UNITS:
        units = reader.count64('Receipt.units')
        break
      case PRICE:
        price = reader.amount('Receipt.price')
        break
      case CHANNEL:
        channel = reader.digest('Receipt.channel')
        break
      case STARTED_AT:
        startedAt = reader.count64('Receipt.started_at')
        break
      case FINISHED_AT:
        finishedAt = reader.count64('Receipt.finished_at')
        break
      default:
        reader.skipField(tag)
    }
  }
  reader.expectEnd(end, 'Receipt')
  return {
    requestDigest: reader.required(requestDigest, 'Receipt.request_digest'),
    responseDigest: reader.required(responseDigest, 'Receipt.response_digest'),
    evidenceDigest: reader.required(evidenceDigest, 'Receipt.evidence_digest'),
    modelVersion: reader.required(modelVersion, 'Receipt.model_version'),
    policy: reader.required(policy, 'Receipt.policy'),
    units,
    price,
    channel: reader.required(channel, 'Receipt.channel'),
    startedAt,
    finishedAt,
  }
}

function readBatch(reader: WireReader, end: number): ReceiptBatch {
  let root: Hex | undefined
  let signature: Hex | undefined
  let count = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case ROOT:
        root = reader.digest('ReceiptBatch.root')
        break
      case COUNT:
        count = reader.uint32()
        break
      case SIGNATURE:
        signature = reader.fixed(SIGNATURE_BYTES, 'ReceiptBatch.signature')
        break
      default:
        reader.skipField(tag)
    }
  }
  reader.expectEnd(end, 'ReceiptBatch')
  if (count < 1 || count > MAX_BATCH_RECEIPTS) {
    throw malformed('ReceiptBatch.count', 'is out of range', { count, max: MAX_BATCH_RECEIPTS })
  }
  return {
    root: reader.required(root, 'ReceiptBatch.root'),
    count,
    signature: reader.required(signature, 'ReceiptBatch.signature'),
  }
}
