import type { Address, Hex, SubnetParameters } from '@witan/protocol'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { makeIntent } from './make-intent.js'

export interface OperatorReplacement {
  readonly nodeId: bigint
  /** The new key. */
  readonly operator: Address
  /** Unix seconds at which the consent ends. */
  readonly deadline: number
  /** The new operator's signature over `OperatorConsent`. */
  readonly consent: Hex
}

/** What only the owner of a subnet or of a node may do. */
export function ownerIntents({ subnets }: Pick<Contracts, 'subnets'>) {
  return {
    setParameters: (netuid: number, parameters: SubnetParameters, changed: readonly string[]): Intent =>
      makeIntent(
        subnets,
        'setParameters',
        [netuid, parameters],
        `set ${changed.join(', ')} of subnet ${netuid} from its next epoch on`,
      ),

    dissolve: (netuid: number): Intent =>
      makeIntent(subnets, 'dissolve', [netuid], `dissolve subnet ${netuid} for good`),

    releaseLock: (netuid: number): Intent =>
      makeIntent(subnets, 'releaseLock', [netuid], `pay out the lock of subnet ${netuid}`),

    declareOwnSlots: (netuid: number, uids: readonly number[], own: boolean): Intent =>
      makeIntent(
        subnets,
        'declareOwnSlots',
        [netuid, [...uids], own],
        `${own ? 'declare' : 'no longer declare'} uid ${uids.join(', ')} of subnet ${netuid} the owner's own`,
      ),

    deregister: (netuid: number, uid: number): Intent =>
      makeIntent(subnets, 'deregister', [netuid, uid], `give up uid ${uid} of subnet ${netuid}`),

    replaceOperator: ({ nodeId, operator, deadline, consent }: OperatorReplacement): Intent =>
      makeIntent(
        subnets,
        'replaceOperator',
        [nodeId, operator, BigInt(deadline), consent],
        `make ${operator} the operator of node ${nodeId}`,
      ),
  }
}
