import { isWitanError } from '@witan/protocol'
import type { Clock, Logger, RecentErrors } from '@witan/runtime'
import type { MinerMetrics } from '../metrics.js'
import type { InferAnswer, InferCall } from './infer-call.js'

export interface CallCounts {
  readonly requests: number
  readonly failures: number
  readonly inFlight: number
  readonly receiptsSigned: number
}

export interface ObservedHandler {
  answer(call: InferCall): Promise<InferAnswer>
  counts(): CallCounts
  /** How long the oldest call in progress has taken, milliseconds; 0 when there is none. */
  oldestMs(): number
  /** Resolves when the calls of this moment have ended. */
  whenIdle(): Promise<void>
}

export interface ObserveModules {
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly logger: Logger
  readonly metrics: MinerMetrics
  readonly errors: RecentErrors
}

/** Exit codes of errors for which the asker is to blame (bad data, not permitted) or nobody is (try again). */
const NOT_OUR_FAULT: readonly number[] = [65, 75, 77]

/** Counts and times calls; what an operator should know of is kept for the status. */
export function observeCalls(
  answer: (call: InferCall) => Promise<InferAnswer>,
  { clock, logger, metrics, errors }: ObserveModules,
): ObservedHandler {
  /** Calls in progress by when they began, oldest first. */
  const inFlight = new Map<Promise<InferAnswer>, number>()
  let requests = 0
  let failures = 0
  let receiptsSigned = 0

  const fail = (error: unknown) => {
    failures++
    const result = isWitanError(error) ? error.code : 'INTERNAL'
    metrics.requestsTotal.increment({ result })
    logger.debug({ result, err: error }, 'request not answered')
    if (!isWitanError(error) || !NOT_OUR_FAULT.includes(error.exitCode)) errors.note(error)
  }

  const observed = async (call: InferCall): Promise<InferAnswer> => {
    const startedMs = clock.monotonicMs()
    try {
      const answered = await answer(call)
      receiptsSigned++
      metrics.receiptsSignedTotal.increment()
      metrics.requestsTotal.increment({ result: 'ok' })
      metrics.requestSeconds.observe((clock.monotonicMs() - startedMs) / 1000)
      return answered
    } catch (error) {
      fail(error)
      throw error
    }
  }

  return {
    async answer(call) {
      requests++
      const answering = observed(call)
      inFlight.set(answering, clock.monotonicMs())
      metrics.inFlight.set(inFlight.size)
      try {
        return await answering
      } finally {
        inFlight.delete(answering)
        metrics.inFlight.set(inFlight.size)
      }
    },
    counts: () => ({ requests, failures, inFlight: inFlight.size, receiptsSigned }),
    oldestMs() {
      const [beganMs] = inFlight.values()
      return beganMs === undefined ? 0 : clock.monotonicMs() - beganMs
    },
    async whenIdle() {
      await Promise.allSettled(inFlight.keys())
    },
  }
}
