import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { encodeInferFrame, type InferFrame } from '@witan/protocol'
import t, { type Test } from 'tap'
import { FrameChannel } from '../src/framing/frame-channel.js'
import { FrameReader } from '../src/framing/frame-reader.js'
import { segmentsOf } from '../src/framing/segments.js'
import { frameOf } from '../src/framing/single-frame.js'
import { createInferClient, type PeerTarget } from '../src/index.js'
import { openRawStream, protocol, wireRequest } from './support/hostile.js'
import { clock, operatorOf, requestOf, startHost } from './support/network.js'
import { gate, startPair } from './support/pair.js'

const chunk = (call: number, size: number): InferFrame => ({
  call,
  kind: 'chunk',
  body: { data: new Uint8Array(size) },
})
const small = { ...wireRequest(1, new Uint8Array(1)) }

t.test('a client that breaks the rules loses its stream and is counted; others are not disturbed', async (t) => {
  const faults: Record<string, InferFrame[]> = {
    'a chunk of no call': [chunk(1, 10)],
    'a call number used again': [
      { call: 1, kind: 'request', body: small },
      { call: 1, kind: 'request', body: small },
    ],
    'call number zero': [{ call: 0, kind: 'request', body: small }],
    'more input than announced': [
      { call: 1, kind: 'request', body: wireRequest(70_000) },
      chunk(1, 65_536),
      chunk(1, 65_536),
    ],
    'a frame that only miners send': [
      { call: 1, kind: 'failure', body: { code: 'BUSY', message: '', retryAfterMs: 0 } },
    ],
  }
  const { client, miner, admitted } = await startPair(t)
  const bad = await startHost(t, 'bad')
  admitted.add(bad.host.operator)
  let count = 0
  for (const [fault, frames] of Object.entries(faults).slice(0, 2)) {
    const stream = await openRawStream(bad, miner)
    for (const frame of frames) stream.send(frame)
    await stream.closed
    t.equal(miner.metrics.malformed.value(), ++count, fault)
    await client.infer(miner.target, requestOf(), randomBytes(10))
  }
  for (const [index, [fault, frames]] of Object.entries(faults).slice(2).entries()) {
    const another = await startHost(t, `bad ${index}`)
    admitted.add(another.host.operator)
    const stream = await openRawStream(another, miner)
    for (const frame of frames) stream.send(frame)
    await stream.closed
    t.equal(miner.metrics.malformed.value(), ++count, fault)
    await client.infer(miner.target, requestOf(), randomBytes(10))
  }
  const last = await openRawStream(bad, miner)
  last.sendBytes(randomBytes(100))
  await last.closed
  t.equal(miner.metrics.penalties.value(), 1, 'the third fault is one too many')
  await t.rejects(openRawStream(bad, miner))
})

t.test('a client that runs ahead of its credit is cut off before it fills the memory', async (t) => {
  const { miner, admitted } = await startPair(t)
  const bad = await startHost(t, 'bad')
  admitted.add(bad.host.operator)
  const stream = await openRawStream(bad, miner)
  stream.send({ call: 1, kind: 'request', body: wireRequest(16 << 20) })
  // Credit is granted as chunks arrive, so only a burst within one read can overtake it.
  for (let index = 0; index < 300; index++) stream.send(chunk(1, 65_536))
  await stream.closed
  t.equal(miner.metrics.malformed.value(), 1)
})

t.test('chunks of a refused call are dropped and cost nothing', async (t) => {
  const { miner } = await startPair(t)
  const stranger = await startHost(t, 'stranger')
  const stream = await openRawStream(stranger, miner)
  stream.send({ call: 1, kind: 'request', body: wireRequest(1 << 20) })
  for (let index = 0; index < 16; index++) stream.send(chunk(1, 65_536))
  stream.send({ call: 2, kind: 'request', body: small })
  while (stream.received.length < 2) await new Promise(setImmediate)
  t.equal(miner.metrics.calls.value({ side: 'server', result: 'NOT_ADMITTED' }), 2)
  t.equal(miner.metrics.malformed.value(), 0)
})

