import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WitanError } from '@witan/protocol'
import type { VerifiedModel } from '../model/verified-model.js'
import { fromFailure, type ProcessReply, type ProcessRequest } from './process-messages.js'
import type { TaskAnswer, TaskDescription } from './task-runner.js'

/** A process with one loaded model. Calls must not overlap. */
export interface TaskProcess {
  load(model: VerifiedModel, provider: string): Promise<TaskDescription>
  run(input: Uint8Array): Promise<TaskAnswer>
  /** False once the process has ended, for whatever reason. */
  alive(): boolean
  /** Ends the process at once; a call in progress fails with TASK_WORKER_LOST. */
  end(reason: string): Promise<void>
}

/**
 * JavaScript heap of a process, in MiB. Weights, pixels and tensors lie outside it, held by small objects: a small
 * young generation makes their memory come back soon.
 */
const HEAP_LIMITS = ['--max-old-space-size=256', '--max-semi-space-size=1']

/**
 * A process, not a thread: native code that runs a model cannot be stopped inside a process (ending a thread under it
 * takes the whole process along), and a crash in it must not reach the node and its keys.
 */
export function createTaskProcess(): TaskProcess {
  const child = fork(fileURLToPath(new URL('./process-main.js', import.meta.url)), {
    serialization: 'advanced',
    execArgv: HEAP_LIMITS,
    env: withoutSettings(process.env),
    // What a native library prints must not mix with the answers of a command.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  let waiting: { resolve(reply: ProcessReply): void; reject(error: unknown): void } | undefined
  let lost: WitanError | undefined

  const lose = (reason: string, cause?: unknown) => {
    lost ??= new WitanError('TASK_WORKER_LOST', 'The process that runs the model has ended', {
      facts: { reason },
      cause,
    })
    waiting?.reject(lost)
    waiting = undefined
  }
  child.on('message', (reply: ProcessReply) => {
    waiting?.resolve(reply)
    waiting = undefined
  })
  const ended = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      lose(signal === null ? `exit code ${code}` : `signal ${signal}`)
      resolve()
    })
    child.on('error', (error) => {
      lose(error.message, error)
      // One that never started does not exit.
      if (child.pid === undefined) resolve()
    })
  })

  const ask = async (request: ProcessRequest): Promise<ProcessReply> => {
    if (lost !== undefined) throw lost
    const { promise, resolve, reject } = Promise.withResolvers<ProcessReply>()
    waiting = { resolve, reject }
    child.send(request, (error) => {
      if (error !== null) lose(error.message, error)
    })
    const reply = await promise
    if (reply.kind === 'failure') throw fromFailure(reply.failure)
    return reply
  }

  return {
    load: async (model, provider) => {
      const reply = await ask({ kind: 'load', model, provider })
      if (reply.kind !== 'loaded') throw new Error(`a task process answered a load with ${reply.kind}`)
      return reply.description
    },
    run: async (input) => {
      const reply = await ask({ kind: 'run', input })
      if (reply.kind !== 'answer') throw new Error(`a task process answered a run with ${reply.kind}`)
      return reply.answer
    },
    alive: () => lost === undefined,
    end: async (reason) => {
      lose(reason)
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The environment without what is meant for the node, such as where its password lies. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('WITAN_')))
}
