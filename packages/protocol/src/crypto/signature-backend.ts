/** ECDSA over secp256k1 as both implementations offer it. Digests are 32 bytes, private keys 32, public keys 33 or 65. */
export interface SignatureBackend {
  readonly name: 'native' | 'pure'
  isPrivateKey(privateKey: Uint8Array): boolean
  /** 33 bytes. */
  publicKeyOf(privateKey: Uint8Array): Uint8Array
  /** 65 bytes, beginning with 4. Throws when the point is not on the curve. */
  uncompress(publicKey: Uint8Array): Uint8Array
  /** r and s, 64 bytes, low s, nonce by RFC 6979. */
  sign(digest: Uint8Array, privateKey: Uint8Array): { rs: Uint8Array; recovery: number }
  /** 65 bytes, beginning with 4. Throws when no key fits. */
  recover(digest: Uint8Array, rs: Uint8Array, recovery: number): Uint8Array
}
