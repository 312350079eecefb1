import { readFile, stat } from 'node:fs/promises'
import { type Address, createSigner, parseAddress, type Signer, WitanError } from '@witan/protocol'
import { decryptKey } from './cipher.js'
import { invalid, type KeystoreContent, parseKeystore } from './format.js'

export interface OpenKeystore {
  readonly signer: Signer
  /** 32 bytes, for what must hold the key itself (the libp2p identity). Never log or store it. */
  readonly privateKey: Uint8Array
  /** Somebody else than the owner may read or write the file: worth a warning. */
  readonly isTooOpen: boolean
}

/** A keystore takes a kilobyte; anything this long is another file. */
const MAX_FILE_BYTES = 64 * 1024

/** Throws `KEYSTORE_NOT_FOUND`, `KEYSTORE_INVALID` or `WRONG_PASSWORD`. */
export async function openKeystore({ path, password }: { path: string; password: string }): Promise<OpenKeystore> {
  const { content, isTooOpen } = await readKeystore(path)
  const stated = statedAddress(content, path)
  const privateKey = await decryptKey(content, password)
  if (privateKey === undefined) {
    throw new WitanError('WRONG_PASSWORD', 'The password does not open the keystore', { facts: { path } })
  }
  const signer = createSigner(privateKey)
  if (stated !== undefined && stated !== signer.address) throw invalid(path, 'it holds the key of another address')
  return { signer, privateKey, isTooOpen }
}

/** The address that the file itself names, without opening it; undefined where it names none. */
export async function readKeystoreAddress(path: string): Promise<Address | undefined> {
  const { content } = await readKeystore(path)
  return statedAddress(content, path)
}

async function readKeystore(path: string): Promise<{ content: KeystoreContent; isTooOpen: boolean }> {
  try {
    const { size, mode } = await stat(path)
    if (size > MAX_FILE_BYTES) throw invalid(path, 'the file is too long')
    const isTooOpen = process.platform !== 'win32' && (mode & 0o077) !== 0
    return { content: parseKeystore(await readFile(path, 'utf8'), path), isTooOpen }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw new WitanError('KEYSTORE_NOT_FOUND', 'There is no keystore', { facts: { path } })
    if (code === 'EACCES' || code === 'EISDIR') throw invalid(path, code, error)
    throw error
  }
}

function statedAddress({ address }: KeystoreContent, path: string): Address | undefined {
  if (address === undefined || address === '') return undefined
  const text = address.startsWith('0x') ? address : `0x${address}`
  try {
    return parseAddress(text)
  } catch (cause) {
    throw invalid(path, 'address is not an address', cause)
  }
}
