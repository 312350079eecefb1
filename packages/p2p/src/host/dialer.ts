import type { Connection, Libp2p } from '@libp2p/interface'
import { type Address, isWitanError, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import { operatorOfPeerId } from '../identity.js'
import type { P2pMetrics } from '../metrics.js'
import type { ConnectionTable } from './connection-table.js'
import { dialAddressOf, mismatch } from './peer-address.js'

export interface DialerModules {
  readonly connections: ConnectionTable
  readonly clock: Clock
  readonly metrics: Pick<P2pMetrics, 'dials'>
  node(): Libp2p
}

/** Brings up one connection to an operator, however many ask for it at the same time. */
export class Dialer {
  readonly #dialTimeoutMs: number
  readonly #modules: DialerModules
  readonly #pending = new Map<Address, Promise<Connection>>()

  constructor({ dialTimeoutMs }: { dialTimeoutMs: number }, modules: DialerModules) {
    this.#dialTimeoutMs = dialTimeoutMs
    this.#modules = modules
  }

  connect(operator: Address, multiaddrs: readonly string[]): Promise<Connection> {
    const open = this.#modules.connections.find(operator)
    if (open !== undefined) return Promise.resolve(open)
    const pending = this.#pending.get(operator)
    if (pending !== undefined) return pending
    const dial = this.#dialInTurn(operator, multiaddrs).finally(() => this.#pending.delete(operator))
    this.#pending.set(operator, dial)
    return dial
  }

  async #dialInTurn(operator: Address, multiaddrs: readonly string[]): Promise<Connection> {
    let failure: unknown
    for (const text of multiaddrs) {
      try {
        const connection = await this.#dial(operator, text)
        this.#modules.metrics.dials.increment({ result: 'connected' })
        return connection
      } catch (error) {
        // Somebody else at one address says more than silence at another.
        if (!isWitanError(failure, 'PEER_MISMATCH')) failure = error
      }
    }
    const mismatched = isWitanError(failure, 'PEER_MISMATCH')
    this.#modules.metrics.dials.increment({ result: mismatched ? 'mismatch' : 'unreachable' })
    if (isWitanError(failure)) throw failure
    throw new WitanError('PEER_UNREACHABLE', 'The peer cannot be reached', {
      facts: { operator, addresses: multiaddrs.join(' ') || 'none known' },
      cause: failure,
    })
  }

  async #dial(operator: Address, text: string): Promise<Connection> {
    const address = dialAddressOf(text, operator)
    using deadline = this.#modules.clock.timeout(this.#dialTimeoutMs)
    const connection = await this.#modules.node().dial(address, { signal: deadline })
    const actual = operatorOfPeerId(connection.remotePeer)
    if (actual === operator) return connection
    connection.abort(new Error('another peer was expected'))
    throw mismatch(operator, actual, text)
  }
}
