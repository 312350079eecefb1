import { connect } from 'node:net'
import { encodeInferFrame, type InferFrame } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { usedBytes } from './support/heap.js'
import { openRawStream, type RawStream, wireRequest } from './support/hostile.js'
import { answerOf, requestOf, startHost, type TestNode } from './support/network.js'
import { startPair } from './support/pair.js'

t.setTimeout(240_000)
const random = createSeededRandom('fuzz')
/** What may remain allocated between two halves: caches and compiled code, not something for each payload. */
const GROWTH_BYTES = 6 << 20

/** So that nothing but the parsers stands between the garbage and the node. */
const open = {
  limits: {
    strikes: Number.POSITIVE_INFINITY,
    maxInboundPerAddressPerSecond: 1e9,
    maxPendingHandshakes: 1e9,
    maxPendingHandshakesPerAddress: 1e9,
  },
}

const NEGOTIATION = Buffer.from('\x13/multistream/1.0.0\n\x07/noise\n')

/** Random bytes: bare, behind a correct negotiation, or as a Noise message of a plausible length. */
function garbage(): Uint8Array {
  const bytes = random.bytes(1 + random.below(600))
  const kind = random.below(3)
  if (kind === 0) return bytes
  if (kind === 1) return Buffer.concat([NEGOTIATION, bytes])
  return Buffer.concat([NEGOTIATION, Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}

function throwAt(port: number, payload: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(payload))
    socket.on('error', () => undefined)
    socket.resume()
    socket.once('close', () => resolve())
  })
}

t.test('5,000 random payloads on the raw port', async (t) => {
  const { client, miner } = await startPair(t, { minerHost: open })
  const port = Number(miner.host.multiaddrs()[0]!.split('/')[4])
  const half = async () => {
    for (let round = 0; round < 50; round++) {
      await Promise.all(Array.from({ length: 50 }, () => throwAt(port, garbage())))
      await client.infer(miner.target, requestOf(), random.bytes(10))
    }
  }
  await half()
  const before = await usedBytes()
  await half()
  const grown = (await usedBytes()) - before
  t.ok(grown < GROWTH_BYTES, `${grown} bytes more after the second half`)
  t.equal(miner.metrics.handshakes.value({ result: 'failed' }), 5000)
  const newcomer = await startHost(t, 'newcomer')
  await t.rejects(openRawStream(newcomer, newcomer))
  await (await openRawStream(newcomer, miner)).send({ call: 1, kind: 'cancel', body: {} })
})

/** Frames as an honest consumer sends them, and some that only miners send. */
function frameFor(call: number): InferFrame {
  const input = random.bytes(random.below(300))
  const frames: InferFrame[] = [
    { call, kind: 'request', body: wireRequest(input.length, input) },
    { call, kind: 'request', body: wireRequest(70_000) },
    { call, kind: 'chunk', body: { data: random.bytes(1 + random.below(2000)) } },
    { call, kind: 'cancel', body: {} },
    { call, kind: 'credit', body: { bytes: 1 + random.below(1 << 20) } },
    { call, kind: 'failure', body: { code: 'BUSY', message: 'x', retryAfterMs: 1 } },
    { call, kind: 'closing', body: { ...answerOf(input).closing, output: input } },
  ]
  return frames[random.below(frames.length)]!
}

/** Some bytes or the length changed; sometimes nothing but noise. */
function mutate(frame: Uint8Array): Uint8Array {
  const bytes = Buffer.from(frame)
  switch (random.below(6)) {
    case 0:
      return random.bytes(random.below(200))
    case 1:
      return bytes.subarray(0, random.below(bytes.length))
    case 2:
      return Buffer.concat([bytes, random.bytes(1 + random.below(20))])
    case 3:
      return Buffer.concat([bytes, bytes])
    default:
      for (let changes = 1 + random.below(4); changes > 0; changes--)
        bytes.writeUInt8(random.below(256), random.below(bytes.length))
      return bytes
  }
}

/** Sends mutated frames on one stream until the miner resets it; returns how many it sent. */
async function attack(attacker: TestNode, miner: TestNode, atMost: number): Promise<number> {
  const stream: RawStream = await openRawStream(attacker, miner)
  let ended = false
  void stream.closed.then(() => {
    ended = true
  })
  let sent = 0
  for (; sent < atMost && !ended; sent++) {
    stream.sendBytes(mutate(encodeInferFrame(frameFor(1 + sent))))
    await new Promise(setImmediate)
  }
  stream.close()
  await stream.closed
  return sent
}

t.test('20,000 mutated frames on an authenticated stream', async (t) => {
  const { client, miner, admitted } = await startPair(t, { minerHost: open })
  const attacker = await startHost(t, 'attacker')
  admitted.add(attacker.host.operator)
  let streams = 0
  const half = async () => {
    for (let left = 10_000; left > 0; streams++) {
      left -= await attack(attacker, miner, left)
      if (streams % 100 === 0) await client.infer(miner.target, requestOf(), random.bytes(10))
    }
  }
  await half()
  const before = await usedBytes()
  await half()
  const grown = (await usedBytes()) - before
  t.ok(grown < GROWTH_BYTES, `${grown} bytes more after the second half`)
  const malformed = miner.metrics.malformed.value()
  t.ok(malformed > 1000 && malformed <= streams, `${malformed} of ${streams} streams reset`)
  t.equal((await client.infer(miner.target, requestOf(), random.bytes(10))).output.length, 10)
})
