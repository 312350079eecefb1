import type { Clock, Random } from '@witan/runtime'
import type { Answers, Head, JsonRpcRequest, Transport } from './json-rpc.js'
import { openWsConnection, type WsConnection } from './ws-connection.js'

export interface WsEndpointModules {
  readonly clock: Clock
  readonly random: Random
}

/** A connection that nobody uses is closed after this, so that it does not hold the process. */
const LINGER_MS = 500
const CONNECT_TIMEOUT_MS = 10_000
const FIRST_RECONNECT_MS = 250
const LONGEST_RECONNECT_MS = 30_000
/** A connection that broke without a word shows when this goes unanswered. */
const HEARTBEAT_MS = 15_000

/** One WebSocket, opened when it is needed and again, after growing pauses, while somebody waits for heads. */
export function createWsEndpoint(url: string, { clock, random }: WsEndpointModules): Transport {
  const listeners = new Set<(head: Head) => void>()
  let connection: Promise<WsConnection> | undefined
  let inFlight = 0
  let following: AbortController | undefined
  let cancelLinger = () => {}

  const onHead = (head: Head) => {
    for (const listener of [...listeners]) listener(head)
  }

  const connect = (): Promise<WsConnection> => {
    if (connection === undefined) {
      const opening = openWsConnection(url, { onHead, clock, timeoutMs: CONNECT_TIMEOUT_MS })
      connection = opening
      const forget = () => {
        if (connection === opening) connection = undefined
      }
      void opening.then(({ closed }) => closed.then(forget), forget)
    }
    return connection
  }

  const closeWhenIdle = () => {
    cancelLinger()
    cancelLinger = clock.schedule(LINGER_MS, () => {
      if (inFlight === 0 && listeners.size === 0) void connection?.then(({ close }) => close()).catch(() => undefined)
    })
  }

  const post = async (batch: readonly JsonRpcRequest[], timeoutMs: number): Promise<Answers> => {
    inFlight++
    try {
      using deadline = clock.timeout(timeoutMs)
      const { post: send } = await within(connect(), deadline)
      return await send(batch, deadline)
    } finally {
      inFlight--
      closeWhenIdle()
    }
  }

  /** Stays subscribed until nobody listens: after each break it connects again, later and later. */
  const follow = async (signal: AbortSignal) => {
    let failures = 0
    while (!signal.aborted) {
      try {
        const { subscribeHeads, post: send, closed, close } = await connect()
        using deadline = clock.timeout(CONNECT_TIMEOUT_MS, signal)
        await subscribeHeads(deadline)
        failures = 0
        const beating = new AbortController()
        try {
          void beat(send, close, beating.signal)
          await within(closed, signal)
        } finally {
          beating.abort()
        }
      } catch {
        // Whatever broke it, the next try tells.
      }
      if (signal.aborted) return
      const boundMs = Math.min(FIRST_RECONNECT_MS * 2 ** failures++, LONGEST_RECONNECT_MS)
      await clock.sleep((boundMs * (255 + random.bytes(1)[0]!)) / 510, signal).catch(() => undefined)
    }
  }

  const beat = async (send: WsConnection['post'], close: () => void, signal: AbortSignal) => {
    for (let id = -1; ; id--) {
      try {
        await clock.sleep(HEARTBEAT_MS, signal)
        using deadline = clock.timeout(CONNECT_TIMEOUT_MS, signal)
        await send([{ jsonrpc: '2.0', id, method: 'eth_blockNumber', params: [] }], deadline)
      } catch {
        if (!signal.aborted) close()
        return
      }
    }
  }

  return {
    post,
    onHead(listener) {
      listeners.add(listener)
      if (following === undefined) {
        following = new AbortController()
        void follow(following.signal)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        following?.abort()
        following = undefined
        closeWhenIdle()
      }
    },
  }
}

function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
