import { type Address, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { Host } from '../host/host.js'
import type { PeerTarget } from '../host/peer.js'
import type { P2pMetrics } from '../metrics.js'
import { inferProtocol } from '../protocols.js'
import { ClientSession } from './client-session.js'

export interface InferSessionsModules {
  readonly host: Pick<Host, 'networkName' | 'open' | 'strike'>
  readonly clock: Clock
  readonly metrics: P2pMetrics
}

/** Opening a stream takes a dial, a handshake and two negotiations. */
const OPEN_TIMEOUT_MS = 15_000

/** One stream a peer, shared by all calls to it. */
export class InferSessions {
  readonly #maxOutputBytes: number
  readonly #modules: InferSessionsModules
  readonly #open = new Map<Address, ClientSession>()
  readonly #opening = new Map<Address, Promise<ClientSession>>()

  constructor({ maxOutputBytes }: { maxOutputBytes: number }, modules: InferSessionsModules) {
    this.#maxOutputBytes = maxOutputBytes
    this.#modules = modules
  }

  /** The stream that is open, so that a call on it need not wait. */
  find(operator: Address): ClientSession | undefined {
    const session = this.#open.get(operator)
    return session?.spent ? undefined : session
  }

  /** Callers that come while a stream is being opened share it. */
  open(operator: Address, target: PeerTarget): Promise<ClientSession> {
    const opening = this.#opening.get(operator) ?? this.#begin(operator, target)
    this.#opening.set(operator, opening)
    return opening
  }

  close(): void {
    for (const session of this.#open.values()) session.close()
  }

  async #begin(operator: Address, target: PeerTarget): Promise<ClientSession> {
    const { host, clock } = this.#modules
    try {
      using deadline = clock.timeout(OPEN_TIMEOUT_MS)
      const protocol = inferProtocol(host.networkName)
      const stream = await host.open(protocol, target, deadline)
      const session: ClientSession = new ClientSession(
        stream,
        { operator, maxOutputBytes: this.#maxOutputBytes },
        {
          ...this.#modules,
          onClose: (faulty) => {
            if (this.#open.get(operator) === session) this.#open.delete(operator)
            if (faulty) host.strike({ operator }, protocol)
          },
        },
      )
      if (stream.status !== 'open') {
        throw new WitanError('PEER_DISCONNECTED', 'The stream closed as it was opened', { facts: { operator } })
      }
      this.#open.set(operator, session)
      return session
    } finally {
      this.#opening.delete(operator)
    }
  }
}
