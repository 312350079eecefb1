import { CELLS_PER_WORD } from './constants.js'
import type { Row } from './types.js'

const CELL_BITS = 16n
const CELL_MASK = (1n << CELL_BITS) - 1n

/** A dense row as the contracts take it: sixteen uint16 a word, uid 0 in the lowest bits, ceil(n / 16) words. */
export function packRow(row: Row): bigint[] {
  const words = new Array<bigint>(Math.ceil(row.length / CELLS_PER_WORD)).fill(0n)
  row.forEach((cell, uid) => {
    const word = Math.floor(uid / CELLS_PER_WORD)
    words[word]! |= BigInt(cell) << (CELL_BITS * BigInt(uid % CELLS_PER_WORD))
  })
  return words
}

/** The `uids` cells of a packed row; missing words are zeros, cells beyond `uids` are ignored. */
export function unpackRow(words: readonly bigint[], uids: number): number[] {
  return Array.from({ length: uids }, (_, uid) => {
    const word = words[Math.floor(uid / CELLS_PER_WORD)] ?? 0n
    return Number((word >> (CELL_BITS * BigInt(uid % CELLS_PER_WORD))) & CELL_MASK)
  })
}
