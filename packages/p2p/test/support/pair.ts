import type { Service } from '@witan/runtime'
import type { Test } from 'tap'
import {
  createInferClient,
  createInferServer,
  type HostOptions,
  type InferClient,
  type InferHandler,
  type InferLimits,
} from '../../src/index.js'
import { answerOf, startHost, type TestNode } from './network.js'

export interface Pair {
  readonly miner: TestNode
  readonly consumer: TestNode
  readonly client: InferClient
  readonly server: Service
  /** Operators that the miner admits; the consumer at first. */
  readonly admitted: Set<string>
}

export interface PairOptions {
  readonly handler?: InferHandler
  readonly limits?: Partial<InferLimits>
  readonly minerHost?: Partial<HostOptions>
}

export const echo: InferHandler = async ({ input }) => answerOf(input)

/** A miner and a consumer, each on a host of its own. */
export async function startPair(
  t: Test,
  { handler = echo, limits = {}, minerHost = {} }: PairOptions = {},
): Promise<Pair> {
  const miner = await startHost(t, 'miner', minerHost)
  const admitted = new Set<string>()
  const admit = (operator: string) => admitted.has(operator)
  const server = createInferServer({ limits: { drainMs: 500, ...limits } }, { ...miner, handler, admit })
  await server.start()
  t.teardown(() => server.stop())
  const consumer = await startHost(t, 'consumer')
  admitted.add(consumer.host.operator)
  const client = createInferClient({}, consumer)
  await client.start()
  t.teardown(() => client.stop())
  return { miner, consumer, client, server, admitted }
}

/** A handler whose calls wait until they are released. */
export function gate() {
  const waiting: (() => void)[] = []
  const signals: AbortSignal[] = []
  const arrivals = new Set<() => void>()
  const handler: InferHandler = async ({ input, signal }) => {
    signals.push(signal)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => reject(signal.reason))
    waiting.push(resolve)
    for (const notice of arrivals) notice()
    await promise
    return answerOf(input)
  }
  return {
    handler,
    signals,
    /** Resolves when so many calls have come in all. */
    arrived(count: number): Promise<void> {
      return new Promise((resolve) => {
        const check = () => {
          if (signals.length < count) return
          arrivals.delete(check)
          resolve()
        }
        arrivals.add(check)
        check()
      })
    },
    release() {
      for (const resume of waiting.splice(0)) resume()
    },
  }
}

/** Resolves when a signal aborts, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve(signal.reason)
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }))
}
