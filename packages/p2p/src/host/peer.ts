import type { Address } from '@witan/protocol'
import { addressOfPeer } from '../identity.js'

/** A peer to reach: who it must be, and where it may be found. */
export type PeerTarget = {
  /** Where to dial, in this order, when no connection is open; `/p2p/…` at the end must name the same peer. */
  readonly multiaddrs: readonly string[]
} & ({ readonly operator: Address } | { readonly peerId: string })

/** A peer at the other end of an authenticated connection. */
export interface RemotePeer {
  readonly operator: Address
  readonly peerId: string
}

/** Whom a target means. */
export function operatorOfTarget(target: PeerTarget): Address {
  return 'operator' in target ? target.operator : addressOfPeer(target.peerId)
}
