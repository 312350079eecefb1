import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf'
import { tooLarge } from './wire-error.js'

/** The bytes of a message. Throws `MESSAGE_TOO_LARGE` past `limit` bytes, which a peer would refuse. */
export function encodeMessage<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  limit: number,
): Uint8Array {
  const bytes = toBinary(schema, message)
  if (bytes.length > limit) throw tooLarge(schema.name, bytes.length, limit)
  return bytes
}
