import { BinaryWriter } from '@bufbuild/protobuf/wire'
import type { Hex } from '../bytes/hex.js'

const digestScratch = Buffer.alloc(32)
const EMPTY = new Uint8Array(0)

/**
 * Writes fields as the generated codec does: scalars of zero and empty bytes are left out. Tags are precomputed
 * (`fieldNo << 3 | wireType`). Values are this code's own; one that does not fit is a bug and throws.
 */
export class WireWriter extends BinaryWriter {
  count32(tag: number, value: number): this {
    return value === 0 ? this : this.uint32(tag).uint32(value)
  }

  count64(tag: number, value: number): this {
    if (value === 0) return this
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an unsigned integer: ${value}`)
    this.uint32(tag)
    return value <= 0xffff_ffff ? this.uint32(value) : this.uint64(value)
  }

  payload(tag: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.uint32(tag).bytes(value)
  }

  text(tag: number, value: string): this {
    return value === '' ? this : this.uint32(tag).string(value)
  }

  /** 32 bytes, always present. */
  digest(tag: number, hex: Hex): this {
    if (hex.length !== 66 || digestScratch.write(hex.slice(2), 'hex') !== 32) {
      throw new RangeError(`not 32 bytes of hex: ${hex}`)
    }
    return this.uint32(tag).bytes(digestScratch)
  }

  /** Bytes of any length from hex. */
  hex(tag: number, hex: Hex): this {
    return this.uint32(tag).bytes(Buffer.from(hex.slice(2), 'hex'))
  }

  amount(tag: number, value: bigint): this {
    return this.payload(tag, amountToBytes(value))
  }
}

/** Big-endian without leading zeros; zero is empty. */
export function amountToBytes(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY
  if (value < 0n || value >> 256n !== 0n) throw new RangeError(`not a uint256: ${value}`)
  const digits = value.toString(16)
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
}
