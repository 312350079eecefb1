import { InferFrameSchema } from '../generated/witan/v1/infer_pb.js'
import { INFER_PROTOCOL } from '../limits.js'
import { decodeMessage } from './decode-message.js'
import type { InferFrame } from './infer-frame.js'
import { chunkFromWire, closingFromWire, creditFromWire, failureFromWire } from './infer-reply-from-wire.js'
import { requestFromWire } from './infer-request-from-wire.js'
import { malformed } from './wire-error.js'

const NOTHING = Object.freeze({})

/** A frame in any form that protobuf allows. Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`, never another error. */
export function decodeAnyFrame(bytes: Uint8Array): InferFrame {
  const { call, body } = decodeMessage(InferFrameSchema, bytes, INFER_PROTOCOL.maxFrameBytes)
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
