import type { Clock } from '@witan/runtime'
import { receiveFrame, sendFrame } from '../framing/single-frame.js'
import type { Host } from '../host/host.js'
import type { PeerTarget } from '../host/peer.js'
import type { ExchangeBounds } from '../protocols.js'

export interface AskModules {
  readonly host: Pick<Host, 'networkName' | 'open'>
  readonly clock: Clock
}

/**
 * Asks one question on a stream of its own and returns the answer, bounded in size and time. Throws what `Host.open`
 * throws, `PEER_DISCONNECTED` when the peer refuses to answer, `DEADLINE_EXCEEDED`, `MESSAGE_TOO_LARGE`.
 */
export async function ask(
  bounds: ExchangeBounds,
  target: PeerTarget,
  question: Uint8Array,
  { host, clock }: AskModules,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  using deadline = clock.timeout(bounds.timeoutMs, signal)
  const stream = await host.open(bounds, target, deadline)
  try {
    sendFrame(stream, question)
    const answer = await receiveFrame(stream, bounds.maxMessageBytes, deadline)
    await stream.close({ signal: deadline })
    return answer
  } catch (error) {
    stream.abort(new Error('the exchange failed', { cause: error }))
    throw error
  }
}
