import { type Clock, createLoop, createService, type Logger, type Loop, type Service } from '@witan/runtime'
import type { ChainMetrics } from './metrics.js'
import type { Rpc } from './rpc/rpc.js'

export interface PollOptions {
  readonly name: string
  readonly pollMs: number
  run(signal: AbortSignal): Promise<void>
  /** Runs at once, too, when this tells of a new head. */
  readonly onHead: Rpc['onHead']
}

export interface PollModules {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics?: ChainMetrics | undefined
}

const MAX_BACKOFF_MS = 10_000

/**
 * Runs every `pollMs` and at every new head that an endpoint tells of; while runs fail (a dead endpoint), less and less
 * often. Each failure is counted, none ends it.
 */
export function createPollLoop(
  { name, pollMs, run, onHead }: PollOptions,
  { clock, logger, metrics }: PollModules,
): Service {
  let failures = 0
  const loop = createLoop(
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
  return wakenedBy(onHead, loop)
}

/** The loop, woken by new heads while it runs. */
export function wakenedBy(onHead: Rpc['onHead'], loop: Loop): Service {
  let unsubscribe: (() => void) | undefined
  return createService({
    async start() {
      unsubscribe = onHead?.(loop.wake)
      await loop.start()
    },
    async stop() {
      unsubscribe?.()
      await loop.stop()
    },
  })
}
