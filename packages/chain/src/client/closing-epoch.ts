import type { Address, EpochWindow } from '@witan/protocol'
import { type ContractName, eventTopic } from '../abi/events.js'
import { DEFAULT_RANGE_BLOCKS, queryEventPages } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { readSubnets } from './reads/read-subnets.js'
import { uidTopic } from './settled-epoch.js'

/** An epoch that has ended and is not void yet. */
export interface ClosingEpoch extends EpochWindow {
  readonly epoch: number
}

export interface ClosingSearch {
  readonly netuid: number
  /** Unix seconds of chain time. */
  readonly now: number
  readonly deployedAtBlock: number
  readonly signal?: AbortSignal | undefined
}

/** At most one epoch of a subnet is closing at a time: one is void by the time the next one ends. */
export async function findClosingEpoch(
  rpc: Rpc,
  contracts: Contracts,
  search: ClosingSearch,
): Promise<ClosingEpoch | undefined> {
  const { netuid, now, signal } = search
  const { closesAt } = await contracts.subnets.read('subnet', [netuid], { signal })
  const isOver = closesAt !== 0 && closesAt <= now
  const epoch = isOver
    ? await lastEpochOf(rpc, contracts, search)
    : Number(await contracts.subnets.read('currentEpoch', [netuid], { signal })) - 1
  if (epoch === undefined || epoch < 0) return undefined
  const { parameters: _, ...window } = await readSubnets(contracts).epochContext(netuid, epoch, { signal })
  return now >= window.endsAt && now < window.settleEndsAt ? { epoch, ...window } : undefined
}

/** A dissolved subnet tells its last epoch only in the event. */
async function lastEpochOf(
  rpc: Rpc,
  { subnets }: Contracts,
  { netuid, deployedAtBlock, signal }: ClosingSearch,
): Promise<number | undefined> {
  const contracts = new Map<Address, ContractName>([[subnets.address, 'Subnets']])
  const filter = { contracts, topics: [eventTopic('Subnets', 'SubnetDissolved'), uidTopic(netuid)] }
  const newest = Number(await rpc.request<string>('eth_blockNumber', [], { signal }))
  for (let end = newest; end >= deployedAtBlock; end -= DEFAULT_RANGE_BLOCKS) {
    const start = Math.max(deployedAtBlock, end - DEFAULT_RANGE_BLOCKS + 1)
    for await (const events of queryEventPages(rpc, filter, start, end, { signal })) {
      const event = events.at(-1)
      if (event?.name === 'SubnetDissolved') return Number(event.args.lastEpoch)
    }
  }
  return undefined
}
