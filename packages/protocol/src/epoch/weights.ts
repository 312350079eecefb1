import { WEIGHT_ONE } from './constants.js'
import { normaliseDown } from './normalise.js'
import type { EpochInput } from './types.js'

/** Rules 2 and 3: W, one normalised row a uid, multiples of 2^-30; zeros where a uid has no permit. */
export function normalisedWeights(input: EpochInput): bigint[][] {
  return maskedWeights(input).map((row) => normaliseDown(row, WEIGHT_ONE))
}

/** Rule 2: no vote without a permit, for oneself, or for who registered at or after the row was committed. */
export function maskedWeights(input: EpochInput): bigint[][] {
  return input.rows.map((row, voter) =>
    input.registeredAt.map((registeredAt, uid) => {
      const masked = !input.permits[voter] || uid === voter || registeredAt >= input.committedAt[voter]!
      return masked ? 0n : BigInt(row[uid] ?? 0)
    }),
  )
}
