import type { Stream } from '@libp2p/interface'
import type { Address } from '@witan/protocol'
import type { Service } from '@witan/runtime'
import type { ProtocolBounds } from '../protocols.js'
import type { PeerTarget, RemotePeer } from './peer.js'

/** Takes over a stream that a peer opened. */
export type StreamHandler = (stream: Stream, peer: RemotePeer) => void

/** A node of the network: one operator key, authenticated connections, streams by protocol. */
export interface Host extends Service {
  readonly networkName: string
  readonly operator: Address
  readonly peerId: string
  /** Where this host listens, with its PeerId at the end; empty before `start`. */
  multiaddrs(): string[]
  /** Peers connected now. */
  peers(): number
  /** Answers streams of a protocol; one handler each. Works before `start` too. */
  handle(protocol: ProtocolBounds, handler: StreamHandler): Promise<void>
  unhandle(protocol: ProtocolBounds): Promise<void>
  /**
   * Opens a stream to a peer over the connection there is, or a new one. Throws `PEER_UNREACHABLE`, `PEER_MISMATCH`,
   * `PEER_ADDRESS_INVALID`, `PEER_PROTOCOL_UNSUPPORTED` or the signal's reason.
   */
  open(protocol: ProtocolBounds, target: PeerTarget, signal: AbortSignal): Promise<Stream>
  /** Notes that a peer broke a protocol; too often, and it is disconnected and refused for a while. */
  strike(peer: Pick<RemotePeer, 'operator'>, protocol: ProtocolBounds): void
}
