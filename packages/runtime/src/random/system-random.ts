import { randomFillSync } from 'node:crypto'
import { withDraws } from './draw.js'
import type { DrawingRandom } from './random.js'

/** Cryptographically secure, from the operating system. */
export const systemRandom: DrawingRandom = withDraws({ bytes: (length) => randomFillSync(new Uint8Array(length)) })
