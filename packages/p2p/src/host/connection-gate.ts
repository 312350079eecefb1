import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Address } from '@witan/protocol'
import { operatorOfPeerId } from '../identity.js'
import type { P2pMetrics } from '../metrics.js'

/** Why a connection was refused; the values of a metric's label. */
export type RefusalReason = 'key_type' | 'penalty' | 'too_many'

export interface ConnectionGateModules {
  readonly metrics: Pick<P2pMetrics, 'connectionsRefused'>
  isRefused(operator: Address): boolean
  connectionsOf(operator: Address): number
}

/**
 * Decides right after the handshake, when the identity is proven and before the peer can open a stream: only operator
 * keys, nobody under a penalty, no crowd of connections from one peer.
 */
export function createConnectionGate(
  { maxConnectionsPerPeer }: { maxConnectionsPerPeer: number },
  { metrics, isRefused, connectionsOf }: ConnectionGateModules,
): ConnectionGater {
  const reasonAgainst = (peerId: PeerId): RefusalReason | undefined => {
    if (peerId.type !== 'secp256k1') return 'key_type'
    const operator = operatorOfPeerId(peerId)
    if (isRefused(operator)) return 'penalty'
    return connectionsOf(operator) >= maxConnectionsPerPeer ? 'too_many' : undefined
  }
  const deny = (peerId: PeerId, _connection: MultiaddrConnection) => {
    const reason = reasonAgainst(peerId)
    if (reason !== undefined) metrics.connectionsRefused.increment({ reason })
    return reason !== undefined
  }
  return {
    // The library's default refuses private addresses in browsers only; here every multiaddr was chosen by the operator
    // or signed by the peer, and a local network has nothing but loopback addresses.
    denyDialMultiaddr: () => false,
    denyInboundEncryptedConnection: deny,
    denyOutboundEncryptedConnection: (peerId, connection) => peerId.type !== 'secp256k1' && deny(peerId, connection),
  }
}
