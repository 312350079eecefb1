import { WitanError } from '@witan/protocol'
import type { Service } from '@witan/runtime'
import type { ChainEvent, RpcLog } from '../abi/events.js'
import { type Block, readBlock, readLatestBlock } from '../blocks/block.js'
import { createPollLoop, type PollModules } from '../poll-loop.js'
import type { Rpc } from '../rpc/rpc.js'
import { type Cursor, createMemoryCursor, type DeliveredBlock } from './cursor.js'
import { areLinked, beginning, findStanding, keepReplaceable, REORG_DEPTH_BLOCKS } from './delivered-chain.js'
import { DEFAULT_RANGE_BLOCKS, type EventFilter, eventsOf, queryLogsFrom } from './query-events.js'

export interface FollowOptions extends EventFilter {
  readonly fromBlock: number
  /** Blocks on top of a block before its events are delivered; 0 when absent: at once, with rollbacks when it goes. */
  readonly confirmations?: number
  /** 250 on a local chain; 2,000 when absent. */
  readonly pollMs?: number
  readonly maxRangeBlocks?: number
}

export interface EventBatch {
  readonly fromBlock: number
  readonly toBlock: number
  readonly events: readonly ChainEvent[]
}

export interface FollowModules extends PollModules {
  readonly rpc: Rpc
  /** Where the follower goes on after a restart; absent, it begins at `fromBlock` again. */
  readonly cursor?: Cursor
  /** Blocks come in order and without gaps; a batch that throws is delivered again. */
  readonly onEvents: (batch: EventBatch) => Promise<void> | void
  /** Blocks after `toBlock` were replaced: `removed`, newest first, is void, and the events of the new ones follow. */
  readonly onRollback?: (toBlock: number, removed: readonly ChainEvent[]) => Promise<void> | void
  /**
   * More blocks than are kept were replaced (`REORG_TOO_DEEP`): all that was delivered is void. Once it returns, events
   * are delivered from `fromBlock` again. Absent, nothing more is delivered until `rebuild`.
   */
  readonly onDeepReorg?: (error: WitanError) => Promise<void> | void
}

export interface EventFollower extends Service {
  /** The last block whose events were delivered. */
  position(): number
  /** Forgets what was delivered: events come from `fromBlock` again. */
  rebuild(): void
}

const DEFAULT_POLL_MS = 2_000

/**
 * Delivers every event once for the chain as it stands, at least once over crashes, and takes back those of replaced
 * blocks, to a depth of 64.
 */
export function followEvents(options: FollowOptions, modules: FollowModules): EventFollower {
  const { fromBlock, confirmations = 0, maxRangeBlocks = DEFAULT_RANGE_BLOCKS, pollMs = DEFAULT_POLL_MS } = options
  const { rpc, cursor = createMemoryCursor(), onEvents, onRollback, onDeepReorg, ...pollModules } = modules
  const { logger, metrics } = pollModules
  let blocks: readonly DeliveredBlock[] | undefined
  let seenHead: string | undefined

  const keep = (delivered: readonly DeliveredBlock[]) => {
    const kept = keepReplaceable(delivered)
    cursor.save(kept)
    blocks = kept
  }
  const rebuild = () => {
    seenHead = undefined
    keep(beginning(fromBlock))
  }
  const load = () => {
    const stored = cursor.load()
    return stored.length === 0 ? beginning(fromBlock) : stored
  }

  const takeBack = async (known: readonly DeliveredBlock[], index: number) => {
    const removed = known.slice(index + 1).flatMap(({ logs }) => logs)
    const toBlock = known[index]!.number
    metrics?.reorgsTotal.increment()
    logger.info({ toBlock, removed: removed.length }, 'blocks were replaced')
    await onRollback?.(toBlock, eventsOf(removed, options).reverse())
    if (blocks === known) keep(known.slice(0, index + 1))
  }

  const startAnew = async (oldest: DeliveredBlock) => {
    metrics?.reorgsTotal.increment()
    const error = new WitanError('REORG_TOO_DEEP', 'More blocks were replaced than are kept', {
      facts: { keptBlocks: REORG_DEPTH_BLOCKS, oldestBlock: oldest.number, fromBlock },
    })
    if (onDeepReorg === undefined) throw error
    logger.error({ err: error }, 'events are followed from the beginning again')
    await onDeepReorg(error)
    rebuild()
  }

  /** Delivers one range; false when the chain moved under it: then blocks and logs may be of different forks. */
  const advance = async (known: readonly DeliveredBlock[], head: Block, signal: AbortSignal): Promise<boolean> => {
    const last = known.at(-1)!
    const start = last.number + 1
    const settledUntil = head.number - REORG_DEPTH_BLOCKS
    const target = Math.min(head.number - confirmations, start + maxRangeBlocks - 1)
    const end = start <= settledUntil ? Math.min(target, settledUntil) : target
    const { logs, toBlock } = await queryLogsFrom(rpc, options, start, end, { signal })
    const numbers = toBlock <= settledUntil ? [toBlock] : range(start, toBlock)
    const [found, stands] = await Promise.all([
      Promise.all(numbers.map((number) => readBlock(rpc, number, { signal }))),
      findStanding(rpc, known, head, signal),
    ])
    const headers = found.filter((block) => block !== undefined)
    if (headers.length < numbers.length || stands.kind !== 'whole' || !areLinked(last, headers)) return false
    const delivered = headers.map(({ number, hash }) => ({ number, hash, logs: logsIn(number, logs) }))
    const isOneFork = delivered.every(({ hash, logs: own }) => own.every(({ blockHash }) => blockHash === hash))
    // Forgotten meanwhile: what was asked for does not follow on what is known now.
    if (!isOneFork || blocks !== known) return false
    await onEvents({ fromBlock: start, toBlock, events: eventsOf(logs, options) })
    if (blocks !== known) return false
    keep([...known, ...delivered])
    return true
  }

  const poll = async (signal: AbortSignal) => {
    blocks ??= load()
    const head = await readLatestBlock(rpc, { signal })
    if (head.hash === seenHead) return
    const standing = await findStanding(rpc, blocks, head, signal)
    if (standing.kind === 'behind') return
    if (standing.kind === 'lost') return startAnew(blocks[0]!)
    if (standing.kind === 'replaced') await takeBack(blocks, standing.index)
    while (blocks.at(-1)!.number < head.number - confirmations) {
      if (!(await advance(blocks, head, signal))) return
    }
    seenHead = head.hash
  }

  const { start, stop } = createPollLoop({ name: 'event follower', pollMs, run: poll, onHead: rpc.onHead }, pollModules)
  return { start, stop, rebuild, position: () => blocks?.at(-1)?.number ?? fromBlock - 1 }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function logsIn(block: number, logs: readonly RpcLog[]): RpcLog[] {
  return logs.filter(({ blockNumber }) => Number(blockNumber) === block)
}
