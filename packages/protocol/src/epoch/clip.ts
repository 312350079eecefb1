import { SHARE_ONE } from './constants.js'
import type { Matrix } from './matrix.js'
import { normaliseDown } from './normalise.js'

/** Bits of the lower part of a weight: stakes sum to less than 2^31, so Σ stake · part stays below 2^46. */
const LOW_BITS = 15
const LOW_MASK = 2 ** LOW_BITS - 1

/** Rule 5: Wc, no weight above the consensus of its column. */
export function clipWeights(weights: Matrix, consensus: Int32Array): Matrix {
  const cells = new Int32Array(weights.cells.length)
  for (let start = 0; start < cells.length; start += weights.uids) {
    for (let uid = 0; uid < weights.uids; uid++) {
      cells[start + uid] = Math.min(weights.cells[start + uid]!, consensus[uid]!)
    }
  }
  return { ...weights, cells }
}

/** Rule 5: the sum of each voter's clipped weights, multiples of 2^-30. */
export function validatorTrust({ voters, uids, cells }: Matrix): bigint[] {
  return Array.from({ length: voters }, (_, voter) =>
    BigInt(cells.subarray(voter * uids, (voter + 1) * uids).reduce((sum, cell) => sum + cell, 0)),
  )
}

/** Rule 5: Σ active stake · clipped weight for each uid, exact. */
export function clippedRank({ uids, cells }: Matrix, stakes: readonly number[]): bigint[] {
  const high = new Float64Array(uids)
  const low = new Float64Array(uids)
  stakes.forEach((stake, voter) => {
    if (stake === 0) return
    for (let uid = 0; uid < uids; uid++) {
      const cell = cells[voter * uids + uid]!
      high[uid]! += stake * (cell >> LOW_BITS)
      low[uid]! += stake * (cell & LOW_MASK)
    }
  })
  return Array.from(high, (part, uid) => (BigInt(part) << BigInt(LOW_BITS)) + BigInt(low[uid]!))
}

/** Rule 5: each uid's share in the miners' part, multiples of 2^-31. */
export function incentive(rank: readonly bigint[]): bigint[] {
  return normaliseDown(rank, SHARE_ONE)
}
