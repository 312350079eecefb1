import { SHARE_ONE } from './constants.js'
import { normaliseDown, sum } from './normalise.js'

/** Rule 5: Wc, no weight above the consensus of its column. */
export function clipWeights(weights: readonly (readonly bigint[])[], consensus: readonly bigint[]): bigint[][] {
  return weights.map((row) => row.map((weight, uid) => atMost(consensus[uid]!, weight)))
}

function atMost(limit: bigint, weight: bigint): bigint {
  if (weight > limit) return limit
  return weight
}

/** Rule 5: the sum of each voter's clipped weights, multiples of 2^-30. */
export function validatorTrust(clipped: readonly (readonly bigint[])[]): bigint[] {
  return clipped.map(sum)
}

/** Rule 5: Σ active stake · clipped weight for each uid; the sum is exact. */
export function clippedRank(stake: readonly bigint[], clipped: readonly (readonly bigint[])[]): bigint[] {
  return stake.map((_, uid) => sum(clipped.map((row, voter) => stake[voter]! * row[uid]!)))
}

/** Rule 5: each uid's share in the miners' part, multiples of 2^-32. */
export function incentive(rank: readonly bigint[]): bigint[] {
  return normaliseDown(rank, SHARE_ONE)
}
