import { WitanError } from '@witan/protocol'
import { smaller } from './fee-ladder.js'

export interface Cost {
  readonly call: string
  readonly valueWei: bigint
  readonly gasLimit: number
  readonly maxFeeWei: bigint
}

/** The tighter of two caps. */
export function lowerCap(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || b === undefined ? (a ?? b) : smaller(a, b)
}

/** Throws `COST_CAP_EXCEEDED` when value and gas at the highest fee together may cost more than the cap. */
export function requireWithinCap({ call, valueWei, gasLimit, maxFeeWei }: Cost, capWei: bigint | undefined): void {
  const maxGasCostWei = BigInt(gasLimit) * maxFeeWei
  if (capWei === undefined || valueWei + maxGasCostWei <= capWei) return
  throw new WitanError('COST_CAP_EXCEEDED', 'The transaction may cost more than its cap', {
    facts: { call, valueWei, maxGasCostWei, capWei },
  })
}

/** The highest fee for a unit of gas that keeps within the cap. */
export function feeUnderCap({ valueWei, gasLimit }: Omit<Cost, 'call' | 'maxFeeWei'>, capWei: bigint): bigint {
  return capWei <= valueWei ? 0n : (capWei - valueWei) / BigInt(gasLimit)
}
