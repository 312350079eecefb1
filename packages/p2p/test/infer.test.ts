import { randomBytes } from 'node:crypto'
import { INFER_PROTOCOL, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import t from 'tap'
import { createInferClient, type Host } from '../src/index.js'
import { answerOf, clock, networkName, operatorOf, requestOf, startHost, verifier } from './support/network.js'
import { aborted, gate, startPair } from './support/pair.js'

t.test('inputs and answers of every size arrive whole, with their receipt', async (t) => {
  const { client, miner } = await startPair(t, {
    handler: async ({ input }) => answerOf(Buffer.concat([input, input.subarray(0, 8 << 20)])),
  })
  for (const size of [0, 1, 256, 65_536, 65_537, 1 << 20, 16 << 20]) {
    const input = randomBytes(size)
    const { output, closing } = await client.infer(miner.target, requestOf(), input)
    t.ok(Buffer.compare(output, Buffer.concat([input, input.subarray(0, 8 << 20)])) === 0, `${size} bytes`)
    t.equal(verifier.verify(closing.receipt), operatorOf('miner'))
  }
})

t.test('an input past 16 MiB is refused before it is sent', async (t) => {
  const { client, miner } = await startPair(t)
  await t.rejects(client.infer(miner.target, requestOf(), new Uint8Array((16 << 20) + 1)), {
    code: 'MESSAGE_TOO_LARGE',
  })
})

t.test(
  'the handler learns who asks and what; 64 calls run at a time and the 65th is told when to come back',
  async (t) => {
    const { handler, arrived, release } = gate()
    const { client, miner, consumer } = await startPair(t, { handler })
    const inputs = Array.from({ length: 64 }, (_, index) => randomBytes(100 + index))
    const answers = inputs.map((input) => client.infer(miner.target, requestOf(), input))
    await arrived(64)
    const refused = client.infer(miner.target, requestOf(), randomBytes(10))
    await t.rejects(refused, { code: 'BUSY', facts: { retryAfterMs: 250, operator: miner.host.operator } })
    release()
    const outputs = await Promise.all(answers)
    t.ok(outputs.every(({ output }, index) => Buffer.compare(output, inputs[index]!) === 0))
    t.equal(miner.metrics.calls.value({ side: 'server', result: 'BUSY' }), 1)
    t.equal(consumer.metrics.calls.value({ side: 'client', result: 'ok' }), 64)
    const again = client.infer(miner.target, requestOf(), randomBytes(10))
    await arrived(65)
    release()
    await again
  },
)

t.test('memory is bounded as well as calls', async (t) => {
  const { handler, arrived, release } = gate()
  const { client, miner } = await startPair(t, { handler, limits: { maxBytesPerPeer: 2 << 20 } })
  const first = client.infer(miner.target, requestOf(), randomBytes(1 << 20))
  await arrived(1)
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes((1 << 20) + 1)), { code: 'BUSY' })
  release()
  await first
})

t.test('giving a call up reaches the handler', async (t) => {
  const { handler, arrived, signals } = gate()
  const { client, miner } = await startPair(t, { handler })
  const controller = new AbortController()
  const call = client.infer(miner.target, requestOf(), randomBytes(10), { signal: controller.signal })
  await arrived(1)
  const reason = new Error('no longer wanted')
  controller.abort(reason)
  await t.rejects(call, reason)
  t.match(await aborted(signals[0]!), { code: 'CALL_CANCELLED' })
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(1), { signal: controller.signal }), reason)
})

t.test('a deadline ends the call on both sides', async (t) => {
  const { handler, arrived, signals } = gate()
  const { client, miner } = await startPair(t, { handler })
  const call = client.infer(miner.target, requestOf({ deadline: clock.nowMs() + 300 }), randomBytes(10))
  await arrived(1)
  await t.rejects(call, { code: 'DEADLINE_EXCEEDED' })
  await aborted(signals[0]!)
  const tooFar = requestOf({ deadline: clock.nowMs() + 700_000 })
  await t.rejects(client.infer(miner.target, tooFar, randomBytes(10)), { code: 'DEADLINE_EXCEEDED' })
})

t.test('one slow reader does not hold the others', async (t) => {
  const { client, miner } = await startPair(t, {
    handler: async ({ input }) => answerOf(new Uint8Array(input.length === 1 ? 8 << 20 : 16)),
  })
  const reader = Promise.withResolvers<void>()
  let chunks = 0
  const slow = client.infer(miner.target, requestOf(), randomBytes(1), {
    onChunk: async () => {
      chunks++
      await reader.promise
    },
  })
  for (let round = 0; round < 50; round++) await client.infer(miner.target, requestOf(), randomBytes(2))
  t.ok(chunks <= 16, `the slow one was sent its window, ${chunks} chunks, and no more`)
  reader.resolve()
  t.equal((await slow).output.length, 8 << 20)
})

t.test('a reader that throws ends its call', async (t) => {
  const { client, miner } = await startPair(t, { handler: async () => answerOf(new Uint8Array(4 << 20)) })
  const failure = new Error('disk full')
  const onChunk = () => {
    throw failure
  }
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(1), { onChunk }), failure)
  t.equal((await client.infer(miner.target, requestOf(), randomBytes(1))).output.length, 4 << 20)
})

