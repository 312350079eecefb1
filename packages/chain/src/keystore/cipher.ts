import { createCipheriv, createDecipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { keccak256 } from '@witan/protocol'
import type { KeyDerivation, KeystoreContent } from './format.js'
import { narrowScrypt } from './narrow-scrypt.js'

const PRIVATE_KEY_BYTES = 32
const pbkdf2Async = promisify(pbkdf2)
const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** 32 bytes: the first half encrypts, the second half authenticates. Takes half a second at geth's standard cost. */
export async function deriveKey(derivation: KeyDerivation, password: string): Promise<Buffer> {
  if (derivation.kdf === 'pbkdf2') return pbkdf2Async(password, derivation.salt, derivation.rounds, 32, 'sha256')
  const { n, r, p, salt } = derivation
  if (r === 1 && n >= 65_536) return narrowScrypt(password, salt, { n, p })
  return scryptAsync(password, salt, 32, { N: n, r, p, maxmem: 128 * r * (n + p) + 65_536 })
}

export function encryptKey(derivedKey: Buffer, iv: Buffer, privateKey: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-128-ctr', derivedKey.subarray(0, 16), iv)
  return Buffer.concat([cipher.update(privateKey), cipher.final()])
}

/** The private key, or undefined when the password is wrong. */
export async function decryptKey(content: KeystoreContent, password: string): Promise<Uint8Array | undefined> {
  const derivedKey = await deriveKey(content.derivation, password)
  if (!timingSafeEqual(macOf(derivedKey, content.ciphertext), content.mac)) return undefined
  const decipher = createDecipheriv('aes-128-ctr', derivedKey.subarray(0, 16), content.iv)
  const plain = Buffer.concat([decipher.update(content.ciphertext), decipher.final()])
  // Some wallets left out leading zeros.
  const privateKey = new Uint8Array(PRIVATE_KEY_BYTES)
  privateKey.set(plain, PRIVATE_KEY_BYTES - plain.length)
  return privateKey
}

export function macOf(derivedKey: Buffer, ciphertext: Buffer): Buffer {
  return Buffer.from(keccak256(Buffer.concat([derivedKey.subarray(16, 32), ciphertext])))
}
