import { pbkdf2Sync } from 'node:crypto'

/** Words of a block when r = 1: two Salsa20 blocks of sixteen. */
const SALSA_WORDS = 16
const BLOCK_WORDS = 2 * SALSA_WORDS
const BLOCK_BYTES = 4 * BLOCK_WORDS

export interface NarrowScryptCost {
  /** A power of two. */
  readonly n: number
  readonly p: number
}

/**
 * scrypt with r = 1 (RFC 7914, 32 bytes). OpenSSL and noble refuse N ≥ 2^(16·r) as the RFC does; geth does not, and the
 * public test vector of the keystore format has N = 2^18 with r = 1. Blocks the event loop for a second or two.
 */
export function narrowScrypt(password: string, salt: Uint8Array, { n, p }: NarrowScryptCost): Buffer {
  const bytes = pbkdf2Sync(password, salt, 1, p * BLOCK_BYTES, 'sha256')
  const history = new Uint32Array(n * BLOCK_WORDS)
  for (let lane = 0; lane < p; lane++) mixLane(bytes.subarray(lane * BLOCK_BYTES, (lane + 1) * BLOCK_BYTES), n, history)
  return pbkdf2Sync(password, bytes, 1, 32, 'sha256')
}

/** ROMix: fills a history of n blocks, then visits it n times in an order that the blocks themselves give. */
function mixLane(lane: Buffer, n: number, history: Uint32Array): void {
  const block = Uint32Array.from({ length: BLOCK_WORDS }, (_, index) => lane.readUInt32LE(4 * index))
  for (let step = 0; step < n; step++) {
    history.set(block, step * BLOCK_WORDS)
    mixBlock(block)
  }
  for (let step = 0; step < n; step++) {
    const from = (block[SALSA_WORDS]! & (n - 1)) * BLOCK_WORDS
    for (let index = 0; index < BLOCK_WORDS; index++) block[index]! ^= history[from + index]!
    mixBlock(block)
  }
  block.forEach((word, index) => void lane.writeUInt32LE(word, 4 * index))
}

/** BlockMix for r = 1: each half takes in the other and is scrambled; their order stays. */
function mixBlock(block: Uint32Array): void {
  for (let index = 0; index < SALSA_WORDS; index++) block[index]! ^= block[SALSA_WORDS + index]!
  salsa(block, 0)
  for (let index = 0; index < SALSA_WORDS; index++) block[SALSA_WORDS + index]! ^= block[index]!
  salsa(block, SALSA_WORDS)
}

/** Words of the eight quarter rounds of a double round: four columns, four rows. */
const QUARTERS = Uint8Array.of(
  ...[0, 4, 8, 12, 5, 9, 13, 1, 10, 14, 2, 6, 15, 3, 7, 11],
  ...[0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14],
)
const scratch = new Int32Array(SALSA_WORDS)

/** Salsa20/8 on sixteen words in place. */
function salsa(block: Uint32Array, offset: number): void {
  for (let index = 0; index < SALSA_WORDS; index++) scratch[index] = block[offset + index]!
  for (let round = 0; round < 8; round += 2) {
    for (let at = 0; at < QUARTERS.length; at += 4) {
      const [ia, ib, ic, id] = [QUARTERS[at]!, QUARTERS[at + 1]!, QUARTERS[at + 2]!, QUARTERS[at + 3]!]
      const a = scratch[ia]!
      const d = scratch[id]!
      const newB = scratch[ib]! ^ rotate((a + d) | 0, 7)
      const newC = scratch[ic]! ^ rotate((newB + a) | 0, 9)
      const newD = d ^ rotate((newC + newB) | 0, 13)
      scratch[ib] = newB
      scratch[ic] = newC
      scratch[id] = newD
      scratch[ia] = a ^ rotate((newD + newC) | 0, 18)
    }
  }
  for (let index = 0; index < SALSA_WORDS; index++) block[offset + index]! += scratch[index]!
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
