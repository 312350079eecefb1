import { WitanError } from '@witan/protocol'

export interface LimiterOptions {
  /** Tasks that run at a time. */
  readonly concurrency: number
  /** Tasks that may wait for a place; one more is refused with `BUSY`. */
  readonly queue: number
}

export interface Limiter {
  /** Runs `task` when a place is free, first come first served. An abort while waiting gives the place up. */
  run<T>(task: () => Promise<T> | T, signal?: AbortSignal): Promise<T>
  active(): number
  waiting(): number
}

export function createLimiter({ concurrency, queue }: LimiterOptions): Limiter {
  const waiters = new Set<() => void>()
  let active = 0

  const enter = async (signal?: AbortSignal) => {
    signal?.throwIfAborted()
    if (active < concurrency) {
      active++
      return
    }
    if (waiters.size >= queue) {
      throw new WitanError('BUSY', 'Every place is taken and the queue is full', { facts: { concurrency, queue } })
    }
    await waitForPlace(waiters, signal)
  }

  const leave = () => {
    const [next] = waiters
    // The place passes on without being freed in between, so that a newcomer cannot overtake.
    if (next === undefined) active--
    else next()
  }

  return {
    async run(task, signal) {
      await enter(signal)
      try {
        return await task()
      } finally {
        leave()
      }
    },
    active: () => active,
    waiting: () => waiters.size,
  }
}

function waitForPlace(waiters: Set<() => void>, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      waiters.delete(onPlace)
      reject(signal?.reason)
    }
    const onPlace = () => {
      waiters.delete(onPlace)
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }
    waiters.add(onPlace)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
