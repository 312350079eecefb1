import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import { fromBinary } from '@bufbuild/protobuf'
import { malformed, tooLarge } from './wire-error.js'

// Fields of a later version are skipped, not kept: nothing here passes a message on.
const READ_OPTIONS = { readUnknownFields: false }

/**
 * A message from bytes of outside. Payloads are views of the bytes, not copies. Throws `MESSAGE_TOO_LARGE` past `limit`
 * bytes and `MESSAGE_MALFORMED` for anything that is not protobuf.
 */
export function decodeMessage<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  limit: number,
): MessageShape<Desc> {
  if (bytes.length > limit) throw tooLarge(schema.name, bytes.length, limit)
  try {
    return fromBinary(schema, bytes, READ_OPTIONS)
  } catch (cause) {
    throw malformed(schema.name, 'is not protobuf', { size: bytes.length }, cause)
  }
}
