import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelVersion } from '@witan/inference'
import { createBlobServer, createHost, createP2pMetrics, type PeerTarget } from '@witan/p2p'
import { type Address, createSigner, type Hex, jsonDigest, WitanError } from '@witan/protocol'
import { createLogger, createManualClock, createMetrics, createSeededRandom, systemClock } from '@witan/runtime'
import t, { type Test } from 'tap'
import { findContentPeers } from '../src/content/content-peers.js'
import { createHeldContent } from '../src/content/held-content.js'
import { createNodesOnly } from '../src/content/nodes-only.js'
import { cacheFolders, withPeers } from '../src/content/obtain-content.js'
import { sourcesIn } from '../src/daemon/obtain.js'

const weights = createSeededRandom('weights').bytes(1_300_000)
const sha256: Hex = `0x${createHash('sha256').update(weights).digest('hex')}`
const manifest = {
  name: 'digits',
  description: 'a model',
  task: 'digits',
  files: [{ path: 'model.onnx', sha256, bytes: weights.length, source: 'file:model.onnx' }],
  runtime: 'onnxruntime-1.30.0/cpu/all',
  inputs: {},
  outputs: {},
  tolerance: { absolute: 0, relative: 0 },
  licence: 'NOASSERTION',
} as const
const version = modelVersion(manifest)
const policy = {
  version: 1,
  tasks: ['digits'],
  input: { maxBytes: 784, mediaTypes: [] },
  output: { maxBytes: 1_000, mediaTypes: [] },
  refuse: [],
  gate: null,
  notice: null,
  retentionSeconds: 0,
}
const policyHash = jsonDigest(policy)

function folderWithModel(t: Test): string {
  const folder = t.testdir()
  mkdirSync(join(folder, 'models'))
  mkdirSync(join(folder, 'policies'))
  writeFileSync(join(folder, 'models', 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'models', 'model.onnx'), weights)
  writeFileSync(join(folder, 'policies', `${policyHash}.json`), JSON.stringify(policy))
  return folder
}

const logger = createLogger({ name: 'test', level: 'silent' })

async function startNode(t: Test, name: string) {
  const metrics = createP2pMetrics(createMetrics())
  const privateKey = createSeededRandom(name).bytes(32)
  const modules = { clock: systemClock, logger, metrics }
  const host = createHost({ networkName: 'test', privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] }, modules)
  t.teardown(() => host.stop())
  await host.start()
  const target: PeerTarget = { operator: createSigner(privateKey).address, multiaddrs: host.multiaddrs() }
  return { ...modules, host, target }
}

async function startHolder(t: Test, name: string, folder: string, asked: Hex[] = []) {
  const node = await startNode(t, name)
  const content = createHeldContent(
    { models: [join(folder, 'models')], policies: [join(folder, 'policies')] },
    { clock: systemClock },
  )
  const find = (digest: Hex) => {
    asked.push(digest)
    return content.find(digest)
  }
  const server = createBlobServer({ ...node, find, admit: async () => true })
  await server.start()
  t.teardown(() => server.stop())
  return node
}

/** What a node with an empty machine obtains from peers. */
function sourceOf(dataDir: string, node: Awaited<ReturnType<typeof startNode>>, peers: () => readonly PeerTarget[]) {
  const cache = cacheFolders(dataDir)
  const local = sourcesIn({ models: [cache.models], policies: [cache.policies] })
  const source = withPeers(cache, { ...node, local, contentPeers: async () => peers() })
  const { signal } = new AbortController()
  return {
    obtainModel: (version: Hex) => source.obtainModel(version, signal),
    obtainPolicy: (digest: Hex) => source.obtainPolicy(digest, signal),
  }
}

t.test('a node gets model and policy by digest, and hands out what it got', async (t) => {
  const folder = folderWithModel(t)
  const holder = await startHolder(t, 'holder', folder)
  const asker = await startNode(t, 'asker')
  const cache = join(folder, 'cache')
  let asked = 0
  const source = sourceOf(cache, asker, () => {
    asked++
    return [holder.target]
  })
  const model = await source.obtainModel(version)
  t.equal(model.version, version)
  t.ok(Buffer.compare(model.files.get('model.onnx')!, weights) === 0)
  t.same(await source.obtainPolicy(policyHash), policy)
  t.equal(asked, 2)
  await source.obtainModel(version)
  await source.obtainPolicy(policyHash)
  t.equal(asked, 2, 'what lies in the cache is not asked for')
  t.notOk(readdirSync(cacheFolders(cache).models).some((name) => name.endsWith('.part')))

  const second = await startHolder(t, 'second', join(cache, 'content'))
  const third = await startNode(t, 'third')
  const again = sourceOf(join(folder, 'another cache'), third, () => [second.target])
  t.equal((await again.obtainModel(version)).version, version, 'content spreads')
})

