import type { ClosingEpoch } from '@witan/chain'
import {
  type Clock,
  createLoop,
  createService,
  type Health,
  type Logger,
  type RecentErrors,
  type Service,
} from '@witan/runtime'
import type { KeeperMetrics } from '../metrics.js'
import { collect } from './collect.js'
import type { KeeperChain, KeeperRules, KeeperSender } from './keeper-chain.js'
import { type EpochState, settleEpoch } from './settle-epoch.js'

export interface KeeperOptions {
  /** All subnets when empty. */
  readonly netuids: readonly number[]
  readonly rules: KeeperRules
  /** Pause between two looks at the chain. */
  readonly pollMs: number
}

export interface KeeperModules {
  readonly chain: KeeperChain
  readonly sender: KeeperSender
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: KeeperMetrics
  readonly errors: RecentErrors
}

export interface Keeper extends Service {
  live(): Health
  status(): object
}

interface Watch {
  /** The last epoch that needs nothing more. */
  finished: number
  running: Promise<void> | undefined
  failures: number
  /** Monotonic milliseconds before which the subnet is left alone. */
  restUntilMs: number
}

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000
/** How often an epoch that does not pay is looked at again: gas gets cheaper, or does not. */
const RECHECK_MS = 15_000
/** Without a look at the chain for this long the process is stuck. */
const STUCK_MS = 120_000

/** Settles what nobody else settles. All it must remember is on chain or in the journal of its sender. */
export function createKeeper({ netuids, rules, pollMs }: KeeperOptions, modules: KeeperModules): Keeper {
  const { chain, sender, clock, logger, metrics, errors } = modules
  const watches = new Map<number, Watch>()
  const counts: Record<string, number> = { snapshot: 0, settle: 0, claim: 0, sync: 0 }
  let lastLook = { atMs: clock.monotonicMs(), block: 0 }

  const onAction = (netuid: number) => (action: string, epoch: number) => {
    counts[action] = (counts[action] ?? 0) + 1
    metrics.actionsTotal.increment({ action })
    logger.info({ netuid, epoch, action }, 'transaction mined')
  }

  const finish = async (netuid: number, { epoch }: ClosingEpoch, state: EpochState, signal: AbortSignal) => {
    if (state !== 'done') metrics.skippedTotal.increment({ reason: state })
    logger.info({ netuid, epoch, state }, 'epoch closed')
    if (state !== 'done' && state !== 'settled') return
    await collect(netuid, epoch, { chain, sender, rules, onAction: onAction(netuid) }, signal)
  }

  const keep = async (netuid: number, watch: Watch, now: number, signal: AbortSignal) => {
    const closing = await chain.closingEpoch(netuid, now, signal)
    if (closing === undefined || closing.epoch <= watch.finished) return
    const epochModules = { chain, sender, rules, onAction: onAction(netuid) }
    const state = await settleEpoch(netuid, closing, now, epochModules, signal)
    if (state === 'waiting') return
    if (state === 'unprofitable') {
      watch.restUntilMs = clock.monotonicMs() + RECHECK_MS
      logger.info({ netuid, epoch: closing.epoch }, 'the bounty does not cover the gas')
      return
    }
    watch.finished = closing.epoch
    await finish(netuid, closing, state, signal)
  }

  const watched = async (netuid: number, watch: Watch, now: number, signal: AbortSignal) => {
    try {
      await keep(netuid, watch, now, signal)
      watch.failures = 0
    } catch (error) {
      if (signal.aborted) return
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(watch.failures++, 16))
      watch.restUntilMs = clock.monotonicMs() + delayMs
      metrics.failuresTotal.increment()
      errors.note(error)
      logger.warn({ netuid, err: error }, 'subnet not kept, trying again')
    } finally {
      watch.running = undefined
    }
  }

  const look = async (signal: AbortSignal) => {
    const { number: block, timestamp } = await chain.latestBlock(signal)
    const all = netuids.length > 0 ? netuids : upTo(await chain.subnets.count({ signal }))
    lastLook = { atMs: clock.monotonicMs(), block }
    for (const netuid of all) {
      const watch = watches.get(netuid) ?? { finished: -1, running: undefined, failures: 0, restUntilMs: 0 }
      watches.set(netuid, watch)
      if (watch.running !== undefined || clock.monotonicMs() < watch.restUntilMs) continue
      watch.running = watched(netuid, watch, timestamp, signal)
    }
  }

  const loop = createLoop({ name: 'keeper', intervalMs: pollMs, run: look }, { clock, logger })
  const service = createService({
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      await Promise.all([...watches.values()].map(({ running }) => running))
    },
  })
  return {
    ...service,
    live: () => ({ ok: clock.monotonicMs() - lastLook.atMs < STUCK_MS, detail: { block: lastLook.block } }),
    status: () => ({
      account: sender.address,
      block: lastLook.block,
      mined: counts,
      subnets: [...watches].map(([netuid, { finished }]) => ({ netuid, closed: finished < 0 ? null : finished })),
      lastErrors: errors.list(),
    }),
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
