import { INFER_PROTOCOL } from '../limits.js'
import type { InferFrame } from './infer-frame.js'
import {
  readChunk,
  readClosing,
  readCredit,
  readFailure,
  writeChunk,
  writeClosing,
  writeCredit,
  writeFailure,
} from './infer-reply-codec.js'
import { readInferRequest, writeInferRequest } from './infer-request-codec.js'
import { bytesTag, varintTag } from './tag.js'
import { malformed, tooLarge } from './wire-error.js'
import { decodeMessage, WireReader } from './wire-reader.js'
import { WireWriter } from './wire-writer.js'

// Written by hand over the protobuf runtime's reader and writer because every answer passes here: the reflective codec
// takes several times as long. A test holds both against each other.

// Field numbers of InferFrame in proto/witan/v1/infer.proto.
const CALL = varintTag(1)
const REQUEST = bytesTag(2)
const CHUNK = bytesTag(3)
const CLOSING = bytesTag(4)
const FAILURE = bytesTag(5)
const CANCEL = bytesTag(6)
const CREDIT = bytesTag(7)

const { maxFrameBytes } = INFER_PROTOCOL
const CANCEL_BODY = Object.freeze({})

let sharedWriter = new WireWriter()

/**
 * The bytes of a frame, without a length in front. Throws `MESSAGE_TOO_LARGE` past `INFER_PROTOCOL.maxFrameBytes`;
 * a value that is not of its type is a bug and throws otherwise.
 */
export function encodeInferFrame(frame: InferFrame): Uint8Array {
  const writer = sharedWriter
  try {
    writer.count32(CALL, frame.call)
    writeBody(writer, frame)
  } catch (error) {
    sharedWriter = new WireWriter()
    throw error
  }
  const bytes = writer.finish()
  if (bytes.length > maxFrameBytes) throw tooLarge('InferFrame', bytes.length, maxFrameBytes)
  return bytes
}

/**
 * A frame from its bytes; payloads are views of them. Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`, never another
 * error.
 */
export function decodeInferFrame(bytes: Uint8Array): InferFrame {
  return decodeMessage(bytes, maxFrameBytes, 'InferFrame', readFrame)
}

function writeBody(writer: WireWriter, frame: InferFrame): void {
  switch (frame.kind) {
    case 'request':
      writer.uint32(REQUEST).fork()
      writeInferRequest(writer, frame.body)
      break
    case 'chunk':
      writer.uint32(CHUNK).fork()
      writeChunk(writer, frame.body)
      break
    case 'closing':
      writer.uint32(CLOSING).fork()
      writeClosing(writer, frame.body)
      break
    case 'failure':
      writer.uint32(FAILURE).fork()
      writeFailure(writer, frame.body)
      break
    case 'cancel':
      writer.uint32(CANCEL).fork()
      break
    case 'credit':
      writer.uint32(CREDIT).fork()
      writeCredit(writer, frame.body)
      break
  }
  writer.join()
}

type Body = { [Kind in InferFrame['kind']]: Omit<Extract<InferFrame, { kind: Kind }>, 'call'> }[InferFrame['kind']]

function readFrame(bytes: Uint8Array): InferFrame {
  const reader = new WireReader(bytes)
  let call = 0
  let body: Body | undefined
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === CALL) {
      call = reader.uint32()
      continue
    }
    const next = readBody(reader, tag)
    if (next === undefined) {
      reader.skipField(tag)
      continue
    }
    if (body !== undefined) throw malformed('InferFrame.body', 'is there twice')
    body = next
  }
  if (body === undefined) throw malformed('InferFrame.body', 'is missing or unknown', { call })
  return { call, ...body } as InferFrame
}

function readBody(reader: WireReader, tag: number): Body | undefined {
  switch (tag) {
    case REQUEST:
      return { kind: 'request', body: readInferRequest(reader, reader.submessageEnd('InferFrame.request')) }
    case CHUNK:
      return { kind: 'chunk', body: readChunk(reader, reader.submessageEnd('InferFrame.chunk')) }
    case CLOSING:
      return { kind: 'closing', body: readClosing(reader, reader.submessageEnd('InferFrame.closing')) }
    case FAILURE:
      return { kind: 'failure', body: readFailure(reader, reader.submessageEnd('InferFrame.failure')) }
    case CANCEL:
      reader.pos = reader.submessageEnd('InferFrame.cancel')
      return { kind: 'cancel', body: CANCEL_BODY }
    case CREDIT:
      return { kind: 'credit', body: readCredit(reader, reader.submessageEnd('InferFrame.credit')) }
    default:
      return undefined
  }
}