t.test('what nobody has, and what is not what it is called', async (t) => {
  const folder = folderWithModel(t)
  const lie = `0x${'ab'.repeat(32)}` as const
  writeFileSync(join(folder, 'policies', `${lie}.json`), JSON.stringify({ ...policy, retentionSeconds: 1 }))
  const holder = await startHolder(t, 'holder', folder)
  const asker = await startNode(t, 'asker')
  const cache = join(folder, 'cache')
  const source = sourceOf(cache, asker, () => [holder.target])
  await t.rejects(source.obtainModel(`0x${'cd'.repeat(32)}`), { code: 'BLOB_NOT_FOUND' })
  await t.rejects(source.obtainPolicy(lie), { code: 'BLOB_NOT_FOUND', facts: { last: 'BLOB_MISMATCH' } })
  t.notOk(existsSync(join(cacheFolders(cache).policies, `${lie}.json`)))

  writeFileSync(join(folder, 'models', 'model.onnx'), weights.subarray(1))
  await t.rejects(source.obtainModel(version), { code: 'BLOB_NOT_FOUND', facts: { last: 'BLOB_MISMATCH' } })
  writeFileSync(join(folder, 'models', 'model.onnx'), weights)
  t.equal((await source.obtainModel(version)).version, version, 'a later attempt succeeds')

  const full = join(folder, 'full')
  mkdirSync(join(cacheFolders(full).models, sha256, 'in the way'), { recursive: true })
  writeFileSync(cacheFolders(full).policies, '')
  const nowhere = sourceOf(full, asker, () => [holder.target])
  await t.rejects(nowhere.obtainModel(version), { code: 'CONTENT_NOT_SAVED' })
  await t.rejects(nowhere.obtainPolicy(policyHash), { code: 'CONTENT_NOT_SAVED', facts: { reason: 'EEXIST' } })
})

t.test('a manifest that says another task of the same files is another model', async (t) => {
  const model = await obtainedBeside(t, { ...manifest, task: 'chess' })
  t.equal(model.manifest.task, 'digits')
})

t.test('a manifest that has no place in the cache is not taken', async (t) => {
  const description = 'x'.repeat(64 * 1024 - JSON.stringify({ ...manifest, description: '' }).length)
  const model = await obtainedBeside(t, { ...manifest, description })
  t.equal(model.manifest.description, manifest.description)
})

/** The model as a node obtains it from a peer that hands out `told` for everything, and an honest one. */
async function obtainedBeside(t: Test, told: object) {
  const folder = folderWithModel(t)
  const lie = Buffer.from(JSON.stringify(told))
  const liar = await startNode(t, 'liar')
  const server = createBlobServer({
    ...liar,
    // Whatever digest is asked for.
    find: async () => ({ size: lie.length, read: async (offset, length) => lie.subarray(offset, offset + length) }),
    admit: async () => true,
  })
  await server.start()
  t.teardown(() => server.stop())
  const holder = await startHolder(t, 'holder', folder)
  const asker = await startNode(t, 'asker')
  const source = sourceOf(join(folder, 'cache'), asker, () => [liar.target, holder.target])
  return source.obtainModel(version)
}

t.test('what was altered or lost in the cache is fetched again', async (t) => {
  const folder = folderWithModel(t)
  const holder = await startHolder(t, 'holder', folder)
  const asker = await startNode(t, 'asker')
  const cache = join(folder, 'cache')
  const { models, policies } = cacheFolders(cache)
  let peers = [holder.target]
  const source = sourceOf(cache, asker, () => peers)
  await source.obtainModel(version)
  await source.obtainPolicy(policyHash)
  const altered = Uint8Array.from(weights)
  altered[7]! ^= 1
  const damages: [damage: string, cause: string, file: string, content: Uint8Array | string | undefined][] = [
    ['another byte', 'MODEL_DIGEST_MISMATCH', sha256, altered],
    ['a byte less', 'MODEL_DIGEST_MISMATCH', sha256, weights.subarray(1)],
    ['a byte more', 'MODEL_DIGEST_MISMATCH', sha256, Buffer.concat([weights, Buffer.alloc(1)])],
    ['no file', 'MODEL_FILE_MISSING', sha256, undefined],
    ['an empty manifest', 'MANIFEST_INVALID', `${version}.json`, ''],
  ]
  for (const [damage, cause, file, content] of damages) {
    if (content === undefined) rmSync(join(models, file))
    else writeFileSync(join(models, file), content)
    peers = []
    await t.rejects(source.obtainModel(version), { code: cause }, `${damage}: nobody has it`)
    peers = [holder.target]
    t.equal((await source.obtainModel(version)).version, version, damage)
  }
  writeFileSync(join(policies, `${policyHash}.json`), JSON.stringify({ ...policy, retentionSeconds: 1 }))
  t.same(await source.obtainPolicy(policyHash), policy)
  writeFileSync(join(policies, `${policyHash}.json`), '{')
  t.same(await source.obtainPolicy(policyHash), policy)
})

