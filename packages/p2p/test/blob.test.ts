import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BLOB_PROTOCOL, type Hex } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t, { type Test } from 'tap'
import { type BlobSource, createBlobServer, createMemorySink, openFileSink } from '../src/index.js'
import { fetchBlob } from './support/fetch-blob.js'
import { operatorOf, startHost } from './support/network.js'

const sha256 = (bytes: Uint8Array): Hex => `0x${createHash('sha256').update(bytes).digest('hex')}`
const content = createSeededRandom('blob').bytes(2 * BLOB_PROTOCOL.maxPartBytes + 12_345)
const digest = sha256(content)

const sourceOf = (bytes: Uint8Array): BlobSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
})

/** A node that hands out what it has to everybody but `stranger`. */
async function startServer(t: Test, name: string, held: ReadonlyMap<Hex, BlobSource>) {
  const node = await startHost(t, name)
  const server = createBlobServer({
    ...node,
    find: async (wanted) => held.get(wanted),
    admit: async (operator) => operator !== operatorOf('stranger'),
  })
  await server.start()
  t.teardown(() => server.stop())
  return node
}

const sinkOf = () => createMemorySink(content.length, (bytes) => sha256(bytes) === digest)

t.test('content of several parts comes from whoever has it', async (t) => {
  const empty = await startServer(t, 'empty', new Map())
  const full = await startServer(t, 'full', new Map([[digest, sourceOf(content)]]))
  const asker = await startHost(t, 'asker')
  const sink = sinkOf()
  await fetchBlob({ digest, peers: [empty.target, full.target] }, sink, asker)
  t.ok(Buffer.compare(sink.content(), content) === 0)
  t.equal(full.metrics.exchanges.value({ result: 'ok' }), 3, 'three parts')

  const stranger = await startHost(t, 'stranger')
  await t.rejects(fetchBlob({ digest, peers: [full.target] }, sinkOf(), stranger), {
    code: 'BLOB_NOT_FOUND',
    facts: { digest, asked: 1, last: 'NOT_ADMITTED' },
  })
  const unknown = sha256(Uint8Array.of(1))
  await t.rejects(fetchBlob({ digest: unknown, peers: [full.target, empty.target] }, sinkOf(), asker), {
    code: 'BLOB_NOT_FOUND',
    facts: { asked: 2, last: 'BLOB_NOT_FOUND' },
  })
  await t.rejects(fetchBlob({ digest, peers: [] }, sinkOf(), asker), {
    code: 'BLOB_NOT_FOUND',
    facts: { asked: 0, last: 'none' },
  })
})

t.test('a transfer goes on at the byte where it broke off, in another process too', async (t) => {
  let reads = 0
  const breaking: BlobSource = {
    size: content.length,
    async read(offset, length) {
      if (reads++ > 0) throw new Error('the disk is gone')
      return content.subarray(offset, offset + length)
    },
  }
  const first = await startServer(t, 'first', new Map([[digest, breaking]]))
  const second = await startServer(t, 'second', new Map([[digest, sourceOf(content)]]))
  const asker = await startHost(t, 'asker')
  const path = join(t.testdir(), 'part')
  const open = () => openFileSink({ path, sha256: digest, size: content.length })
  await t.rejects(fetchBlob({ digest, peers: [first.target] }, await open(), asker), { code: 'BLOB_NOT_FOUND' })
  t.equal((await readFile(path)).length, BLOB_PROTOCOL.maxPartBytes)
  await fetchBlob({ digest, peers: [first.target, second.target] }, await open(), asker)
  t.ok(Buffer.compare(await readFile(path), content) === 0)
  t.equal(second.metrics.exchanges.value({ result: 'ok' }), 2, 'the first part is not asked for again')
})

t.test('other bytes are thrown away and the honest peer is asked alone', async (t) => {
  const forged = Uint8Array.from(content)
  forged[7]! ^= 1
  const liar = await startServer(t, 'liar', new Map([[digest, sourceOf(forged)]]))
  const honest = await startServer(t, 'honest', new Map([[digest, sourceOf(content)]]))
  const longer = await startServer(t, 'longer', new Map([[digest, sourceOf(Buffer.concat([content, content]))]]))
  const silent = await startServer(t, 'silent', new Map([[digest, { size: 5, read: async () => new Uint8Array(0) }]]))
  const asker = await startHost(t, 'asker')
  const peers = [silent, longer, liar, honest].map(({ target }) => target)
  const sink = sinkOf()
  await fetchBlob({ digest, peers }, sink, asker)
  t.ok(Buffer.compare(sink.content(), content) === 0)

  const alone = sinkOf()
  await t.rejects(fetchBlob({ digest, peers: [liar.target] }, alone, asker), {
    code: 'BLOB_NOT_FOUND',
    facts: { last: 'BLOB_MISMATCH' },
  })
  t.equal(alone.length, 0, 'nothing of it stays')
  for (const peer of [silent, longer]) {
    await t.rejects(fetchBlob({ digest, peers: [peer.target] }, sinkOf(), asker), {
      code: 'BLOB_NOT_FOUND',
      facts: { last: 'BLOB_MISMATCH' },
    })
  }
})

t.test('a file that grew too long is begun anew; an empty one is content too', async (t) => {
  const nothing = new Uint8Array(0)
  const node = await startServer(t, 'node', new Map([[sha256(nothing), sourceOf(nothing)]]))
  const asker = await startHost(t, 'asker')
  const path = join(t.testdir(), 'part')
  writeFileSync(path, 'left by something else')
  const sink = await openFileSink({ path, sha256: sha256(nothing), size: 0 })
  t.equal(sink.length, 0)
  await fetchBlob({ digest: sha256(nothing), peers: [node.target] }, sink, asker)
  t.equal((await readFile(path)).length, 0)
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  await t.rejects(fetchBlob({ digest, peers: [node.target] }, sinkOf(), asker, controller.signal), /enough/)
})
