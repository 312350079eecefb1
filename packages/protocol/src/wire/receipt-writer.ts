import { SIGNATURE_BYTES } from '../crypto/signature.js'
import type { Receipt, ReceiptBatch, SignedReceipt } from '../receipts/receipt.js'
import type { BackwardWriter } from './backward-writer.js'
import { BATCH, RECEIPT, SIGNED_RECEIPT } from './infer-fields.js'

/** The fields of a signed receipt, last first. */
export function writeSignedReceipt(writer: BackwardWriter, { receipt, proof, batch }: SignedReceipt): void {
  let { mark } = writer
  writeBatch(writer, batch)
  writer.close(SIGNED_RECEIPT.batch, mark)
  for (let index = proof.length - 1; index >= 0; index--) writer.hex(SIGNED_RECEIPT.proof, proof[index]!)
  mark = writer.mark
  writeReceipt(writer, receipt)
  writer.close(SIGNED_RECEIPT.receipt, mark)
}

function writeBatch(writer: BackwardWriter, batch: ReceiptBatch): void {
  writer.hex(BATCH.signature, batch.signature, SIGNATURE_BYTES)
  writer.uint32(BATCH.count, batch.count)
  writer.hex(BATCH.root, batch.root)
}

function writeReceipt(writer: BackwardWriter, receipt: Receipt): void {
  writer.uint(RECEIPT.finishedAt, receipt.finishedAt)
  writer.uint(RECEIPT.startedAt, receipt.startedAt)
  writer.hex(RECEIPT.channel, receipt.channel)
  writer.amount(RECEIPT.price, receipt.price)
  writer.uint(RECEIPT.units, receipt.units)
  writer.hex(RECEIPT.policy, receipt.policy)
  writer.hex(RECEIPT.modelVersion, receipt.modelVersion)
  writer.hex(RECEIPT.evidenceDigest, receipt.evidenceDigest)
  writer.hex(RECEIPT.responseDigest, receipt.responseDigest)
  writer.hex(RECEIPT.requestDigest, receipt.requestDigest)
}
