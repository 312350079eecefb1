import { WitanError } from '../errors/witan-error.js'

/** Bytes as text: `0x` and two lower-case digits a byte. */
export type Hex = `0x${string}`

/** Twenty bytes, lower-case, without checksum. */
export type Address = Hex

export const ZERO_DIGEST: Hex = `0x${'00'.repeat(32)}`
export const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`

const LOWER_HEX = /^0x(?:[0-9a-f]{2})*$/
const ANY_ADDRESS = /^0x[0-9a-fA-F]{40}$/
const SHOWN_CHARACTERS = 80

/** Digests and signatures, of which every call shows some twenty: digit by digit they take half as long. */
const SHORT_BYTES = 128
const DIGITS = Buffer.from('0123456789abcdef')
const text = Buffer.from(`0x${'00'.repeat(SHORT_BYTES)}`)

export function bytesToHex(bytes: Uint8Array): Hex {
  return partToHex(bytes, 0, bytes.length)
}

/** The hex of the bytes from `start` to `end`. */
export function partToHex(bytes: Uint8Array, start: number, end: number): Hex {
  if (end - start > SHORT_BYTES)
    return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex', start, end)}`
  let at = 2
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!
    text[at++] = DIGITS[byte >> 4]!
    text[at++] = DIGITS[byte & 15]!
  }
  return text.toString('latin1', 0, at) as Hex
}

/** @param byteLength required number of bytes; any when absent */
export function isHex(value: unknown, byteLength?: number): value is Hex {
  if (typeof value !== 'string' || !LOWER_HEX.test(value)) return false
  return byteLength === undefined || value.length === 2 + 2 * byteLength
}

/** Throws `HEX_INVALID` unless `hex` is lower-case hex, of `byteLength` bytes where that is given. */
export function hexToBytes(hex: string, byteLength?: number): Uint8Array<ArrayBuffer> {
  if (!isHex(hex, byteLength)) {
    throw new WitanError('HEX_INVALID', 'A value is not lower-case hex of the expected length', {
      facts: { value: hex.slice(0, SHOWN_CHARACTERS), ...(byteLength !== undefined && { expectedBytes: byteLength }) },
    })
  }
  // Copied out of the pool that small Buffers share.
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
}

/** An address in any letter case as this code carries it. Throws `ADDRESS_INVALID`. */
export function parseAddress(text: string): Address {
  if (!ANY_ADDRESS.test(text)) {
    throw new WitanError('ADDRESS_INVALID', 'A value is not an address', {
      facts: { value: text.slice(0, SHOWN_CHARACTERS) },
    })
  }
  return text.toLowerCase() as Address
}
