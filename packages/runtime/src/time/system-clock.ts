import type { Clock } from './clock.js'
import { createDeadline } from './deadline.js'
import { sleep } from './sleep.js'
import { startSystemTimer } from './timer.js'

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(startSystemTimer, ms, signal),
  timeout: (ms, parent) => createDeadline(startSystemTimer, ms, parent),
  schedule: (ms, run) => startSystemTimer(ms, run, { keepAlive: true }),
}
