import type { Libp2p, Stream } from '@libp2p/interface'
import { type Address, WitanError } from '@witan/protocol'
import { type Clock, createService, type Logger, type Service, unlessAborted } from '@witan/runtime'
import { addressOfPeer, hostKeyOf, operatorOfPeerId, peerIdOfKey } from '../identity.js'
import type { P2pMetrics } from '../metrics.js'
import type { ProtocolBounds } from '../protocols.js'
import { createConnectionGate } from './connection-gate.js'
import { ConnectionTable } from './connection-table.js'
import { Dialer } from './dialer.js'
import type { Host, StreamHandler } from './host.js'
import type { HostLimits } from './host-limits.js'
import { createLibraryNode } from './library-node.js'
import { operatorOfTarget, type PeerTarget, type RemotePeer } from './peer.js'
import { parseMultiaddr } from './peer-address.js'
import { PenaltyBox } from './penalty-box.js'

export interface OperatorHostOptions {
  readonly networkName: string
  readonly privateKey: Uint8Array
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly limits: HostLimits
}

export interface OperatorHostModules {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
}

interface Registration {
  readonly protocol: ProtocolBounds
  readonly handler: StreamHandler
}

export class OperatorHost implements Host {
  readonly networkName: string
  readonly peerId: string
  readonly operator: Address
  readonly start: Service['start']
  readonly stop: Service['stop']
  readonly #options: OperatorHostOptions
  readonly #modules: OperatorHostModules
  readonly #connections = new ConnectionTable()
  readonly #penalties: PenaltyBox
  readonly #dialer: Dialer
  readonly #registrations = new Map<string, Registration>()
  #node: Libp2p | undefined

  constructor(options: OperatorHostOptions, modules: OperatorHostModules) {
    this.#options = options
    this.#modules = modules
    this.networkName = options.networkName
    this.peerId = peerIdOfKey(options.privateKey)
    this.operator = addressOfPeer(this.peerId)
    this.#penalties = new PenaltyBox(options.limits, modules)
    this.#dialer = new Dialer(options.limits, {
      ...modules,
      connections: this.#connections,
      node: () => this.#running(),
    })
    const service = createService({ start: () => this.#begin(), stop: () => this.#end() })
    this.start = service.start
    this.stop = service.stop
  }

  multiaddrs(): string[] {
    return this.#node?.getMultiaddrs().map(String) ?? []
  }

  peers(): number {
    return this.#connections.peers
  }

  async handle(protocol: ProtocolBounds, handler: StreamHandler): Promise<void> {
    const registration = { protocol, handler }
    this.#registrations.set(protocol.id, registration)
    if (this.#node !== undefined) await register(this.#node, registration)
  }

  async unhandle(protocol: ProtocolBounds): Promise<void> {
    this.#registrations.delete(protocol.id)
    await this.#node?.unhandle(protocol.id)
  }

  async open(protocol: ProtocolBounds, target: PeerTarget, signal: AbortSignal): Promise<Stream> {
    signal.throwIfAborted()
    const operator = operatorOfTarget(target)
    const connection = await unlessAborted(this.#dialer.connect(operator, target.multiaddrs), signal)
    try {
      return await connection.newStream(protocol.id, { signal, maxOutboundStreams: protocol.maxOutboundStreams })
    } catch (cause) {
      signal.throwIfAborted()
      const facts = { operator, protocol: protocol.id }
      if (cause instanceof Error && cause.name === 'UnsupportedProtocolError') {
        throw new WitanError('PEER_PROTOCOL_UNSUPPORTED', 'The peer does not speak the protocol', { facts, cause })
      }
      throw new WitanError('PEER_DISCONNECTED', 'The connection broke while a stream was opened', { facts, cause })
    }
  }

  strike(peer: Pick<RemotePeer, 'operator'>, protocol: ProtocolBounds): void {
    this.#modules.metrics.malformed.increment({ protocol: protocol.id })
    if (!this.#penalties.strike(peer.operator)) return
    this.#modules.metrics.penalties.increment()
    this.#modules.logger.warn({ operator: peer.operator, protocol: protocol.id }, 'peer refused for repeated faults')
    for (const connection of this.#connections.all(peer.operator)) connection.abort(new Error('penalty'))
  }

  async #begin(): Promise<void> {
    for (const address of [...this.#options.listen, ...this.#options.announce]) parseMultiaddr(address)
    let listenError: unknown
    const node = await createLibraryNode(
      { ...this.#options, privateKey: hostKeyOf(this.#options.privateKey) },
      {
        ...this.#modules,
        gate: createConnectionGate(this.#options.limits, {
          ...this.#modules,
          isRefused: (operator) => this.#penalties.isRefused(operator),
          connectionsOf: (operator) => this.#connections.count(operator),
        }),
        onListenError: (error) => {
          listenError = error
        },
      },
    )
    this.#connections.follow(node)
    for (const registration of this.#registrations.values()) await register(node, registration)
    try {
      await node.start()
    } catch (error) {
      throw listenError ?? error
    }
    this.#node = node
    this.#modules.logger.info({ peerId: this.peerId, multiaddrs: this.multiaddrs() }, 'host listening')
  }

  async #end(): Promise<void> {
    const node = this.#node
    this.#node = undefined
    await node?.stop()
  }

  #running(): Libp2p {
    if (this.#node === undefined) throw new Error('the host is not started')
    return this.#node
  }
}

async function register(node: Libp2p, { protocol, handler }: Registration): Promise<void> {
  const { maxInboundStreams, maxOutboundStreams } = protocol
  await node.handle(
    protocol.id,
    (stream, { remotePeer }) =>
      handler(stream, { operator: operatorOfPeerId(remotePeer), peerId: remotePeer.toString() }),
    { maxInboundStreams, maxOutboundStreams, force: true },
  )
}
