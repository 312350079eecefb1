import type { Clock } from '@witan/runtime'
import {
  type Answers,
  addressOf,
  answersById,
  type Head,
  type JsonRpcAnswer,
  type JsonRpcRequest,
  parseAnswer,
} from './json-rpc.js'
import { MAX_ANSWER_BYTES } from './limits.js'

export interface WsConnectionOptions {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly onHead: (head: Head) => void
}

/** An open WebSocket to an endpoint. */
export interface WsConnection {
  /** Rejects when the connection closes or `signal` aborts first. */
  post(batch: readonly JsonRpcRequest[], signal: AbortSignal): Promise<Answers>
  subscribeHeads(signal: AbortSignal): Promise<void>
  close(): void
  /** Resolves when it has closed, by whomever. */
  readonly closed: Promise<void>
}

interface Pending {
  readonly ids: ReadonlySet<number>
  readonly answers: Map<number, JsonRpcAnswer>
  resolve(answers: Answers): void
  reject(error: Error): void
}

/** Its own requests have ids that no other has. */
const SUBSCRIBE_ID = Number.MAX_SAFE_INTEGER

export async function openWsConnection(url: string, options: WsConnectionOptions): Promise<WsConnection> {
  const { address, headers } = addressOf(url)
  // Node's WebSocket takes headers; the type, of browsers, does not know them.
  const socket = new WebSocket(address, { headers } as unknown as string[])
  const pending = new Set<Pending>()
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>()

  const end = (reason: string) => {
    for (const { reject } of pending) reject(new Error(reason))
    pending.clear()
    socket.close()
    onClosed()
  }
  socket.addEventListener('close', () => end('the connection was closed'))
  socket.addEventListener('error', () => end('the connection broke'))
  socket.addEventListener('message', ({ data }) => {
    try {
      take(readText(data))
    } catch (error) {
      end((error as Error).message)
    }
  })

  const take = (text: string) => {
    const body = parseAnswer(text)
    const head = headOf(body)
    if (head !== undefined) return options.onHead(head)
    for (const [id, answer] of answersById(body)) {
      const waiting = [...pending].find(({ ids }) => ids.has(id))
      waiting?.answers.set(id, answer)
      if (waiting !== undefined && waiting.answers.size === waiting.ids.size) waiting.resolve(waiting.answers)
    }
  }

  const post = (batch: readonly JsonRpcRequest[], signal: AbortSignal) =>
    new Promise<Answers>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (socket.readyState !== WebSocket.OPEN) return reject(new Error('the connection was closed'))
      const finish = () => {
        pending.delete(waiting)
        signal.removeEventListener('abort', onAbort)
      }
      const onAbort = () => {
        finish()
        reject(signal.reason)
      }
      const waiting: Pending = {
        ids: new Set(batch.map(({ id }) => id)),
        answers: new Map(),
        resolve(answers) {
          finish()
          resolve(answers)
        },
        reject(error) {
          finish()
          reject(error)
        },
      }
      pending.add(waiting)
      signal.addEventListener('abort', onAbort, { once: true })
      socket.send(JSON.stringify(batch.length === 1 ? batch[0] : batch))
    })

  using deadline = options.clock.timeout(options.timeoutMs)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    void closed.then(() => reject(new Error('the connection was refused')))
    deadline.addEventListener('abort', () => {
      end('no connection in time')
      reject(deadline.reason)
    })
  })

  return {
    post,
    async subscribeHeads(signal) {
      const request = { jsonrpc: '2.0', id: SUBSCRIBE_ID, method: 'eth_subscribe', params: ['newHeads'] } as const
      const answer = (await post([request], signal)).get(SUBSCRIBE_ID)
      if (typeof answer?.result !== 'string') throw new Error('the endpoint tells no heads')
    },
    close: () => end('the connection was closed'),
    closed,
  }
}

function readText(data: unknown): string {
  if (typeof data !== 'string') throw new Error('the answer is not text')
  if (data.length > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`)
  return data
}

/** The block of a `newHeads` notification. */
function headOf(body: unknown): Head | undefined {
  if (typeof body !== 'object' || body === null || !('method' in body) || body.method !== 'eth_subscription') {
    return undefined
  }
  const { params } = body as { params?: { result?: { number?: unknown; hash?: unknown } } }
  const { number, hash } = params?.result ?? {}
  if (typeof number !== 'string' || typeof hash !== 'string') throw new Error('a head is not a block')
  return { number: Number(number), hash }
}
