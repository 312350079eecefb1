import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DrawingRandom } from '@witan/runtime'
import type { Test } from 'tap'
import type { Rpc } from '../../src/index.js'

export type Fault =
  | 'none'
  | 'drop before'
  | 'drop after'
  | 'stall'
  | 'error'
  | 'nonce too high'
  | 'nonce too low'
  | 'nonce stale'

export interface FaultProxy {
  readonly url: string
  /** Chooses the fault of each request. */
  choose: () => Fault
  /** How often each fault was made. */
  readonly made: Partial<Record<Fault, number>>
}

interface Request {
  readonly id: number
  readonly method: string
  readonly params: unknown[]
}

/** A faulty way to an endpoint: it loses requests or answers, keeps silent, or is wrong about nonces. */
export async function startFaultProxy(t: Test, rpc: Rpc, random: DrawingRandom): Promise<FaultProxy> {
  const stalled = new Set<ServerResponse>()
  let firstCount: string | undefined

  const answerOne = async ({ id, method, params }: Request, fault: Fault) => {
    try {
      const result = await rpc.request(method, params)
      return {
        jsonrpc: '2.0',
        id,
        result: method === 'eth_getTransactionCount' ? lie(result as string, fault) : result,
      }
    } catch (error) {
      const {
        rpcCode = -32_000,
        reason = 'failed',
        data,
      } = error as { rpcCode?: number; reason?: string; data?: unknown }
      return { jsonrpc: '2.0', id, error: { code: rpcCode, message: reason, data } }
    }
  }
  const lie = (count: string, fault: Fault): string => {
    firstCount ??= count
    const off = 1 + random.below(5)
    if (fault === 'nonce too high') return `0x${(Number(count) + off).toString(16)}`
    if (fault === 'nonce too low') return `0x${Math.max(0, Number(count) - off).toString(16)}`
    return fault === 'nonce stale' ? firstCount : count
  }

  const proxy: FaultProxy = { url: '', choose: () => 'none', made: {} }
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const fault = proxy.choose()
    proxy.made[fault] = (proxy.made[fault] ?? 0) + 1
    if (fault === 'drop before') return response.destroy()
    if (fault === 'stall') return stalled.add(response)
    if (fault === 'error') return response.writeHead(502).end('bad gateway')
    const batch = JSON.parse(body) as Request | Request[]
    const answers = await Promise.all([batch].flat().map((one) => answerOne(one, fault)))
    if (fault === 'drop after') return response.destroy()
    return response.end(JSON.stringify(Array.isArray(batch) ? answers : answers[0]))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(proxy, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}
