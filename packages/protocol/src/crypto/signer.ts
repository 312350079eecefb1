import type { Address } from '../bytes/hex.js'
import { WitanError } from '../errors/witan-error.js'
import { addressOfPoint } from './address.js'
import { backend } from './backend.js'
import { RECOVERY_OFFSET, SIGNATURE_BYTES } from './signature.js'
import type { SignatureBackend } from './signature-backend.js'

/** A secp256k1 key that signs; the key itself does not leave it. */
export interface Signer {
  readonly address: Address
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** r, s, v of a digest of 32 bytes: 65 bytes, low s, v 27 or 28; the same digest gives the same bytes (RFC 6979). */
  signDigest(digest: Uint8Array): Uint8Array
}

/** A signer over a private key of 32 bytes, which is copied. Throws `PRIVATE_KEY_INVALID`. */
export function createSigner(privateKey: Uint8Array): Signer {
  return createSignerWith(backend, privateKey)
}

export function createSignerWith(chosen: SignatureBackend, privateKey: Uint8Array): Signer {
  if (!chosen.isPrivateKey(privateKey)) {
    throw new WitanError('PRIVATE_KEY_INVALID', 'Bytes are not a secp256k1 private key', {
      facts: { length: privateKey.length },
    })
  }
  const key = Uint8Array.from(privateKey)
  const publicKey = chosen.publicKeyOf(key)
  return {
    address: addressOfPoint(chosen.uncompress(publicKey)),
    publicKey,
    signDigest(digest) {
      const { rs, recovery } = chosen.sign(digest, key)
      const signature = new Uint8Array(SIGNATURE_BYTES)
      signature.set(rs)
      signature[64] = RECOVERY_OFFSET + recovery
      return signature
    },
  }
}
