import {
  bytesToHex,
  createDomain,
  createSigner,
  recordDigest,
  type SignedRecord,
  signRecord,
  verifyRecord,
  WitanError,
} from '@witan/protocol'
import { createLogger, createManualClock } from '@witan/runtime'
import t from 'tap'
import { acceptAnnounced } from '../src/record/accept-announced.js'
import { createPeerFinder } from '../src/record/find-peer.js'
import { type AnnouncedRecord, createRecordKeeper } from '../src/record/record-keeper.js'

const START_MS = 1_800_000_000_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const signer = createSigner(new Uint8Array(32).fill(7))
const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'5b'.repeat(20)}` })

/** A chain entry, bootstrap peers and a node with addresses; the test changes any of them. */
function sceneOf() {
  const scene = {
    clock: createManualClock(START_MS),
    standing: undefined as AnnouncedRecord | undefined,
    multiaddrs: ['/ip4/192.0.2.1/tcp/4001'] as readonly string[],
    accepting: 2,
    announced: [] as SignedRecord[],
    published: [] as SignedRecord[],
    errors: [] as unknown[],
    chainDown: false,
  }
  const open = ({ eagerMs = 1_000, calmMs = 8_000 } = {}) =>
    createRecordKeeper(
      { domain, lifetimeMs: 4 * DAY_MS, eagerMs, calmMs },
      {
        signer,
        multiaddrs: () => scene.multiaddrs,
        announced: async () => {
          if (scene.chainDown) throw new WitanError('RPC_UNAVAILABLE', 'No endpoint answers')
          return scene.standing
        },
        announce: async (record, digest) => {
          scene.announced.push(record)
          scene.standing = { digest, seq: record.seq, expiry: record.expiry }
        },
        publish: async (record) => {
          scene.published.push(record)
          return { accepted: scene.accepting, asked: 2 }
        },
        onError: (error) => scene.errors.push(error),
        clock: scene.clock,
        logger: createLogger({ name: 'test', level: 'silent' }),
      },
    )
  return { scene, open }
}

t.test('announces once, and again only when it must', async (t) => {
  const { scene, open } = sceneOf()
  const keeper = open({ eagerMs: HOUR_MS, calmMs: 2 * HOUR_MS })
  t.equal(keeper.current(), undefined)
  await keeper.start()
  await scene.clock.advance(0)
  const [first] = scene.announced
  t.match(first, { multiaddrs: scene.multiaddrs, seq: 1, expiry: (START_MS + 4 * DAY_MS) / 1000 })
  t.same(keeper.current(), first)
  verifyRecord(
    first!,
    { operator: signer.address, nowSeconds: START_MS / 1000, digest: bytesToHex(recordDigest(first!)) },
    domain,
  )
  await scene.clock.advance(DAY_MS)
  t.equal(scene.announced.length, 1)
  scene.multiaddrs = ['/ip4/192.0.2.2/tcp/4001']
  await scene.clock.advance(2 * HOUR_MS)
  t.match(scene.announced.at(-1), { seq: 2, multiaddrs: scene.multiaddrs }, 'the addresses changed')
  await scene.clock.advance(3 * DAY_MS + 2 * HOUR_MS)
  t.match(scene.announced.at(-1), { seq: 3 }, 'a quarter of its life was left')
  await keeper.stop()
  t.equal(scene.clock.pending(), 0)

  const restarted = open()
  await restarted.start()
  await scene.clock.advance(0)
  t.equal(scene.announced.length, 3, 'a restart finds its record on chain')
  t.same(restarted.current(), scene.announced.at(-1), 'and signs the same again')
  await restarted.stop()
})

t.test('pushes eagerly until everybody has it, then calmly', async (t) => {
  const { scene, open } = sceneOf()
  scene.accepting = 1
  const keeper = open()
  await keeper.start()
  const pushedBy = async (ms: number) => {
    await scene.clock.advance(ms)
    return scene.published.length
  }
  t.same([await pushedBy(0), await pushedBy(1_000), await pushedBy(2_000), await pushedBy(4_000)], [1, 2, 3, 4])
  t.equal(await pushedBy(7_000), 4, 'a peer that stays away is not hammered')
  scene.accepting = 2
  t.equal(await pushedBy(1_000), 5)
  t.equal(await pushedBy(16_000), 7)
  await keeper.stop()
})

t.test('a dead endpoint is reported and tried again', async (t) => {
  const { scene, open } = sceneOf()
  scene.chainDown = true
  const keeper = open()
  await keeper.start()
  await scene.clock.advance(2_000)
  t.match(scene.errors, [{ code: 'RPC_UNAVAILABLE' }, { code: 'RPC_UNAVAILABLE' }, { code: 'RPC_UNAVAILABLE' }])
  scene.chainDown = false
  await scene.clock.advance(1_000)
  t.equal(scene.announced.length, 1)
  await keeper.stop()
})

t.test('a first peer keeps and uses exactly the record that is on chain', async (t) => {
  const record = signRecord(
    { multiaddrs: ['/ip4/192.0.2.1/tcp/1'], seq: 3, expiry: START_MS / 1000 + 60 },
    signer,
    domain,
  )
  const digest = bytesToHex(recordDigest(record))
  const other = `0x${'00'.repeat(32)}` as const
  const accept = acceptAnnounced(async () => ({ digest, seq: 3 }))
  t.ok(await accept(signer.address, digest, 3))
  t.notOk(await accept(signer.address, digest, 2))
  t.notOk(await accept(signer.address, other, 3))
  t.notOk(await acceptAnnounced(async () => undefined)(signer.address, digest, 3))
  const finderOf = (onChain: typeof digest) =>
    createPeerFinder({
      store: { get: () => record },
      records: { resolve: async () => ['elsewhere'] },
      announcedDigest: async () => onChain,
    })
  const { signal } = new AbortController()
  t.same(await finderOf(digest)(signer.address, signal), record.multiaddrs)
  t.same(await finderOf(other)(signer.address, signal), ['elsewhere'], 'a record that is not on chain is not used')
})
