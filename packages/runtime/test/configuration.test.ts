import { join } from 'node:path'
import { WitanError } from '@witan/protocol'
import t from 'tap'
import { isSecretName, listSettings, loadConfiguration, nearestName, z } from '../src/index.js'

const schema = z.object({
  dataDir: z.string().default('.witan').describe('Where the local state lives.'),
  password: z.string().optional(),
  p2p: z.object({
    port: z.int().min(0).max(65_535).default(4_001),
    maxPeers: z.int().default(64),
    announce: z.array(z.string()).default([]),
    relay: z.boolean().default(false),
  }),
  miner: z.object({
    maxPrice: z.bigint().default(0n),
    behaviour: z.enum(['honest', 'slow']).default('honest'),
    engines: z
      .array(z.object({ kind: z.string(), threads: z.int().default(1) }))
      .default([{ kind: 'onnx', threads: 1 }]),
  }),
  network: z.object({
    chainId: z.int().default(0),
    rpcUrls: z.array(z.url()).default([]),
    contracts: z.record(z.string(), z.string()).default({}),
  }),
})

/** The one line a failed load prints. */
function failure(load: () => unknown): WitanError {
  try {
    load()
  } catch (error) {
    if (error instanceof WitanError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

t.test('precedence: flag over environment over file over network file over default', async (t) => {
  const folder = t.testdir({
    'miner.yaml': 'p2p:\n  port: 2\n  maxPeers: 2\nnetwork:\n  chainId: 2\nminer:\n  maxPrice: 12345678901234567890\n',
    'network.json': '{"chainId": 1, "rpcUrls": ["http://127.0.0.1:8545"], "contracts": {"token": "0x01"}}',
  })
  const file = join(folder, 'miner.yaml')
  const networkFile = join(folder, 'network.json')
  const { values, origins, unknownVariables } = loadConfiguration({
    schema,
    file,
    networkFile,
    networkSection: 'network',
    env: { WITAN_P2P_PORT: '3', WITAN_P2P_MAX_PEERS: '3', WITAN_P2P_PROT: '9', HOME: '/root', WITAN_DATA_DIR: '' },
    flags: { 'p2p.port': '4', 'p2p.relay': true, 'p2p.announce': undefined },
  })
  t.same(values.p2p, { port: 4, maxPeers: 3, announce: [], relay: true })
  t.same(values.network, { chainId: 2, rpcUrls: ['http://127.0.0.1:8545'], contracts: { token: '0x01' } })
  t.equal(values.miner.maxPrice, 12345678901234567890n, 'no digit of an amount is lost')
  t.same(origins, {
    dataDir: 'default',
    'p2p.port': 'flag',
    'p2p.maxPeers': 'env WITAN_P2P_MAX_PEERS',
    'p2p.announce': 'default',
    'p2p.relay': 'flag',
    'miner.maxPrice': `file ${file}`,
    'miner.behaviour': 'default',
    'miner.engines': 'default',
    'network.chainId': `file ${file}`,
    'network.rpcUrls': `network file ${networkFile}`,
    'network.contracts': `network file ${networkFile}`,
  })
  t.same(unknownVariables, ['WITAN_P2P_PROT'])
})

t.test('without any source every option has its default', async (t) => {
  const { values, origins } = loadConfiguration({ schema })
  t.equal(values.p2p.port, 4_001)
  t.equal('password' in values, false)
  t.ok(Object.values(origins).every((origin) => origin === 'default'))
})

t.test('variables are read by the type of their option', async (t) => {
  const load = (env: Record<string, string>) => loadConfiguration({ schema, env }).values
  t.same(load({ WITAN_P2P_ANNOUNCE: 'a, b,' }).p2p.announce, ['a', 'b'])
  t.same(load({ WITAN_P2P_ANNOUNCE: '["a,b"]' }).p2p.announce, ['a,b'])
  t.equal(load({ WITAN_P2P_RELAY: '1' }).p2p.relay, true)
  t.equal(load({ WITAN_MINER_MAX_PRICE: '100000000000000000000' }).miner.maxPrice, 10n ** 20n)
  t.same(load({ WITAN_MINER_ENGINES: '[{kind: tf, threads: 2}]' }).miner.engines, [{ kind: 'tf', threads: 2 }])
  t.same(load({ WITAN_NETWORK_CONTRACTS: '{token: "0x02"}' }).network.contracts, { token: '0x02' })
  t.equal(load({ WITAN_PASSWORD: '123' }).password, '123', 'text stays text')
  const wrong = failure(() => load({ WITAN_P2P_PORT: 'many' }))
  t.match(wrong.facts, { key: 'p2p.port', value: 'many', from: 'env WITAN_P2P_PORT' })
  t.equal(failure(() => load({ WITAN_P2P_PORT: '70000' })).code, 'CONFIG_INVALID')
})

t.test('secrets come from files', async (t) => {
  const folder = t.testdir({ secret: 'correct horse\n' })
  const secret = join(folder, 'secret')
  const { values, origins } = loadConfiguration({ schema, env: { WITAN_PASSWORD_FILE: secret } })
  t.equal(values.password, 'correct horse')
  t.equal(origins.password, 'env WITAN_PASSWORD_FILE')
  const both = failure(() => loadConfiguration({ schema, env: { WITAN_PASSWORD_FILE: secret, WITAN_PASSWORD: 'x' } }))
  t.equal(both.code, 'CONFIG_INVALID')
  const absent = failure(() => loadConfiguration({ schema, env: { WITAN_PASSWORD_FILE: join(folder, 'none') } }))
  t.match(absent, { code: 'CONFIG_NOT_FOUND', exitCode: 78, facts: { file: join(folder, 'none') } })

  const withFileOption = z.object({ model: z.string().optional(), modelFile: z.string().optional() })
  const direct = loadConfiguration({ schema: withFileOption, env: { WITAN_MODEL_FILE: secret } })
  t.same(direct.values, { modelFile: secret }, 'an option of that name is meant by it')
})

t.test('one line with a code for each mistake in a file', async (t) => {
  const load = (text: string, inner: z.ZodType = schema) => {
    const file = join(t.testdir({ 'x.yaml': text }), 'x.yaml')
    const error = failure(() => loadConfiguration({ schema: inner, file }))
    t.equal(error.exitCode, 78)
    t.notMatch(error.toLine(), /\n/)
    t.equal(error.facts.file ?? file, file)
    return error
  }

  t.match(load('p2p:\n  port: [1\n'), { code: 'CONFIG_SYNTAX', facts: { line: 3, column: Number } })
  t.match(load('p2p: {port: 1}\np2p: {}\n'), { code: 'CONFIG_SYNTAX', facts: { line: 2 } })
  t.match(load('- 1\n'), { code: 'CONFIG_SYNTAX' })
  const aliases = ['&a [x,x,x,x,x,x,x,x,x]', ...'abcdefgh'].map((_, i, all) =>
    i === 0 ? `a: ${all[0]}` : `${'abcdefghi'[i]}: &${'abcdefghi'[i]} [${`*${'abcdefghi'[i - 1]},`.repeat(9)}]`,
  )
  t.match(load(aliases.join('\n')), { code: 'CONFIG_SYNTAX' }, 'aliases that multiply')

  t.match(load('p2p:\n  # wrong\n  prot: 1\n'), {
    code: 'CONFIG_UNKNOWN_KEY',
    facts: { line: 3, key: 'p2p.prot', didYouMean: 'port' },
  })
  t.notOk('didYouMean' in load('telescope: 1\n').facts, 'no wild guesses')
  t.match(load('miner:\n  engines:\n    - kind: onnx\n    - kind: tf\n      thread: 2\n'), {
    code: 'CONFIG_UNKNOWN_KEY',
    facts: { line: 5, key: 'miner.engines.1.thread', didYouMean: 'threads' },
  })
  t.match(load('__proto__: {port: 1}\n'), { code: 'CONFIG_UNKNOWN_KEY' })

  t.match(load('p2p:\n  port: many\n  maxPeers: lots\n'), {
    code: 'CONFIG_INVALID',
    facts: { key: 'p2p.port', value: 'many', line: 2, further: 1 },
  })
  t.match(load('p2p: 5\n'), { code: 'CONFIG_INVALID', facts: { key: 'p2p', line: 1 } })
  t.match(load('miner: {behaviour: evil}\n'), { code: 'CONFIG_INVALID', facts: { value: 'evil' } })
  t.match(load('miner:\n  engines: [{kind: 5}]\n'), { facts: { key: 'miner.engines.0.kind', value: 5, line: 2 } })
  const secret = load('password: 12345\n')
  t.match(secret, { code: 'CONFIG_INVALID', facts: { value: '[redacted]' } })
  t.notMatch(secret.toLine(), /12345/)
  const required = z.object({ chain: z.object({ rpcUrl: z.string() }) })
  t.match(load('{}\n', required), { facts: { key: 'chain.rpcUrl' }, next: /WITAN_CHAIN_RPC_URL/ })
  t.equal(
    loadConfiguration({ schema, file: join(t.testdir({ e: '# all defaults\np2p:\n' }), 'e') }).values.p2p.port,
    4_001,
  )
})

t.test('files that cannot be read', async (t) => {
  const folder = t.testdir({ 'binary.yaml': Buffer.from([0xff, 0xfe, 0x00]) })
  t.equal(failure(() => loadConfiguration({ schema, file: join(folder, 'none.yaml') })).code, 'CONFIG_NOT_FOUND')
  t.match(
    failure(() => loadConfiguration({ schema, file: join(folder, 'binary.yaml') })),
    {
      code: 'CONFIG_UNREADABLE',
      facts: { reason: 'not UTF-8 text' },
    },
  )
  t.equal(failure(() => loadConfiguration({ schema, file: folder })).code, 'CONFIG_UNREADABLE')
  t.equal(
    failure(() => loadConfiguration({ schema, networkFile: join(folder, 'none') })).message,
    'The network file does not exist',
  )
})

t.test('options and their variables', async (t) => {
  const settings = listSettings(schema, 'WITAN_')
  t.match(settings[0], { path: 'dataDir', environmentName: 'WITAN_DATA_DIR', description: /local state/ })
  t.ok(settings.some(({ environmentName }) => environmentName === 'WITAN_NETWORK_RPC_URLS'))
  const colliding = z.object({ aB: z.string(), a: z.object({ b: z.string() }) })
  t.throws(() => listSettings(colliding, 'X_'), { message: 'options aB and a.b share the variable X_A_B' })
  t.throws(() => loadConfiguration({ schema, flags: { 'p2p.prot': 1 } }), { message: /not an option/ })
})

t.test('names', async (t) => {
  t.equal(nearestName('prot', ['port', 'part', 'host']), 'port')
  t.equal(nearestName('BOOTSTRAP', ['bootstrap']), 'bootstrap')
  t.equal(nearestName('x', ['port']), undefined)
  for (const secret of ['password', 'keys.privateKey', 'api_key', 'MNEMONIC', 'clientSecret'])
    t.ok(isSecretName(secret))
  for (const open of ['passwordFile', 'contracts.token', 'secret.port']) t.notOk(isSecretName(open))
})
