import { createCipheriv, createHash } from 'node:crypto'
import { withDraws } from './draw.js'
import type { DrawingRandom } from './random.js'

/** Key stream drawn at a time: small draws would otherwise cost one cipher call each. */
const BLOCK_BYTES = 1024
const IV_BYTES = 16

/**
 * The AES-256-CTR key stream under sha256(seed), from counter 0: the same seed gives the same draws on every machine and
 * version, and without the seed the draws cannot be told from chance.
 */
export function createSeededRandom(seed: Uint8Array | string): DrawingRandom {
  const key = createHash('sha256').update(seed).digest()
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(IV_BYTES))
  const zeros = new Uint8Array(BLOCK_BYTES)
  let block = new Uint8Array(0)
  let used = 0

  const bytes = (length: number): Uint8Array => {
    const drawn = new Uint8Array(length)
    for (let filled = 0; filled < length; ) {
      if (used === block.length) {
        block = new Uint8Array(cipher.update(zeros))
        used = 0
      }
      const part = block.subarray(used, used + length - filled)
      drawn.set(part, filled)
      used += part.length
      filled += part.length
    }
    return drawn
  }
  return withDraws({ bytes })
}
