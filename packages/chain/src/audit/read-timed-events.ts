import { forEachOf } from '@witan/runtime'
import { readSameBlock } from '../blocks/block.js'
import { type EventFilter, queryEventsFrom } from '../events/query-events.js'
import type { Rpc } from '../rpc/rpc.js'
import type { TimedEvent } from './audit-event.js'

/** Small enough that the events of a page fit in memory, whatever happened in it. */
export const PAGE_BLOCKS = 2_000

export interface EventRange extends EventFilter {
  readonly fromBlock: number
  readonly toBlock: number
  readonly pageBlocks?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Events in the order of the chain with the times of their blocks, a page of blocks at a time. Throws `BLOCK_REPLACED` when
 * a block is no longer the one whose events were read.
 */
export async function* readTimedEvents(rpc: Rpc, range: EventRange): AsyncGenerator<readonly TimedEvent[]> {
  const { fromBlock, toBlock, pageBlocks = PAGE_BLOCKS, signal } = range
  let blocks = pageBlocks
  for (let start = fromBlock; start <= toBlock; ) {
    const end = Math.min(toBlock, start + blocks - 1)
    const page = await queryEventsFrom(rpc, range, start, end, { signal })
    const times = new Map<number, number>()
    const hashes = new Map(page.events.map(({ blockNumber, blockHash }) => [blockNumber, blockHash]))
    await forEachOf(hashes, async ([number, hash]) => {
      times.set(number, (await readSameBlock(rpc, { number, hash }, { signal })).timestamp)
    })
    yield page.events.map((event) => ({ event, time: times.get(event.blockNumber)! }))
    // Where the endpoint allows fewer blocks, the next page begins with what it allowed.
    blocks = Math.min(pageBlocks, 2 * (page.toBlock - start + 1))
    start = page.toBlock + 1
  }
}
