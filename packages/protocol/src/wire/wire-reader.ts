import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire'
import type { Hex } from '../bytes/hex.js'
import { isWitanError } from '../errors/witan-error.js'
import { amountFromBytes, boundedBytes, boundedText, fixedHex } from './field-checks.js'
import { malformed, tooLarge } from './wire-error.js'

/** Reads fields with their bounds; payload bytes are views of the message, not copies. */
export class WireReader extends BinaryReader {
  count64(where: string): number {
    const value = this.uint64()
    const count = Number(value)
    if (!Number.isSafeInteger(count)) throw malformed(where, 'is beyond 2^53', { value })
    return count
  }

  payload(limit: number, where: string): Uint8Array {
    return boundedBytes(this.bytes(), limit, where)
  }

  text(limit: number, where: string): string {
    return boundedText(this.string(true), limit, where)
  }

  digest(where: string): Hex {
    return fixedHex(this.bytes(), 32, where)
  }

  fixed(length: number, where: string): Hex {
    return fixedHex(this.bytes(), length, where)
  }

  amount(where: string): bigint {
    return amountFromBytes(this.bytes(), where)
  }

  /** A field that every message of its kind has. */
  required<T>(value: T | undefined, where: string): T {
    if (value === undefined) throw malformed(where, 'is missing')
    return value
  }

  /** Where the submessage ends whose length is next. */
  submessageEnd(where: string): number {
    const length = this.uint32()
    const end = this.pos + length
    if (end > this.len) throw malformed(where, 'is cut off', { length })
    return end
  }

  /** A field this version does not know, or one of an unexpected wire type. */
  skipField(tag: number): void {
    const fieldNo = tag >>> 3
    if (fieldNo === 0) throw malformed('tag', 'has field number 0')
    this.skip((tag & 7) as WireType, fieldNo)
  }

  /** Every submessage is read to its own end and no further. */
  expectEnd(end: number, where: string): void {
    if (this.pos !== end) throw malformed(where, 'overruns its length', { end, position: this.pos })
  }
}

/** Runs a decoder over a whole message; whatever goes wrong is `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeMessage<T>(bytes: Uint8Array, limit: number, name: string, decode: (bytes: Uint8Array) => T): T {
  if (bytes.length > limit) throw tooLarge(name, bytes.length, limit)
  try {
    return decode(bytes)
  } catch (cause) {
    if (isWitanError(cause)) throw cause
    throw malformed(name, 'is not protobuf', { size: bytes.length }, cause)
  }
}
