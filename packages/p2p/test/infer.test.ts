import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { createInferClient, createInferServer, type InferHandler, type InferLimits } from '../src/index.js'
import { answerOf, requestOf, startHost, verifier } from './support/network.js'

const echo: InferHandler = async ({ input }) => answerOf(input)

async function startPair(t: Test, handler: InferHandler = echo, limits: Partial<InferLimits> = {}) {
  const miner = await startHost(t, 'miner')
  const admitted = new Set<string>()
  const server = createInferServer(
    { limits: { drainMs: 1000, ...limits } },
    { ...miner, handler, admit: (operator) => admitted.has(operator) },
  )
  await server.start()
  t.teardown(() => server.stop())
  const consumer = await startHost(t, 'consumer')
  admitted.add(consumer.host.operator)
  const client = createInferClient({}, consumer)
  return { miner, consumer, client, server, admitted, peer: miner.target }
}

t.test('a small input and a small answer travel in one frame each', async (t) => {
  const { client, peer, miner } = await startPair(t)
  const input = randomBytes(256)
  const { output, closing } = await client.infer(peer, requestOf(), input)
  t.same(Buffer.from(output), input)
  t.equal(verifier.verify(closing.receipt), miner.host.operator)
})

t.test('16 MiB in and 24 MiB out', async (t) => {
  const { client, peer } = await startPair(t, async ({ input }) => answerOf(Buffer.concat([input, input.subarray(0, 8 << 20)])))
  const input = randomBytes(16 << 20)
  const { output } = await client.infer(peer, requestOf(), input)
  t.ok(Buffer.compare(output, Buffer.concat([input, input.subarray(0, 8 << 20)])) === 0)
})
