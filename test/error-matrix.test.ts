// What goes wrong for an operator, with real processes and a real chain: one line with a code and the next step, the
// exit status that scripts and supervisors rely on, nothing on stdout, nothing left running.
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { ErrorCode } from '@witan/protocol'
import { acquireLock, createLimiter } from '@witan/runtime'
import t, { type Test } from 'tap'
import { eventually, type Finished, processesOf, type Running, startWitan, witan, within } from './support/witan.js'

const MODEL = 'ppocr-v4-rec'
const START_DEADLINE_MS = 30_000
const WAIT_DEADLINE_MS = 20_000
/** A person waits this long for an answer about a dead endpoint; the command's own start is in it. */
const PATIENCE_MS = 15_000
const PUBLIC_CHAIN_ID = 4_242
/** Commands at a time. */
const CONCURRENCY = 3

/** What scripts and supervisors read: usage, bad data, unavailable, try again, not permitted, configuration, do not restart. */
const STATUSES = {
  64: ['USAGE', 'CONFIRMATION_NEEDED'],
  65: ['FILE_UNREADABLE', 'MODEL_UNKNOWN', 'SUBNET_UNKNOWN', 'ALREADY_REGISTERED', 'PARAMETER_INVALID', 'CASE_INVALID'],
  69: ['PORT_BUSY', 'RPC_UNAVAILABLE', 'MINER_NOT_FOUND', 'EMBEDDED_CHAIN_FAILED'],
  75: ['PRICE_EXCEEDED'],
  77: ['WRONG_PASSWORD', 'UNREGISTERED_OPERATOR', 'INSUFFICIENT_TOKENS', 'INSUFFICIENT_STAKE', 'INSUFFICIENT_FUNDS'],
  78: [
    'CONFIG_UNREADABLE',
    'CONFIG_NOT_FOUND',
    'CONFIG_SYNTAX',
    'CONFIG_INVALID',
    'CONFIG_UNKNOWN_KEY',
    'KEYSTORE_NOT_FOUND',
    'KEYSTORE_EXISTS',
    'PASSWORD_NEEDED',
    'NETWORK_NOT_CHOSEN',
    'CONTRACT_MISSING',
    'BEHAVIOUR_UNKNOWN',
    'BEHAVIOUR_LOCAL_ONLY',
  ],
  79: ['ALREADY_RUNNING', 'WRONG_CHAIN_ID'],
} as const satisfies Readonly<Record<number, readonly ErrorCode[]>>

type Code = (typeof STATUSES)[keyof typeof STATUSES][number]
const statusOf = new Map<string, number>(
  Object.entries(STATUSES).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)),
)

type Role = 'miner' | 'validator'
const ROLES: readonly Role[] = ['miner', 'validator']

// More than a hundred processes, on a machine that others may use too.
t.setTimeout(7 * 60_000)

