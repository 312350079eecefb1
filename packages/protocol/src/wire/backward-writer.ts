import type { Hex } from '../bytes/hex.js'
import { amountBytes } from './fields-to-wire.js'

/** Room for some fifty small frames; they lie side by side in it and are never moved. */
const BLOCK_BYTES = 32 * 1024
const TWO_TO_32 = 0x1_0000_0000

const LENGTH_DELIMITED = 2

/**
 * Writes one protobuf message from its last field to its first: the length of what lies inside is then known when the
 * prefix is due, and nothing is measured beforehand or copied afterwards. A value that does not fit its field is a bug
 * and throws RangeError. Field numbers are below 16.
 */
export class BackwardWriter {
  #block = Buffer.alloc(0)
  /** First byte written so far; what lies in front of it is free. */
  #at = 0
  #end = 0

  /** @param capacity at least the bytes of the message */
  begin(capacity: number): void {
    if (this.#at < capacity) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(capacity, BLOCK_BYTES))
      this.#at = this.#block.length
    }
    this.#end = this.#at
  }

  finish(): Uint8Array {
    return this.#block.subarray(this.#at, this.#end)
  }

  /** Where the field that is written next ends, for `close`. */
  get mark(): number {
    return this.#at
  }

  /** Puts length and tag in front of everything written since `mark`. */
  close(field: number, mark: number): void {
    this.#varint(mark - this.#at)
    this.#tag(field, LENGTH_DELIMITED)
  }

  /** A safe unsigned integer; zero is the default and not written. */
  uint(field: number, value: number, limit = Number.MAX_SAFE_INTEGER): void {
    if (!Number.isSafeInteger(value) || value < 0 || value > limit) throw new RangeError(`not up to ${limit}: ${value}`)
    if (value === 0) return
    this.#varint(value)
    this.#tag(field, 0)
  }

  uint32(field: number, value: number): void {
    this.uint(field, value, TWO_TO_32 - 1)
  }

  /** Empty is the default and not written. */
  bytes(field: number, value: Uint8Array): void {
    if (value.length > 0) this.presentBytes(field, value)
  }

  /** Written even when empty. */
  presentBytes(field: number, value: Uint8Array): void {
    const mark = this.#at
    this.#block.set(value, this.#back(value.length))
    this.close(field, mark)
  }

  /** @param length bytes that `value` has */
  hex(field: number, value: Hex, length = 32): void {
    const mark = this.#at
    const written = this.#block.write(value.slice(2), this.#back(length), length, 'hex')
    if (written !== length || value.length !== 2 + 2 * length) {
      throw new RangeError(`not ${length} bytes of hex: ${value}`)
    }
    this.close(field, mark)
  }

  /** A uint256; zero is empty and not written. */
  amount(field: number, value: bigint): void {
    this.bytes(field, amountBytes(value))
  }

  #tag(field: number, wireType: number): void {
    this.#block[this.#back(1)] = (field << 3) | wireType
  }

  #varint(value: number): void {
    let at = this.#back(varintSize(value))
    let rest = value
    for (; rest >= TWO_TO_32; rest = Math.floor(rest / 0x80)) this.#block[at++] = (rest % 0x80) | 0x80
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#block[at++] = (rest & 0x7f) | 0x80
    this.#block[at] = rest
  }

  #back(count: number): number {
    if (count > this.#at) throw new RangeError('a message outgrew its capacity')
    this.#at -= count
    return this.#at
  }
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest /= 0x80) size++
  return size
}
