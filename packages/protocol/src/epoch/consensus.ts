import { U16_ONE } from './constants.js'
import { sum } from './normalise.js'

/** Rule 4: C of each uid, in the unit of the weights. `stake` and `weights` are indexed by voter. */
export function consensus(
  stake: readonly bigint[],
  weights: readonly (readonly bigint[])[],
  uids: number,
  kappa: number,
): bigint[] {
  return Array.from({ length: uids }, (_, uid) =>
    weightedMedian(
      stake,
      weights.map((row) => row[uid]!),
      kappa,
    ),
  )
}

/**
 * Rule 4: the largest score for which the stake behind it or more reaches `kappa` (of 65535) of all stake; 0 when there
 * is no stake. A voter without stake supports nothing; an absent vote is a score of 0.
 */
export function weightedMedian(stake: readonly bigint[], scores: readonly bigint[], kappa: number): bigint {
  const needed = BigInt(kappa) * sum(stake)
  const votes = stake
    .map((amount, voter) => ({ amount, score: scores[voter]! }))
    .filter(({ amount, score }) => amount > 0n && score > 0n)
    .sort((a, b) => (a.score < b.score ? 1 : a.score > b.score ? -1 : 0))
  let support = 0n
  for (const { amount, score } of votes) {
    support += amount
    if (support * BigInt(U16_ONE) >= needed) return score
  }
  return 0n
}
