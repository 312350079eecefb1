import { type Clock, createLoop, type Logger, type Loop } from '@witan/runtime'
import type { ChainMetrics } from './metrics.js'

export interface PollOptions {
  readonly name: string
  readonly pollMs: number
  run(signal: AbortSignal): Promise<void>
}

export interface PollModules {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics?: ChainMetrics | undefined
}

const MAX_BACKOFF_MS = 10_000

/** Runs every `pollMs`; while runs fail (a dead endpoint), less and less often. Each failure is counted, none ends it. */
export function createPollLoop({ name, pollMs, run }: PollOptions, { clock, logger, metrics }: PollModules): Loop {
  let failures = 0
  return createLoop(
    {
      name,
      intervalMs: pollMs,
      async run(signal) {
        try {
          await run(signal)
          failures = 0
        } catch (error) {
          if (signal.aborted) return
          failures++
          metrics?.followFailuresTotal.increment()
          logger.warn({ loop: name, failures, err: error }, 'chain not followed, trying again')
          await clock
            .sleep(Math.min(pollMs * 2 ** Math.min(failures, 16), MAX_BACKOFF_MS), signal)
            .catch(() => undefined)
        }
      },
    },
    { clock, logger },
  )
}
