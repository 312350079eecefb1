import {
  type AddressRecord,
  bytesToHex,
  createSigner,
  type Description,
  recordDigest,
  signRecord,
} from '@witan/protocol'
import { createManualClock, createMetrics, unlessAborted } from '@witan/runtime'
import t, { type Test } from 'tap'
import { frameOf } from '../src/framing/single-frame.js'
import {
  type AcceptRecord,
  ask,
  createDescribeServer,
  createExchangeServer,
  createP2pMetrics,
  createRecordClient,
  createRecordServer,
  createRecordStore,
  describePeer,
  describeProtocol,
  recordProtocol,
} from '../src/index.js'
import { clock, domain, keyOf, networkName, operatorOf, startHost } from './support/network.js'

const inAnHour = () => Math.floor(clock.nowMs() / 1000) + 3600
const digestOf = (record: AddressRecord) => bytesToHex(recordDigest(record))

/** A record signed by `name`. */
function recordBy(name: string, overrides: Partial<AddressRecord> = {}) {
  const record = { multiaddrs: ['/ip4/192.0.2.1/tcp/4001'], seq: 1, expiry: inAnHour(), ...overrides }
  return signRecord(record, createSigner(keyOf(name)), domain)
}

function storeOf(accept: AcceptRecord, options: { maxRecords?: number } = {}) {
  const manual = createManualClock(clock.nowMs())
  const metrics = createP2pMetrics(createMetrics())
  return { manual, store: createRecordStore({ domain, ...options }, { clock: manual, accept, metrics }) }
}

t.test('a store keeps the newest record of those it accepts, until it expires', async (t) => {
  const { manual, store } = storeOf((operator) => operator !== operatorOf('stranger'))
  await store.put(recordBy('miner', { seq: 5 }))
  await t.rejects(store.put(recordBy('miner', { seq: 4 })), { code: 'RECORD_STALE', facts: { known: 5 } })
  await store.put(recordBy('miner', { seq: 6 }))
  t.equal(store.get(operatorOf('miner'))?.seq, 6)
  await t.rejects(store.put(recordBy('stranger')), { code: 'RECORD_REFUSED' })
  await t.rejects(store.put(recordBy('late', { expiry: 1 })), { code: 'RECORD_EXPIRED' })
  const forged = { ...recordBy('miner'), signature: `0x${'00'.repeat(65)}` as const }
  await t.rejects(store.put(forged), { code: 'RECORD_SIGNER_MISMATCH' })
  await manual.advance(3_600_000)
  t.equal(store.get(operatorOf('miner')), undefined)
})

t.test('a full store refuses newcomers until something expires', async (t) => {
  const { manual, store } = storeOf(() => true, { maxRecords: 2 })
  await store.put(recordBy('a', { expiry: inAnHour() - 1800 }))
  await store.put(recordBy('b'))
  await t.rejects(store.put(recordBy('c')), { code: 'RECORD_REFUSED' })
  await store.put(recordBy('b', { seq: 2 }))
  await manual.advance(1_900_000)
  await store.put(recordBy('c'))
  t.equal(store.size(), 2)
})

t.test('a record that became old while the chain was asked is refused', async (t) => {
  const answers: ((accepted: boolean) => void)[] = []
  const { store } = storeOf(() => new Promise((resolve) => answers.push(resolve)))
  const older = store.put(recordBy('miner', { seq: 1 }))
  const newer = store.put(recordBy('miner', { seq: 2 }))
  answers[1]!(true)
  await newer
  answers[0]!(true)
  await t.rejects(older, { code: 'RECORD_STALE' })
})

