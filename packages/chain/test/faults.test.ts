import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createSeededRandom, openDatabase } from '@witan/runtime'
import t, { type Test } from 'tap'
import {
  CHAIN_MIGRATIONS,
  createEmbeddedChain,
  createRpc,
  createSender,
  genesisHashOf,
  type Rpc,
} from '../src/index.js'
import { type Fault, startFaultProxy } from './support/fault-proxy.js'
import { keyOf } from './support/keys.js'
import { clock, fund, logger, startLocalChain } from './support/local-chain.js'
import { until } from './support/until.js'
import { createWave, hasEnded, submitWave, verifyWave } from './support/wave.js'

// More for a long run: WITAN_TEST_KILLS=100 WITAN_TEST_SEED=7 node packages/chain/dist/test/faults.test.js
const { WITAN_TEST_KILLS: kills = '10', WITAN_TEST_SEED: seed = `${Date.now() % 1_000_000}` } = process.env
const IN_FLIGHT = 50
const account = keyOf('alice').address
t.comment(`seed ${seed}`)

async function temporaryFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'witan-faults-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function openSender(t: Test, rpc: Rpc, { stuckMs = 500 } = {}) {
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  const sender = createSender(
    { chainId: 31_337, genesisHash: await genesisHashOf(rpc), pollMs: 50, conflictMs: 500, closingMs: 1, stuckMs },
    { signer: keyOf('alice'), rpc, database, clock, logger },
  )
  t.teardown(async () => {
    await sender.stop()
    database.close()
  })
  await sender.start()
  return { sender, database }
}

