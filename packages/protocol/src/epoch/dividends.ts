import { SHARE_ONE } from './constants.js'
import type { BondMatrix } from './matrix.js'
import { normaliseDown } from './normalise.js'

const PRICE_BITS = 46n
const MAX_PRICE = 2n ** 60n - 1n

/** Bits of one part of a price: a half of a bond (32 bits) times a part, 1024 times, sums exactly in a double. */
const PART_BITS = 11
const PARTS = 6
const PART_MASK = (1n << BigInt(PART_BITS)) - 1n
const HALF_BITS = 32n

/** Rule 7: each voter's active stake times the worth of its bonds, normalised; multiples of 2^-31, by voter. */
export function dividends(bonds: BondMatrix, stakes: readonly number[], rank: readonly bigint[]): bigint[] {
  const prices = splitPrices(bondPricesDown(bonds, rank))
  const worth = stakes.map((stake, voter) => (stake === 0 ? 0n : BigInt(stake) * rowWorth(bonds, voter, prices)))
  return normaliseDown(worth, SHARE_ONE)
}

/** Rule 7: k_j, rank over the sum of its column of bonds; 0 for an empty column. */
function bondPricesDown(bonds: BondMatrix, rank: readonly bigint[]): bigint[] {
  const columns = columnSums(bonds)
  return rank.map((value, uid) => {
    const column = columns[uid]!
    const price = column === 0n ? 0n : (value << PRICE_BITS) / column
    return price > MAX_PRICE ? MAX_PRICE : price
  })
}

function columnSums({ voters, uids, high, low }: BondMatrix): bigint[] {
  const highs = new Float64Array(uids)
  const lows = new Float64Array(uids)
  for (let start = 0; start < voters * uids; start += uids) {
    for (let uid = 0; uid < uids; uid++) {
      highs[uid]! += high[start + uid]!
      lows[uid]! += low[start + uid]!
    }
  }
  return Array.from(highs, (sum, uid) => (BigInt(sum) << HALF_BITS) + BigInt(lows[uid]!))
}

/** The lowest 11 bits of every price, then the next, and so on. */
function splitPrices(prices: readonly bigint[]): Float64Array[] {
  return Array.from({ length: PARTS }, (_, part) =>
    Float64Array.from(prices, (price) => Number((price >> BigInt(part * PART_BITS)) & PART_MASK)),
  )
}

/** Σ_j E_ij · k_j of one voter, exact. */
function rowWorth({ uids, high, low }: BondMatrix, voter: number, prices: readonly Float64Array[]): bigint {
  const start = voter * uids
  return prices.reduce((worth, parts, index) => {
    const product = (BigInt(dot(high, start, parts)) << HALF_BITS) + BigInt(dot(low, start, parts))
    return worth + (product << BigInt(index * PART_BITS))
  }, 0n)
}

function dot(cells: Uint32Array, start: number, factors: Float64Array): number {
  let sum = 0
  for (let index = 0; index < factors.length; index++) sum += cells[start + index]! * factors[index]!
  return sum
}
