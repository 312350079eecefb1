import { isWitanError } from '@witan/protocol'
import { type Clock, createLimiter, type Random } from '@witan/runtime'
import type { ChainMetrics } from '../metrics.js'
import { createEndpointHealth, type EndpointHealth, rankByHealth } from './endpoint-health.js'
import { createHttpEndpoint } from './http-endpoint.js'
import { type Answers, type Head, type JsonRpcRequest, reasonOf, type Transport } from './json-rpc.js'
import { MAX_BATCHES_IN_FLIGHT, MAX_WAITING_REQUESTS } from './limits.js'
import { headIn, wantedBlock } from './wanted-block.js'
import { createWsEndpoint } from './ws-endpoint.js'

export interface Endpoint {
  readonly health: EndpointHealth
  /** All answers to the batch. Rejects with a short reason when one is missing, or the endpoint lacks a block it needs. */
  ask(batch: readonly JsonRpcRequest[]): Promise<Answers>
}

export interface Endpoints {
  /** Whom to ask for the batch, in order. */
  rank(batch: readonly JsonRpcRequest[]): readonly Endpoint[]
  /** Absent when no endpoint tells of heads. */
  readonly onHead: ((listener: (head: Head) => void) => () => void) | undefined
}

export interface EndpointsOptions {
  readonly urls: readonly string[]
  readonly timeoutMs: number
}

export interface EndpointsModules {
  readonly clock: Clock
  readonly random: Random
  readonly metrics: ChainMetrics | undefined
}

/** Limit exceeded (EIP-1474): another endpoint may do better. */
const RATE_LIMITED = -32005
/** What some say, by the same code, of logs of too many blocks: whoever asks takes fewer, at the same endpoint. */
const TOO_MUCH = /results|range|size/i
/** Questions about the head count down from here, so that no other request in flight has their id. */
const FIRST_HEAD_ID = -1_000_000_000

export function createEndpoints({ urls, timeoutMs }: EndpointsOptions, modules: EndpointsModules): Endpoints {
  const { clock, metrics } = modules
  let nextHeadId = FIRST_HEAD_ID
  const askHead = () => ({ jsonrpc: '2.0', id: nextHeadId--, method: 'eth_blockNumber', params: [] }) as const
  const endpoints = urls.map((url, place) => {
    const transport = /^wss?:/.test(url) ? createWsEndpoint(url, modules) : createHttpEndpoint(url, modules)
    const health = createEndpointHealth(place, clock)
    return { transport, health, ask: askThrough({ transport, health, askHead, clock }, timeoutMs) }
  })

  /** An endpoint that rested is tried beside the work, unless no other is left. */
  const tryRested = () => {
    metrics?.restingEndpoints.set(endpoints.filter(({ health }) => health.isResting()).length)
    if (endpoints.every(({ health }) => health.isResting())) return
    for (const { health, ask } of endpoints) {
      if (health.takeTrial()) void ask([askHead()]).catch(() => undefined)
    }
  }

  const telling = endpoints.flatMap(({ transport: { onHead }, health }) => (onHead ? [{ onHead, health }] : []))
  const onHead = (listener: (head: Head) => void) => {
    let newest: string | undefined
    const ends = telling.map((endpoint) =>
      endpoint.onHead((head) => {
        endpoint.health.sawHead(head.number)
        if (head.hash === newest) return
        newest = head.hash
        listener(head)
      }),
    )
    return () => {
      for (const end of ends) end()
    }
  }

  return {
    rank(batch) {
      tryRested()
      return rankByHealth(endpoints, wantedBlock(batch))
    },
    onHead: telling.length === 0 ? undefined : onHead,
  }
}

interface Asking {
  readonly transport: Transport
  readonly health: EndpointHealth
  readonly askHead: () => JsonRpcRequest
  readonly clock: Clock
}

function askThrough({ transport, health, askHead, clock }: Asking, timeoutMs: number): Endpoint['ask'] {
  const places = createLimiter({ concurrency: MAX_BATCHES_IN_FLIGHT, queue: MAX_WAITING_REQUESTS })

  const post = async (batch: readonly JsonRpcRequest[]): Promise<Answers> => {
    const startedMs = clock.monotonicMs()
    try {
      const answers = await transport.post(batch, timeoutMs)
      requireComplete(batch, answers)
      health.succeeded(clock.monotonicMs() - startedMs)
      return answers
    } catch (error) {
      const isSlow = isWitanError(error, 'DEADLINE_EXCEEDED')
      health.failed(isSlow)
      throw new Error(isSlow ? `no answer in ${timeoutMs} ms` : reasonOf(error), { cause: error })
    }
  }

  return (batch) =>
    places.run(async () => {
      const wanted = wantedBlock(batch)
      const mustAsk = wanted !== undefined && (health.head() ?? -1) < wanted
      // First: what it has then, it has for the rest of the batch.
      const asked = mustAsk ? [askHead(), ...batch] : batch
      const answers = await post(asked)
      for (const request of asked) {
        const head = headIn(request, answers.get(request.id)?.result)
        if (head !== undefined) health.sawHead(head)
      }
      const head = health.head()
      if (mustAsk && head !== undefined && head < wanted) {
        throw new Error(`the endpoint has block ${head}, not yet ${wanted}`)
      }
      return answers
    })
}

function requireComplete(batch: readonly JsonRpcRequest[], answers: Answers): void {
  for (const { id, method } of batch) {
    const answer = answers.get(id)
    if (answer === undefined) throw new Error('the answer to a request is missing')
    if (answer.result === undefined && answer.error == null) throw new Error('an answer has neither result nor error')
    const isRange = method === 'eth_getLogs' && TOO_MUCH.test(String(answer.error?.message))
    if (answer.error?.code === RATE_LIMITED && !isRange) throw new Error('the endpoint limits requests')
  }
}
