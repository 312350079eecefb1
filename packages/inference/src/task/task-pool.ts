import { availableParallelism } from 'node:os'
import { WitanError } from '@witan/protocol'
import { type Clock, createLimiter, createService, type Service } from '@witan/runtime'
import { TASK_RUN_TIMEOUT_MS } from '../limits.js'
import type { VerifiedModel } from '../model/verified-model.js'
import type { TaskAnswer, TaskDescription, TaskRunner } from './task-runner.js'
import { createTaskThread, type TaskThread } from './task-thread.js'

export interface TaskPoolOptions {
  /** Runs at a time, each on a thread with a session of its own; one a core when absent. */
  readonly threads?: number
  /** Runs that may wait for a thread; one more is refused with `BUSY`. */
  readonly queue?: number
  /** Execution provider, as for `createOnnxEngine`. */
  readonly provider?: string
  /** A run longer than this loses its thread: TASK_WORKER_LOST. */
  readonly runTimeoutMs?: number
}

export interface TaskPoolModules {
  readonly model: VerifiedModel
  readonly clock: Pick<Clock, 'schedule'>
}

/** Runs a task off the event loop: decoding, scaling and inference happen on threads. */
export interface TaskPool extends Service, Pick<TaskRunner, 'run'> {
  /** Known after `start`. */
  description(): TaskDescription
  active(): number
  waiting(): number
}

/**
 * Threads that each hold the model. An aborted run is left at once, while its thread finishes it before it takes
 * another; a thread that ends or hangs is replaced on the next run.
 */
export function createTaskPool(options: TaskPoolOptions, { model, clock }: TaskPoolModules): TaskPool {
  const { threads = availableParallelism(), queue = 64, provider = 'cpu', runTimeoutMs = TASK_RUN_TIMEOUT_MS } = options
  const limiter = createLimiter({ concurrency: threads, queue })
  const all = new Set<TaskThread>()
  const idle: TaskThread[] = []
  let description: TaskDescription | undefined
  let running = false

  const openThread = async (): Promise<TaskThread> => {
    const thread = createTaskThread()
    all.add(thread)
    try {
      description = await thread.load(model, provider)
      return thread
    } catch (error) {
      await closeThread(thread, 'the model could not be loaded')
      throw error
    }
  }
  const closeThread = async (thread: TaskThread, reason: string) => {
    all.delete(thread)
    await thread.end(reason)
  }
  const takeThread = async (): Promise<TaskThread> => {
    for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
      if (thread.alive()) return thread
      all.delete(thread)
    }
    return openThread()
  }
  const runOnThread = async (input: Uint8Array): Promise<TaskAnswer> => {
    if (!running)
      throw new WitanError('TASK_WORKER_LOST', 'The model is not running', { facts: { model: model.version } })
    const thread = await takeThread()
    const cancel = clock.schedule(runTimeoutMs, () => void closeThread(thread, `no answer in ${runTimeoutMs} ms`))
    try {
      return await thread.run(input)
    } finally {
      cancel()
      if (thread.alive()) idle.push(thread)
      else all.delete(thread)
    }
  }

  const stop = async () => {
    running = false
    idle.length = 0
    await Promise.all([...all].map((thread) => closeThread(thread, 'the pool was stopped')))
  }
  const start = async () => {
    try {
      idle.push(...(await Promise.all(Array.from({ length: threads }, openThread))))
      running = true
    } catch (error) {
      await stop()
      throw error
    }
  }

  return {
    ...createService({ start, stop }),
    run: (input, signal) =>
      untilAborted(
        limiter.run(() => runOnThread(input), signal),
        signal,
      ),
    description: () => {
      if (description === undefined) throw new Error('a task pool is described after its start')
      return description
    },
    active: () => limiter.active(),
    waiting: () => limiter.waiting(),
  }
}

/** Settles as `promise`, or rejects with the reason of the signal when that comes first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
