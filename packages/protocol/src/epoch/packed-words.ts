import type { Hex } from '../bytes/hex.js'
import { WORD_BITS } from './constants.js'

const HEX_PER_WORD = WORD_BITS / 4

/** Bits of a field: uint16 cells and weights, uint32 shares and stakes, uint64 times. */
export type LaneBits = 16 | 32 | 64

/**
 * Values as fields of `bits` bits, the first one in the lowest bits of the first word: 256 / bits a word. Every value
 * must fit its field.
 */
export function packWords(values: readonly (number | bigint)[], bits: LaneBits): bigint[] {
  const lanes = WORD_BITS / bits
  return Array.from({ length: Math.ceil(values.length / lanes) }, (_, word) =>
    values
      .slice(word * lanes, (word + 1) * lanes)
      .reduceRight<bigint>((packed, value) => (packed << BigInt(bits)) | BigInt(value), 0n),
  )
}

/** The first `count` fields of packed words; missing words are zeros, fields beyond `count` are ignored. */
export function unpackWords(words: readonly bigint[], bits: LaneBits, count: number): bigint[] {
  const lanes = WORD_BITS / bits
  return Array.from({ length: count }, (_, index) => {
    const word = words[Math.floor(index / lanes)] ?? 0n
    return BigInt.asUintN(bits, word >> BigInt(bits * (index % lanes)))
  })
}

/** Big-endian words of 32 bytes, as the contracts concatenate them in one `bytes`. */
export function bytesToWords(bytes: Hex): bigint[] {
  return Array.from({ length: Math.ceil((bytes.length - 2) / HEX_PER_WORD) }, (_, word) => {
    const start = 2 + word * HEX_PER_WORD
    return BigInt(`0x${bytes.slice(start, start + HEX_PER_WORD)}`)
  })
}
