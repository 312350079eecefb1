import type { Service } from '@witan/runtime'
import type { ChainEvent } from '../abi/events.js'
import { readBlock, readLatestBlock } from '../blocks/block.js'
import { createPollLoop, type PollModules } from '../poll-loop.js'
import type { Rpc } from '../rpc/rpc.js'
import { type Checkpoint, type Cursor, createMemoryCursor } from './cursor.js'
import { DEFAULT_RANGE_BLOCKS, type EventFilter, queryEventsFrom } from './query-events.js'

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
  /** Blocks after `toBlock` were replaced: what their events said is void, and the new ones follow. */
  readonly onRollback?: (toBlock: number) => Promise<void> | void
}

export interface EventFollower extends Service {
  /** The last block whose events were delivered. */
  position(): number
}

const DEFAULT_POLL_MS = 2_000
/** Deep enough for the reorganisations that do happen; a deeper one starts again at `fromBlock`. */
const CHECKPOINTS_KEPT = 64

/** Delivers every event once for the chain as it stands, at least once over crashes. */
export function followEvents(options: FollowOptions, modules: FollowModules): EventFollower {
  const { fromBlock, confirmations = 0, maxRangeBlocks = DEFAULT_RANGE_BLOCKS, pollMs = DEFAULT_POLL_MS } = options
  const { rpc, cursor = createMemoryCursor(), onEvents, onRollback, ...pollModules } = modules
  let checkpoints: Checkpoint[] | undefined
  let seenHead: string | undefined

  const isCanonical = async ({ number, hash }: Checkpoint, signal: AbortSignal) =>
    (await readBlock(rpc, number, { signal }))?.hash === hash

  /** Drops checkpoints of replaced blocks; returns those that stand. */
  const unwind = async (known: readonly Checkpoint[], signal: AbortSignal): Promise<Checkpoint[]> => {
    const standing = [...known]
    while (standing.length > 0 && !(await isCanonical(standing.at(-1)!, signal))) standing.pop()
    if (standing.length === known.length) return standing
    const toBlock = standing.at(-1)?.number ?? fromBlock - 1
    pollModules.metrics?.reorgsTotal.increment()
    pollModules.logger.info({ toBlock }, 'blocks were replaced')
    await onRollback?.(toBlock)
    cursor.save(standing)
    return standing
  }

  /** Delivers one range; undefined when the chain moved under it: then blocks and logs may be of different forks. */
  const advance = async (known: readonly Checkpoint[], target: number, signal: AbortSignal) => {
    const last = known.at(-1)
    const start = last === undefined ? fromBlock : last.number + 1
    const limit = await readBlock(rpc, Math.min(target, start + maxRangeBlocks - 1), { signal })
    if (limit === undefined) return undefined
    const { events, toBlock } = await queryEventsFrom(rpc, options, start, limit.number, { signal })
    const [boundary, ...stand] = await Promise.all([
      readBlock(rpc, toBlock, { signal }),
      isCanonical(limit, signal),
      last === undefined || isCanonical(last, signal),
    ])
    if (boundary === undefined || stand.includes(false)) return undefined
    await onEvents({ fromBlock: start, toBlock, events })
    const next = [...known, { number: boundary.number, hash: boundary.hash }].slice(-CHECKPOINTS_KEPT)
    cursor.save(next)
    return next
  }

  const poll = async (signal: AbortSignal) => {
    checkpoints ??= cursor.load()
    const head = await readLatestBlock(rpc, { signal })
    if (head.hash === seenHead) return
    checkpoints = await unwind(checkpoints, signal)
    const target = head.number - confirmations
    while ((checkpoints.at(-1)?.number ?? fromBlock - 1) < target) {
      const next = await advance(checkpoints, target, signal)
      if (next === undefined) return
      checkpoints = next
    }
    seenHead = head.hash
  }

  const { start, stop } = createPollLoop({ name: 'event follower', pollMs, run: poll }, pollModules)
  return { start, stop, position: () => checkpoints?.at(-1)?.number ?? fromBlock - 1 }
}
