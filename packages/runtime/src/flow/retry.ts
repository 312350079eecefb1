import { drawFloat } from '../random/draw.js'
import type { Random } from '../random/random.js'
import type { Clock } from '../time/clock.js'

export interface RetryOptions {
  /** Runs in all, the first included. */
  readonly attempts: number
  /** Longest pause after the first failure; doubles with each, up to `maxDelayMs`. */
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  /** Whether this failure is worth another run; every one is when absent. */
  readonly shouldRetry?: (error: unknown, attempt: number) => boolean
}

export interface RetryModules {
  readonly clock: Clock
  readonly random: Random
  readonly signal?: AbortSignal
}

/**
 * Runs until it succeeds and rejects with the last failure, or with the signal's reason. The pause is drawn between half
 * and all of its bound, so that clients of one failed server do not come back together.
 */
export async function retry<T>(
  run: (attempt: number) => Promise<T>,
  options: RetryOptions,
  { clock, random, signal }: RetryModules,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await run(attempt)
    } catch (error) {
      signal?.throwIfAborted()
      if (attempt >= options.attempts || options.shouldRetry?.(error, attempt) === false) throw error
    }
    const boundMs = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (attempt - 1))
    await clock.sleep((boundMs * (1 + drawFloat(random))) / 2, signal)
  }
}
