import { WitanError } from '@witan/protocol'
import t from 'tap'
import { readTimedEvents } from '../src/audit/read-timed-events.js'
import { createRpc, type Rpc } from '../src/index.js'
import { MAX_ANSWER_BYTES } from '../src/rpc/limits.js'
import { RpcRejection } from '../src/rpc/rpc-rejection.js'
import { createFakeChain } from './support/fake-chain.js'
import { startJsonRpcServer } from './support/json-rpc-server.js'
import { clock } from './support/local-chain.js'

interface Filter {
  readonly fromBlock: string
  readonly toBlock: string
}

async function readAll(rpc: Rpc, { contracts, head }: ReturnType<typeof createFakeChain>) {
  const events = []
  for await (const page of readTimedEvents(rpc, { contracts, fromBlock: 0, toBlock: head() })) events.push(...page)
  return events.map(({ event, time }) => [event.blockNumber, time])
}

/** Every second of so many blocks has an event. */
function chainOf(blocks: number) {
  const chain = createFakeChain()
  chain.mine(...Array.from({ length: blocks }, (_, index) => (index % 2 === 0 ? BigInt(index) : undefined)))
  return chain
}

t.test('a block that is replaced while its events are read ends it', async (t) => {
  for (const depth of [1, 2]) {
    const chain = chainOf(9)
    const rpc: Rpc = {
      async request<T>(method: string, params: readonly unknown[]) {
        const answer = await chain.rpc.request<T>(method, params)
        if (method === 'eth_getLogs') chain.fork(depth, ...[7n, 8n].slice(0, depth))
        return answer
      },
    }
    await t.rejects(readAll(rpc, chain), { code: 'BLOCK_REPLACED', facts: { block: 9 } })
  }
  const chain = chainOf(9)
  const forgetful: Rpc = {
    request: <T>(method: string, params: readonly unknown[]) =>
      method === 'eth_getLogs' ? chain.rpc.request<T>(method, params) : Promise.resolve(null as T),
  }
  await t.rejects(readAll(forgetful, chain), { code: 'BLOCK_REPLACED' }, 'no event is of the year 1970')
})

t.test('an endpoint that takes few blocks at a time is asked about as often as it must', async (t) => {
  const chain = chainOf(3_000)
  for (const limit of [1, 90, 100, 4_000]) {
    let asked = 0
    const rpc: Rpc = {
      async request<T>(method: string, params: readonly unknown[]) {
        if (method !== 'eth_getLogs') return chain.rpc.request<T>(method, params)
        asked++
        const { fromBlock, toBlock } = params[0] as Filter
        if (Number(toBlock) - Number(fromBlock) < limit) return chain.rpc.request<T>(method, params)
        throw new RpcRejection(method, -32_005, 'query exceeds the limit', undefined)
      },
    }
    const events = await readAll(rpc, chain)
    t.equal(events.length, 1_500, 'all of them')
    t.ok(events.every(([number, time]) => number === time))
    const least = Math.ceil(3_001 / Math.min(limit, 2_000))
    t.ok(asked <= 4 * least + 12, `${asked} requests for ${least} ranges of ${limit} blocks`)
  }
  const refusing: Rpc = {
    request: () => Promise.reject(new RpcRejection('eth_getLogs', -32_000, 'no', undefined)),
  }
  await t.rejects(readAll(refusing, chain), { code: 'RPC_REJECTED' })
  const dead: Rpc = { request: () => Promise.reject(new WitanError('RPC_UNAVAILABLE', 'No RPC endpoint answers')) }
  await t.rejects(readAll(dead, chain), { code: 'RPC_UNAVAILABLE' })
})

t.test('blocks that somebody filled with more events than one answer holds are read in parts', async (t) => {
  const padding = Buffer.alloc(MAX_ANSWER_BYTES, ' ')
  for (const [kind, next] of [
    ['more than an answer holds', 'long'],
    ['more than an endpoint counts', { code: -32_005, message: 'query returned more than 10000 results' }],
  ] as const) {
    const chain = chainOf(40)
    let refused = 0
    const url = await startJsonRpcServer(t, (asked, response) => {
      const isMuch = asked.some(({ method, params }) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as Filter
        return method === 'eth_getLogs' && Number(toBlock) - Number(fromBlock) >= 30
      })
      if (isMuch) refused++
      if (isMuch && next === 'long') response.write(padding)
      return Promise.all(
        asked.map(async ({ id, method, params }) => {
          if (method === 'eth_blockNumber') return { jsonrpc: '2.0', id, result: `0x${chain.head().toString(16)}` }
          if (isMuch && next !== 'long') return { jsonrpc: '2.0', id, error: next }
          return { jsonrpc: '2.0', id, result: await chain.rpc.request(method, params) }
        }),
      )
    })
    const rpc = createRpc({ urls: [url], attempts: 1, timeoutMs: 60_000 }, { clock })
    t.equal((await readAll(rpc, chain)).length, 20, kind)
    t.equal(refused, 1, 'and the same is not asked again')
  }
})
