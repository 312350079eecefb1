import { WitanError } from '@witan/protocol'
import type { Fees } from './fees.js'

/** How the fee of a transaction that is not mined rises. */
export interface FeeLadder {
  /** From one version to the next. */
  readonly intervalMs: number
  /** By how much each version offers more than the one before; after the last step the fee stays. */
  readonly stepsPercent: readonly number[]
}

export const DEFAULT_FEE_LADDER: FeeLadder = { intervalMs: 20_000, stepsPercent: [25, 25, 50, 50, 100, 100, 200] }

/** Nodes refuse a replacement that offers less than a tenth more; one more for rounding. */
export const LEAST_RAISE_PERCENT = 11

/** Throws `FEE_LADDER_INVALID`. */
export function checkLadder({ intervalMs, stepsPercent }: FeeLadder): void {
  const wrong = stepsPercent.find((step) => !Number.isInteger(step) || step < LEAST_RAISE_PERCENT)
  if (wrong === undefined && intervalMs > 0) return
  throw new WitanError('FEE_LADDER_INVALID', 'The steps of the fee are not ones that nodes take', {
    facts: { value: wrong ?? intervalMs, leastPercent: LEAST_RAISE_PERCENT },
  })
}

export interface Climb {
  /** What the last version offers. */
  readonly last: Fees
  /** What the chain asks now. */
  readonly quoted: Fees
  /** Replacements made so far. */
  readonly step: number
  readonly stepsPercent: readonly number[]
  /** Never above it. */
  readonly ceilingWei: bigint | undefined
}

/** The fees of the next version, or undefined at the end of the ladder or where the ceiling leaves no room for one. */
export function climb({ last, quoted, step, stepsPercent, ceilingWei }: Climb): Fees | undefined {
  const percent = stepsPercent[step]
  if (percent === undefined) return undefined
  return under(ceilingWei, last, {
    maxFeeWei: larger(raise(last.maxFeeWei, percent), quoted.maxFeeWei),
    priorityFeeWei: larger(raise(last.priorityFeeWei, percent), quoted.priorityFeeWei),
  })
}

/**
 * The fees of a cancellation: enough to replace `last` and to be mined now, as far as the limit allows. At the limit it
 * may not replace a version that is in a pool, and then that one is mined.
 */
export function cancellationFees(last: Fees, quoted: Fees, limitWei: bigint | undefined): Fees {
  const wanted = {
    maxFeeWei: larger(raise(last.maxFeeWei, LEAST_RAISE_PERCENT), quoted.maxFeeWei),
    priorityFeeWei: larger(raise(last.priorityFeeWei, LEAST_RAISE_PERCENT), quoted.priorityFeeWei),
  }
  return underLimit(wanted, limitWei)
}

/** The fees as far as the limit allows. */
export function underLimit(fees: Fees, limitWei: bigint | undefined): Fees {
  return limitWei === undefined ? fees : capped(fees, limitWei)
}

/** What a call may offer, so that its cancellation can offer more and stay within the limit. */
export function callCeiling(limitWei: bigint | undefined): bigint | undefined {
  return limitWei === undefined ? undefined : (limitWei * 100n) / BigInt(100 + LEAST_RAISE_PERCENT)
}

function under(ceilingWei: bigint | undefined, last: Fees, wanted: Fees): Fees | undefined {
  if (ceilingWei === undefined || wanted.maxFeeWei <= ceilingWei) return wanted
  return ceilingWei >= raise(last.maxFeeWei, LEAST_RAISE_PERCENT) ? capped(wanted, ceilingWei) : undefined
}

function capped({ maxFeeWei, priorityFeeWei }: Fees, limitWei: bigint): Fees {
  return { maxFeeWei: smaller(maxFeeWei, limitWei), priorityFeeWei: smaller(priorityFeeWei, limitWei) }
}

function raise(wei: bigint, percent: number): bigint {
  return wei + (wei * BigInt(percent)) / 100n + 1n
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
