import type { Stream } from '@libp2p/interface'
import { isWitanError } from '@witan/protocol'
import { type Clock, createService, type Logger, type Service, unlessAborted } from '@witan/runtime'
import { receiveFrame, sendFrame } from '../framing/single-frame.js'
import type { Host } from '../host/host.js'
import type { RemotePeer } from '../host/peer.js'
import type { P2pMetrics } from '../metrics.js'
import type { ExchangeBounds } from '../protocols.js'
import { RequestQuota } from './request-quota.js'

export interface ExchangeServerModules {
  readonly host: Pick<Host, 'handle' | 'unhandle' | 'strike'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
  /** Answers one question. Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE` for one that breaks the protocol. */
  answer(question: Uint8Array, peer: RemotePeer): Promise<Uint8Array>
}

type Outcome = 'ok' | 'over_quota' | 'busy' | 'malformed' | 'failed'

/** Answers a protocol of one question and one answer a stream, within its bounds. */
export function createExchangeServer(bounds: ExchangeBounds, modules: ExchangeServerModules): Service {
  const { host, clock, logger, metrics } = modules
  const { maxAnswersAtOnce = Number.POSITIVE_INFINITY } = bounds
  const quota = new RequestQuota(bounds.requestsPerMinute, modules)
  let inProgress = 0

  const serve = async (stream: Stream, peer: RemotePeer): Promise<Outcome> => {
    if (!quota.take(peer.operator)) {
      stream.abort(new Error('over quota'))
      return 'over_quota'
    }
    if (inProgress >= maxAnswersAtOnce) {
      stream.abort(new Error('busy'))
      return 'busy'
    }
    using deadline = clock.timeout(bounds.timeoutMs)
    inProgress++
    try {
      const question = await receiveFrame(stream, bounds.maxQuestionBytes ?? bounds.maxMessageBytes, deadline)
      sendFrame(stream, await unlessAborted(modules.answer(question, peer), deadline))
      await stream.close({ signal: deadline })
      return 'ok'
    } catch (error) {
      stream.abort(new Error('the exchange failed', { cause: error }))
      return judge(error, peer)
    } finally {
      inProgress--
    }
  }

  const judge = (error: unknown, peer: RemotePeer): Outcome => {
    if (isWitanError(error, 'PEER_DISCONNECTED') || isWitanError(error, 'DEADLINE_EXCEEDED')) return 'failed'
    if (isWitanError(error, 'MESSAGE_MALFORMED') || isWitanError(error, 'MESSAGE_TOO_LARGE')) {
      host.strike(peer, bounds)
      return 'malformed'
    }
    // What this node could not do for the moment, such as reading the chain, is no fault of whoever asks.
    if (isWitanError(error)) logger.debug({ err: error, protocol: bounds.id }, 'a question could not be answered')
    else logger.error({ err: error, protocol: bounds.id }, 'exchange failed')
    return 'failed'
  }

  return createService({
    start: () =>
      host.handle(bounds, (stream, peer) => {
        void serve(stream, peer).then((result) => metrics.exchanges.increment({ protocol: bounds.id, result }))
      }),
    stop: () => host.unhandle(bounds),
  })
}
