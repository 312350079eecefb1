import { Worker } from 'node:worker_threads'
import { WitanError } from '@witan/protocol'
import type { VerifiedModel } from '../model/verified-model.js'
import type { TaskAnswer, TaskDescription } from './task-runner.js'
import { fromFailure, type ThreadReply, type ThreadRequest } from './thread-messages.js'

/** A thread with one loaded model. Calls must not overlap. */
export interface TaskThread {
  load(model: VerifiedModel, provider: string): Promise<TaskDescription>
  run(input: Uint8Array): Promise<TaskAnswer>
  /** False once the thread has ended, for whatever reason. */
  alive(): boolean
  /** Ends the thread at once; a call in progress fails with TASK_WORKER_LOST. */
  end(reason: string): Promise<void>
}

/**
 * JavaScript heap of a thread. Weights, pixels and tensors lie outside it, held by small objects: a small young
 * generation makes their memory come back soon.
 */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 2 }

export function createTaskThread(): TaskThread {
  const worker = new Worker(new URL('./thread-main.js', import.meta.url), {
    name: 'witan-task',
    resourceLimits: HEAP_LIMITS,
  })
  let waiting: { resolve(reply: ThreadReply): void; reject(error: unknown): void } | undefined
  let lost: WitanError | undefined

  const lose = (reason: string, cause?: unknown) => {
    lost ??= new WitanError('TASK_WORKER_LOST', 'The thread that runs the model has ended', {
      facts: { reason },
      cause,
    })
    waiting?.reject(lost)
    waiting = undefined
  }
  worker.on('message', (reply: ThreadReply) => {
    waiting?.resolve(reply)
    waiting = undefined
  })
  worker.on('error', (error: Error) => lose(error.message, error))
  worker.on('exit', (code) => lose(`exit code ${code}`))

  const ask = async (request: ThreadRequest): Promise<ThreadReply> => {
    if (lost !== undefined) throw lost
    const { promise, resolve, reject } = Promise.withResolvers<ThreadReply>()
    waiting = { resolve, reject }
    worker.postMessage(request)
    const reply = await promise
    if (reply.kind === 'failure') throw fromFailure(reply.failure)
    return reply
  }

  return {
    load: async (model, provider) => {
      const reply = await ask({ kind: 'load', model, provider })
      if (reply.kind !== 'loaded') throw new Error(`a task thread answered a load with ${reply.kind}`)
      return reply.description
    },
    run: async (input) => {
      const reply = await ask({ kind: 'run', input })
      if (reply.kind !== 'answer') throw new Error(`a task thread answered a run with ${reply.kind}`)
      return reply.answer
    },
    alive: () => lost === undefined,
    end: async (reason) => {
      lose(reason)
      await worker.terminate()
    },
  }
}
