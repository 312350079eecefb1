import { WitanError } from '@witan/protocol'
import { type Clock, type Random, retry, systemRandom } from '@witan/runtime'
import type { ChainMetrics } from '../metrics.js'
import { createEndpoints } from './endpoints.js'
import { type Answers, type JsonRpcAnswer, type JsonRpcRequest, publicPart } from './json-rpc.js'
import { MAX_BATCH, MAX_WAITING_REQUESTS } from './limits.js'
import type { Rpc } from './rpc.js'
import { RpcRejection } from './rpc-rejection.js'

export interface RpcOptions {
  /** In order of preference, `http(s)` or `ws(s)`; others are asked when one fails, lags behind or is much slower. */
  readonly urls: readonly string[]
  readonly timeoutMs?: number
  /** Rounds over all endpoints before `RPC_UNAVAILABLE`. */
  readonly attempts?: number
}

export interface RpcModules {
  readonly clock: Clock
  /** Spreads retries; the system's when absent. */
  readonly random?: Random
  readonly metrics?: ChainMetrics
}

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_ATTEMPTS = 3
const RETRY_BASE_MS = 150
const RETRY_MAX_MS = 2_000

interface Waiting {
  readonly request: JsonRpcRequest
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Answered {
  readonly answers: Answers
  /** Some endpoint got the batch before and did not answer. */
  readonly isRepeated: boolean
}

/** JSON-RPC over several endpoints; requests of one tick travel together as one batch. */
export function createRpc(options: RpcOptions, { clock, random = systemRandom, metrics }: RpcModules): Rpc {
  const { urls, timeoutMs = DEFAULT_TIMEOUT_MS, attempts = DEFAULT_ATTEMPTS } = options
  const endpoints = createEndpoints({ urls, timeoutMs }, { clock, random, metrics })
  let nextId = 1
  let waitingCount = 0
  let queue: Waiting[] = []

  const postToAny = async (batch: readonly JsonRpcRequest[], before: { failures: number }): Promise<Answered> => {
    let reason = 'no endpoint is configured'
    for (const endpoint of endpoints.rank(batch)) {
      const startedMs = clock.monotonicMs()
      try {
        const answers = await endpoint.ask(batch)
        metrics?.rpcSeconds.observe((clock.monotonicMs() - startedMs) / 1000)
        return { answers, isRepeated: before.failures > 0 }
      } catch (error) {
        before.failures++
        reason = (error as Error).message
        metrics?.rpcFailuresTotal.increment()
      }
    }
    const endpoint = urls.map(publicPart).join(' ')
    throw new WitanError('RPC_UNAVAILABLE', 'No RPC endpoint answers', { facts: { endpoint, reason } })
  }

  const send = async (batch: readonly Waiting[]) => {
    try {
      const requests = batch.map(({ request }) => request)
      const schedule = { attempts, baseDelayMs: RETRY_BASE_MS, maxDelayMs: RETRY_MAX_MS }
      const before = { failures: 0 }
      const { answers, isRepeated } = await retry(() => postToAny(requests, before), schedule, { clock, random })
      for (const waiting of batch) settle(waiting, answers.get(waiting.request.id)!, isRepeated)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      waitingCount -= batch.length
    }
  }

  const flush = () => {
    const waiting = queue
    queue = []
    for (let start = 0; start < waiting.length; start += MAX_BATCH) void send(waiting.slice(start, start + MAX_BATCH))
  }

  return {
    request<T>(method: string, params: readonly unknown[], { signal }: { signal?: AbortSignal | undefined } = {}) {
      return new Promise<T>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        if (waitingCount >= MAX_WAITING_REQUESTS) return reject(tooMany())
        const onAbort = () => reject(signal?.reason)
        const detach = () => signal?.removeEventListener('abort', onAbort)
        signal?.addEventListener('abort', onAbort, { once: true })
        if (queue.length === 0) queueMicrotask(flush)
        waitingCount++
        queue.push({
          request: { jsonrpc: '2.0', id: nextId++, method, params },
          resolve: (value) => {
            detach()
            resolve(value as T)
          },
          reject: (error) => {
            detach()
            reject(error)
          },
        })
      })
    },
    ...(endpoints.onHead && { onHead: endpoints.onHead }),
  }
}

function tooMany(): WitanError {
  return new WitanError('BUSY', 'Too many RPC requests wait for an answer', { facts: { limit: MAX_WAITING_REQUESTS } })
}

function settle({ request, resolve, reject }: Waiting, answer: JsonRpcAnswer, isRepeated: boolean): void {
  const { result, error } = answer
  if (error == null) resolve(result)
  else reject(new RpcRejection(request.method, Number(error.code), String(error.message), error.data, isRepeated))
}
