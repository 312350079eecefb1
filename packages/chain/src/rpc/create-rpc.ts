import { isWitanError, WitanError } from '@witan/protocol'
import { type Clock, type Random, retry, systemRandom } from '@witan/runtime'
import type { ChainMetrics } from '../metrics.js'
import { type JsonRpcAnswer, type JsonRpcRequest, postBatch, publicPart, reasonOf } from './http-endpoint.js'
import type { Rpc } from './rpc.js'
import { RpcRejection } from './rpc-rejection.js'

export interface RpcOptions {
  /** In order of preference; the next one is asked when one fails. */
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
/** Public endpoints refuse longer batches. */
const MAX_BATCH = 50
/** Limit exceeded (EIP-1474): another endpoint may do better. */
const RATE_LIMITED = -32005

interface Waiting {
  readonly request: JsonRpcRequest
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** HTTP JSON-RPC over several endpoints; requests of one tick travel together as one batch. */
export function createRpc(options: RpcOptions, { clock, random = systemRandom, metrics }: RpcModules): Rpc {
  const { urls, timeoutMs = DEFAULT_TIMEOUT_MS, attempts = DEFAULT_ATTEMPTS } = options
  let preferred = 0
  let nextId = 1
  let queue: Waiting[] = []

  const postToAny = async (batch: readonly JsonRpcRequest[]) => {
    let reason = 'no endpoint is configured'
    for (let offset = 0; offset < urls.length; offset++) {
      const index = (preferred + offset) % urls.length
      const startedMs = clock.monotonicMs()
      try {
        const answers = await postBatch(urls[index]!, batch, timeoutMs, clock)
        requireComplete(batch, answers)
        preferred = index
        metrics?.rpcSeconds.observe((clock.monotonicMs() - startedMs) / 1000)
        return answers
      } catch (error) {
        reason = isWitanError(error, 'DEADLINE_EXCEEDED') ? `no answer in ${timeoutMs} ms` : reasonOf(error)
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
      const answers = await retry(() => postToAny(requests), schedule, { clock, random })
      for (const waiting of batch) settle(waiting, answers.get(waiting.request.id)!)
    } catch (error) {
      for (const { reject } of batch) reject(error)
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
        const onAbort = () => reject(signal?.reason)
        const detach = () => signal?.removeEventListener('abort', onAbort)
        signal?.addEventListener('abort', onAbort, { once: true })
        if (queue.length === 0) queueMicrotask(flush)
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
  }
}

function requireComplete(batch: readonly JsonRpcRequest[], answers: ReadonlyMap<number, JsonRpcAnswer>): void {
  for (const { id } of batch) {
    const answer = answers.get(id)
    if (answer === undefined) throw new Error('the answer to a request is missing')
    if (answer.error?.code === RATE_LIMITED) throw new Error('the endpoint limits requests')
  }
}

function settle({ request, resolve, reject }: Waiting, { result, error }: JsonRpcAnswer): void {
  if (error === undefined) resolve(result)
  else reject(new RpcRejection(request.method, Number(error.code), String(error.message), error.data))
}
