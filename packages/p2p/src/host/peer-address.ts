import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { type Address, WitanError } from '@witan/protocol'
import { addressOfPeer } from '../identity.js'

/**
 * A multiaddr to dial, without its PeerId: the identity is compared after the handshake, where a mismatch can be told
 * from any other failure. Throws `PEER_ADDRESS_INVALID`, or `PEER_MISMATCH` when it names somebody else.
 */
export function dialAddressOf(text: string, expected?: Address): Multiaddr {
  const address = parseMultiaddr(text)
  const last = address.getComponents().at(-1)
  if (last?.code !== CODE_P2P) return address
  const named = addressOfPeer(last.value ?? '')
  if (expected !== undefined && named !== expected) throw mismatch(expected, named, text)
  return address.decapsulateCode(CODE_P2P)
}

/** The operator that a multiaddr ending in `/p2p/…` names. */
export function operatorOfMultiaddr(text: string): Address | undefined {
  const last = parseMultiaddr(text).getComponents().at(-1)
  return last?.code === CODE_P2P ? addressOfPeer(last.value ?? '') : undefined
}

/** `PEER_ADDRESS_INVALID` unless the text is a multiaddr this host can listen on or dial: TCP over IPv4, IPv6 or DNS. */
export function parseMultiaddr(text: string): Multiaddr {
  try {
    const address = multiaddr(text)
    if (address.getComponents().some((component) => component.name === 'tcp')) return address
  } catch (cause) {
    throw invalid(text, cause)
  }
  throw invalid(text)
}

export function mismatch(expected: Address, actual: Address, address: string): WitanError {
  return new WitanError('PEER_MISMATCH', 'Another peer answers at this address', {
    facts: { address, expected, actual },
  })
}

function invalid(text: string, cause?: unknown): WitanError {
  return new WitanError('PEER_ADDRESS_INVALID', 'The address is not a TCP multiaddr', {
    facts: { address: text.slice(0, 200), example: '/ip4/192.0.2.1/tcp/4001' },
    cause,
  })
}
