import { PPM_ONE, U16_ONE, WEIGHT_ONE } from './constants.js'
import type { EpochInput, Row } from './types.js'

/** A stored bond of 1 in the unit of exact bonds, 1 / (10^6 · 65535 · 2^30). */
const BOND_UNIT = BigInt(PPM_ONE) * WEIGHT_ONE

/** Rule 6: E = alpha · Wb + (1 − alpha) · B for holders of a permit, without rounding; zeros for the others. */
export function exactBonds(
  input: EpochInput,
  weights: readonly (readonly bigint[])[],
  clipped: readonly (readonly bigint[])[],
): bigint[][] {
  const alpha = BigInt(input.bondsAlphaPpm)
  const kept = (BigInt(PPM_ONE) - alpha) * WEIGHT_ONE
  return weights.map((row, voter) =>
    row.map((weight, uid) => {
      if (!input.permits[voter]) return 0n
      const fresh = bondWeight(weight, clipped[voter]![uid]!, input.bondsPenalty)
      return alpha * fresh + kept * storedBond(input, voter, uid)
    }),
  )
}

/** Rule 6: a column is cleared when its uid registered after the last settled epoch. */
function storedBond(input: EpochInput, voter: number, uid: number): bigint {
  return input.registeredAt[uid]! > input.lastSettledEnd ? 0n : BigInt(input.bonds[voter]![uid] ?? 0)
}

/** Rule 6: Wb, the weight with `penalty` of its excess over consensus removed, multiples of 1 / (65535 · 2^30). */
function bondWeight(weight: bigint, clipped: bigint, penalty: number): bigint {
  return BigInt(U16_ONE) * clipped + BigInt(U16_ONE - penalty) * (weight - clipped)
}

/** Rule 6: the rows to keep, multiples of 1/65535 rounded down; empty without a new permit or when all are zero. */
export function storedBonds(bonds: readonly (readonly bigint[])[], newPermits: readonly boolean[]): Row[] {
  return bonds.map((row, holder) => {
    if (!newPermits[holder]) return []
    const cells = row.map((bond) => Number(bond / BOND_UNIT))
    return cells.some((cell) => cell !== 0) ? cells : []
  })
}
