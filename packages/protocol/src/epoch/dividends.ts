import { SHARE_ONE } from './constants.js'
import { normaliseDown, sum } from './normalise.js'

/** Keeps 22 bits for the smallest incentive (2^-32) over the largest column of bonds (2^74). */
const BOND_PRICE_ONE = 1n << 128n

/** Rule 7: each voter's active stake times the worth of its part in every column of bonds, multiples of 2^-32. */
export function dividends(
  stake: readonly bigint[],
  bonds: readonly (readonly bigint[])[],
  incentive: readonly bigint[],
): bigint[] {
  const prices = bondPricesDown(bonds, incentive)
  const worth = bonds.map((row, voter) => stake[voter]! * sum(row.map((bond, uid) => bond * prices[uid]!)))
  return normaliseDown(worth, SHARE_ONE)
}

/** Rule 7: incentive over the sum of its column of bonds, 0 for an empty column. */
function bondPricesDown(bonds: readonly (readonly bigint[])[], incentive: readonly bigint[]): bigint[] {
  return incentive.map((share, uid) => {
    const column = sum(bonds.map((row) => row[uid]!))
    return column === 0n ? 0n : (share * BOND_PRICE_ONE) / column
  })
}
