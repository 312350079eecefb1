import type { ScoringRules } from './types.js'

/**
 * A wrong answer is signed, so nobody else can have caused it: it weighs most. A failure may be the network's and a late
 * answer the validator's own load. With three quarters kept an epoch, one bad epoch of many is outlived in a few.
 */
export const REPLAY_SCORING: ScoringRules = {
  failureWeight: { wrong: 2.5, failed: 1, late: 0.5 },
  memory: 0.75,
  speedMemory: 0.5,
  slowestSpeed: 0.75,
}
