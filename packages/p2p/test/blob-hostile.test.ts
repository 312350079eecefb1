import { createHash } from 'node:crypto'
import { BLOB_PROTOCOL, decodeBlobRequest, encodeBlobResponse, type Hex, WitanError } from '@witan/protocol'
import { createManualClock, createSeededRandom } from '@witan/runtime'
import t, { type Test } from 'tap'
import { createPeerPace } from '../src/blob/peer-pace.js'
import { receiveFrame, sendFrame } from '../src/framing/single-frame.js'
import { blobProtocol, createBlobServer, createMemorySink } from '../src/index.js'
import { fetchBlob } from './support/fetch-blob.js'
import { clock, networkName, startHost } from './support/network.js'

const sha256 = (bytes: Uint8Array): Hex => `0x${createHash('sha256').update(bytes).digest('hex')}`
const content = createSeededRandom('blob').bytes(5 * BLOB_PROTOCOL.maxPartBytes + 12_345)
const digest = sha256(content)
const sinkOf = () => createMemorySink(content.length, (bytes) => sha256(bytes) === digest)

async function startHonest(t: Test) {
  const node = await startHost(t, 'honest')
  const source = {
    size: content.length,
    read: async (offset: number, length: number) => content.subarray(offset, offset + length),
  }
  const server = createBlobServer({ ...node, find: async () => source, admit: async () => true })
  await server.start()
  t.teardown(() => server.stop())
  return node
}

type Stream = Awaited<ReturnType<Awaited<ReturnType<typeof startHost>>['host']['open']>>

/** A node with manners of its own: how it hands out the part from an offset on. */
async function startRogue(t: Test, name: string, answer: (stream: Stream, offset: number) => unknown) {
  const node = await startHost(t, name)
  let questions = 0
  await node.host.handle(blobProtocol(networkName), async (stream) => {
    questions++
    try {
      const question = await receiveFrame(stream, 64, clock.timeout(5_000))
      await answer(stream, decodeBlobRequest(question).offset)
    } catch {
      // Whoever asked has gone.
    }
  })
  return { ...node, questions: () => questions }
}

const partAt = (offset: number, length = BLOB_PROTOCOL.maxPartBytes, of = content) =>
  encodeBlobResponse({ kind: 'part', size: content.length, content: of.subarray(offset, offset + length) })

/** A peer that takes 19 s for each part of what it hands out, by the clock of the asker; and an honest one. */
async function startSlowly(t: Test, handedOut = content) {
  let skewMs = 0
  const slow = await startRogue(t, 'slow', (stream, offset) => {
    skewMs += 19_000
    sendFrame(stream, partAt(offset, undefined, handedOut))
    return stream.close()
  })
  const honest = await startHonest(t)
  const asker = {
    ...(await startHost(t, 'asker')),
    clock: { ...clock, monotonicMs: () => clock.monotonicMs() + skewMs },
  }
  return { slow, honest, asker }
}

t.test('a fault of this node is not the fault of whoever asks it', async (t) => {
  const node = await startHost(t, 'node')
  const down = new WitanError('RPC_UNAVAILABLE', 'The chain cannot be read')
  const server = createBlobServer({
    ...node,
    find: async () => undefined,
    async admit() {
      throw down
    },
  })
  await server.start()
  t.teardown(() => server.stop())
  const asker = await startHost(t, 'asker')
  await t.rejects(fetchBlob({ digest, peers: [node.target] }, sinkOf(), asker), {
    code: 'BLOB_NOT_FOUND',
    facts: { last: 'PEER_DISCONNECTED' },
  })
  t.equal(node.metrics.malformed.value(), 0, 'no strike')
})

const manners: Record<string, (stream: Stream, offset: number) => unknown> = {
  'resets the stream after its answer': (stream, offset) => {
    sendFrame(stream, partAt(offset))
    setImmediate(() => stream.abort(new Error('reset')))
  },
  'resets the stream before its answer': (stream) => stream.abort(new Error('reset')),
  'never closes its end': (stream, offset) => sendFrame(stream, partAt(offset)),
  'goes on sending after its answer': (stream, offset) => {
    sendFrame(stream, partAt(offset))
    for (let index = 0; index < 8; index++) stream.send(new Uint8Array(BLOB_PROTOCOL.maxPartBytes))
  },
  'says that it has nothing': (stream) => sendFrame(stream, encodeBlobResponse({ kind: 'not-found' })),
  'sends a byte at a time': (stream, offset) => {
    sendFrame(stream, partAt(offset, 1))
    return stream.close()
  },
}

for (const [manner, answer] of Object.entries(manners)) {
  t.test(`a peer that ${manner} does not keep content from anybody`, async (t) => {
    const rogue = await startRogue(t, `rogue ${manner}`, answer)
    const honest = await startHonest(t)
    const asker = await startHost(t, 'asker')
    const sink = sinkOf()
    await fetchBlob({ digest, peers: [rogue.target, honest.target] }, sink, asker)
    t.ok(Buffer.compare(sink.content(), content) === 0)
    t.ok(rogue.questions() <= 6, `${rogue.questions()} questions`)
  })
}

t.test('a slow peer is asked for no more than a part while others have not had their turn', async (t) => {
  const { slow, honest, asker } = await startSlowly(t)
  const sink = sinkOf()
  await fetchBlob({ digest, peers: [slow.target, honest.target] }, sink, asker)
  t.ok(Buffer.compare(sink.content(), content) === 0)
  t.equal(slow.questions(), 1)
  const alone = sinkOf()
  await fetchBlob({ digest, peers: [slow.target] }, alone, asker)
  t.ok(Buffer.compare(alone.content(), content) === 0, 'better slow than not at all')
})

t.test('a slow peer that sends other bytes is asked to the end after the others', async (t) => {
  const forged = Uint8Array.from(content)
  forged[7]! ^= 1
  const { slow, honest, asker } = await startSlowly(t, forged)
  const sink = sinkOf()
  await fetchBlob({ digest, peers: [slow.target, honest.target] }, sink, asker)
  t.ok(Buffer.compare(sink.content(), content) === 0)
  t.equal(slow.questions(), 2, 'a part with the others, a part by itself')
  await t.rejects(fetchBlob({ digest, peers: [slow.target] }, sinkOf(), asker), {
    code: 'BLOB_NOT_FOUND',
    facts: { last: 'BLOB_MISMATCH' },
  })
})

t.test('no peer is asked more often than it answers, by however many transfers', async (t) => {
  const manual = createManualClock(0)
  const { requestsPerMinute } = blobProtocol(networkName)
  const pace = createPeerPace({ requestsPerMinute }, { clock: manual })
  const operator = `0x${'01'.repeat(20)}` as const
  const askedMs: number[] = []
  const transfer = async () => {
    for (let part = 0; part < 1_000; part++) {
      await pace.turnOf(operator)
      askedMs.push(manual.monotonicMs())
    }
  }
  const transfers = Promise.all([transfer(), transfer()])
  await pace.turnOf(`0x${'02'.repeat(20)}`)
  t.equal(manual.monotonicMs(), 0, 'another peer is asked at once')
  await manual.advance(300_000)
  await transfers
  const mostInAMinute = Math.max(
    ...askedMs.map((from) => askedMs.filter((at) => at >= from && at < from + 60_000).length),
  )
  t.ok(mostInAMinute <= requestsPerMinute, `${mostInAMinute}`)
})
