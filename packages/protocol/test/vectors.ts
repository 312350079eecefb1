import { readFileSync } from 'node:fs'
import { type Address, bytesToHex, type Hex } from '../src/bytes/hex.js'
import { createDomain, type Domain } from '../src/eip712/domain.js'

/** Structs of test/vectors/eip712.json: digests as hex, integers as decimal strings. */
export interface TypedVector {
  domain: number
  value: Record<string, string> & { multiaddrs?: string[] }
  structHash: Hex
  recordDigest: Hex
  digest: Hex
  signature: Hex
}

interface Vectors {
  privateKey: Hex
  address: Address
  publicKey: Hex
  domains: { chainId: number; verifyingContract: Address; separator: Hex }[]
  operatorConsent: TypedVector[]
  addressRecord: TypedVector[]
  inferRequest: TypedVector[]
  receipt: TypedVector[]
  receiptBatch: TypedVector[]
  commitment: { value: Record<string, string> & { packedRow: string[] }; hash: Hex }[]
}

const file = new URL('../../test/vectors/eip712.json', import.meta.url)
export const vectors: Vectors = JSON.parse(readFileSync(file, 'utf8'))

export const domains: Domain[] = vectors.domains.map(createDomain)
export const separators: Hex[] = domains.map(({ separator }) => bytesToHex(separator))

/** The value of a vector with the named fields as numbers and bigints. */
export function typed<T>(value: object, numbers: string[], bigints: string[] = []): T {
  const entries = Object.entries(value).map(([name, text]) => {
    if (numbers.includes(name)) return [name, Number(text)]
    return [name, bigints.includes(name) ? BigInt(text) : text]
  })
  return Object.fromEntries(entries)
}
