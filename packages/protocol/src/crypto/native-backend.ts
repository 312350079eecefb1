import { createRequire } from 'node:module'
import type { SignatureBackend } from './signature-backend.js'

/** libsecp256k1 through its prebuilt addon: about ten times faster. `undefined` where no prebuild fits the platform. */
export function loadNativeBackend(): SignatureBackend | undefined {
  const addon = loadAddon()
  if (addon === undefined) return undefined
  return {
    name: 'native',
    isPrivateKey: (privateKey) => privateKey.length === 32 && addon.privateKeyVerify(privateKey),
    publicKeyOf: (privateKey) => addon.publicKeyCreate(privateKey, true),
    uncompress: (publicKey) => addon.publicKeyConvert(publicKey, false),
    sign(digest, privateKey) {
      const { signature, recid } = addon.ecdsaSign(digest, privateKey)
      return { rs: signature, recovery: recid }
    },
    recover: (digest, rs, recovery) => addon.ecdsaRecover(rs, recovery, digest, false),
  }
}

/** The package's main file would fall back to a slow JavaScript curve of its own without saying so. */
function loadAddon(): typeof import('secp256k1') | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings.js')
  } catch {
    return undefined
  }
}
