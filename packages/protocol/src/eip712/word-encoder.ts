import type { Hex } from '../bytes/hex.js'
import { keccak256 } from '../crypto/keccak256.js'

const WORD_BYTES = 32
const TWO_TO_32 = 0x1_0000_0000
const LOW_64 = 0xffff_ffff_ffff_ffffn

/**
 * Writes 32-byte words into one buffer that is used again for every value: `rewind`, one call a word, `hash`.
 * The values are this code's own; a value that does not fit is a bug and throws RangeError.
 */
export class WordEncoder {
  readonly #buffer: Buffer
  readonly #start: number
  #position: number

  /** @param prefix words in front of every value, for example a type hash */
  constructor(words: number, prefix: Uint8Array = new Uint8Array(0)) {
    this.#start = prefix.length
    this.#buffer = Buffer.alloc(prefix.length + words * WORD_BYTES)
    this.#buffer.set(prefix)
    this.#position = this.#start
  }

  rewind(): this {
    this.#position = this.#start
    return this
  }

  /** 32 bytes. */
  digest(hex: Hex): this {
    return this.#hex(hex, WORD_BYTES)
  }

  /** 20 bytes, zeros in front. */
  address(hex: Hex): this {
    return this.#hex(hex, 20)
  }

  bytes(word: Uint8Array): this {
    if (word.length !== WORD_BYTES) throw new RangeError(`word of ${word.length} bytes`)
    this.#buffer.set(word, this.#next())
    return this
  }

  /** An unsigned integer: a safe number, or a bigint below 2^256. */
  uint(value: number | bigint): this {
    const at = this.#next()
    if (typeof value === 'bigint') return this.#bigUint(value, at)
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an unsigned integer: ${value}`)
    this.#clear(at, at + 24)
    this.#buffer.writeUInt32BE(Math.floor(value / TWO_TO_32), at + 24)
    this.#buffer.writeUInt32BE(value >>> 0, at + 28)
    return this
  }

  hash(): Uint8Array {
    if (this.#position !== this.#buffer.length) throw new RangeError('a word is missing')
    return keccak256(this.#buffer)
  }

  #hex(hex: Hex, length: number): this {
    const at = this.#next()
    const from = at + WORD_BYTES - length
    this.#clear(at, from)
    const written = this.#buffer.write(hex.slice(2), from, 'hex')
    if (written !== length || hex.length !== 2 + 2 * length) throw new RangeError(`not ${length} bytes of hex: ${hex}`)
    return this
  }

  #bigUint(value: bigint, at: number): this {
    if (value < 0n || value >> 256n !== 0n) throw new RangeError(`not a uint256: ${value}`)
    this.#buffer.writeBigUInt64BE(value >> 192n, at)
    this.#buffer.writeBigUInt64BE((value >> 128n) & LOW_64, at + 8)
    this.#buffer.writeBigUInt64BE((value >> 64n) & LOW_64, at + 16)
    this.#buffer.writeBigUInt64BE(value & LOW_64, at + 24)
    return this
  }

  /** A loop, for a few bytes are cleared by it before `fill` has checked its arguments. */
  #clear(from: number, to: number): void {
    for (let at = from; at < to; at++) this.#buffer[at] = 0
  }

  #next(): number {
    const at = this.#position
    if (at >= this.#buffer.length) throw new RangeError('a word too many')
    this.#position = at + WORD_BYTES
    return at
  }
}
