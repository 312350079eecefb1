import type { Address, Hex, SubnetParameters } from '@witan/protocol'
import { formatAmount } from '../../amount.js'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { makeIntent } from './make-intent.js'

export interface NewSubnet {
  readonly parameters: SubnetParameters
  readonly mechanism: Hex
  readonly modelVersions: readonly Hex[]
  readonly name: string
  readonly isConsortium?: boolean
  /** The most that may be burned, wei. */
  readonly maxPrice: bigint
}

export interface Registration {
  readonly netuid: number
  readonly operator: Address
  /** Unix seconds at which the consent ends. */
  readonly deadline: number
  /** The operator's signature over `OperatorConsent`. */
  readonly consent: Hex
  /** The most that may be burned, wei. */
  readonly maxPrice: bigint
  /** What the last settled epoch paid, which decides who is pruned from a full subnet; `NO_PAY` while there is room. */
  readonly lastPay: LastPay
}

/** Packed shares as `EpochSettled` has them. */
export interface LastPay {
  readonly incentive: Hex
  readonly validatorPay: Hex
}

export const NO_PAY: LastPay = { incentive: '0x', validatorPay: '0x' }

export interface Announcement {
  readonly operator: Address
  readonly recordDigest: Hex
  readonly seq: number
  /** Unix seconds. */
  readonly expiry: number
  /** The operator's signature over `Announcement`; anyone may send it. */
  readonly signature: Hex
}

export function subnetIntents({ subnets }: Contracts) {
  return {
    createSubnet: ({ parameters, mechanism, modelVersions, name, isConsortium, maxPrice }: NewSubnet): Intent =>
      makeIntent(
        subnets,
        'createSubnet',
        [parameters, isConsortium ? 1 : 0, mechanism, [...modelVersions], name, maxPrice],
        `create subnet "${name}" with ${parameters.maxUids} slots`,
      ),

    register: ({ netuid, operator, deadline, consent, maxPrice, lastPay }: Registration): Intent =>
      makeIntent(
        subnets,
        'register',
        [netuid, operator, BigInt(deadline), consent, maxPrice, lastPay],
        `register ${operator} in subnet ${netuid} for at most ${formatAmount(maxPrice)} tokens`,
      ),

    announce: ({ operator, recordDigest, seq, expiry, signature }: Announcement): Intent =>
      makeIntent(
        subnets,
        'announce',
        [operator, recordDigest, BigInt(seq), BigInt(expiry), signature],
        `announce address record ${seq} of ${operator}`,
      ),
  }
}
