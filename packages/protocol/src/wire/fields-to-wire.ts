import type { Hex } from '../bytes/hex.js'

const EMPTY = new Uint8Array(0)

// Values of this code on their way out; one that does not fit its field is a bug and throws RangeError.

export function bytesOf(hex: Hex, length = 32): Uint8Array {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  if (bytes.length !== length || hex.length !== 2 + 2 * length)
    throw new RangeError(`not ${length} bytes of hex: ${hex}`)
  return bytes
}

/** Big-endian without leading zeros; zero is empty. */
export function amountBytes(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY
  if (value < 0n || value >> 256n !== 0n) throw new RangeError(`not a uint256: ${value}`)
  const digits = value.toString(16)
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
}

/** At most `limit` bytes of UTF-8, cut between two characters. */
export function cutText(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text
  const bytes = Buffer.from(text)
  let end = limit
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