t.test('only admitted operators are served, and the rest before their payload is read', async (t) => {
  const { client, miner, consumer, admitted } = await startPair(t)
  admitted.delete(consumer.host.operator)
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(4 << 20)), { code: 'NOT_ADMITTED' })
  admitted.add(consumer.host.operator)
  await client.infer(miner.target, requestOf(), randomBytes(4 << 20))
})

t.test('a failing handler is a code for the peer and nothing worse', async (t) => {
  const failures: unknown[] = [
    new WitanError('RECORD_NOT_FOUND', 'a coded failure'),
    new Error('a bug with a secret in its text'),
  ]
  const { client, miner } = await startPair(t, {
    handler: async ({ input }) => {
      if (input.length === 0) throw failures.shift()
      return answerOf(input.length === 1 ? new Uint8Array((64 << 20) + 1) : input)
    },
  })
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(0)), { code: 'RECORD_NOT_FOUND' })
  const error = await client.infer(miner.target, requestOf(), randomBytes(0)).catch((caught: unknown) => caught)
  t.match(error, { code: 'PEER_FAILED', facts: { peerCode: 'INTERNAL' } })
  t.notMatch(String((error as Error).cause), /secret/)
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(1)), { code: 'PEER_FAILED' })
  await client.infer(miner.target, requestOf(), randomBytes(2))
})

t.test('a server that stops finishes what it has begun and takes no more', async (t) => {
  const { handler, arrived, release, signals } = gate()
  const { client, miner, server } = await startPair(t, { handler })
  const call = client.infer(miner.target, requestOf(), randomBytes(10))
  await arrived(1)
  const stopped = server.stop()
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(10)), {
    code: 'HOST_STOPPING',
    facts: { retryAfterMs: 250 },
  })
  release()
  t.equal((await call).output.length, 10)
  await stopped
  await t.rejects(client.infer(miner.target, requestOf(), randomBytes(10)), { code: 'PEER_PROTOCOL_UNSUPPORTED' })
  await server.start()
  const late = client.infer(miner.target, requestOf(), randomBytes(10))
  await arrived(2)
  await Promise.all([t.rejects(late, { code: 'HOST_STOPPING' }), server.stop()])
  t.match(signals[1]!.reason, { code: 'HOST_STOPPING' })
})

t.test('a peer is known by its PeerId as well, and calls that come at once share one stream', async (t) => {
  const { miner, consumer } = await startPair(t)
  const client = createInferClient({}, consumer)
  const peer = { peerId: miner.host.peerId, multiaddrs: miner.host.multiaddrs() }
  await Promise.all(Array.from({ length: 8 }, () => client.infer(peer, requestOf(), randomBytes(10))))
  t.equal(consumer.metrics.dials.value({ result: 'connected' }), 1)
})

t.test('a stream without calls is closed after a while and opened again when needed', async (t) => {
  const { miner, consumer } = await startPair(t)
  let skippedMs = 0
  let opened = 0
  const idleTimers: (() => void)[] = []
  const watched: Clock = {
    ...clock,
    monotonicMs: () => clock.monotonicMs() + skippedMs,
    schedule(ms, run) {
      if (ms < 50_000) return clock.schedule(ms, run)
      idleTimers.push(run)
      return () => undefined
    },
  }
  const { host } = consumer
  const counted: Pick<Host, 'networkName' | 'open' | 'strike'> = {
    networkName,
    strike: (peer, protocol) => host.strike(peer, protocol),
    open(protocol, target, signal) {
      opened++
      return host.open(protocol, target, signal)
    },
  }
  const client = createInferClient({}, { ...consumer, clock: watched, host: counted })
  const ask = () => client.infer(miner.target, requestOf(), randomBytes(10))
  await ask()
  skippedMs = INFER_PROTOCOL.idleTimeoutMs / 2
  await ask()
  skippedMs = INFER_PROTOCOL.idleTimeoutMs
  idleTimers.shift()!()
  await ask()
  t.equal(opened, 1, 'used half the time ago')
  skippedMs = INFER_PROTOCOL.idleTimeoutMs * 2
  idleTimers.shift()!()
  await ask()
  t.equal(opened, 2)
  t.same(idleTimers.length, 1)
  await client.stop()
})

t.test('a request that cannot be encoded leaves nothing behind', async (t) => {
  const { client, miner } = await startPair(t)
  await t.rejects(client.infer(miner.target, requestOf({ nonce: '0x00' }), randomBytes(10)))
  await client.infer(miner.target, requestOf(), randomBytes(10))
})

t.test('without an address that works there is a coded failure', async (t) => {
  const consumer = await startHost(t, 'consumer')
  const client = createInferClient({}, consumer)
  const operator = operatorOf('miner')
  const nobody = { operator, multiaddrs: ['/ip4/127.0.0.1/tcp/1'] }
  await t.rejects(client.infer(nobody, requestOf(), randomBytes(1)), { code: 'PEER_UNREACHABLE' })
  await t.rejects(client.infer({ operator, multiaddrs: [] }, requestOf(), randomBytes(1)), { code: 'PEER_UNREACHABLE' })
})
