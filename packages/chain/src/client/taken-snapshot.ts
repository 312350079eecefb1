import { type Address, WitanError } from '@witan/protocol'
import { type ContractName, eventTopic } from '../abi/events.js'
import { DEFAULT_RANGE_BLOCKS, queryEventPages } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Snapshot } from './reads/read-consensus.js'
import { uidTopic } from './settled-epoch.js'

export interface SnapshotSearch {
  readonly netuid: number
  readonly epoch: number
  readonly fromBlock: number
  readonly toBlock: number
  readonly signal?: AbortSignal | undefined
}

/** The snapshot of an epoch from its `SnapshotTaken`, searched backwards. Throws `EVENTS_MISSING`. */
export async function findSnapshot(rpc: Rpc, { consensus }: Contracts, search: SnapshotSearch): Promise<Snapshot> {
  const { netuid, epoch, fromBlock, toBlock, signal } = search
  const contracts = new Map<Address, ContractName>([[consensus.address, 'Consensus']])
  const topics = [eventTopic('Consensus', 'SnapshotTaken'), uidTopic(netuid), uidTopic(epoch)]
  for (let end = toBlock; end >= fromBlock; end -= DEFAULT_RANGE_BLOCKS) {
    const start = Math.max(fromBlock, end - DEFAULT_RANGE_BLOCKS + 1)
    for await (const events of queryEventPages(rpc, { contracts, topics }, start, end, { signal })) {
      const event = events.at(-1)
      if (event?.name === 'SnapshotTaken') return event.args.snapshot
    }
  }
  throw new WitanError('EVENTS_MISSING', 'No event carries the snapshot of an epoch', { facts: { netuid, epoch } })
}
