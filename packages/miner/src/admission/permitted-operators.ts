import type { LastSettled, Neuron } from '@witan/chain'
import { type Address, quantiseStake, selectPermits } from '@witan/protocol'

export interface PermitRules {
  readonly maxValidators: number
  /** Wei below which stake does not count. */
  readonly stakeThreshold: bigint
}

/**
 * Validators a miner answers: holders of a permit of the last settled epoch and those who would hold one by the stake of
 * now, so that a new validator can work before its first settlement. A slot that was taken over since then does not
 * inherit its permit.
 */
export function permittedOperators(
  neurons: readonly Neuron[],
  lastSettled: Pick<LastSettled, 'endsAt' | 'permits'> | undefined,
  { maxValidators, stakeThreshold }: PermitRules,
): ReadonlySet<Address> {
  const stakes = neurons.map(({ stake }) => (stake < stakeThreshold ? 0n : stake))
  const byStake = selectPermits(quantiseStake(stakes), maxValidators)
  const settled = new Set(lastSettled?.permits)
  const permitted = neurons.filter(
    ({ uid, registeredAt }, index) => byStake[index] || (settled.has(uid) && registeredAt < (lastSettled?.endsAt ?? 0)),
  )
  return new Set(permitted.map(({ operator }) => operator))
}
