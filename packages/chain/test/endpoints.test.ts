import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net'
import { createManualClock } from '@witan/runtime'
import t, { type Test } from 'tap'
import { createBlockWatcher, createRpc } from '../src/index.js'
import { createEndpointHealth, rankByHealth } from '../src/rpc/endpoint-health.js'
import { wantedBlock } from '../src/rpc/wanted-block.js'
import { startJsonRpcServer } from './support/json-rpc-server.js'
import { clock, logger, startLocalChain } from './support/local-chain.js'
import { until } from './support/until.js'

function threeEndpoints() {
  const clock = createManualClock()
  const endpoints = ['a', 'b', 'c'].map((name, place) => ({ name, health: createEndpointHealth(place, clock) }))
  const [a, b, c] = endpoints.map(({ health }) => health)
  const order = (block?: number) =>
    rankByHealth(endpoints, block)
      .map(({ name }) => name)
      .join('')
  return { clock, a: a!, b: b!, c: c!, order }
}

t.test('the order of the list counts until an endpoint is much slower, fails or lags', async (t) => {
  const { a, b, c, order } = threeEndpoints()
  t.equal(order(), 'abc')
  for (const health of [a, b, c]) health.succeeded(50)
  t.equal(order(), 'abc')
  for (let count = 0; count < 20; count++) a.succeeded(400)
  t.equal(order(), 'bca', 'slow')
  b.failed(false)
  t.equal(order(), 'cba', 'one failure')
  for (let count = 0; count < 20; count++) b.succeeded(50)
  t.equal(order(), 'bca', 'forgotten in time')
  c.sawHead(100)
  b.sawHead(99)
  t.equal(order(), 'bca', 'a block behind is nothing')
  b.sawHead(97)
  t.equal(order(), 'cab', 'three are')
})

t.test('after three failures in a row, or one timeout, an endpoint rests, longer each time', async (t) => {
  const { clock, a, order } = threeEndpoints()
  for (let count = 0; count < 3; count++) a.failed(false)
  t.equal(order(), 'bca')
  t.notOk(a.takeTrial())
  for (let restMs = 1_000; restMs <= 64_000; restMs *= 2) {
    await clock.advance(Math.min(restMs, 60_000) - 1)
    t.notOk(a.takeTrial(), 'rests')
    await clock.advance(1)
    t.ok(a.takeTrial())
    t.notOk(a.takeTrial(), 'one trial')
    a.failed(true)
  }
  await clock.advance(60_000)
  t.ok(a.takeTrial())
  a.succeeded(1)
  t.notOk(a.isResting())
  a.failed(true)
  t.ok(a.isResting(), 'a timeout suffices')
})

t.test('an endpoint that lacks the block is asked last', async (t) => {
  const { a, b, c, order } = threeEndpoints()
  a.sawHead(9)
  c.sawHead(10)
  t.equal(order(10), 'cba', 'one that is not known comes between')
  b.sawHead(12)
  t.equal(order(10), 'bca', 'two behind the best costs')
  const call = (method: string, ...params: unknown[]) => ({ jsonrpc: '2.0', id: 1, method, params }) as const
  t.equal(wantedBlock([call('eth_call', {}, '0xa'), call('eth_getLogs', { toBlock: '0xc' })]), 12)
  t.equal(wantedBlock([call('eth_call', {}, 'latest'), call('eth_getBlockByNumber', '0xff', false)]), undefined)
})

interface FakeEndpoint {
  readonly url: string
  head: number
  answer: 'well' | 'never' | 'badly'
  readonly seen: string[]
}

async function startEndpoint(t: Test, head: number): Promise<FakeEndpoint> {
  const endpoint = { url: '', head, answer: 'well' as FakeEndpoint['answer'], seen: [] as string[] }
  endpoint.url = await startJsonRpcServer(t, (asked, response) => {
    endpoint.seen.push(...asked.map(({ method }) => method))
    if (endpoint.answer === 'never') return undefined
    if (endpoint.answer === 'badly') {
      response.writeHead(500).end()
      return undefined
    }
    return asked.map(({ id, method }) => {
      const result = method === 'eth_blockNumber' ? `0x${endpoint.head.toString(16)}` : `${method} at ${endpoint.head}`
      return { jsonrpc: '2.0', id, result }
    })
  })
  return endpoint
}

