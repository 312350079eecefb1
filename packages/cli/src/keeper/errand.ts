import type { Intent } from '@witan/chain'
import { type ErrorCode, isWitanError } from '@witan/protocol'
import type { Clock, Logger, RecentErrors } from '@witan/runtime'
import type { KeeperMetrics } from '../metrics.js'
import type { KeeperRules, KeeperSender } from './keeper-chain.js'

/** What a keeper does for everybody, without a bounty. */
export const ERRANDS = ['queue', 'execute', 'distribute', 'pay-validators', 'demote'] as const
export type ErrandName = (typeof ERRANDS)[number]

export interface Errand {
  readonly name: ErrandName
  /** What it is done to: it rests by itself after a failure. */
  readonly of: string
  /** Of the transaction: another one for every time that it is due. */
  readonly key: string
  /** The call, or undefined when it is not worth its gas now. */
  prepare(): Promise<Intent | undefined>
}

export interface ErrandModules {
  readonly sender: KeeperSender
  readonly rules: KeeperRules
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly logger: Logger
  readonly metrics: KeeperMetrics
  readonly errors: RecentErrors
  /** A transaction of this keeper was mined. */
  onDone(name: ErrandName): void
}

/** Somebody else was first, or nothing is due: as good as done. What is executed may fail by any code: only this one is about the proposal. */
const DONE_BY_OTHERS: Readonly<Record<ErrandName, readonly ErrorCode[]>> = {
  queue: ['PROPOSAL_STATE'],
  execute: ['PROPOSAL_STATE'],
  distribute: ['NOTHING_DUE'],
  'pay-validators': ['NOTHING_DUE', 'LAST_PAY_OUTDATED'],
  demote: ['NOT_DEMOTABLE', 'FEED_UNUSABLE'],
}
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 600_000

/** Under which the sender journals the transaction of an errand. */
export const journalKeyOf = (name: ErrandName, key: string): string => `${name}:${key}`

export type ErrandRunner = ReturnType<typeof createErrandRunner>

/** Runs errands; each that fails is told in one line, counted and left alone a while, and the others go on. */
export function createErrandRunner({ sender, rules, clock, logger, metrics, errors, onDone }: ErrandModules) {
  const resting = new Map<string, { failures: number; untilMs: number }>()

  return async ({ name, of, key, prepare }: Errand, signal: AbortSignal): Promise<void> => {
    const place = `${name}:${of}`
    const rest = resting.get(place)
    if (rest !== undefined && clock.monotonicMs() < rest.untilMs) return
    try {
      const intent = await prepare()
      if (intent === undefined) return
      const { maxCostWei } = rules
      const options = {
        idempotenceKey: journalKeyOf(name, key),
        signal,
        ...(maxCostWei !== undefined && { maxCostWei }),
      }
      await sender.submit(intent, options)
      resting.delete(place)
      onDone(name)
      logger.info({ errand: name, of }, 'errand done')
    } catch (error) {
      if (signal.aborted) return
      if (isWitanError(error) && DONE_BY_OTHERS[name].includes(error.code)) {
        resting.delete(place)
        return
      }
      const failures = (rest?.failures ?? 0) + 1
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 16))
      resting.set(place, { failures, untilMs: clock.monotonicMs() + delayMs })
      metrics.errandFailuresTotal.increment({ errand: name })
      errors.note(error)
      logger.warn({ errand: name, of, err: error }, 'errand failed, trying again')
    }
  }
}
