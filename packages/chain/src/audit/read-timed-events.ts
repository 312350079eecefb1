import { readBlock } from '../blocks/block.js'
import { type EventFilter, queryEventsFrom } from '../events/query-events.js'
import type { Rpc } from '../rpc/rpc.js'
import type { TimedEvent } from './audit-event.js'
import { forEachOf } from './for-each-of.js'

/** Small enough that the events of a page fit in memory, whatever happened in it. */
export const PAGE_BLOCKS = 2_000

export interface EventRange extends EventFilter {
  readonly fromBlock: number
  readonly toBlock: number
  readonly pageBlocks?: number
  readonly signal?: AbortSignal | undefined
}

/** Events in the order of the chain with the times of their blocks, a page of blocks at a time. */
export async function* readTimedEvents(rpc: Rpc, range: EventRange): AsyncGenerator<readonly TimedEvent[]> {
  const { fromBlock, toBlock, pageBlocks = PAGE_BLOCKS, signal } = range
  for (let start = fromBlock; start <= toBlock; ) {
    const end = Math.min(toBlock, start + pageBlocks - 1)
    const page = await queryEventsFrom(rpc, range, start, end, { signal })
    const times = new Map(page.events.map(({ blockNumber }) => [blockNumber, 0]))
    await forEachOf([...times.keys()], async (number) => {
      times.set(number, (await readBlock(rpc, number, { signal }))?.timestamp ?? 0)
    })
    yield page.events.map((event) => ({ event, time: times.get(event.blockNumber)! }))
    start = page.toBlock + 1
  }
}
