import type { Address } from '@witan/protocol'
import { eventTopic } from '../abi/events.js'
import { findBlockAt } from '../blocks/find-block.js'
import { queryEventPages } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { uidTopic } from './settled-epoch.js'

export interface RecentRegistration {
  readonly blockNumber: number
  readonly uid: number
  readonly operator: Address
  /** Wei burned. */
  readonly price: bigint
}

export interface RecentRegistrations {
  /** Unix seconds: the start of the first epoch that was looked at. */
  readonly since: number
  readonly registrations: readonly RecentRegistration[]
}

export interface RegistrationSearch {
  readonly netuid: number
  /** The running one included. */
  readonly epochs: number
  readonly signal?: AbortSignal | undefined
}

/** Registrations in the running epoch and those before it, in chain order. */
export async function readRegistrations(
  rpc: Rpc,
  { subnets }: Contracts,
  { netuid, epochs, signal }: RegistrationSearch,
): Promise<RecentRegistrations> {
  const current = await subnets.read('currentEpoch', [netuid], { signal })
  const first = current < BigInt(epochs) ? 0n : current - BigInt(epochs) + 1n
  const [since] = await subnets.read('windows', [netuid, first], { signal })
  const [fromBlock, latest] = await Promise.all([
    findBlockAt(rpc, since, { signal }),
    rpc.request<string>('eth_blockNumber', [], { signal }),
  ])
  const filter = {
    contracts: new Map([[subnets.address, 'Subnets' as const]]),
    topics: [eventTopic('Subnets', 'NeuronRegistered'), uidTopic(netuid)],
  }
  const registrations: RecentRegistration[] = []
  for await (const events of queryEventPages(rpc, filter, fromBlock, Number(latest), { signal })) {
    for (const event of events) {
      if (event.name !== 'NeuronRegistered') continue
      const { uid, operator, price } = event.args
      registrations.push({ blockNumber: event.blockNumber, uid, operator, price })
    }
  }
  return { since, registrations }
}
