// Entry of a task process: loads one model, then answers one input at a time.
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js'
import { type ProcessReply, type ProcessRequest, toFailure } from './process-messages.js'
import { createTaskRunner, type TaskRunner } from './task-runner.js'

let runner: TaskRunner | undefined

async function answer(request: ProcessRequest): Promise<ProcessReply> {
  if (request.kind === 'load') {
    runner = await createTaskRunner(request.model, await createOnnxEngine({ provider: request.provider }))
    return { kind: 'loaded', description: runner.description }
  }
  if (runner === undefined) throw new Error('a task process was asked to run before it had a model')
  return { kind: 'answer', answer: await runner.run(request.input) }
}

process.title = 'witan-task'
process.on('message', async (request: ProcessRequest) => {
  const reply = await answer(request).catch((error): ProcessReply => ({ kind: 'failure', failure: toFailure(error) }))
  if (process.connected) process.send?.(reply)
})
// However the node ends, its task processes end with it.
process.on('disconnect', () => process.exit())
// A terminal and a service manager signal the whole group: the node decides, after its last answer.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
