import { WitanError } from '../errors/witan-error.js'
import { U16_ONE } from './constants.js'
import type { Row } from './types.js'

/** What a subnet demands of a weight row before it counts. */
export interface WeightRowLimits {
  /** Cells that are not zero, at least. A row of zeros is a vote for nobody and allowed. */
  readonly minWeights: number
  /** The largest cell over their sum at most, of 65535. */
  readonly maxWeightRatio: number
  /** The version of the scoring rules that the row follows, at least. */
  readonly weightsVersion: number
}

export interface VersionedRow {
  readonly row: Row
  readonly version: number
}

/**
 * Throws WEIGHT_ROW_REFUSED for a row whose reveal would revert; its facts name the limit. Validators check their row
 * before they commit to it: what is committed cannot be revealed in another form.
 */
export function checkWeightRow({ row, version }: VersionedRow, limits: WeightRowLimits): void {
  const { minWeights, maxWeightRatio, weightsVersion } = limits
  if (version < weightsVersion)
    throw new WitanError('WEIGHT_ROW_REFUSED', 'The row follows an outdated version', {
      facts: { version, weightsVersion },
    })
  const weights = row.filter((cell) => cell > 0).length
  if (weights > 0 && weights < minWeights)
    throw new WitanError('WEIGHT_ROW_REFUSED', 'The row has too few weights', { facts: { weights, minWeights } })
  if (!isMaxLimited(row, maxWeightRatio))
    throw new WitanError('WEIGHT_ROW_REFUSED', 'One weight is too large a part of the row', {
      facts: { largest: Math.max(...row), sum: total(row), maxWeightRatio },
    })
}

/** Whether the largest cell is at most `ratio` (of 65535) of the sum of all. */
export function isMaxLimited(row: Row, ratio: number): boolean {
  return Math.max(0, ...row) * U16_ONE <= ratio * total(row)
}

function total(row: Row): number {
  return row.reduce((sum, cell) => sum + cell, 0)
}
