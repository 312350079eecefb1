import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { WitanError } from '@witan/protocol'
import { openDatabase } from '@witan/runtime'
import t from 'tap'
import { readBlock, readLatestBlock } from '../src/blocks/block.js'
import { CHAIN_MIGRATIONS, createEmbeddedChain, createRpc, createSender, genesisHashOf } from '../src/index.js'
import { coin } from './support/coin.js'
import { keyOf } from './support/keys.js'
import { clock, fund, isAlive, logger } from './support/local-chain.js'
import { until } from './support/until.js'

const folder = await mkdtemp(join(tmpdir(), 'witan-chain-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const alice = keyOf('alice').address

t.test('a chain resumes where it stopped, on the same port', async (t) => {
  const stateFile = join(folder, 'resumed.json')
  const options = { stateFile, blockTimeSeconds: 0, accounts: fund([alice]) }
  const first = createEmbeddedChain(options, { clock, logger })
  await first.start()
  const url = first.rpcUrl()
  const pid = first.pid()!
  const rpc = createRpc({ urls: [url] }, { clock })
  await rpc.request('anvil_mine', ['0x5'])
  await rpc.request('evm_increaseTime', [86_400])
  await rpc.request('evm_mine', [])
  const [genesis, head] = await Promise.all([readBlock(rpc, 0), readLatestBlock(rpc)])
  await first.stop()
  await first.stop()
  t.notOk(isAlive(pid), 'no process is left')

  const second = createEmbeddedChain({ ...options, accounts: [] }, { clock, logger })
  await second.start()
  t.teardown(() => second.stop())
  t.equal(second.rpcUrl(), url)
  t.same(await readLatestBlock(rpc), head)
  t.same(await readBlock(rpc, 0), genesis, 'the chain keeps its identity')
  t.equal(await rpc.request('eth_getBalance', [alice, 'latest']), `0x${(1000n * 10n ** 18n).toString(16)}`)
  await rpc.request('evm_mine', [])
  t.ok((await readLatestBlock(rpc)).timestamp >= head.timestamp, 'time does not step back')
})

t.test('a kill of the chain loses no more than the last save, and is told', async (t) => {
  const stateFile = join(folder, 'killed.json')
  let failure: WitanError | undefined
  const chain = createEmbeddedChain(
    {
      stateFile,
      blockTimeSeconds: 0,
      onFailure: (error) => {
        failure = error
      },
    },
    { clock, logger },
  )
  await chain.start()
  t.teardown(() => chain.stop())
  const rpc = createRpc({ urls: [chain.rpcUrl()] }, { clock })
  await rpc.request('anvil_mine', ['0x3'])
  await chain.saveState()
  process.kill(chain.pid()!, 'SIGKILL')
  await until(() => failure !== undefined)
  t.match(failure, { code: 'EMBEDDED_CHAIN_FAILED', exitCode: 69 })
  await chain.stop()
  await chain.start()
  t.equal((await readLatestBlock(rpc)).number, 3, 'the same service starts again')
})

t.test('what was mined after the last save is sent again', async (t) => {
  const stateFile = join(folder, 'lost.json')
  const chain = createEmbeddedChain({ stateFile, blockTimeSeconds: 0, accounts: fund([alice]) }, { clock, logger })
  await chain.start()
  t.teardown(() => chain.stop())
  const rpc = createRpc({ urls: [chain.rpcUrl()] }, { clock })
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  const sender = createSender(
    { chainId: 31_337, genesisHash: await genesisHashOf(rpc), pollMs: 20 },
    { signer: keyOf('alice'), rpc, database, clock, logger },
  )
  await sender.start()
  t.teardown(() => sender.stop())
  const saved = await readFile(stateFile)
  const mined = await sender.submit(coin('bob', 1n), { idempotenceKey: 'mined' })
  process.kill(chain.pid()!, 'SIGKILL')
  await until(() => chain.pid() === undefined)
  await chain.stop()
  await writeFile(stateFile, saved)
  await chain.start()
  await until(async () => (await rpc.request('eth_getTransactionReceipt', [mined.hash])) !== null)
  t.equal(await rpc.request('eth_getBalance', [keyOf('bob').address, 'latest']), '0x1')
})

t.test('failures to start are coded', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const busy = createEmbeddedChain({ port }, { clock, logger })
  await t.rejects(busy.start(), { code: 'EMBEDDED_CHAIN_FAILED', facts: { reason: /in use/i } })

  const stateFile = join(folder, 'broken.json')
  await writeFile(stateFile, '{"block":')
  const broken = createEmbeddedChain({ stateFile }, { clock, logger })
  await t.rejects(broken.start(), { code: 'EMBEDDED_CHAIN_FAILED' })
  t.equal(await readFile(stateFile, 'utf8'), '{"block":', 'a broken state file is left as it is')
})

t.test('the chain dies with its parent, even by kill -9', async (t) => {
  const parent = spawn(process.execPath, [fileURLToPath(new URL('support/chain-parent.js', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  }) as ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string]
  const pid = Number(line)
  t.ok(isAlive(pid))
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid))
  t.pass('the watchdog ended it')
})
