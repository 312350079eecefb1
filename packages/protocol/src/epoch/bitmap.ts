import { WORD_BITS } from './constants.js'

/** One bit a uid, uid 0 the lowest of the first word, 256 uids a word. */
export function toBitmap(flags: readonly boolean[]): bigint[] {
  const words = new Array<bigint>(Math.ceil(flags.length / WORD_BITS)).fill(0n)
  flags.forEach((flag, uid) => {
    if (flag) words[Math.floor(uid / WORD_BITS)]! |= 1n << BigInt(uid % WORD_BITS)
  })
  return words
}

/** The flags of the first `uids` uids; a missing word holds none. */
export function fromBitmap(words: readonly bigint[], uids: number): boolean[] {
  return Array.from({ length: uids }, (_, uid) => {
    const word = words[Math.floor(uid / WORD_BITS)] ?? 0n
    return ((word >> BigInt(uid % WORD_BITS)) & 1n) === 1n
  })
}
