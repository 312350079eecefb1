import { bytesToHex, type Hex } from '../bytes/hex.js'
import { malformed, tooLarge } from './wire-error.js'

const UINT256_BYTES = 32

// Values from outside; what does not fit its field throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE` and names it.
// `where` is message and field, for example `InferRequest.nonce`.

export function digestFrom(bytes: Uint8Array, where: string): Hex {
  return fixedHex(bytes, 32, where)
}

export function fixedHex(bytes: Uint8Array, length: number, where: string): Hex {
  if (bytes.length !== length) {
    throw malformed(where, 'has a wrong length', { length: bytes.length, expected: length })
  }
  return bytesToHex(bytes)
}

export function boundedBytes(bytes: Uint8Array, limit: number, where: string): Uint8Array {
  if (bytes.length > limit) throw tooLarge(where, bytes.length, limit)
  return bytes
}

/** @param limit UTF-8 bytes */
export function boundedText(text: string, limit: number, where: string): string {
  const size = Buffer.byteLength(text)
  if (size > limit) throw tooLarge(where, size, limit)
  return text
}

export function safeCount(value: bigint, where: string): number {
  const count = Number(value)
  if (!Number.isSafeInteger(count)) throw malformed(where, 'is beyond 2^53', { value })
  return count
}

export function amountFromBytes(bytes: Uint8Array, where: string): bigint {
  if (bytes.length === 0) return 0n
  if (bytes.length > UINT256_BYTES) throw malformed(where, 'has more than 32 bytes', { length: bytes.length })
  if (bytes[0] === 0) throw malformed(where, 'has leading zeros')
  return BigInt(bytesToHex(bytes))
}

/** A submessage that every message of its kind has. */
export function required<T>(value: T | undefined, where: string): T {
  if (value === undefined) throw malformed(where, 'is missing')
  return value
}
