import type { Stream } from '@libp2p/interface'
import { type Address, INFER_PROTOCOL, isWitanError } from '@witan/protocol'
import { type Clock, createService, type Logger, type Service } from '@witan/runtime'
import { FrameChannel } from '../framing/frame-channel.js'
import type { Host } from '../host/host.js'
import type { RemotePeer } from '../host/peer.js'
import type { P2pMetrics } from '../metrics.js'
import { inferProtocol } from '../protocols.js'
import { CallGate } from './call-gate.js'
import type { InferAnswer } from './infer-answer.js'
import { DEFAULT_INFER_LIMITS, type InferLimits, PAUSE_ABOVE_BYTES } from './infer-limits.js'
import type { InferCall } from './server-call.js'
import { ServerSession } from './server-session.js'

/**
 * Answers one call. A WitanError it throws reaches the peer as its code; anything else is logged and reaches the peer as
 * `INTERNAL`.
 */
export type InferHandler = (call: InferCall) => Promise<InferAnswer>

export interface InferServerOptions {
  readonly limits?: Partial<InferLimits>
}

export interface InferServerModules {
  readonly host: Host
  readonly handler: InferHandler
  /** Whether an operator may call, decided before any of its payload is stored. */
  admit(operator: Address): boolean
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
}

/** Serves the infer protocol. `stop` takes no more calls, lets those in progress end within a grace, aborts the rest. */
export function createInferServer(options: InferServerOptions, modules: InferServerModules): Service {
  const server = new InferServer({ ...DEFAULT_INFER_LIMITS, ...options.limits }, modules)
  return createService({ start: () => server.begin(), stop: () => server.end() })
}

class InferServer {
  readonly #limits: InferLimits
  readonly #modules: InferServerModules
  readonly #gate: CallGate
  readonly #sessions = new Set<ServerSession>()

  constructor(limits: InferLimits, modules: InferServerModules) {
    this.#limits = limits
    this.#modules = modules
    this.#gate = new CallGate(limits, modules)
  }

  async begin(): Promise<void> {
    this.#gate.open()
    const { host } = this.#modules
    await host.handle(inferProtocol(host.networkName), (stream, peer) => this.#accept(stream, peer))
  }

  async end(): Promise<void> {
    const { host, clock } = this.#modules
    this.#gate.close()
    await this.#gate.load.whenIdle(clock, this.#limits.drainMs)
    await host.unhandle(inferProtocol(host.networkName))
    for (const session of this.#sessions) session.stop()
  }

  #accept(stream: Stream, peer: RemotePeer): void {
    const { host, logger } = this.#modules
    const channel = new FrameChannel(
      stream,
      { maxFrameBytes: INFER_PROTOCOL.maxFrameBytes, pauseAboveBytes: PAUSE_ABOVE_BYTES },
      { onFrame: (frame) => session.receive(frame), onClose: (fault) => onClose(fault) },
    )
    const session = new ServerSession(peer, this.#limits, channel, {
      ...this.#modules,
      gate: this.#gate,
    })
    this.#sessions.add(session)
    const onClose = (fault: unknown) => {
      this.#sessions.delete(session)
      session.abandon()
      if (isWitanError(fault)) host.strike(peer, inferProtocol(host.networkName))
      else if (fault !== undefined) logger.error({ err: fault, operator: peer.operator }, 'infer stream failed')
    }
  }
}
