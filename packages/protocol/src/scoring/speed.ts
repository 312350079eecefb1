import type { Outcome } from './types.js'

/** The median latency of the correct answers, milliseconds; undefined when there is none. */
export function medianLatencyMs(outcomes: readonly Outcome[]): number | undefined {
  const sorted = outcomes
    .filter(({ result }) => result === 'correct')
    .map(({ latencyMs }) => latencyMs)
    .sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return undefined
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * 1 up to the median of everybody's correct answers in the epoch, then falling with the ratio towards `slowest`:
 * relative, so a validator that is slow itself does not lower anyone.
 */
export function speedFactor(ownMs: number, everyonesMs: number, slowest: number): number {
  const ratio = ownMs <= everyonesMs ? 1 : everyonesMs / ownMs
  return slowest + (1 - slowest) * ratio
}
