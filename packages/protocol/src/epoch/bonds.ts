import { alphaRule } from './alpha.js'
import { ALPHA_ONE, U16_ONE } from './constants.js'
import type { BondMatrix, Matrix } from './matrix.js'
import type { EpochInput, Row } from './types.js'

/** Rule 6: E = alpha · Wb + (1 − alpha) · B of each voter, without rounding. */
export function exactBonds(
  input: EpochInput,
  voters: readonly number[],
  weights: Matrix,
  clipped: Matrix,
  consensus: Int32Array,
): BondMatrix {
  const { uids } = weights
  const bonds = emptyBonds(voters.length, uids)
  const kept = keptExcess(input.bondsPenalty)
  const alphaOf = alphaRule(input, consensus)
  voters.forEach((uid, voter) => {
    const stored = storedRow(input, uid)
    for (let column = 0; column < uids; column++) {
      const cell = voter * uids + column
      const weight = bondWeight(weights.cells[cell]!, clipped.cells[cell]!, kept)
      blend(bonds, cell, weight, stored[column]!, alphaOf(weight, consensus[column]!, stored[column]!))
    }
  })
  return bonds
}

function emptyBonds(voters: number, uids: number): BondMatrix {
  return { voters, uids, high: new Uint32Array(voters * uids), low: new Uint32Array(voters * uids) }
}

/** Rule 6: x, the part of an excess over consensus that counts for bonds, multiples of 2^-16, rounded to the nearest. */
function keptExcess(penalty: number): number {
  return Math.floor(((U16_ONE - penalty) * 2 ** 16 + (U16_ONE - 1) / 2) / U16_ONE)
}

/** Rule 6: Wb, multiples of 2^-30. */
function bondWeight(weight: number, clipped: number, kept: number): number {
  return clipped + Math.floor(((weight - clipped) * kept) / 2 ** 16)
}

/** Rule 6: B of one voter; a column is cleared when its uid registered after the last settled epoch. */
function storedRow(input: EpochInput, voter: number): Int32Array {
  const row = new Int32Array(input.stake.length)
  row.set(input.bonds[voter]!)
  for (let uid = 0; uid < row.length; uid++) if (input.registeredAt[uid]! > input.lastSettledEnd) row[uid] = 0
  return row
}

/**
 * Rule 6: E = A · 65535 · floor(Wb / 4) + (2^20 − A) · 2^28 · B, below 2^64, as two halves of 32 bits. A · floor(Wb / 4)
 * is at most 2^48 and (2^20 − A) · B below 2^36: what leaves 2^53 is only ever a shift by 16 or 28 bits.
 */
function blend(bonds: BondMatrix, cell: number, weight: number, stored: number, alpha: number): void {
  const fresh = alpha * (weight >> 2)
  const old = (ALPHA_ONE - alpha) * stored
  const freshHigh = Math.floor(fresh / 2 ** 16)
  const oldHigh = Math.floor(old / 2 ** 4)
  const low = (fresh - freshHigh * 2 ** 16) * 2 ** 16 - fresh + (old - oldHigh * 2 ** 4) * 2 ** 28
  const carry = Math.floor(low / 2 ** 32)
  bonds.high[cell] = freshHigh + oldHigh + carry
  bonds.low[cell] = low - carry * 2 ** 32
}

/** Rule 6: the rows to keep by uid, multiples of 1/65535 rounded down; empty without a new permit or when all are 0. */
export function storedBonds(bonds: BondMatrix, voters: readonly number[], newPermits: readonly boolean[]): Row[] {
  const rows = newPermits.map((): Row => [])
  voters.forEach((uid, voter) => {
    if (!newPermits[uid]) return
    const row = Array.from(bonds.high.subarray(voter * bonds.uids, (voter + 1) * bonds.uids), (high) => high >>> 16)
    if (row.some((bond) => bond !== 0)) rows[uid] = row
  })
  return rows
}
