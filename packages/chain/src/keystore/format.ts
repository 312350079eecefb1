import { WitanError } from '@witan/protocol'

/** Largest memory a keystore may ask of the key derivation: geth's standard takes 256 MiB. */
const MAX_KDF_MEMORY_BYTES = 1 << 30
const MAX_PBKDF2_ROUNDS = 10_000_000

export interface ScryptDerivation {
  readonly kdf: 'scrypt'
  readonly salt: Buffer
  readonly n: number
  readonly r: number
  readonly p: number
}

export interface Pbkdf2Derivation {
  readonly kdf: 'pbkdf2'
  readonly salt: Buffer
  readonly rounds: number
}

export type KeyDerivation = ScryptDerivation | Pbkdf2Derivation

/** The parts of a version 3 keystore that opening it needs. */
export interface KeystoreContent {
  readonly address: string | undefined
  readonly derivation: KeyDerivation
  readonly iv: Buffer
  readonly ciphertext: Buffer
  readonly mac: Buffer
}

/** Reads a Web3 Secret Storage v3 document; member names in any case, as wallets disagree on `crypto`. */
export function parseKeystore(text: string, path: string): KeystoreContent {
  const reader = new FieldReader(path, parseObject(text, path))
  if (reader.number('version') !== 3) throw invalid(path, 'version is not 3')
  const crypto = reader.child('crypto')
  if (crypto.string('cipher') !== 'aes-128-ctr') throw invalid(path, 'cipher is not aes-128-ctr')
  return {
    address: reader.optionalString('address'),
    derivation: parseDerivation(crypto, path),
    iv: crypto.child('cipherparams').bytes('iv', 16),
    ciphertext: shortBytes(crypto, path),
    mac: crypto.bytes('mac', 32),
  }
}

function shortBytes(crypto: FieldReader, path: string): Buffer {
  const ciphertext = crypto.bytes('ciphertext')
  if (ciphertext.length < 1 || ciphertext.length > 32) throw invalid(path, 'ciphertext is not 1 to 32 bytes')
  return ciphertext
}

function parseDerivation(crypto: FieldReader, path: string): KeyDerivation {
  const kdf = crypto.string('kdf')
  const params = crypto.child('kdfparams')
  if (params.number('dklen') !== 32) throw invalid(path, 'dklen is not 32')
  const salt = params.bytes('salt')
  if (kdf === 'scrypt') {
    const [n, r, p] = [params.number('n'), params.number('r'), params.number('p')]
    const positive = [n, r, p].every((value) => Number.isSafeInteger(value) && value > 0)
    if (!positive || n < 2 || !Number.isInteger(Math.log2(n))) throw invalid(path, 'scrypt parameters are out of range')
    if (128 * r * (n + p) > MAX_KDF_MEMORY_BYTES || p > 64) throw invalid(path, 'scrypt parameters ask for too much')
    return { kdf, salt, n, r, p }
  }
  if (kdf !== 'pbkdf2') throw invalid(path, 'kdf is neither scrypt nor pbkdf2')
  if (params.string('prf') !== 'hmac-sha256') throw invalid(path, 'prf is not hmac-sha256')
  const rounds = params.number('c')
  if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > MAX_PBKDF2_ROUNDS) {
    throw invalid(path, 'pbkdf2 rounds are out of range')
  }
  return { kdf, salt, rounds }
}

function parseObject(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid(path, 'the file is not JSON', cause)
  }
}

class FieldReader {
  readonly #path: string
  readonly #fields: ReadonlyMap<string, unknown>

  constructor(path: string, value: unknown) {
    this.#path = path
    if (typeof value !== 'object' || value === null) throw invalid(path, 'an object is missing')
    this.#fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]))
  }

  child(name: string): FieldReader {
    return new FieldReader(this.#path, this.#fields.get(name))
  }

  number(name: string): number {
    const value = this.#fields.get(name)
    if (typeof value !== 'number') throw invalid(this.#path, `${name} is not a number`)
    return value
  }

  optionalString(name: string): string | undefined {
    const value = this.#fields.get(name)
    return typeof value === 'string' ? value : undefined
  }

  string(name: string): string {
    const value = this.optionalString(name)
    if (value === undefined) throw invalid(this.#path, `${name} is not a string`)
    return value
  }

  bytes(name: string, length?: number): Buffer {
    const value = this.string(name).replace(/^0x/, '')
    if (!/^([0-9a-f]{2})*$/i.test(value)) throw invalid(this.#path, `${name} is not hexadecimal`)
    const bytes = Buffer.from(value, 'hex')
    if (length !== undefined && bytes.length !== length) throw invalid(this.#path, `${name} is not ${length} bytes`)
    return bytes
  }
}

export function invalid(path: string, reason: string, cause?: unknown): WitanError {
  return new WitanError('KEYSTORE_INVALID', 'The keystore cannot be read', { facts: { path, reason }, cause })
}
