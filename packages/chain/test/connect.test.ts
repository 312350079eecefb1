import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EpochInput, isWitanError, runEpoch } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import {
  createKernelEngine,
  createRpc,
  formatAmount,
  openChain,
  parseAmount,
  readDeployFile,
  readNetworkFile,
  writeNetworkFile,
} from '../src/index.js'
import { startJsonRpcServer } from './support/json-rpc-server.js'
import { clock, startLocalChain } from './support/local-chain.js'
import { deployTestNetwork } from './support/test-network.js'

const folder = await mkdtemp(join(tmpdir(), 'witan-connect-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))

t.test('a connection is checked against the network file', async (t) => {
  const local = await startLocalChain(['deployer'])
  t.teardown(() => local.stop())
  const network = await deployTestNetwork(local)
  const path = join(folder, 'network.yaml')
  await writeNetworkFile(path, network)
  t.same(readNetworkFile(path), network)

  const chain = await openChain(network, { clock })
  t.match(chain.genesisHash, /^0x[0-9a-f]{64}$/)
  await t.rejects(openChain({ ...network, chainId: 1 }, { clock }), {
    code: 'WRONG_CHAIN_ID',
    exitCode: 79,
    facts: { expected: 1, actual: 31_337 },
  })
  const contracts = { ...network.contracts, emission: `0x${'99'.repeat(20)}` as const }
  await t.rejects(openChain({ ...network, contracts }, { clock }), {
    code: 'CONTRACT_MISSING',
    exitCode: 78,
    facts: { contract: 'Emission' },
  })
  const behindDead = { ...network, rpcUrls: ['http://127.0.0.1:9', ...network.rpcUrls] }
  t.ok(await openChain(behindDead, { clock }), 'the next endpoint is asked')

  const kernel = createKernelEngine(chain.contracts)
  for (let seed = 0; seed < 5; seed++) {
    const input = randomEpoch(seed)
    t.same(await kernel(input), await runEpoch(input), 'the deployed kernel and the rules agree')
  }
})

function randomEpoch(seed: number): EpochInput {
  const random = createSeededRandom(`epoch ${seed}`)
  const uids = 6 + random.below(6)
  const each = <T>(make: (uid: number) => T) => Array.from({ length: uids }, (_, uid) => make(uid))
  const permits = each((uid) => uid < 4)
  const row = () => each(() => random.below(65_536))
  return {
    kappa: 32_767,
    bondsPenalty: 65_535,
    bondsAlphaPpm: 100_000,
    endsAt: 1_000,
    activityCutoff: 500,
    lastSettledEnd: 900,
    permits,
    newPermits: permits,
    withheld: each(() => false),
    stake: each((uid) => (uid < 4 ? 1 + random.below(1_000_000) : 0)),
    registeredAt: each(() => 100),
    lastUpdate: each(() => 950),
    committedAt: each(() => 950),
    rows: each(row),
    bonds: each(row),
  }
}

t.test('a dead endpoint is one line', async (t) => {
  const rpc = createRpc({ urls: ['http://user:secret@127.0.0.1:9/key'], attempts: 1 }, { clock })
  const error = await rpc.request('eth_chainId', []).catch((reason: unknown) => reason)
  t.ok(isWitanError(error, 'RPC_UNAVAILABLE'))
  if (!isWitanError(error)) return
  t.equal(error.exitCode, 69)
  t.notMatch(error.toLine(), /secret|key|\n/, 'without the secrets of the URL')
  t.match(error.toLine(), /http:\/\/127\.0\.0\.1:9/)
})

t.test('whatever an endpoint answers gives a coded error', async (t) => {
  const answers: Record<string, (response: ServerResponse) => unknown> = {
    html: (response) => response.end('<html>'),
    'status 500': (response) => response.writeHead(500).end('{}'),
    'nothing for the request': (response) => response.end('[]'),
    'no object': (response) => response.end('null'),
    'neither result nor error': (response) => response.end('{"jsonrpc":"2.0","id":1}'),
    'wrong id': (response) => response.end('{"jsonrpc":"2.0","id":999999,"result":"0x1"}'),
    silence: () => {},
    'a broken connection': (response) => response.destroy(),
  }
  for (const [name, answer] of Object.entries(answers)) {
    const url = await startJsonRpcServer(t, (_, response) => void answer(response))
    const rpc = createRpc({ urls: [url], attempts: 1, timeoutMs: 200 }, { clock })
    await t.rejects(rpc.request('eth_chainId', []), { code: 'RPC_UNAVAILABLE' }, name)
  }
  const error = { code: -32601, message: 'no\nsuch\u0007 method' }
  const refusing = await startJsonRpcServer(t, (asked) => asked.map(({ id }) => ({ jsonrpc: '2.0', id, error })))
  const older = await startJsonRpcServer(t, () => [{ id: 1, result: '0x7', error: null }])
  t.equal(await createRpc({ urls: [older] }, { clock }).request('eth_chainId', []), '0x7', 'as in JSON-RPC 1.0')
  const rpc = createRpc({ urls: [refusing] }, { clock })
  await t.rejects(rpc.request('eth_chainId', []), { code: 'RPC_REJECTED', facts: { reason: 'no such method' } })
})

t.test('requests of one tick travel as one batch, an abort ends one of them', async (t) => {
  const sizes: number[] = []
  const url = await startJsonRpcServer(t, (asked) => {
    sizes.push(asked.length)
    return asked.toReversed().map(({ id, method }) => ({ jsonrpc: '2.0', id, result: method }))
  })
  const rpc = createRpc({ urls: [url] }, { clock })
  const controller = new AbortController()
  const aborted = rpc.request('c', [], { signal: controller.signal })
  const all = Promise.all([rpc.request('a', []), rpc.request('b', [])])
  controller.abort(new Error('not needed'))
  await t.rejects(aborted, { message: 'not needed' })
  t.same(await all, ['a', 'b'])
  t.same(sizes, [3])
})

t.test('files of people are checked', async (t) => {
  const path = join(folder, 'deploy.yaml')
  const deployFile = (more: string) =>
    writeFile(
      path,
      `name: testnet\nchainId: 1234\ngenesis:\n  - {address: "0x${'Aa'.repeat(20)}", amount: "1.5"}\n${more}`,
    )
  await deployFile('')
  const { genesis, unbonding } = readDeployFile(path)
  t.same(genesis, [{ address: `0x${'aa'.repeat(20)}`, amount: 15n * 10n ** 17n }])
  t.equal(unbonding, 14 * 86_400)
  await deployFile('minEpochLength: 15\n')
  t.throws(() => readDeployFile(path), { code: 'PARAMETER_INVALID', facts: { chainId: 1234 } })
  await deployFile('unbondng: 15\n')
  t.throws(() => readDeployFile(path), { code: 'CONFIG_UNKNOWN_KEY' })
  t.throws(() => readNetworkFile(join(folder, 'none.yaml')), { code: 'CONFIG_NOT_FOUND' })
  await writeFile(path, (await readFile(path, 'utf8')).replace('1.5', '1,5'))
  t.throws(() => readDeployFile(path), { code: 'CONFIG_UNKNOWN_KEY' })

  t.equal(parseAmount('0.5'), 5n * 10n ** 17n)
  t.equal(formatAmount(parseAmount('1000')), '1000')
  t.equal(formatAmount(1n), '0.000000000000000001')
  for (const text of ['', '-1', '1e3', '0x1', '1.', '.5', '1_000', '0.1234567890123456789']) {
    t.throws(() => parseAmount(text), { code: 'AMOUNT_INVALID' }, text)
  }
})