/** Two bootstrap peers and a client that trusts what `onChain` says. */
async function startRecordNetwork(t: Test, accept: AcceptRecord = () => true) {
  const bootstraps = await Promise.all(
    ['bootstrap 1', 'bootstrap 2'].map(async (name) => {
      const node = await startHost(t, name)
      const store = createRecordStore({ domain }, { ...node, accept })
      const server = createRecordServer({ ...node, store })
      await server.start()
      t.teardown(() => server.stop())
      return { ...node, store }
    }),
  )
  const node = await startHost(t, 'node')
  const onChain = new Map<string, `0x${string}`>()
  const bootstrap = bootstraps.map(({ target }) => target)
  const expectedDigest = async (operator: string) => onChain.get(operator)
  return {
    bootstraps,
    bootstrap,
    node,
    onChain,
    client: createRecordClient({ domain, bootstrap }, { ...node, expectedDigest }),
  }
}

t.test('a node is found through its record, if that is the one on chain', async (t) => {
  const { client, bootstraps, onChain } = await startRecordNetwork(t)
  const operator = operatorOf('miner')
  const record = recordBy('miner')
  t.same(await client.publish(record), { accepted: 2, asked: 2 })
  await t.rejects(client.resolve(operator), { code: 'RECORD_NOT_FOUND' }, 'nothing is announced')
  onChain.set(operator, digestOf(record))
  t.same(await client.resolve(operator), record.multiaddrs)

  const moved = recordBy('miner', { seq: 2, multiaddrs: ['/ip4/192.0.2.2/tcp/4001'] })
  onChain.set(operator, digestOf(moved))
  await t.rejects(client.resolve(operator), { code: 'RECORD_NOT_FOUND' }, 'only the old record is held')
  await bootstraps[1]!.store.put(moved)
  t.same(await client.resolve(operator), moved.multiaddrs, 'the second bootstrap peer has it')
  await bootstraps[0]!.host.stop()
  await bootstraps[1]!.host.stop()
  t.same(await client.resolve(operator), moved.multiaddrs, 'what stands on chain need not be asked for again')
})

t.test('publishing fails only when nobody takes the record, and says why', async (t) => {
  let accepting = 1
  const { client, bootstraps } = await startRecordNetwork(t, () => accepting-- > 0)
  t.same(await client.publish(recordBy('miner')), { accepted: 1, asked: 2 })
  await t.rejects(client.publish(recordBy('miner', { seq: 2 })), { code: 'RECORD_REFUSED' })
  for (const { host } of bootstraps) await host.stop()
  await t.rejects(client.publish(recordBy('miner', { seq: 3 })), { code: 'PEER_UNREACHABLE' })
})

const description: Description = {
  models: [
    {
      version: `0x${'22'.repeat(32)}`,
      name: 'ppocr-v4-rec',
      engine: 'onnxruntime',
      device: 'cpu',
      precision: 'fp32',
      context: 0,
      pricePerRequest: 5n,
      pricePerUnit: 0n,
      policy: `0x${'00'.repeat(32)}`,
      unitsPerSecond: 20.5,
    },
  ],
  load: { inFlight: 1, queued: 0, capacity: 2 },
  software: 'witan/0.1.0',
}

t.test('anybody may ask a miner what it offers, sixty times a minute', async (t) => {
  const miner = await startHost(t, 'miner')
  const server = createDescribeServer({ ...miner, describe: () => description })
  await server.start()
  t.teardown(() => server.stop())
  const stranger = await startHost(t, 'stranger')
  t.same(await describePeer(miner.target, stranger), description)
  for (let asked = 1; asked < 60; asked++) await describePeer(miner.target, stranger)
  await t.rejects(describePeer(miner.target, stranger), { code: 'PEER_DISCONNECTED' })
  t.equal(miner.metrics.exchanges.value({ result: 'ok' }), 60)
  t.equal(miner.metrics.exchanges.value({ result: 'over_quota' }), 1)
})

