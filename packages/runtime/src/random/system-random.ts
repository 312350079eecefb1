import { randomFillSync } from 'node:crypto'
import { withDraws } from './draw.js'
import type { DrawingRandom } from './random.js'

/** Bytes fetched at a time for small needs: a call of its own costs 2 µs, as much as hashing a request's input. */
const POOL_BYTES = 8192
const LARGEST_POOLED_BYTES = 64
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

function pooledBytes(length: number): Uint8Array {
  if (length > LARGEST_POOLED_BYTES) return randomFillSync(new Uint8Array(length))
  if (used + length > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const drawn = pool.slice(used, used + length)
  // Keys are drawn from here: nothing that was handed out stays behind.
  pool.fill(0, used, used + length)
  used += length
  return drawn
}

/** Cryptographically secure, from the operating system. */
export const systemRandom: DrawingRandom = withDraws({ bytes: pooledBytes })
