import { availableParallelism } from 'node:os'
import { WitanError } from '@witan/protocol'
import { type Clock, createLimiter, createService, type Service, unlessAborted } from '@witan/runtime'
import { TASK_RUN_TIMEOUT_MS } from '../limits.js'
import type { VerifiedModel } from '../model/verified-model.js'
import { createTaskProcess, type TaskProcess } from './task-process.js'
import type { TaskAnswer, TaskDescription, TaskRunner } from './task-runner.js'

export interface TaskPoolOptions {
  /** Runs at a time, each in a process with a session of its own; one a core when absent. */
  readonly processes?: number
  /** Runs that may wait for a process; one more is refused with `BUSY`. */
  readonly queue?: number
  /** Execution provider, as for `createOnnxEngine`. */
  readonly provider?: string
  /** A run longer than this loses its process: TASK_WORKER_LOST. */
  readonly runTimeoutMs?: number
}

export interface TaskPoolModules {
  readonly model: VerifiedModel
  readonly clock: Pick<Clock, 'schedule'>
}

/** Runs a task off the event loop: decoding, scaling and inference happen in processes of their own. */
export interface TaskPool extends Service, Pick<TaskRunner, 'run'> {
  /** Known after `start`. */
  description(): TaskDescription
  active(): number
  waiting(): number
}

/**
 * Processes that each hold the model. An aborted run is left at once, while its process finishes it before it
 * takes another; a process that ends or hangs is replaced on the next run.
 */
export function createTaskPool(options: TaskPoolOptions, { model, clock }: TaskPoolModules): TaskPool {
  const {
    processes = availableParallelism(),
    queue = 64,
    provider = 'cpu',
    runTimeoutMs = TASK_RUN_TIMEOUT_MS,
  } = options
  const limiter = createLimiter({ concurrency: processes, queue })
  const all = new Set<TaskProcess>()
  const idle: TaskProcess[] = []
  let description: TaskDescription | undefined
  let running = false

  const openProcess = async (): Promise<TaskProcess> => {
    const child = createTaskProcess()
    all.add(child)
    try {
      description = await child.load(model, provider)
      return child
    } catch (error) {
      await closeProcess(child, 'the model could not be loaded')
      throw error
    }
  }
  const closeProcess = async (child: TaskProcess, reason: string) => {
    all.delete(child)
    await child.end(reason)
  }
  const takeProcess = async (): Promise<TaskProcess> => {
    for (let child = idle.pop(); child !== undefined; child = idle.pop()) {
      if (child.alive()) return child
      all.delete(child)
    }
    return openProcess()
  }
  const runInProcess = async (input: Uint8Array): Promise<TaskAnswer> => {
    if (!running)
      throw new WitanError('TASK_WORKER_LOST', 'The model is not running', { facts: { model: model.version } })
    const child = await takeProcess()
    const cancel = clock.schedule(runTimeoutMs, () => void closeProcess(child, `no answer in ${runTimeoutMs} ms`))
    try {
      return await child.run(input)
    } finally {
      cancel()
      if (child.alive()) idle.push(child)
      else all.delete(child)
    }
  }

  const stop = async () => {
    running = false
    idle.length = 0
    await Promise.all([...all].map((child) => closeProcess(child, 'the pool was stopped')))
  }
  const start = async () => {
    try {
      idle.push(...(await Promise.all(Array.from({ length: processes }, openProcess))))
      running = true
    } catch (error) {
      await stop()
      throw error
    }
  }

  return {
    ...createService({ start, stop }),
    run: (input, signal) =>
      unlessAborted(
        limiter.run(() => runInProcess(input), signal),
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
