// Entry of a task thread: loads one model, then answers one input at a time.
import { parentPort } from 'node:worker_threads'
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js'
import { createTaskRunner, type TaskRunner } from './task-runner.js'
import { type ThreadReply, type ThreadRequest, toFailure } from './thread-messages.js'

let runner: TaskRunner | undefined

async function answer(request: ThreadRequest): Promise<ThreadReply> {
  if (request.kind === 'load') {
    runner = await createTaskRunner(request.model, await createOnnxEngine({ provider: request.provider }))
    return { kind: 'loaded', description: runner.description }
  }
  if (runner === undefined) throw new Error('a task thread was asked to run before it had a model')
  return { kind: 'answer', answer: await runner.run(request.input) }
}

parentPort?.on('message', async (request: ThreadRequest) => {
  const reply = await answer(request).catch((error): ThreadReply => ({ kind: 'failure', failure: toFailure(error) }))
  parentPort?.postMessage(reply)
})
