import type { Hex } from './bytes/hex.js'
import { keccak256Hex } from './crypto/keccak256.js'

/**
 * Identifier of the scoring mechanism *replay with ground truth*, as a subnet names it: the validator makes inputs whose
 * right answer it knows and runs the registered version itself.
 */
export const REPLAY_GROUND_TRUTH: Hex = keccak256Hex(new TextEncoder().encode('witan/replay-ground-truth/1'))
