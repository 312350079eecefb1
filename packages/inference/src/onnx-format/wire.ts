import { WitanError } from '@witan/protocol'

/** One field of a protobuf message and where its payload lies, behind tag and length. */
export interface WireField {
  readonly number: number
  readonly start: number
  readonly end: number
  /** Value of a varint field; 0 for the others. */
  readonly value: number
}

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/**
 * The fields of the protobuf message in `bytes[start, end)`, without copying.
 * @throws WitanError ONNX_MALFORMED when they do not fit
 */
export function* wireFields(bytes: Uint8Array, start = 0, end = bytes.length): Generator<WireField> {
  for (let at = start; at < end; ) {
    const tag = readVarint(bytes, at, end)
    const field = readPayload(bytes, tag.value % 8, tag.next, end)
    if (field.end > end) throw malformed(at)
    yield { number: Math.floor(tag.value / 8), ...field }
    at = field.end
  }
}

function readPayload(bytes: Uint8Array, wireType: number, at: number, end: number): Omit<WireField, 'number'> {
  if (wireType === VARINT) {
    const { value, next } = readVarint(bytes, at, end)
    return { start: at, end: next, value }
  }
  if (wireType === LENGTH_DELIMITED) {
    const { value, next } = readVarint(bytes, at, end)
    return { start: next, end: next + value, value: 0 }
  }
  if (wireType === FIXED64) return { start: at, end: at + 8, value: 0 }
  if (wireType === FIXED32) return { start: at, end: at + 4, value: 0 }
  throw malformed(at)
}

/** Exact up to 2⁵³; ONNX has no larger tag or length, and larger values are of no interest here. */
function readVarint(bytes: Uint8Array, from: number, end: number): { value: number; next: number } {
  let value = 0
  for (let at = from, scale = 1; at < end && at < from + 10; at++, scale *= 128) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return { value, next: at + 1 }
  }
  throw malformed(from)
}

function malformed(at: number): WitanError {
  return new WitanError('ONNX_MALFORMED', 'The bytes are not an ONNX model', { facts: { at } })
}
