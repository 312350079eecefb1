import type { Matrix } from './matrix.js'
import type { EpochInput } from './types.js'

const TWO_63 = 1n << 63n
const SHIFT = 33
const SHIFT_DOWN = 2 ** -SHIFT
const LOW_MASK = (1n << BigInt(SHIFT)) - 1n

/** Rules 2 and 3: W, one normalised row a voter. */
export function normalisedWeights(input: EpochInput, voters: readonly number[]): Matrix {
  const uids = input.stake.length
  const cells = new Int32Array(voters.length * uids)
  voters.forEach((voter, index) => {
    const row = cells.subarray(index * uids, (index + 1) * uids)
    copyUnmasked(input, voter, row)
    normaliseRow(row)
  })
  return { voters: voters.length, uids, cells }
}

/** Rule 2: no vote for oneself or for who registered at or after the row was committed. */
function copyUnmasked(input: EpochInput, voter: number, target: Int32Array): void {
  const row = input.rows[voter]!
  const committedAt = input.committedAt[voter]!
  for (let uid = 0; uid < row.length; uid++) {
    if (uid !== voter && input.registeredAt[uid]! < committedAt) target[uid] = row[uid]!
  }
}

/**
 * Rule 3: floor(w · r / 2^33) in place with r = ceil(2^63 / Σw). With r = high · 2^33 + low both products stay below
 * 2^49, exact in doubles.
 */
function normaliseRow(row: Int32Array): void {
  const total = row.reduce((sum, cell) => sum + cell, 0)
  if (total === 0) return
  const reciprocal = reciprocalUp(total)
  const high = Number(reciprocal >> BigInt(SHIFT))
  const low = Number(reciprocal & LOW_MASK)
  for (let uid = 0; uid < row.length; uid++) {
    const cell = row[uid]!
    row[uid] = cell * high + Math.floor(cell * low * SHIFT_DOWN)
  }
}

function reciprocalUp(total: number): bigint {
  return (TWO_63 + BigInt(total) - 1n) / BigInt(total)
}