t.test('questions and answers are bounded in size and time', async (t) => {
  const bounds = { ...recordProtocol(networkName), timeoutMs: 300 }
  const responder = await startHost(t, 'responder')
  const answer = (question: Uint8Array) => {
    if (question[0] === 1) return Promise.resolve(new Uint8Array(5000))
    return new Promise<Uint8Array>(() => {})
  }
  const server = createExchangeServer(bounds, { ...responder, answer })
  await server.start()
  t.teardown(() => server.stop())
  const asker = await startHost(t, 'asker')
  const question = (bytes: Uint8Array, signal?: AbortSignal) => ask(bounds, responder.target, bytes, asker, signal)
  await t.rejects(question(new Uint8Array(4097)), { code: 'PEER_DISCONNECTED' }, 'too long a question')
  await t.rejects(question(Uint8Array.of(1)), { code: 'MESSAGE_TOO_LARGE' }, 'too long an answer')
  await t.rejects(question(Uint8Array.of(2)), { code: 'DEADLINE_EXCEEDED' }, 'no answer')
  const reason = new Error('enough')
  await t.rejects(question(Uint8Array.of(2), AbortSignal.abort(reason)), reason)
  t.equal(responder.metrics.malformed.value(), 1)
})

t.test('so many answers are in progress at a time, whoever asks', async (t) => {
  const bounds = { ...recordProtocol(networkName), maxAnswersAtOnce: 2 }
  const responder = await startHost(t, 'responder')
  const pending: ((answer: Uint8Array) => void)[] = []
  const answer = () => new Promise<Uint8Array>((resolve) => pending.push(resolve))
  const server = createExchangeServer(bounds, { ...responder, answer })
  await server.start()
  t.teardown(() => server.stop())
  const asked = ['first', 'second'].map(async (name) => {
    const asker = await startHost(t, name)
    return ask(bounds, responder.target, Uint8Array.of(1), asker)
  })
  while (pending.length < 2) await new Promise((resolve) => setImmediate(resolve))
  const third = await startHost(t, 'third')
  await t.rejects(ask(bounds, responder.target, Uint8Array.of(1), third), { code: 'PEER_DISCONNECTED' })
  t.equal(responder.metrics.exchanges.value({ result: 'busy' }), 1)
  for (const resolve of pending.splice(0)) resolve(Uint8Array.of(7))
  t.same(await Promise.all(asked), [Uint8Array.of(7), Uint8Array.of(7)])
  const again = ask(bounds, responder.target, Uint8Array.of(1), third)
  while (pending.length < 1) await new Promise((resolve) => setImmediate(resolve))
  pending[0]!(Uint8Array.of(8))
  t.same(await again, Uint8Array.of(8))
})

t.test('what nobody waits for any more may fail', async (t) => {
  const work = new Promise<never>((_, reject) => setImmediate(() => reject(new Error('too late'))))
  await t.rejects(unlessAborted(work, AbortSignal.abort(new Error('gone'))), /gone/)
  await new Promise((resolve) => setTimeout(resolve, 10))
})

t.test('a malformed question costs its sender a strike, a failing answer does not', async (t) => {
  const miner = await startHost(t, 'miner')
  let failing = false
  const describe = () => {
    if (failing) throw new Error('a bug')
    return description
  }
  const server = createDescribeServer({ ...miner, describe })
  await server.start()
  t.teardown(() => server.stop())
  const asker = await startHost(t, 'asker')
  const bounds = describeProtocol(networkName)
  await t.rejects(ask(bounds, miner.target, Uint8Array.of(0xff, 0xff), asker), { code: 'PEER_DISCONNECTED' })
  t.equal(miner.metrics.malformed.value(), 1)
  failing = true
  await t.rejects(describePeer(miner.target, asker), { code: 'PEER_DISCONNECTED' })
  t.equal(miner.metrics.malformed.value(), 1)
  failing = false
  const silent = await asker.host.open(bounds, miner.target, clock.timeout(5000))
  silent.send(frameOf(new Uint8Array(10)).subarray(0, 4))
  await silent.close()
  t.same(await describePeer(miner.target, asker), description)
})