t.test(`kill -9 at ${kills} random moments with ${IN_FLIGHT} intents in flight`, async (t) => {
  const random = createSeededRandom(`kills ${seed}`)
  const path = join(await temporaryFolder(t), 'chain.db')
  const local = await startLocalChain(['alice'], 1)
  t.teardown(() => local.stop())
  const script = fileURLToPath(new URL('support/wave-child.js', import.meta.url))
  const waves: string[] = []
  let killed = 0

  /** Whether the child came to the end of its wave before it was killed. */
  const runChild = async (wave: string, killAfterMs: number | undefined): Promise<boolean> => {
    const child = spawn(process.execPath, [script, local.chain.rpcUrl(), path, wave, `${IN_FLIGHT}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    const lines: string[] = []
    const output = createInterface(child.stdout)
    output.on('line', (line) => lines.push(line))
    await Promise.race([once(output, 'line'), exited])
    const cancel = killAfterMs === undefined ? () => {} : clock.schedule(killAfterMs, () => void child.kill('SIGKILL'))
    const stuck = clock.schedule(120_000, () => void child.kill('SIGKILL'))
    const [, signal] = await exited
    cancel()
    stuck()
    if (signal !== null) killed++
    return lines.includes('ended')
  }

  while (killed < Number(kills)) {
    const wave = `wave ${waves.length}`
    waves.push(wave)
    while (killed < Number(kills) && !(await runChild(wave, random.below(2_500)))) {}
  }
  t.ok(await runChild(waves.at(-1)!, undefined), 'the last one comes to the end')
  const database = openDatabase(path, CHAIN_MIGRATIONS)
  t.teardown(() => database.close())
  const intents = waves.flatMap((wave) => createWave(wave, IN_FLIGHT))
  const counts = await verifyWave(t, intents, { rpc: local.rpc, database, account })
  t.comment(`${killed} kills, ${intents.length} intents: ${JSON.stringify(counts)}`)
  t.ok((counts.mined ?? 0) > 0)
  t.strictSame(
    Object.keys(counts).filter((state) => state !== 'mined' && state !== 'expired'),
    [],
  )
})

t.test('kill -9 of the chain, which comes back without its last blocks and its pool', async (t) => {
  const random = createSeededRandom(`chain kills ${seed}`)
  const stateFile = join(await temporaryFolder(t), 'chain.json')
  const chain = createEmbeddedChain({ stateFile, blockTimeSeconds: 1, accounts: fund([account]) }, { clock, logger })
  await chain.start()
  t.teardown(() => chain.stop())
  const rpc = createRpc({ urls: [chain.rpcUrl()], timeoutMs: 2_000 }, { clock })
  const { sender, database } = await openSender(t, rpc, { stuckMs: 5_000 })
  const waves = [0, 1, 2].map((index) => createWave(`chain ${index}`, IN_FLIGHT))
  for (const wave of waves) {
    void submitWave(sender, wave)
    await clock.sleep(random.below(1_500))
    process.kill(chain.pid()!, 'SIGKILL')
    await until(() => chain.pid() === undefined)
    await chain.stop()
    await chain.start()
  }
  await hasEnded(sender)
  const counts = await verifyWave(t, waves.flat(), { rpc, database, account })
  t.strictSame(counts, { mined: 3 * IN_FLIGHT })
})

const FAULTS: readonly Fault[] = [
  'drop before',
  'drop after',
  'stall',
  'error',
  'nonce too high',
  'nonce too low',
  'nonce stale',
]

t.test('an endpoint that drops, stalls and is wrong about nonces', async (t) => {
  const random = createSeededRandom(`proxy ${seed}`)
  const local = await startLocalChain(['alice'], 1)
  t.teardown(() => local.stop())
  const proxy = await startFaultProxy(t, local.rpc, random)
  const rpc = createRpc({ urls: [proxy.url], timeoutMs: 300 }, { clock })
  const { sender, database } = await openSender(t, rpc)
  proxy.choose = () => (random.below(3) === 0 ? FAULTS[random.below(FAULTS.length)]! : 'none')
  const waves = [0, 1].map((index) => createWave(`proxy ${index}`, IN_FLIGHT, { everyShort: 5 }))
  for (const wave of waves) await submitWave(sender, wave)
  await hasEnded(sender)
  t.comment(JSON.stringify(proxy.made))
  for (const fault of FAULTS) t.ok(proxy.made[fault], fault)
  proxy.choose = () => 'none'
  const counts = await verifyWave(t, waves.flat(), { rpc: local.rpc, database, account })
  t.comment(JSON.stringify(counts))
})

t.test('a nonce that was named too high leaves no hole, one too low no loss', async (t) => {
  for (const fault of ['nonce too high', 'nonce too low'] as const) {
    const local = await startLocalChain(['alice'])
    t.teardown(() => local.stop())
    const other = await openSender(t, local.rpc)
    await submitWave(other.sender, createWave('other process', 7))
    await other.sender.stop()
    const proxy = await startFaultProxy(t, local.rpc, createSeededRandom(seed))
    const { sender, database } = await openSender(t, createRpc({ urls: [proxy.url] }, { clock }))
    proxy.choose = () => fault
    const wave = createWave(fault, 3)
    void submitWave(sender, wave)
    await until(() => sender.queued() === 0 && wave.every(({ key }) => sender.nonceOf(key) !== undefined))
    proxy.choose = () => 'none'
    await hasEnded(sender)
    const states = wave.map(({ key }) => sender.stateOf(key))
    t.strictSame(states, ['mined', 'mined', 'mined'], fault)
    for (const { to, amountWei } of wave) {
      t.equal(BigInt(await local.rpc.request<string>('eth_getBalance', [to, 'latest'])), amountWei)
    }
    const open = database.prepare<[], { count: number }>(
      "SELECT count(*) AS count FROM intents WHERE state NOT IN ('mined', 'conflict')",
    )
    t.equal(open.get()!.count, 0, 'nothing else is left over')
  }
})

t.test('reorganisations of ten blocks take transactions back, and the journal sends them again', async (t) => {
  const local = await startLocalChain(['alice'])
  t.teardown(() => local.stop())
  await local.rpc.request('anvil_mine', ['0x14'])
  const { sender, database } = await openSender(t, local.rpc)
  const waves = [0, 1, 2].map((index) => createWave(`reorg ${index}`, IN_FLIGHT, { everyShort: 10 }))
  for (const [index, wave] of waves.entries()) {
    void submitWave(sender, wave)
    await until(() => wave.filter(({ key }) => sender.stateOf(key) === 'mined').length >= 12)
    await local.rpc.request('anvil_reorg', [10, []])
    t.ok(true, `reorganisation ${index}`)
  }
  const isThere = async () => {
    await hasEnded(sender)
    const balances = await Promise.all(
      waves.flat().map(({ to }) => local.rpc.request<string>('eth_getBalance', [to, 'latest'])),
    )
    const mined = waves.flat().filter(({ key }) => sender.stateOf(key) === 'mined').length
    return balances.filter((balance) => balance !== '0x0').length === mined
  }
  await until(isThere, 60_000)
  const counts = await verifyWave(t, waves.flat(), { rpc: local.rpc, database, account })
  t.comment(JSON.stringify(counts))
})
