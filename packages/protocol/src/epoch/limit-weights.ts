import { U16_ONE } from './constants.js'
import { isMaxLimited } from './row-limits.js'
import type { Row } from './types.js'

/**
 * The row with its largest weights cut to one height, the highest at which none is more than `maxWeightRatio` (of 65535)
 * of the sum, and upscaled again; as it is where none is. Zeros stay zeros: of too few weights for the ratio (their
 * number times `maxWeightRatio` below 65535) no row keeps to it, and they come out equal.
 */
export function limitWeights(row: Row, maxWeightRatio: number): number[] {
  if (isMaxLimited(row, maxWeightRatio)) return [...row]
  const one = BigInt(U16_ONE)
  const ratio = BigInt(maxWeightRatio)
  const weights = row.filter((cell) => cell > 0).sort((a, b) => b - a)
  let rest = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  // With k weights cut to the height h: h · 65535 = ratio · (k · h + rest), so h = ratio · rest / left.
  let left = one
  for (const weight of weights) {
    if (left <= 0n || BigInt(weight) * left <= ratio * rest) break
    rest -= BigInt(weight)
    left -= ratio
  }
  if (left <= 0n || rest === 0n) return row.map((cell) => (cell > 0 ? U16_ONE : 0))
  const height = ratio * rest
  // Rounded up, so that the sum is not too small for those at the height.
  return row.map((cell) => Math.min(U16_ONE, Number((BigInt(cell) * one * left + height - 1n) / height)))
}
