import { type EpochSchedule, epochAt, epochWindow } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { Duty } from './duty.js'
import { isWithin } from './phases.js'

export interface DutyRunnerOptions {
  /** The subnet's calendar as it is known; its owner may change it. */
  schedule(): EpochSchedule
  readonly duties: readonly Duty[]
}

export interface DutyRunnerModules {
  readonly clock: Pick<Clock, 'monotonicMs'>
  onError(duty: Duty, epoch: number, error: unknown): void
}

export interface DutyRunner {
  /** Begins every duty that is due at chain time `now` (unix seconds) and not in progress; returns at once. */
  tick(now: number, signal: AbortSignal): void
  /** Resolves when the duties in progress have ended. */
  whenIdle(): Promise<void>
}

interface Task {
  state: 'waiting' | 'running' | 'done'
  failures: number
  /** Unix seconds of chain time: the duty itself asked to wait until then. */
  notBefore: number
  /** Monotonic milliseconds: it failed and is not tried again before. */
  retryAtMs: number
}

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

/** Duties of the running epoch and of the one that is revealed and settled meanwhile. */
const EPOCHS_AT_A_TIME = 2

/**
 * Runs duties by the clock of the chain. Each epoch and duty is a small state machine: waiting, running, done; a failure
 * goes back to waiting, longer each time, until the phase has passed. Epochs that ended during an outage are never due.
 */
export function createDutyRunner({ schedule, duties }: DutyRunnerOptions, modules: DutyRunnerModules): DutyRunner {
  const { clock, onError } = modules
  const tasks = new Map<number, Map<Duty, Task>>()
  const running = new Set<Promise<void>>()

  const taskOf = (epoch: number, duty: Duty): Task => {
    const ofEpoch = tasks.get(epoch) ?? new Map<Duty, Task>()
    tasks.set(epoch, ofEpoch)
    const task = ofEpoch.get(duty) ?? {
      state: 'waiting',
      failures: 0,
      notBefore: 0,
      retryAtMs: Number.NEGATIVE_INFINITY,
    }
    ofEpoch.set(duty, task)
    return task
  }

  const begin = async (task: Task, duty: Duty, epoch: number, now: number, signal: AbortSignal) => {
    task.state = 'running'
    try {
      const result = await duty.run({ epoch, window: epochWindow(schedule(), epoch), now, signal })
      task.state = result === 'done' ? 'done' : 'waiting'
      if (result !== 'done') task.notBefore = result.notBefore
    } catch (error) {
      task.state = 'waiting'
      if (signal.aborted) return
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(task.failures++, 16))
      task.retryAtMs = clock.monotonicMs() + delayMs
      onError(duty, epoch, error)
    }
  }

  const isDue = (task: Task, duty: Duty, epoch: number, now: number): boolean =>
    task.state === 'waiting' &&
    now >= task.notBefore &&
    clock.monotonicMs() >= task.retryAtMs &&
    isWithin(duty.phase(epochWindow(schedule(), epoch)), now)

  return {
    tick(now, signal) {
      const newest = epochAt(schedule(), now)
      const oldest = Math.max(0, newest - EPOCHS_AT_A_TIME + 1)
      for (const epoch of tasks.keys()) if (epoch < oldest) tasks.delete(epoch)
      for (let epoch = oldest; epoch <= newest; epoch++) {
        for (const duty of duties) {
          const task = taskOf(epoch, duty)
          if (!isDue(task, duty, epoch, now)) continue
          const run = begin(task, duty, epoch, now, signal).finally(() => running.delete(run))
          running.add(run)
        }
      }
    },
    async whenIdle() {
      await Promise.allSettled(running)
    },
  }
}
