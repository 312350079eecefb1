import type { Address } from '../bytes/hex.js'
import { type ErrorFact, isWitanError, WitanError } from '../errors/witan-error.js'
import { addressOfPoint } from './address.js'
import { backend } from './backend.js'
import type { SignatureBackend } from './signature-backend.js'

export const SIGNATURE_BYTES = 65
const DIGEST_BYTES = 32

/** v of a signature with recovery 0; the chain accepts 27 and 28 only. */
export const RECOVERY_OFFSET = 27

/** n / 2 of the group order: a larger s has a twin that is smaller, so one of them must be refused (EIP-2). */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex')

/**
 * The address whose key signed a digest of 32 bytes. The signature is r, s, v: 65 bytes, low s, v 27 or 28.
 * Throws `SIGNATURE_INVALID`.
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array): Address {
  return recoverAddressWith(backend, digest, signature)
}

/** Whether `address` signed the digest; a malformed signature is an answer of `false`. */
export function isSignedBy(address: Address, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return recoverAddress(digest, signature) === address
  } catch (error) {
    if (isWitanError(error, 'SIGNATURE_INVALID')) return false
    throw error
  }
}

export function recoverAddressWith(chosen: SignatureBackend, digest: Uint8Array, signature: Uint8Array): Address {
  if (digest.length !== DIGEST_BYTES) throw new RangeError(`digest of ${digest.length} bytes`)
  if (signature.length !== SIGNATURE_BYTES) {
    throw invalid('A signature does not have 65 bytes', { length: signature.length })
  }
  const v = signature[64]!
  if (v !== RECOVERY_OFFSET && v !== RECOVERY_OFFSET + 1) throw invalid('v of a signature is not 27 or 28', { v })
  if (Buffer.compare(signature.subarray(32, 64), HALF_ORDER) > 0) throw invalid('s of a signature is high')
  return addressOfPoint(recoverPoint(chosen, digest, signature.subarray(0, 64), v - RECOVERY_OFFSET))
}

function recoverPoint(chosen: SignatureBackend, digest: Uint8Array, rs: Uint8Array, recovery: number): Uint8Array {
  try {
    return chosen.recover(digest, rs, recovery)
  } catch (cause) {
    throw invalid('No public key fits a signature', {}, cause)
  }
}

function invalid(message: string, facts: Record<string, ErrorFact> = {}, cause?: unknown): WitanError {
  return new WitanError('SIGNATURE_INVALID', message, { facts, cause })
}