t.test('a peer that asks without listening is not read from until it does', async (t) => {
  const { client, miner } = await startPair(t)
  const deaf = await startHost(t, 'deaf')
  const stream = await deaf.host.open(protocol, miner.target, clock.timeout(10_000))
  let answered = 0
  const allAnswered = Promise.withResolvers<void>()
  const reader = new FrameReader({ maxFrameBytes: 1 << 20 }, () => {
    if (++answered === 100_000) allAnswered.resolve()
  })
  stream.addEventListener('message', ({ data }) => {
    for (const segment of segmentsOf(data)) reader.push(segment)
  })
  // Connected before the flood: a handshake among a hundred thousand frames of this process may be late.
  await client.infer(miner.target, requestOf(), randomBytes(10))
  stream.pause()
  // Each is refused in some eighty bytes; all the answers together exceed every buffer on the way.
  for (let call = 1; call <= 100_000; call++) {
    stream.send(frameOf(encodeInferFrame({ call, kind: 'request', body: small })))
  }
  const refused = () => miner.metrics.calls.value({ side: 'server', result: 'NOT_ADMITTED' })
  for (let before = -1; before !== refused(); await client.infer(miner.target, requestOf(), randomBytes(10)))
    before = refused()
  t.ok(refused() < 100_000, `${refused()} read`)
  stream.resume()
  await allAnswered.promise
  t.equal(refused(), 100_000)
})

/** A miner that says what `frames` say, whatever it is asked. */
async function startLyingMiner(t: Test, frames: InferFrame[]): Promise<PeerTarget> {
  const miner = await startHost(t, 'liar')
  await miner.host.handle(protocol, (stream) => {
    const channel = new FrameChannel(
      stream,
      { maxFrameBytes: 1 << 20, pauseAboveBytes: 1 << 26 },
      {
        onFrame: () => {
          for (const frame of frames) channel.send(encodeInferFrame(frame))
        },
        onClose: () => undefined,
      },
    )
  })
  return miner.target
}

t.test('a miner that breaks the rules is found out', async (t) => {
  const lies: InferFrame[][] = [
    [{ call: 7, kind: 'credit', body: { bytes: 10 } }],
    [{ call: 1, kind: 'request', body: small }],
    Array.from({ length: 17 }, () => chunk(1, 65_536)),
  ]
  for (const frames of lies) {
    await t.test(`a lie of ${frames.length} frames`, async (t) => {
      const target = await startLyingMiner(t, frames)
      const consumer = await startHost(t, 'consumer')
      const client = createInferClient({}, consumer)
      const onChunk = () => new Promise<void>(() => {})
      await t.rejects(client.infer(target, requestOf(), randomBytes(10), { onChunk }), { code: 'PEER_MISBEHAVED' })
      t.equal(consumer.metrics.malformed.value(), 1)
    })
  }
})

t.test('the peer goes away in the middle of a call', async (t) => {
  const { handler, arrived, signals } = gate()
  const { client, miner, consumer } = await startPair(t, { handler })
  const call = client.infer(miner.target, requestOf(), randomBytes(10))
  await arrived(1)
  const ended = t.rejects(call, { code: 'PEER_DISCONNECTED' })
  await consumer.host.stop()
  await ended
  t.match(signals[0]!.reason ?? (await once(signals[0]!, 'abort').then(() => signals[0]!.reason)), {
    code: 'PEER_DISCONNECTED',
  })
})

/** A miner in a process of its own; `port` 0 takes any. */
async function spawnMiner(t: Test, port: string) {
  const script = new URL('./support/miner-process.js', import.meta.url).pathname
  const child = spawn(process.execPath, [script, port], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { target: { operator: operatorOf('miner'), multiaddrs: JSON.parse(line) as string[] }, kill }
}

t.test('a miner killed in mid-request is a coded failure, and is asked again when it is back', async (t) => {
  const consumer = await startHost(t, 'consumer')
  const client = createInferClient({}, consumer)
  const first = await spawnMiner(t, '0')
  t.equal((await client.infer(first.target, requestOf(), randomBytes(10))).output.length, 10)
  const pending = client.infer(first.target, requestOf(), new TextEncoder().encode('wait'))
  const large = client.infer(first.target, requestOf(), randomBytes(8 << 20))
  const failed = [t.rejects(pending, { code: 'PEER_DISCONNECTED' }), t.rejects(large, { code: 'PEER_DISCONNECTED' })]
  await first.kill()
  await Promise.all(failed)
  await t.rejects(client.infer(first.target, requestOf(), randomBytes(10)), { code: 'PEER_UNREACHABLE' })
  const port = first.target.multiaddrs[0]!.split('/')[4]!
  const second = await spawnMiner(t, port)
  t.equal((await client.infer(second.target, requestOf(), randomBytes(10))).output.length, 10)
})
