import { bytesToHex, createSigner, type Signer, WitanError } from '@witan/protocol'
import type { Random } from '@witan/runtime'
import { writeFileAtomic } from '../atomic-file.js'
import { deriveKey, encryptKey, macOf } from './cipher.js'

export interface NewKeystore {
  readonly path: string
  readonly password: string
  /** Derive the key at a fraction of the cost, as geth's --lightkdf: for keys of local networks only. */
  readonly lightKdf?: boolean
  /** 32 bytes; a fresh one when absent. */
  readonly privateKey?: Uint8Array
}

/** geth's standard and light costs: half a second with 256 MiB, and milliseconds with 4 MiB. */
const STANDARD_SCRYPT = { n: 131_072, r: 8, p: 1 }
const LIGHT_SCRYPT = { n: 4_096, r: 8, p: 6 }
const OWNER_ONLY = 0o600

/** Writes a version 3 keystore, readable by its owner only. Throws `KEYSTORE_EXISTS`: none is ever overwritten. */
export async function createKeystore(
  { path, password, lightKdf = false, privateKey }: NewKeystore,
  { random }: { random: Random },
): Promise<Signer> {
  // One draw in 2^128 is no key: the signer refuses it.
  const key = privateKey ?? random.bytes(32)
  const signer = createSigner(key)
  const salt = Buffer.from(random.bytes(32))
  const iv = Buffer.from(random.bytes(16))
  const cost = lightKdf ? LIGHT_SCRYPT : STANDARD_SCRYPT
  const derivedKey = await deriveKey({ kdf: 'scrypt', salt, ...cost }, password)
  const ciphertext = encryptKey(derivedKey, iv, key)
  const document = {
    address: signer.address.slice(2),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams: { dklen: 32, ...cost, salt: salt.toString('hex') },
      mac: macOf(derivedKey, ciphertext).toString('hex'),
    },
    id: uuid(random),
    version: 3,
  }
  await write(path, `${JSON.stringify(document)}\n`)
  return signer
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text, { mode: OWNER_ONLY, overwrite: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new WitanError('KEYSTORE_EXISTS', 'A keystore stands at the path already', { facts: { path } })
  }
}

/** Version 4: random but for its version and variant. */
function uuid(random: Random): string {
  const bytes = random.bytes(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytesToHex(bytes).slice(2)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
