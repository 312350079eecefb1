import { type Hex, partToHex, ZERO_DIGEST } from '../bytes/hex.js'
import { amountFromBytes } from './fields-from-wire.js'

const DIGEST_BYTES = 32
const AMOUNT_BYTES = 32
const TWO_TO_32 = 0x1_0000_0000
const NO_BYTES = new Uint8Array(0)

const LENGTH_DELIMITED = 2

/**
 * Reads a protobuf message as this code writes it: every field at most once, in ascending order, with values in range.
 * Anything else is not an error here but leaves `complete` false, and what was read so far must not be used. Field
 * numbers are below 16.
 */
export class CanonicalReader {
  readonly #bytes: Uint8Array
  #at = 0
  /** End of the innermost open field. */
  #end: number
  #sound = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#end = bytes.length
  }

  /** True when all of the message was read and nothing in it was unusual. */
  get complete(): boolean {
    return this.#sound && this.#at === this.#end
  }

  /** Notes that a value is out of its range unless `holds`. */
  require(holds: boolean): void {
    if (!holds) this.#sound = false
  }

  /** Whether the next field is `field` with a length; it is not taken. */
  isNext(field: number): boolean {
    return this.#at < this.#end && this.#bytes[this.#at] === ((field << 3) | LENGTH_DELIMITED)
  }

  /** Enters a submessage, which must be there; returns the end of the outer one for `leave`. */
  enter(field: number): number {
    const outer = this.#end
    this.#end = this.#length(field)
    return outer
  }

  leave(outer: number): void {
    if (this.#at !== this.#end) this.#sound = false
    this.#end = outer
  }

  uint32(field: number): number {
    const value = this.uint(field)
    if (value >= TWO_TO_32) this.#sound = false
    return value
  }

  /** Up to 2^53 - 1; zero when absent. */
  uint(field: number): number {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== field << 3) return 0
    this.#at++
    return this.#varint()
  }

  /** 32 bytes. */
  digest(field: number): Hex {
    return this.hex(field, DIGEST_BYTES)
  }

  hex(field: number, length: number): Hex {
    const end = this.#length(field)
    const start = this.#at
    if (end - start !== length) {
      this.#sound = false
      return ZERO_DIGEST
    }
    this.#at = end
    return partToHex(this.#bytes, start, end)
  }

  /** A view; empty when absent. */
  bytes(field: number, limit: number): Uint8Array {
    return this.optionalBytes(field, limit) ?? NO_BYTES
  }

  optionalBytes(field: number, limit: number): Uint8Array | undefined {
    if (!this.isNext(field)) return undefined
    const end = this.#length(field)
    const start = this.#at
    if (end - start > limit) this.#sound = false
    this.#at = end
    return this.#bytes.subarray(start, end)
  }

  amount(field: number): bigint {
    const bytes = this.bytes(field, AMOUNT_BYTES)
    if (bytes.length === 0) return 0n
    if (bytes[0] !== 0 && this.#sound) return amountFromBytes(bytes, 'amount')
    this.#sound = false
    return 0n
  }

  /** Takes tag and length of a field that must be there; returns its end. */
  #length(field: number): number {
    if (this.isNext(field)) {
      this.#at++
      const length = this.#varint()
      if (length <= this.#end - this.#at) return this.#at + length
    }
    this.#sound = false
    return this.#at
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; this.#at < this.#end && scale < Number.MAX_SAFE_INTEGER; scale *= 0x80) {
      const byte = this.#bytes[this.#at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) this.#sound = false
        return value
      }
    }
    this.#sound = false
    return 0
  }
}
