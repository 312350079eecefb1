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
import { createDecisionKeeper } from './decisions.js'
import { createDemotionKeeper } from './demotions.js'
import { createErrandRunner } from './errand.js'
import type { KeeperChain, KeeperRules, KeeperSender } from './keeper-chain.js'
import { createRevenueKeeper } from './revenue.js'
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
  /** The last epoch that is over: after it revenue is handed out. */
  closed: number
  /** The last epoch after which revenue was handed out. */
  handedOut: number
  running: Promise<void> | undefined
  /** Beside `running`: a distribution that is not mined must not cost an epoch. */
  handing: Promise<void> | undefined
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

/** Settles what nobody else settles, and runs errands for everybody. All it must remember is on chain or in the journal of its sender. */
export function createKeeper({ netuids, rules, pollMs }: KeeperOptions, modules: KeeperModules): Keeper {
  const { chain, sender, clock, logger, metrics, errors } = modules
  const watches = new Map<number, Watch>()
  const counts: Record<string, number> = { snapshot: 0, settle: 0, claim: 0, sync: 0 }
  const rests = {
    decisions: { failures: 0, untilMs: 0 },
    revenue: { failures: 0, untilMs: 0 },
    demotions: { failures: 0, untilMs: 0 },
  }
  let deciding: Promise<void> | undefined
  let lastLook = { atMs: clock.monotonicMs(), block: 0 }

  const count = (action: string) => {
    counts[action] = (counts[action] ?? 0) + 1
    metrics.actionsTotal.increment({ action })
  }
  const onAction = (netuid: number) => (action: string, epoch: number) => {
    count(action)
    logger.info({ netuid, epoch, action }, 'transaction mined')
  }

  const run = createErrandRunner({ sender, rules, clock, logger, metrics, errors, onDone: count })
  const keepDecisions = createDecisionKeeper({ chain, sender, run })
  const keepRevenue = createRevenueKeeper({ chain, sender, rules, run })
  const keepFloors = createDemotionKeeper({ chain, sender, run })

  /** Work for everybody that must not stop the keeper from what it is paid for. Whether it was done. */
  const errand = async (name: keyof typeof rests, work: () => Promise<void>, signal: AbortSignal) => {
    const rest = rests[name]
    if (rules.epochsOnly || clock.monotonicMs() < rest.untilMs) return false
    try {
      await work()
      rest.failures = 0
      return true
    } catch (error) {
      if (signal.aborted) return false
      rest.untilMs = clock.monotonicMs() + retryDelayMs(rest.failures++)
      metrics.errandFailuresTotal.increment({ errand: name })
      errors.note(error)
      logger.warn({ errand: name, err: error }, 'errand failed, trying again')
      return false
    }
  }

  const handOut = async (netuid: number, watch: Watch, signal: AbortSignal) => {
    const { closed } = watch
    const isHandedOut = await errand('revenue', () => keepRevenue(netuid, closed, signal), signal)
    const areFloorsKept = await errand('demotions', () => keepFloors(netuid, closed, signal), signal)
    if (isHandedOut && areFloorsKept) watch.handedOut = closed
    watch.handing = undefined
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
    watch.closed = closing.epoch
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
      watch.restUntilMs = clock.monotonicMs() + retryDelayMs(watch.failures++)
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
    deciding ??= errand('decisions', () => keepDecisions(block, timestamp, signal), signal).then(() => {
      deciding = undefined
    })
    for (const netuid of all) {
      const watch = watches.get(netuid) ?? newWatch()
      watches.set(netuid, watch)
      if (watch.handedOut < watch.closed) watch.handing ??= handOut(netuid, watch, signal)
      if (watch.running !== undefined || clock.monotonicMs() < watch.restUntilMs) continue
      watch.running = watched(netuid, watch, timestamp, signal)
    }
  }

  const loop = createLoop({ name: 'keeper', intervalMs: pollMs, run: look }, { clock, logger })
  const service = createService({
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      await Promise.all([deciding, ...[...watches.values()].flatMap(({ running, handing }) => [running, handing])])
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

const retryDelayMs = (failures: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 16))

const newWatch = (): Watch => ({
  finished: -1,
  closed: -1,
  handedOut: -1,
  running: undefined,
  handing: undefined,
  failures: 0,
  restUntilMs: 0,
})

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
