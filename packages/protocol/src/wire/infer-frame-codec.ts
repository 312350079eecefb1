import { InferFrameSchema, type InferFrame as WireFrame } from '../generated/witan/v1/infer_pb.js'
import { INFER_PROTOCOL } from '../limits.js'
import { decodeMessage } from './decode-message.js'
import { encodeMessage } from './encode-message.js'
import type { InferFrame } from './infer-frame.js'
import {
  chunkFromWire,
  closingFromWire,
  closingToWire,
  creditFromWire,
  failureFromWire,
  failureToWire,
} from './infer-reply-codec.js'
import { requestFromWire, requestToWire } from './infer-request-codec.js'
import { malformed } from './wire-error.js'

// Every answer passes here, so messages are literals with `$typeName` instead of the runtime's slower `create`: a request
// and its closing frame of 256 bytes each, encoded and decoded, take about 20 µs together.

const { maxFrameBytes } = INFER_PROTOCOL
const NOTHING = Object.freeze({})

/**
 * The bytes of a frame, without a length in front. Throws `MESSAGE_TOO_LARGE` past `INFER_PROTOCOL.maxFrameBytes`;
 * a value that is not of its type is a bug and throws otherwise.
 */
export function encodeInferFrame(frame: InferFrame): Uint8Array {
  const message: WireFrame = { $typeName: 'witan.v1.InferFrame', call: frame.call, body: bodyToWire(frame) }
  return encodeMessage(InferFrameSchema, message, maxFrameBytes)
}

/**
 * A frame from its bytes; payloads are views of them. Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`, never another
 * error.
 */
export function decodeInferFrame(bytes: Uint8Array): InferFrame {
  const { call, body } = decodeMessage(InferFrameSchema, bytes, maxFrameBytes)
  switch (body.case) {
    case 'request':
      return { call, kind: 'request', body: requestFromWire(body.value) }
    case 'chunk':
      return { call, kind: 'chunk', body: chunkFromWire(body.value) }
    case 'closing':
      return { call, kind: 'closing', body: closingFromWire(body.value) }
    case 'failure':
      return { call, kind: 'failure', body: failureFromWire(body.value) }
    case 'cancel':
      return { call, kind: 'cancel', body: NOTHING }
    case 'credit':
      return { call, kind: 'credit', body: creditFromWire(body.value) }
    default:
      throw malformed('InferFrame.body', 'is missing or unknown', { call })
  }
}

function bodyToWire(frame: InferFrame): WireFrame['body'] {
  switch (frame.kind) {
    case 'request':
      return { case: 'request', value: requestToWire(frame.body) }
    case 'chunk':
      return { case: 'chunk', value: { $typeName: 'witan.v1.Chunk', data: frame.body.data } }
    case 'closing':
      return { case: 'closing', value: closingToWire(frame.body) }
    case 'failure':
      return { case: 'failure', value: failureToWire(frame.body) }
    case 'cancel':
      return { case: 'cancel', value: { $typeName: 'witan.v1.Cancel' } }
    case 'credit':
      return { case: 'credit', value: { $typeName: 'witan.v1.Credit', bytes: frame.body.bytes } }
  }
}
