import {
  type Address,
  canonicalJson,
  type DatasetRecord,
  type Hex,
  isHex,
  type Json,
  keccak256Hex,
  WitanError,
} from '@witan/protocol'

/** One line of `records.jsonl`: a record with where it came from. */
export interface StoredRecord {
  readonly contributor: Address
  /** SPDX expression. */
  readonly licence: string
  readonly record: Json
  /** SHA-256 of the file that it was read from. */
  readonly source: Hex
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const licenceDigests = new Map<string, Hex>()
const MAX_REMEMBERED = 1_024

export function leafFields({ contributor, licence, record, source }: StoredRecord): DatasetRecord {
  return {
    recordDigest: keccak256Hex(Buffer.from(canonicalJson(record))),
    sourceDigest: source,
    licence: licenceDigest(licence),
    contributor,
  }
}

/** The line without its line feed. */
export function writeLine({ contributor, licence, record, source }: StoredRecord): string {
  return canonicalJson({ contributor, licence, record, source })
}

/** Reads a line back. Throws `DATASET_MISMATCH` unless `writeLine` could have written it. */
export function readLine(bytes: Uint8Array, index: number): StoredRecord {
  try {
    const text = utf8.decode(bytes)
    const value: Json = JSON.parse(text)
    if (isStored(value) && canonicalJson(value as unknown as Json) === text) return value
  } catch (cause) {
    throw altered(index, cause)
  }
  throw altered(index)
}

function isStored(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 4) return false
  const { contributor, licence, record, source } = value as Record<string, unknown>
  return isHex(contributor, 20) && typeof licence === 'string' && record !== undefined && isHex(source, 32)
}

function altered(record: number, cause?: unknown): WitanError {
  return new WitanError('DATASET_MISMATCH', 'A line is not a record as it was written', {
    facts: { record },
    ...(cause !== undefined && { cause }),
  })
}

/** Records of a data set share a few licences. */
export function licenceDigest(licence: string): Hex {
  let digest = licenceDigests.get(licence)
  if (digest === undefined) {
    digest = keccak256Hex(Buffer.from(licence))
    if (licenceDigests.size < MAX_REMEMBERED) licenceDigests.set(licence, digest)
  }
  return digest
}