const cwd = t.testdir({})
const home = join(cwd, 'home')
const env = { HOME: cwd }
const file = (name: string, content: string | object): string => {
  const path = join(cwd, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const limiter = createLimiter({ concurrency: CONCURRENCY, queue: 1_000 })
const command = (...args: string[]): Promise<Finished> => limiter.run(() => witan(args, { cwd, env }))

/** A command that has to succeed before anything can go wrong. */
async function done(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await command(...args)
  if (code !== 0) throw new Error(`witan ${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

async function startChain(...args: string[]): Promise<{ chain: Running; url: string }> {
  const chain = startWitan(['chain', 'start', '--block-time', '0', '--stop-with-stdin', ...args], cwd)
  endWithThisProcess(chain)
  const { rpcUrl } = await firstLine(chain)
  return { chain, url: rpcUrl! }
}

/** What fails before the first test is not torn down. Where this process is killed, its end closes their standard input. */
function endWithThisProcess({ child }: Running): void {
  process.once('exit', () => child.kill('SIGKILL'))
}

/** What a daemon prints when it is ready. */
async function firstLine({ child, ended }: Running): Promise<Record<string, string>> {
  const line = once(child.stdout!, 'data').then(([text]: string[]) => JSON.parse(text!))
  const early = ended.then(({ code, stderr }) => Promise.reject(new Error(`ended with ${code}: ${stderr}`)))
  return within(START_DEADLINE_MS, 'line of a daemon that is ready', Promise.race([line, early]))
}

function listening(): Promise<Server> {
  // Takes connections and never answers: a busy port, and a dead endpoint.
  const server = createServer(() => undefined)
  t.teardown(() => void server.close())
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

function refused(t: Test, what: string, code: Code, { code: exit, stdout, stderr }: Finished): void {
  t.match(stderr, new RegExp(`^${code}: [^\\n]+\\.\\n$`), `${what}: one line with ${code} and the next step`)
  t.equal(exit, statusOf.get(code), `${what}: exit status`)
  t.equal(stdout, '', `${what}: nothing on stdout`)
}

// ---- a network, made with the commands a user types

mkdirSync(home)
writeFileSync(join(home, 'password'), 'correct horse\n', { mode: 0o600 })
const KEYS = ['deployer', 'owner', 'operator', 'stranger'] as const
const keys = await Promise.all(
  KEYS.map((key) => done('key', 'new', '--home', home, '--key', key, '--light-kdf', '--json')),
)
const address = Object.fromEntries(KEYS.map((key, index) => [key, String(keys[index]!.address)]))
const funds = ['deployer', 'owner', 'operator'].flatMap((key) => ['--fund', `${address[key]}=100`])
const deployFile = (chainId: number, minEpochLength: number) =>
  file(`deploy-${chainId}.yaml`, {
    name: 'matrix',
    chainId,
    genesis: [{ address: address.owner, amount: '1000' }],
    minEpochLength,
  })
/** Each network has a home of its own; the keys are the same. */
const deployTo = (url: string, plan: string, folder: string) => {
  const key = ['--key', join(home, 'keys/deployer.json'), '--password-file', join(home, 'password')]
  return done('deploy', '--home', folder, '--file', plan, '--rpc', url, ...key, '--json')
}

const [local, outside, fresh, dead] = await Promise.all([
  startChain('--state', join(cwd, 'chain.json'), ...funds),
  startChain('--chain-id', String(PUBLIC_CHAIN_ID), ...funds),
  startChain(),
  listening(),
])
const networkFile = join(home, 'network.yaml')
const outsideHome = join(cwd, 'outside')
const outsideFile = join(outsideHome, 'network.yaml')
await Promise.all([
  deployTo(local.url, deployFile(31_337, 2), home),
  deployTo(outside.url, deployFile(PUBLIC_CHAIN_ID, 600), outsideHome),
])
const asOwner = ['--home', home, '--key', 'owner']
await done(
  'subnet',
  'create',
  ...asOwner,
  '--name',
  'reading',
  '--model',
  MODEL,
  '--preset',
  'minimal',
  '--yes',
  '--json',
)
await done('register', ...asOwner, '--operator-key', 'operator', '--max-price', '1', '--yes', '--json')

const network = JSON.parse(readFileSync(networkFile, 'utf8'))
const networkAt = (name: string, rpcUrl: string) => file(`${name}.yaml`, { ...network, rpcUrls: [rpcUrl] })
const silentEndpoint = `http://127.0.0.1:${portOf(dead)}`
const closed = await listening()
const refusingEndpoint = `http://127.0.0.1:${portOf(closed)}`
await new Promise((resolve) => closed.close(resolve))
const silentFile = networkAt('silent', silentEndpoint)
const refusingFile = networkAt('refusing', refusingEndpoint)
const freshFile = networkAt('fresh', fresh.url)
const wrongChainFile = networkAt('wrong-chain', outside.url)

const operator = (key: string) => ({ keystore: join(home, `keys/${key}.json`), passwordFile: join(home, 'password') })
const listenOn = (port: number) => ({ listen: [`/ip4/127.0.0.1/tcp/${port}`] })
const config = (role: Role, name: string) => ({
  network: networkFile,
  operator: operator('operator'),
  dataDir: join(cwd, 'data', `${role}-${name}`),
  p2p: listenOn(0),
  health: { port: 0 },
  model: MODEL,
})

const wrongPassword = file('wrong-password', 'incorrect\n')
const FAULTS: readonly [what: string, code: Code, change: object][] = [
  ['wrong password', 'WRONG_PASSWORD', { operator: { ...operator('operator'), passwordFile: wrongPassword } }],
  ['busy p2p port', 'PORT_BUSY', { p2p: listenOn(portOf(dead)) }],
  ['busy health port', 'PORT_BUSY', { health: { port: portOf(dead) } }],
  ['RPC that refuses', 'RPC_UNAVAILABLE', { network: refusingFile }],
  ['wrong chain id', 'WRONG_CHAIN_ID', { network: wrongChainFile }],
  ['misspelt key', 'CONFIG_UNKNOWN_KEY', { heatlh: { port: 0 } }],
  ['unregistered operator', 'UNREGISTERED_OPERATOR', { operator: operator('stranger') }],
  ['unknown subnet', 'SUBNET_UNKNOWN', { netuid: 9 }],
  ['unknown behaviour', 'BEHAVIOUR_UNKNOWN', { behaviour: 'heroic' }],
  // From here on both roles go through the same lines: the miner stands for both.
  ['RPC that never answers', 'RPC_UNAVAILABLE', { network: silentFile }],
  ['fresh chain, old network file', 'CONTRACT_MISSING', { network: freshFile }],
  ['no password file', 'CONFIG_UNREADABLE', { operator: { ...operator('operator'), passwordFile: join(cwd, 'none') } }],
  ['no keystore', 'KEYSTORE_NOT_FOUND', { operator: operator('nobody') }],
  ['no network file', 'CONFIG_NOT_FOUND', { network: join(cwd, 'none.yaml') }],
  ['network file that is something else', 'CONFIG_SYNTAX', { network: file('text.yaml', 'not a network') }],
  ['network file without contracts', 'CONFIG_INVALID', { network: file('short.yaml', { name: 'x', chainId: 1 }) }],
  ['value of the wrong type', 'CONFIG_INVALID', { health: { port: 'many' } }],
  ['required key missing', 'CONFIG_INVALID', { dataDir: undefined }],
  ['unknown model', 'MODEL_UNKNOWN', { model: 'no-such-model' }],
]
const COMMON_FAULTS = 9

t.test('a daemon that cannot run refuses with one line', async (t) => {
  const cases = ROLES.flatMap((role) =>
    (role === 'miner' ? FAULTS : FAULTS.slice(0, COMMON_FAULTS)).map(async ([what, code, change]) => {
      const name = what.replaceAll(/\W+/g, '-')
      const path = file(`${role}-${name}.yaml`, { ...config(role, name), ...change })
      return { what: `${role}, ${what}`, code, finished: await command(role, 'start', '--config', path) }
    }),
  )
  for (const { what, code, finished } of await Promise.all(cases)) refused(t, what, code, finished)
  const misspelt = file('misspelt.yaml', 'network: network.yaml\nheatlh:\n  port: 0\n')
  const { stderr } = await command('miner', 'start', '--config', misspelt)
  t.match(stderr, /line=2, key=heatlh, didYouMean=health/, 'the line and the key that was meant')
  refused(t, 'no file', 'CONFIG_NOT_FOUND', await command('miner', 'start', '--config', 'none.yaml'))
  t.strictSame(daemons(), [], 'no process is left')
})

t.test('a behaviour other than honest needs a local chain', async (t) => {
  const start = (role: Role, behaviour: string) => {
    const path = file(`outside-${role}-${behaviour}.yaml`, {
      ...config(role, 'outside'),
      network: outsideFile,
      behaviour,
    })
    return command(role, 'start', '--config', path)
  }
  const [slow, copier, honest] = await Promise.all([
    start('miner', 'slow'),
    start('validator', 'copier'),
    start('miner', 'honest'),
  ])
  refused(t, 'slow miner', 'BEHAVIOUR_LOCAL_ONLY', slow)
  refused(t, 'copier', 'BEHAVIOUR_LOCAL_ONLY', copier)
  refused(t, 'honest miner', 'SUBNET_UNKNOWN', honest)
})

t.test('a command that cannot do its work says why in one line', async (t) => {
  const net = ['--home', home]
  const stake = (...args: string[]) => ['stake', 'add', ...asOwner, '--operator', address.operator!, ...args]
  const register = (...args: string[]) => ['register', ...asOwner, '--operator-key', 'stranger', ...args]
  const deploy = (chainId: number, url: string) => {
    const key = ['--key', join(home, 'keys/stranger.json'), '--password-file', join(home, 'password')]
    return ['deploy', '--home', outsideHome, '--file', deployFile(chainId, 600), '--rpc', url, ...key, '--out', 'x']
  }
  const infer = ['infer', '--model', MODEL, '--image', file('x.png', 'x')]
  const cases: readonly [what: string, code: Code, args: string[]][] = [
    ['unknown command', 'USAGE', ['miner', 'strat']],
    ['unknown option', 'USAGE', ['status', '--jsn']],
    ['surplus argument', 'USAGE', ['status', 'now']],
    ['required option missing', 'USAGE', ['miner', 'start']],
    ['amount that is none', 'USAGE', stake('--amount', 'much')],
    ['amount of zero', 'USAGE', stake('--amount', '0')],
    ['text with line breaks', 'USAGE', stake('--amount', '1\n\u001b[31m2')],
    ['address that is none', 'USAGE', ['stake', 'list', ...net, '--account', '0x12']],
    ['netuid out of range', 'USAGE', ['metagraph', ...net, '--netuid', '70000']],
    ['url that is none', 'USAGE', ['deploy', '--file', 'x', '--key', 'x', '--rpc', 'banana']],
    ['two ways at once', 'USAGE', register('--consent', 'x.json', '--max-price', '1')],
    ['no network', 'NETWORK_NOT_CHOSEN', ['status']],
    ['infer without a network', 'NETWORK_NOT_CHOSEN', infer],
    ['infer without an announced miner', 'MINER_NOT_FOUND', [...infer, ...net]],
    ['unknown model', 'MODEL_UNKNOWN', ['infer', ...net, '--model', 'gpt', '--image', 'x.png']],
    ['no such image', 'FILE_UNREADABLE', ['infer', ...net, '--model', MODEL, '--image', 'none.png']],
    ['unknown subnet', 'SUBNET_UNKNOWN', ['metagraph', ...net, '--netuid', '9']],
    [
      'no such key',
      'KEYSTORE_NOT_FOUND',
      ['stake', 'add', ...net, '--key', 'x', '--operator', address.operator!, '--amount', '1', '--yes'],
    ],
    ['key that exists', 'KEYSTORE_EXISTS', ['key', 'new', ...net, '--key', 'owner', '--light-kdf']],
    ['no password', 'PASSWORD_NEEDED', ['key', 'new', '--home', cwd, '--key', 'x']],
    ['no password file', 'FILE_UNREADABLE', ['key', 'new', ...net, '--key', 'x', '--password-file', 'none']],
    ['wrong password', 'WRONG_PASSWORD', stake('--amount', '1', '--yes', '--password-file', wrongPassword)],
    ['nobody to ask', 'CONFIRMATION_NEEDED', stake('--amount', '1')],
    ['more tokens than there are', 'INSUFFICIENT_TOKENS', stake('--amount', '99999', '--yes')],
    ['more tokens, dry', 'INSUFFICIENT_TOKENS', stake('--amount', '99999', '--dry-run')],
    [
      'more stake than there is',
      'INSUFFICIENT_STAKE',
      ['stake', 'remove', ...asOwner, '--operator', address.operator!, '--amount', '1', '--yes'],
    ],
    ['no coin for gas', 'INSUFFICIENT_FUNDS', deploy(PUBLIC_CHAIN_ID, outside.url)],
    [
      'stake on a stranger',
      'UNREGISTERED_OPERATOR',
      ['stake', 'add', ...asOwner, '--operator', address.stranger!, '--amount', '1', '--yes'],
    ],
    ['price above the cap', 'PRICE_EXCEEDED', register('--max-price', '0.000000001', '--yes')],
    [
      'registered before',
      'ALREADY_REGISTERED',
      ['register', ...asOwner, '--operator-key', 'operator', '--max-price', '1', '--yes'],
    ],
    [
      'parameter out of bounds',
      'PARAMETER_INVALID',
      ['subnet', 'create', ...asOwner, '--name', 'x', '--model', MODEL, '--epoch', '1s', '--yes'],
    ],
    ['wrong chain id', 'WRONG_CHAIN_ID', ['status', '--network', wrongChainFile]],
    ['fresh chain, old network file', 'CONTRACT_MISSING', ['status', '--network', freshFile]],
    ['deploy file for another chain', 'WRONG_CHAIN_ID', deploy(31_337, outside.url)],
    ['busy port of the chain', 'EMBEDDED_CHAIN_FAILED', ['chain', 'start', '--port', String(portOf(dead))]],
    ['RPC that refuses', 'RPC_UNAVAILABLE', ['status', '--network', refusingFile]],
    ['case that is none', 'CASE_INVALID', ['simulate', 'epoch', '--file', file('case.json', {})]],
  ]
  const runs = cases.map(async ([what, code, args]) => ({ what, code, finished: await command(...args) }))
  for (const { what, code, finished } of await Promise.all(runs)) refused(t, what, code, finished)
  const asked = await command(...stake('--amount', '1'))
  t.match(asked.stderr, /`--yes`/, 'it names the flag that is missing')
  const { calls } = (await done(...stake('--amount', '1', '--dry-run', '--json'))) as {
    calls: { call: { method: string } }[]
  }
  t.equal(calls[0]?.call.method, 'approve', 'a command that failed has left no approval behind')
})

t.test('an endpoint that never answers is told about in seconds', async (t) => {
  const startedAt = performance.now()
  refused(t, 'status', 'RPC_UNAVAILABLE', await command('status', '--network', silentFile))
  const tookMs = performance.now() - startedAt
  t.ok(tookMs < PATIENCE_MS, `${Math.round(tookMs)} ms`)
})

t.test('a key that another command uses is not used twice', async (t) => {
  const lock = acquireLock(join(home, 'locks', `${address.owner}.lock`))
  t.teardown(lock.release)
  const args = ['--operator', address.operator!, '--amount', '1', '--yes']
  refused(t, 'stake add', 'ALREADY_RUNNING', await command('stake', 'add', ...asOwner, ...args))
})

interface Health {
  recentErrors: { code: string }[]
  detail: { admissionAgeMs: number }
}

t.test('a running miner outlives its chain', async (t) => {
  const path = file('alive.yaml', { ...config('miner', 'alive'), serving: { admissionRefreshMs: 500 } })
  const miner = startWitan(['miner', 'start', '--config', path, '--stop-with-stdin'], cwd)
  endWithThisProcess(miner)
  const { health } = await firstLine(miner)
  const ask = async (route: string): Promise<Health> =>
    (await fetch(`http://127.0.0.1:${health}${route}`)).json() as Promise<Health>
  const errors = async (): Promise<string[]> => (await ask('/status')).recentErrors.map(({ code }) => code)

  refused(t, 'second process', 'ALREADY_RUNNING', await command('miner', 'start', '--config', path))
  t.strictSame(await errors(), [], 'all is well before')

  local.chain.child.kill('SIGTERM')
  t.equal((await local.chain.ended).code, 0, 'the chain stops in order')
  await eventually('error in the status', WAIT_DEADLINE_MS, async () =>
    (await errors()).includes('RPC_UNAVAILABLE') ? true : undefined,
  )
  t.equal((await fetch(`http://127.0.0.1:${health}/livez`)).status, 200, 'a dead chain is no reason to restart')
  // Another loop of the miner may have been the first to tell.
  const counted = /witan_miner_background_failures_total\{[^}]*admission[^}]*\} [1-9]/
  await eventually('counted failure of the admission', WAIT_DEADLINE_MS, async () =>
    counted.test(await (await fetch(`http://127.0.0.1:${health}/metrics`)).text()) ? true : undefined,
  )

  const port = new URL(local.url).port
  const back = await startChain('--state', join(cwd, 'chain.json'), '--port', port)
  t.equal(back.url, local.url)
  const refreshed = await eventually('refresh after the chain is back', WAIT_DEADLINE_MS, async () => {
    const { admissionAgeMs } = (await ask('/livez')).detail
    return admissionAgeMs < 500 ? admissionAgeMs : undefined
  })
  t.ok(refreshed < 500, 'the miner goes on')
  t.equal((await command('status', '--home', home)).code, 0)

  miner.child.kill('SIGTERM')
  t.equal((await miner.ended).code, 0, 'it leaves in order')
  await stop(back.chain)
})

t.test('nothing is left running', async (t) => {
  await Promise.all([stop(outside.chain), stop(fresh.chain)])
  t.strictSame(processesOf(cwd), [])
})

async function stop({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM')
  await ended
}

function daemons(): string[] {
  return processesOf(cwd).filter((line) => !line.includes('chain'))
}
