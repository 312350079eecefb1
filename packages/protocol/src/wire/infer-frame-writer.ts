import { SIGNATURE_BYTES } from '../crypto/signature.js'
import { INFER_PROTOCOL } from '../limits.js'
import type { SignedVoucher } from '../receipts/voucher.js'
import { BackwardWriter } from './backward-writer.js'
import { cutText } from './fields-to-wire.js'
import { CHUNK, CLOSING, CREDIT, FAILURE, FRAME, REQUEST, TIMING, VOUCHER } from './infer-fields.js'
import type { Closing, Failure, InferFrame, InferRequest } from './infer-frame.js'
import { writeSignedReceipt } from './receipt-writer.js'

// Every function writes its last field first, as `BackwardWriter` does.

/** Everything in a frame but its payload, its sampling parameters and its proof takes some 600 bytes at most. */
const HEAD_BYTES = 1024
/** 32 bytes with tag and length. */
const SIBLING_BYTES = 34
/** UTF-8 of one UTF-16 unit. */
const CHARACTER_BYTES = 3

const writer = new BackwardWriter()

/** The bytes of a frame, however long it is. */
export function writeInferFrame(frame: InferFrame): Uint8Array {
  writer.begin(capacityOf(frame))
  const { mark } = writer
  writeBody(frame)
  writer.close(FRAME[frame.kind], mark)
  writer.uint32(FRAME.call, frame.call)
  return writer.finish()
}

function capacityOf({ kind, body }: InferFrame): number {
  switch (kind) {
    case 'request':
      return HEAD_BYTES + body.input.length + body.sampling.length
    case 'chunk':
      return HEAD_BYTES + body.data.length
    case 'closing':
      return HEAD_BYTES + (body.output?.length ?? 0) + body.receipt.proof.length * SIBLING_BYTES
    case 'failure':
      return HEAD_BYTES + body.code.length * CHARACTER_BYTES
    default:
      return HEAD_BYTES
  }
}

function writeBody({ kind, body }: InferFrame): void {
  if (kind === 'request') writeRequest(body)
  else if (kind === 'closing') writeClosing(body)
  else if (kind === 'chunk') writer.bytes(CHUNK.data, body.data)
  else if (kind === 'credit') writer.uint32(CREDIT.bytes, body.bytes)
  else if (kind === 'failure') writeFailure(body)
}

function writeRequest(request: InferRequest): void {
  if (request.voucher !== undefined) writeVoucher(request.voucher)
  writer.bytes(REQUEST.input, request.input)
  writer.uint32(REQUEST.inputLength, request.inputLength)
  writer.amount(REQUEST.maxPrice, request.maxPrice)
  writer.bytes(REQUEST.sampling, request.sampling)
  writer.uint(REQUEST.deadline, request.deadline)
  writer.hex(REQUEST.policy, request.policy)
  writer.hex(REQUEST.modelVersion, request.modelVersion)
  writer.uint32(REQUEST.netuid, request.netuid)
  writer.hex(REQUEST.nonce, request.nonce)
}

function writeVoucher({ voucher, signature }: SignedVoucher): void {
  const { mark } = writer
  writer.hex(VOUCHER.signature, signature, SIGNATURE_BYTES)
  writer.hex(VOUCHER.receiptDigest, voucher.receiptDigest)
  writer.amount(VOUCHER.cumulative, voucher.cumulative)
  writer.hex(VOUCHER.channelId, voucher.channelId)
  writer.close(REQUEST.voucher, mark)
}

function writeClosing({ output, timing, receipt }: Closing): void {
  let { mark } = writer
  writeSignedReceipt(writer, receipt)
  writer.close(CLOSING.receipt, mark)
  mark = writer.mark
  writer.uint32(TIMING.totalMs, timing.totalMs)
  writer.uint32(TIMING.firstMs, timing.firstMs)
  writer.uint32(TIMING.queueMs, timing.queueMs)
  writer.close(CLOSING.timing, mark)
  if (output !== undefined) writer.presentBytes(CLOSING.output, output)
}

/** A message longer than the bound is cut: a failure must always reach the requester. */
function writeFailure({ code, message, retryAfterMs }: Failure): void {
  writer.uint32(FAILURE.retryAfterMs, retryAfterMs)
  writer.bytes(FAILURE.message, Buffer.from(cutText(message, INFER_PROTOCOL.maxFailureMessageBytes)))
  writer.bytes(FAILURE.code, Buffer.from(code))
}
