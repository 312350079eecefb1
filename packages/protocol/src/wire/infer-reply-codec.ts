import { INFER_PROTOCOL } from '../limits.js'
import type { SignedReceipt } from '../receipts/receipt.js'
import type { Chunk, Closing, Credit, Failure, Timing } from './infer-frame.js'
import { readSignedReceipt, writeSignedReceipt } from './receipt-codec.js'
import { bytesTag, varintTag } from './tag.js'
import { malformed } from './wire-error.js'
import type { WireReader } from './wire-reader.js'
import type { WireWriter } from './wire-writer.js'

// Field numbers of proto/witan/v1/infer.proto.
const CHUNK_DATA = bytesTag(1)

const CLOSING_OUTPUT = bytesTag(1)
const CLOSING_TIMING = bytesTag(2)
const CLOSING_RECEIPT = bytesTag(3)

const QUEUE_MS = varintTag(1)
const FIRST_MS = varintTag(2)
const TOTAL_MS = varintTag(3)

const FAILURE_CODE = bytesTag(1)
const FAILURE_MESSAGE = bytesTag(2)
const RETRY_AFTER_MS = varintTag(3)

const CREDIT_BYTES = varintTag(1)

const FAILURE_CODE_FORM = /^[A-Z][A-Z0-9_]*$/
const { maxChunkBytes, maxFailureCodeBytes, maxFailureMessageBytes, maxInlineBytes } = INFER_PROTOCOL
const NO_TIMING: Timing = { queueMs: 0, firstMs: 0, totalMs: 0 }

export function writeChunk(writer: WireWriter, chunk: Chunk): void {
  writer.payload(CHUNK_DATA, chunk.data)
}

export function readChunk(reader: WireReader, end: number): Chunk {
  let data: Uint8Array | undefined
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === CHUNK_DATA) data = reader.payload(maxChunkBytes, 'Chunk.data')
    else reader.skipField(tag)
  }
  reader.expectEnd(end, 'Chunk')
  if (data === undefined || data.length === 0) throw malformed('Chunk.data', 'is empty')
  return { data }
}

export function writeClosing(writer: WireWriter, { output, timing, receipt }: Closing): void {
  if (output !== undefined) writer.uint32(CLOSING_OUTPUT).bytes(output)
  writer.uint32(CLOSING_TIMING).fork()
  writer.count32(QUEUE_MS, timing.queueMs).count32(FIRST_MS, timing.firstMs).count32(TOTAL_MS, timing.totalMs).join()
  writer.uint32(CLOSING_RECEIPT).fork()
  writeSignedReceipt(writer, receipt)
  writer.join()
}

export function readClosing(reader: WireReader, end: number): Closing {
  let output: Uint8Array | undefined
  let receipt: SignedReceipt | undefined
  let timing = NO_TIMING
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === CLOSING_OUTPUT) output = reader.payload(maxInlineBytes, 'Closing.output')
    else if (tag === CLOSING_TIMING) timing = readTiming(reader, reader.submessageEnd('Closing.timing'))
    else if (tag === CLOSING_RECEIPT) receipt = readSignedReceipt(reader, reader.submessageEnd('Closing.receipt'))
    else reader.skipField(tag)
  }
  reader.expectEnd(end, 'Closing')
  const present = reader.required(receipt, 'Closing.receipt')
  return output === undefined ? { timing, receipt: present } : { output, timing, receipt: present }
}

function readTiming(reader: WireReader, end: number): Timing {
  let queueMs = 0
  let firstMs = 0
  let totalMs = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === QUEUE_MS) queueMs = reader.uint32()
    else if (tag === FIRST_MS) firstMs = reader.uint32()
    else if (tag === TOTAL_MS) totalMs = reader.uint32()
    else reader.skipField(tag)
  }
  reader.expectEnd(end, 'Timing')
  return { queueMs, firstMs, totalMs }
}

/** A message longer than the bound is cut: a failure must always reach the requester. */
export function writeFailure(writer: WireWriter, failure: Failure): void {
  writer
    .text(FAILURE_CODE, failure.code)
    .text(FAILURE_MESSAGE, cutText(failure.message, maxFailureMessageBytes))
    .count32(RETRY_AFTER_MS, failure.retryAfterMs)
}

export function readFailure(reader: WireReader, end: number): Failure {
  let code = ''
  let message = ''
  let retryAfterMs = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FAILURE_CODE) code = reader.text(maxFailureCodeBytes, 'Failure.code')
    else if (tag === FAILURE_MESSAGE) message = reader.text(maxFailureMessageBytes, 'Failure.message')
    else if (tag === RETRY_AFTER_MS) retryAfterMs = reader.uint32()
    else reader.skipField(tag)
  }
  reader.expectEnd(end, 'Failure')
  if (!FAILURE_CODE_FORM.test(code)) throw malformed('Failure.code', 'is not an error code')
  return { code, message, retryAfterMs }
}

export function writeCredit(writer: WireWriter, credit: Credit): void {
  writer.count32(CREDIT_BYTES, credit.bytes)
}

export function readCredit(reader: WireReader, end: number): Credit {
  let bytes = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === CREDIT_BYTES) bytes = reader.uint32()
    else reader.skipField(tag)
  }
  reader.expectEnd(end, 'Credit')
  if (bytes === 0) throw malformed('Credit.bytes', 'is zero')
  return { bytes }
}

function cutText(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  let end = limit
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
