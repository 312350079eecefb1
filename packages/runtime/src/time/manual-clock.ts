import { setImmediate } from 'node:timers/promises'
import type { Clock } from './clock.js'
import { createDeadline } from './deadline.js'
import { sleep } from './sleep.js'
import type { StartTimer } from './timer.js'

/** A clock that moves only when told to: for tests and simulations. */
export interface ManualClock extends Clock {
  /** Moves time by `ms`, running what falls due in order; after each, promises get a turn to settle. */
  advance(ms: number): Promise<void>
  /** How many timers wait. */
  pending(): number
}

interface Timer {
  readonly dueMs: number
  readonly run: () => void
}

export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  const timers = new Set<Timer>()

  const startTimer: StartTimer = (ms, run) => {
    const timer = { dueMs: nowMs + Math.max(0, ms), run }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  const nextDueBy = (limitMs: number): Timer | undefined => {
    let next: Timer | undefined
    for (const timer of timers) {
      if (timer.dueMs <= limitMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer
    }
    return next
  }

  const advance = async (ms: number) => {
    const endMs = nowMs + ms
    await setImmediate()
    for (let timer = nextDueBy(endMs); timer !== undefined; timer = nextDueBy(endMs)) {
      timers.delete(timer)
      nowMs = Math.max(nowMs, timer.dueMs)
      timer.run()
      await setImmediate()
    }
    nowMs = endMs
  }

  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleep: (ms, signal) => sleep(startTimer, ms, signal),
    timeout: (ms, parent) => createDeadline(startTimer, ms, parent),
    schedule: (ms, run) => startTimer(ms, run, { keepAlive: true }),
    advance,
    pending: () => timers.size,
  }
}
