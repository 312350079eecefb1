import { INFER_PROTOCOL, WitanError } from '@witan/protocol'
import { type Clock, createService, type Service, unlessAborted } from '@witan/runtime'
import type { Host } from '../host/host.js'
import { operatorOfTarget, type PeerTarget } from '../host/peer.js'
import type { P2pMetrics } from '../metrics.js'
import type { InferOptions } from './client-call.js'
import type { InferAnswer, InferHead } from './infer-answer.js'
import { DEFAULT_INFER_LIMITS } from './infer-limits.js'
import { InferSessions } from './infer-sessions.js'

export interface InferClientOptions {
  readonly maxOutputBytes?: number
}

export interface InferClientModules {
  readonly host: Pick<Host, 'networkName' | 'open' | 'strike'>
  readonly clock: Clock
  readonly metrics: P2pMetrics
}

export interface InferClient extends Service {
  /**
   * Asks a peer. The one stream to it is opened when needed and again after it broke. Throws the peer's code
   * (`NOT_ADMITTED`, `BUSY` with `retryAfterMs`, …), `PEER_FAILED`, `PEER_DISCONNECTED`, `PEER_MISBEHAVED`,
   * `DEADLINE_EXCEEDED`, what `Host.open` throws, or the signal's reason. The receipt is the caller's to verify.
   */
  infer(peer: PeerTarget, request: InferHead, input: Uint8Array, options?: InferOptions): Promise<InferAnswer>
}

export function createInferClient(options: InferClientOptions, modules: InferClientModules): InferClient {
  const { maxOutputBytes } = { ...DEFAULT_INFER_LIMITS, ...options }
  const sessions = new InferSessions({ maxOutputBytes }, modules)
  const service = createService({ start: () => undefined, stop: () => sessions.close() })
  return {
    ...service,
    async infer(peer, request, input, callOptions = {}) {
      callOptions.signal?.throwIfAborted()
      if (input.length > INFER_PROTOCOL.maxInputBytes) throw tooLarge(input.length)
      const operator = operatorOfTarget(peer)
      const session =
        sessions.find(operator) ?? (await unlessAborted(sessions.open(operator, peer), callOptions.signal))
      return session.call(request, input, callOptions)
    },
  }
}

function tooLarge(bytes: number): WitanError {
  const { maxInputBytes } = INFER_PROTOCOL
  return new WitanError('MESSAGE_TOO_LARGE', 'The input is larger than the protocol allows', {
    facts: { bytes, maxBytes: maxInputBytes },
  })
}
