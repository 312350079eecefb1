import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { SignatureBackend } from './signature-backend.js'

const UNHASHED = { prehash: false } as const

export const pureBackend: SignatureBackend = {
  name: 'pure',
  isPrivateKey: (privateKey) => secp256k1.utils.isValidSecretKey(privateKey),
  publicKeyOf: (privateKey) => secp256k1.getPublicKey(privateKey, true),
  uncompress: (publicKey) => secp256k1.Point.fromBytes(publicKey).toBytes(false),
  sign(digest, privateKey) {
    const signature = secp256k1.sign(digest, privateKey, { ...UNHASHED, format: 'recovered' })
    return { rs: signature.subarray(1), recovery: signature[0]! }
  },
  recover: (digest, rs, recovery) =>
    secp256k1.Signature.fromBytes(rs, 'compact').addRecoveryBit(recovery).recoverPublicKey(digest).toBytes(false),
}
