import { MAX_UIDS, U16_ONE } from './constants.js'
import type { Matrix } from './matrix.js'

/** Rule 4: C of each uid, multiples of 2^-30. `stakes` are a_i by voter. */
export function consensus(weights: Matrix, stakes: readonly number[], kappa: number): Int32Array {
  const needed = neededStakeUp(stakes, kappa)
  const scores = new Float64Array(weights.voters)
  return Int32Array.from({ length: weights.uids }, (_, uid) => {
    for (let voter = 0; voter < weights.voters; voter++) scores[voter] = weights.cells[voter * weights.uids + uid]!
    return weightedMedian(stakes, scores, needed)
  })
}

/** Rule 4: the stake that must stand behind a score, max(1, ceil(kappa · Q / 65535)). */
export function neededStakeUp(stakes: readonly number[], kappa: number): number {
  const total = stakes.reduce((sum, stake) => sum + stake, 0)
  return Math.max(1, Math.ceil((kappa * total) / U16_ONE))
}

/**
 * Rule 4: the largest positive score for which the voters that gave it or more have `needed` stake, else 0. A voter
 * without stake supports nothing. Takes at most 1024 voters and scores below 2^43.
 */
export function weightedMedian(stakes: readonly number[], scores: ArrayLike<number>, needed: number): number {
  const votes = positiveVotes(stakes, scores)
  let support = 0
  for (let place = votes.length - 1; place >= 0; place--) {
    const score = Math.floor(votes[place]! / MAX_UIDS)
    support += stakes[votes[place]! - score * MAX_UIDS]!
    if (support >= needed) return score
  }
  return 0
}

/** score · 1024 + voter for each positive score with stake, ascending: one number a vote sorts without a comparator. */
function positiveVotes(stakes: readonly number[], scores: ArrayLike<number>): Float64Array {
  const votes = new Float64Array(stakes.length)
  let count = 0
  for (let voter = 0; voter < stakes.length; voter++) {
    if (stakes[voter]! > 0 && scores[voter]! > 0) votes[count++] = scores[voter]! * MAX_UIDS + voter
  }
  return votes.subarray(0, count).sort()
}
