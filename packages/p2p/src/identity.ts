import { privateKeyFromRaw, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PeerId, PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { type Address, addressOfPublicKey, WitanError } from '@witan/protocol'

/** The libp2p key of an operator; `operatorKey` is the 32-byte secp256k1 secret. */
export function hostKeyOf(operatorKey: Uint8Array): PrivateKey {
  const key = operatorKey.length === 32 ? privateKeyFromRaw(operatorKey) : undefined
  if (key?.type !== 'secp256k1') throw new Error('an operator key has 32 bytes')
  return key
}

/** The operator behind a PeerId: its public key stands in the PeerId itself, so no look-up is needed. */
export function operatorOfPeerId(peerId: PeerId): Address {
  if (peerId.type !== 'secp256k1') {
    throw new WitanError('PEER_KEY_UNSUPPORTED', 'The identity of the peer is not an operator key', {
      facts: { peerId: peerId.toString(), keyType: peerId.type },
    })
  }
  return addressOfPublicKey(peerId.publicKey.raw)
}

/** The operator address of a PeerId in text; `PEER_ADDRESS_INVALID` or `PEER_KEY_UNSUPPORTED` when it has none. */
export function addressOfPeer(peerId: string): Address {
  return operatorOfPeerId(parsePeerId(peerId))
}

/** The PeerId in text of an operator key. */
export function peerIdOfKey(operatorKey: Uint8Array): string {
  return peerIdFromPrivateKey(hostKeyOf(operatorKey)).toString()
}

/** The PeerId in text of an operator's public key, 33 bytes. */
export function peerIdOfPublicKey(publicKey: Uint8Array): string {
  return peerIdFromPublicKey(publicKeyFromRaw(publicKey)).toString()
}

export function parsePeerId(text: string): PeerId {
  try {
    return peerIdFromString(text)
  } catch (cause) {
    throw new WitanError('PEER_ADDRESS_INVALID', 'The text is not a PeerId', {
      facts: { peerId: text.slice(0, 80) },
      cause,
    })
  }
}