t.test('a broken manifest hides no other', async (t) => {
  const folder = folderWithModel(t)
  writeFileSync(join(folder, 'models', 'a.json'), '{}')
  const asked: Hex[] = []
  const holder = await startHolder(t, 'holder', folder, asked)
  const asker = await startNode(t, 'asker')
  const source = sourceOf(join(folder, 'cache'), asker, () => [holder.target])
  t.equal((await source.obtainModel(version)).version, version)
})

t.test('versions that share a file, and files that came before a transfer broke off, are fetched once', async (t) => {
  const folder = folderWithModel(t)
  const words = Buffer.from('zero one two three')
  const wordsDigest: Hex = `0x${createHash('sha256').update(words).digest('hex')}`
  const second = {
    ...manifest,
    files: [...manifest.files, { path: 'words', sha256: wordsDigest, bytes: words.length, source: 'file:words' }],
  }
  writeFileSync(join(folder, 'models', 'second.json'), JSON.stringify(second))
  const asked: Hex[] = []
  const holder = await startHolder(t, 'holder', folder, asked)
  const asker = await startNode(t, 'asker')
  const source = sourceOf(join(folder, 'cache'), asker, () => [holder.target])
  const obtained = await Promise.allSettled([source.obtainModel(version), source.obtainModel(modelVersion(second))])
  t.same(
    obtained.map(({ status }) => status),
    ['fulfilled', 'rejected'],
    'one has a file that nobody hands out',
  )
  writeFileSync(join(folder, 'models', 'words'), words)
  t.equal((await source.obtainModel(modelVersion(second))).version, modelVersion(second))
  t.equal(asked.filter((digest) => digest === sha256).length, 2, 'two parts')
})

t.test('nodes of the network are admitted, and a stranger does not make a node read the chain at will', async (t) => {
  const clock = createManualClock(0)
  const nodes = new Set<Address>([`0x${'01'.repeat(20)}`])
  let reads = 0
  const admits = createNodesOnly({
    async nodeOf(operator) {
      reads++
      return nodes.has(operator) ? 1n : undefined
    },
    clock,
  })
  const stranger: Address = `0x${'02'.repeat(20)}`
  for (let question = 0; question < 50; question++) {
    t.ok(await admits(`0x${'01'.repeat(20)}`))
    t.notOk(await admits(stranger))
  }
  t.equal(reads, 2)
  nodes.add(stranger)
  await clock.advance(10_000)
  t.ok(await admits(stranger), 'who has become a node meanwhile')
  for (let index = 0; index < 2_000; index++) await admits(`0x${index.toString(16).padStart(40, '0')}`)
  t.equal(reads, 2_003, 'many strangers are each looked up')
})

t.test('first peers and some nodes of the subnet are asked, each once', async (t) => {
  const operatorOf = (index: number): Address => `0x${(index + 16).toString(16).repeat(20)}`
  const [self, first, unannounced, lost] = [0, 1, 3, 16].map(operatorOf)
  const neurons = Array.from({ length: 40 }, (_, index) => {
    const operator = operatorOf(index)
    return { operator, record: operator === unannounced ? undefined : {} } as never
  })
  const bootstrap = [{ operator: first!, multiaddrs: ['/ip4/127.0.0.1/tcp/1'] }]
  const peersAmong = (count: number) =>
    findContentPeers({
      bootstrap,
      self: self!,
      neurons: async () => neurons.slice(0, count),
      async resolve(operator) {
        if (operator === lost) throw new WitanError('RECORD_NOT_FOUND', 'none')
        return ['/ip4/127.0.0.1/tcp/2']
      },
      random: createSeededRandom('peers'),
    })
  const few = (await peersAmong(17)).map((peer) => ('operator' in peer ? peer.operator : peer.peerId))
  t.equal(few[0], first)
  t.same(
    few.toSorted(),
    Array.from({ length: 17 }, (_, index) => operatorOf(index)).filter(
      (operator) => operator !== self && operator !== unannounced && operator !== lost,
    ),
  )
  const many = await peersAmong(40)
  t.ok(many.length === 17 || many.length === 16, 'at most sixteen of them')
})
