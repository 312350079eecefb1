import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { networkFilePath } from '../src/settings/connection.js'
import { homeFolder } from '../src/settings/home.js'
import { keystorePath, readPassword } from '../src/settings/keys.js'
import { modelFolders } from '../src/settings/models.js'
import { readInputFile } from '../src/settings/read-input.js'
import { recordedContext, run, runJson } from './support/run.js'

const contextIn = (directory: string, env: Record<string, string> = {}) => recordedContext({ directory, env }).context
const MINER_YAML = `network: net/network.yaml
operator:
  keystore: op.json
  passwordFile: pw
dataDir: data
health: { port: 7000 }
`

t.test('the home folder: flag, variable, a local network below, the user’s', async (t) => {
  const directory = t.testdir({ '.witan': { local: {} } })
  const local = join(directory, '.witan/local')
  t.equal(homeFolder(undefined, contextIn(directory)), join(homedir(), '.witan'), 'an empty local folder is no network')
  writeFileSync(join(local, 'network.yaml'), '{}')
  t.equal(homeFolder(undefined, contextIn(directory)), local)
  t.equal(homeFolder(undefined, contextIn(directory, { WITAN_HOME: 'elsewhere' })), join(directory, 'elsewhere'))
  t.equal(homeFolder(undefined, contextIn(directory, { WITAN_HOME: '' })), local, 'an empty variable counts as unset')
  t.equal(homeFolder('/a', contextIn(directory, { WITAN_HOME: 'elsewhere' })), '/a')
})

t.test('the network file: flag, variable, that of the home folder', async (t) => {
  const directory = t.testdir({ home: { 'network.yaml': '{}' } })
  const none = { home: join(directory, 'none'), network: undefined }
  const home = { ...none, home: join(directory, 'home') }
  t.equal(networkFilePath(home, contextIn(directory)), join(directory, 'home/network.yaml'))
  t.equal(networkFilePath(home, contextIn(directory, { WITAN_NETWORK: 'n.yaml' })), join(directory, 'n.yaml'))
  const flag = { ...home, network: 'flag.yaml' }
  t.equal(networkFilePath(flag, contextIn(directory, { WITAN_NETWORK: 'n.yaml' })), join(directory, 'flag.yaml'))
  t.throws(() => networkFilePath(none, contextIn(directory)), { code: 'NETWORK_NOT_CHOSEN', exitCode: 78 })
})

t.test('keys are named or are paths', async (t) => {
  const context = contextIn('/somewhere')
  t.equal(keystorePath('owner', '/home', context), '/home/keys/owner.json')
  t.equal(keystorePath('./owner', '/home', context), '/somewhere/owner')
  t.equal(keystorePath('owner.json', '/home', context), '/somewhere/owner.json')
  t.equal(keystorePath('/a/b', '/home', context), '/a/b')
})

t.test('a password comes from a file and is never asked for', async (t) => {
  const directory = t.testdir({ home: { password: 'of the home\n' }, a: 'one\r\n', b: 'two \n\n' })
  const home = join(directory, 'home')
  const read = (flag?: string, variable?: string, folder = home) =>
    readPassword(flag, folder, contextIn(directory, variable === undefined ? {} : { WITAN_PASSWORD_FILE: variable }))
  t.equal(read(), 'of the home')
  t.equal(read(undefined, ''), 'of the home')
  t.equal(read(undefined, 'a'), 'one', 'one line break at the end is not part of it')
  t.equal(read('b', 'a'), 'two \n', 'everything else is')
  t.throws(() => read(undefined, undefined, directory), { code: 'PASSWORD_NEEDED', next: /--password-file/ })
  t.throws(() => read('none'), { code: 'FILE_UNREADABLE', facts: { reason: 'ENOENT' } })
})

t.test('no key is made under an empty password', async (t) => {
  const directory = t.testdir({ home: { password: '\n' } })
  const made = run(['key', 'new', '--home', 'home', '--key', 'x', '--light-kdf'], { directory })
  await t.rejects(made, { code: 'PASSWORD_NEEDED', message: 'The password file is empty' })
})

t.test('an input over its bound is refused unread', async (t) => {
  const directory = t.testdir({ input: 'x'.repeat(11) })
  t.equal(readInputFile('input', 11, contextIn(directory)).length, 11)
  t.throws(() => readInputFile('input', 10, contextIn(directory)), { code: 'INPUT_TOO_LARGE', facts: { bytes: 11 } })
})

t.test('manifests: the operator’s own folder comes first', async (t) => {
  t.equal(modelFolders(contextIn('/w', { WITAN_MODELS: 'own' }))[0], '/w/own')
  t.equal(modelFolders(contextIn('/w', { WITAN_MODELS: '' })).length, 2)
})

t.test('config show tells where each value comes from', async (t) => {
  const directory = t.testdir({ 'miner.yaml': MINER_YAML })
  const show = ['config', 'show', '--role', 'miner', '--config', 'miner.yaml', '--origin']
  const env = { WITAN_HEALTH_PORT: '7001', WITAN_LOG_LEVEL: '' }
  const { options } = await runJson(show, { directory, env })
  const of = (name: string) => {
    const { value, origin } = options.find(({ option }: { option: string }) => option === name)
    return [value, origin]
  }
  t.strictSame(of('health.port'), [7001, 'env WITAN_HEALTH_PORT'])
  t.strictSame(of('dataDir'), ['data', 'file miner.yaml'])
  t.strictSame(of('log.level'), ['info', 'default'], 'an empty variable counts as unset')
  t.match((await run(show, { directory, env })).stdout, /^health\.port +7001 +env WITAN_HEALTH_PORT$/m)
  t.notMatch((await run(show.slice(0, -1), { directory, env })).stdout, /WITAN_HEALTH_PORT/, 'only when asked for')

  const misspelt = t.testdir({ 'miner.yaml': MINER_YAML.replace('port', 'prot') })
  await t.rejects(run(show, { directory: misspelt }), {
    code: 'CONFIG_UNKNOWN_KEY',
    facts: { key: 'health.prot', didYouMean: 'port', line: 6 },
  })
})

t.test('config show without a file lists every option', async (t) => {
  for (const role of ['miner', 'validator']) {
    const { options } = await runJson(['config', 'show', '--role', role])
    const names = options.map(({ option }: { option: string }) => option)
    for (const name of ['network', 'operator.keystore', 'p2p.listen', 'behaviour']) t.ok(names.includes(name), name)
    const [network] = options
    t.match(network, { option: 'network', value: null, origin: 'not set', environment: 'WITAN_NETWORK' })
  }
})

t.test('keys are made once and listed', async (t) => {
  const directory = t.testdir({ pw: 'secret\n' })
  const inHome = ['--home', 'home']
  const made = await runJson(['key', 'new', ...inHome, '--key', 'b', '--password-file', 'pw', '--light-kdf'], {
    directory,
  })
  t.match(made, { address: /^0x[0-9a-f]{40}$/, peerId: /^16Uiu2HA/, path: join(directory, 'home/keys/b.json') })
  await t.rejects(run(['key', 'new', ...inHome, '--key', 'b', '--password-file', 'pw', '--light-kdf'], { directory }), {
    code: 'KEYSTORE_EXISTS',
  })
  mkdirSync(join(directory, 'home/keys/folder'))
  writeFileSync(join(directory, 'home/keys/notes.txt'), '')
  const listed = await runJson(['key', 'list', ...inHome], { directory })
  t.strictSame(listed, [{ name: 'b', address: made.address, path: made.path }])
  t.strictSame(await runJson(['key', 'list', '--home', 'none'], { directory }), [])
})
