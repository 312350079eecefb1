import { SIGNATURE_BYTES } from '../crypto/signature.js'
import { INFER_PROTOCOL } from '../limits.js'
import type { SignedVoucher } from '../receipts/voucher.js'
import { CanonicalReader } from './canonical-reader.js'
import { CHUNK, CLOSING, FRAME, REQUEST, TIMING, VOUCHER } from './infer-fields.js'
import type { Chunk, Closing, InferFrame, InferRequest, Timing } from './infer-frame.js'
import { inlineLength, MAX_NETUID } from './infer-request-from-wire.js'
import { readSignedReceipt } from './receipt-reader.js'

const { maxChunkBytes, maxFrameBytes, maxInlineBytes, maxInputBytes, maxSamplingBytes } = INFER_PROTOCOL

/**
 * A request, a chunk or a closing frame, valid and written the usual way: what nearly every frame is. `undefined` for
 * everything else, which is left to the generated code: it accepts whatever protobuf allows and names what is wrong.
 */
export function readUsualFrame(bytes: Uint8Array): InferFrame | undefined {
  if (bytes.length > maxFrameBytes) return undefined
  const reader = new CanonicalReader(bytes)
  const call = reader.uint32(FRAME.call)
  const frame = readBody(reader, call)
  return reader.complete ? frame : undefined
}

function readBody(reader: CanonicalReader, call: number): InferFrame | undefined {
  if (reader.isNext(FRAME.request)) {
    const outer = reader.enter(FRAME.request)
    const body = readRequest(reader)
    reader.leave(outer)
    return { call, kind: 'request', body }
  }
  if (reader.isNext(FRAME.closing)) {
    const outer = reader.enter(FRAME.closing)
    const body = readClosing(reader)
    reader.leave(outer)
    return { call, kind: 'closing', body }
  }
  if (reader.isNext(FRAME.chunk)) {
    const outer = reader.enter(FRAME.chunk)
    const body = readChunk(reader)
    reader.leave(outer)
    return { call, kind: 'chunk', body }
  }
  return undefined
}

function readRequest(reader: CanonicalReader): InferRequest {
  const request = {
    nonce: reader.digest(REQUEST.nonce),
    netuid: reader.uint32(REQUEST.netuid),
    modelVersion: reader.digest(REQUEST.modelVersion),
    policy: reader.digest(REQUEST.policy),
    deadline: reader.uint(REQUEST.deadline),
    sampling: reader.bytes(REQUEST.sampling, maxSamplingBytes),
    maxPrice: reader.amount(REQUEST.maxPrice),
    inputLength: reader.uint32(REQUEST.inputLength),
    input: reader.bytes(REQUEST.input, maxInlineBytes),
  }
  const voucher = readVoucher(reader)
  const { netuid, inputLength, input } = request
  reader.require(netuid <= MAX_NETUID && inputLength <= maxInputBytes && input.length === inlineLength(inputLength))
  return voucher === undefined ? request : { ...request, voucher }
}

function readVoucher(reader: CanonicalReader): SignedVoucher | undefined {
  if (!reader.isNext(REQUEST.voucher)) return undefined
  const outer = reader.enter(REQUEST.voucher)
  const voucher = {
    channelId: reader.digest(VOUCHER.channelId),
    cumulative: reader.amount(VOUCHER.cumulative),
    receiptDigest: reader.digest(VOUCHER.receiptDigest),
  }
  const signature = reader.hex(VOUCHER.signature, SIGNATURE_BYTES)
  reader.leave(outer)
  return { voucher, signature }
}

function readClosing(reader: CanonicalReader): Closing {
  const output = reader.optionalBytes(CLOSING.output, maxInlineBytes)
  let outer = reader.enter(CLOSING.timing)
  const timing = readTiming(reader)
  reader.leave(outer)
  outer = reader.enter(CLOSING.receipt)
  const receipt = readSignedReceipt(reader)
  reader.leave(outer)
  return output === undefined ? { timing, receipt } : { output, timing, receipt }
}

function readTiming(reader: CanonicalReader): Timing {
  return {
    queueMs: reader.uint32(TIMING.queueMs),
    firstMs: reader.uint32(TIMING.firstMs),
    totalMs: reader.uint32(TIMING.totalMs),
  }
}

function readChunk(reader: CanonicalReader): Chunk {
  const data = reader.bytes(CHUNK.data, maxChunkBytes)
  reader.require(data.length > 0)
  return { data }
}