t.test('a lagging endpoint is not read at a block that it does not have', async (t) => {
  const [behind, ahead] = [await startEndpoint(t, 5), await startEndpoint(t, 9)]
  const rpc = createRpc({ urls: [behind.url, ahead.url], attempts: 1 }, { clock })
  const read = (block: number) => rpc.request('eth_call', [{}, `0x${block.toString(16)}`])
  t.equal(await read(5), 'eth_call at 5', 'the first of the list')
  t.equal(await read(8), 'eth_call at 9')
  t.equal(await read(5), 'eth_call at 9', 'four blocks behind costs more than the place in the list')
  await t.rejects(read(10), { code: 'RPC_UNAVAILABLE', facts: { reason: /has block \d, not yet 10/ } })
  behind.head = 10
  ahead.head = 11
  t.match(await read(10), /eth_call at 1[01]/)
  const count = ahead.seen.length + behind.seen.length
  await read(9)
  t.equal(ahead.seen.length + behind.seen.length, count + 1, 'what is known is not asked again')
})

t.test('an endpoint that stalls is left alone and tried beside the work', async (t) => {
  const [stalled, healthy] = [await startEndpoint(t, 1), await startEndpoint(t, 1)]
  stalled.answer = 'never'
  const rpc = createRpc({ urls: [stalled.url, healthy.url], timeoutMs: 300 }, { clock })
  for (let count = 0; count < 20; count++) t.equal(await rpc.request('a', []), 'a at 1')
  t.equal(stalled.seen.length, 1)
  stalled.answer = 'well'
  await until(async () => {
    await rpc.request('b', [])
    return stalled.seen.includes('b')
  })
  t.ok(stalled.seen.includes('eth_blockNumber'), 'a question of its own came first')
})

t.test('requests over WebSocket, heads, and a connection that is cut', async (t) => {
  const local = await startLocalChain([])
  t.teardown(() => local.stop())
  const cut = await startTunnel(t, Number(new URL(local.chain.rpcUrl()).port))
  const rpc = createRpc({ urls: [`ws://127.0.0.1:${cut.port}`] }, { clock })
  t.equal(await rpc.request('eth_chainId', []), '0x7a69')
  await t.rejects(rpc.request('eth_nonsense', []), { code: 'RPC_REJECTED' })
  const many = await Promise.all(Array.from({ length: 120 }, () => rpc.request('eth_blockNumber', [])))
  t.equal(new Set(many).size, 1)
  t.equal(cut.opened(), 1, 'one socket')

  const watcher = createBlockWatcher({ pollMs: 60_000 }, { rpc, clock, logger })
  await watcher.start()
  t.teardown(() => watcher.stop())
  await until(() => watcher.latest()?.number === 0)
  const mined = async () => {
    const before = watcher.latest()!.number
    await until(async () => {
      await local.rpc.request('evm_mine', [])
      return watcher.latest()!.number > before
    })
  }
  await mined()
  cut.cutAll()
  await mined()
  t.ok(cut.opened() >= 2, 'it connected again')
  await watcher.stop()
  await until(() => cut.open() === 0)
  t.pass('nobody listens: the socket is closed')
})

t.test('without its WebSocket a follower of heads polls', async (t) => {
  const local = await startLocalChain([])
  t.teardown(() => local.stop())
  const rpc = createRpc({ urls: ['ws://127.0.0.1:9', local.chain.rpcUrl()] }, { clock })
  const watcher = createBlockWatcher({ pollMs: 20 }, { rpc, clock, logger })
  await watcher.start()
  t.teardown(() => watcher.stop())
  await local.rpc.request('anvil_mine', ['0x5'])
  await until(() => watcher.latest()?.number === 5)
  t.pass('the other endpoint was asked')
})

/** A TCP port that leads to another one and can be cut. */
async function startTunnel(t: Test, target: number) {
  const sockets = new Set<Socket>()
  let opened = 0
  const server = createTcpServer((inward) => {
    opened++
    const outward = connectTcp(target, '127.0.0.1')
    for (const socket of [inward, outward]) socket.on('error', () => {})
    sockets.add(inward)
    inward.on('close', () => {
      sockets.delete(inward)
      outward.destroy()
    })
    outward.on('close', () => inward.destroy())
    inward.pipe(outward).pipe(inward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  t.teardown(() => {
    cutAll()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, opened: () => opened, open: () => sockets.size, cutAll }
}
