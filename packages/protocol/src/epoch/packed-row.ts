import { packWords, unpackWords } from './packed-words.js'
import type { Row } from './types.js'

/** A dense row as the contracts take it: sixteen uint16 a word, uid 0 in the lowest bits, ceil(n / 16) words. */
export function packRow(row: Row): bigint[] {
  return packWords(row, 16)
}

/** The `uids` cells of a packed row; missing words are zeros, cells beyond `uids` are ignored. */
export function unpackRow(words: readonly bigint[], uids: number): number[] {
  return unpackWords(words, 16, uids).map(Number)
}
