import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, type Hex } from '../bytes/hex.js'

/** Keccak-256 as Ethereum uses it (padding 0x01, not SHA3-256's 0x06). */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes)
}

/** Digest of canonical bytes: inputDigest, responseDigest, samplingDigest. */
export function keccak256Hex(bytes: Uint8Array): Hex {
  return bytesToHex(keccak_256(bytes))
}
