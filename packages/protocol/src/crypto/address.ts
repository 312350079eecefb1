import { type Address, bytesToHex } from '../bytes/hex.js'
import { WitanError } from '../errors/witan-error.js'
import { backend } from './backend.js'
import { keccak256 } from './keccak256.js'

/** @param uncompressed 65 bytes, beginning with 4 */
export function addressOfPoint(uncompressed: Uint8Array): Address {
  return bytesToHex(keccak256(uncompressed.subarray(1)).subarray(12))
}

/** The address of a public key of 33 or 65 bytes. Throws `PUBLIC_KEY_INVALID`. */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  return addressOfPoint(uncompress(publicKey))
}

function uncompress(publicKey: Uint8Array): Uint8Array {
  try {
    return backend.uncompress(publicKey)
  } catch (cause) {
    throw new WitanError('PUBLIC_KEY_INVALID', 'Bytes are not a secp256k1 public key', {
      facts: { length: publicKey.length },
      cause,
    })
  }
}
