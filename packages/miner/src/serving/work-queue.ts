import { isWitanError, WitanError } from '@witan/protocol'
import { type Clock, createLimiter } from '@witan/runtime'

export interface WorkQueueOptions {
  readonly concurrency: number
  /** Requests that may wait; one more is refused with `BUSY`. */
  readonly queue: number
}

export interface WorkQueue {
  /** Runs `work` when a place is free; `BUSY` says when to come back. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
  active(): number
  waiting(): number
}

/** Weight of the newest run in the moving average of run times. */
const NEWEST = 0.2
/** Assumed until the first run has ended: what a small model takes. */
const FIRST_RUN_MS = 50

/** A bounded queue that learns how long a run takes, so that whoever is refused comes back when a place is likely. */
export function createWorkQueue(
  options: WorkQueueOptions,
  { clock }: { clock: Pick<Clock, 'monotonicMs'> },
): WorkQueue {
  const limiter = createLimiter(options)
  let averageMs = FIRST_RUN_MS

  const measured = async <T>(work: () => Promise<T>): Promise<T> => {
    const startedMs = clock.monotonicMs()
    const result = await work()
    averageMs += NEWEST * (clock.monotonicMs() - startedMs - averageMs)
    return result
  }
  const busy = (cause: WitanError): WitanError => {
    const retryAfterMs = Math.ceil((averageMs * (limiter.waiting() + 1)) / options.concurrency)
    return new WitanError('BUSY', 'The queue of the miner is full', { facts: { ...cause.facts, retryAfterMs }, cause })
  }

  return {
    run: (work, signal) =>
      limiter
        .run(() => measured(work), signal)
        .catch((error) => {
          throw isWitanError(error, 'BUSY') ? busy(error) : error
        }),
    active: limiter.active,
    waiting: limiter.waiting,
  }
}
