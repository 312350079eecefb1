import { type Hex, keccak256Hex } from '@witan/protocol'

/** keccak256 of words one after the other: how the contract commits to bond rows. */
export function hashWords(words: readonly bigint[]): Hex {
  return keccak256Hex(Buffer.from(words.map((word) => word.toString(16).padStart(64, '0')).join(''), 'hex'))
}

/** How the contract commits to a revealed row: with the time of its commitment and without zeros at its end. */
export function rowHashOf(committedAt: number, packedRow: readonly bigint[]): Hex {
  return hashWords([BigInt(committedAt), ...packedRow.slice(0, packedRow.findLastIndex((word) => word !== 0n) + 1)])
}
