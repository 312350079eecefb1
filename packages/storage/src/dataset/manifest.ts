import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, canonicalJson, type Hex, isHex, type Json, jsonDigest, WitanError } from '@witan/protocol'
import { z } from '@witan/runtime'
import { DATASET_LIMITS } from '../limits.js'

export const MANIFEST_FILE = 'manifest.json'
export const RECORDS_FILE = 'records.jsonl'
export const TREE_FILE = 'tree.bin'

const digest = z.custom<Hex>((value) => isHex(value, 32), 'not 0x and 64 lower-case digits')
const address = z.custom<Address>((value) => isHex(value, 20), 'not 0x and 40 lower-case digits')
const count = z.int().nonnegative()

const manifestSchema = z.strictObject({
  format: z.literal('witan-dataset-1'),
  name: z.string(),
  description: z.string(),
  /** SPDX expression of records that say nothing else. */
  licence: z.string(),
  /** Manifest digest of the version before; null for a first one. */
  parent: digest.nullable(),
  records: z.int().positive().max(DATASET_LIMITS.maxRecords),
  /** Of the tree of records. */
  root: digest,
  /** Of the tree of contributors, in the order of `contributors`. */
  contributorsRoot: digest,
  /** Ascending by address. */
  contributors: z
    .array(z.strictObject({ contributor: address, records: z.int().positive() }))
    .min(1)
    .max(DATASET_LIMITS.maxContributors),
  sources: z
    .array(
      z.strictObject({
        name: z.string(),
        format: z.string(),
        /** Of the file; of a directory that of its listing as sha256sum prints it. */
        sha256: digest,
        bytes: count,
        records: count,
        origin: z.string().nullable(),
      }),
    )
    .max(DATASET_LIMITS.maxSources),
  /** The file of the records. */
  content: z.strictObject({ sha256: digest, bytes: count }),
})

/** What a version of a data set is; its canonical JSON is `manifest.json`. */
export type DatasetManifest = z.output<typeof manifestSchema>

export interface OpenDataset {
  readonly folder: string
  readonly manifest: DatasetManifest
  readonly manifestDigest: Hex
}

/** Reads the manifest of a built data set. Throws `DATASET_INVALID`. */
export async function openDataset(folder: string): Promise<OpenDataset> {
  const path = join(folder, MANIFEST_FILE)
  const text = await readBounded(path)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid(path, 'not JSON', cause)
  }
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0]!
    throw invalid(path, `${at.map(String).join('.') || 'manifest'}: ${message}`)
  }
  if (canonicalJson(value) !== text) throw invalid(path, 'not canonical JSON')
  return { folder, manifest: parsed.data, manifestDigest: jsonDigest(value) }
}

async function readBounded(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      if (size > DATASET_LIMITS.maxManifestBytes)
        throw invalid(path, `more than ${DATASET_LIMITS.maxManifestBytes} bytes`)
      return await readFile(file, 'utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof WitanError) throw error
    throw invalid(path, (error as NodeJS.ErrnoException).code ?? 'unreadable', error)
  }
}

export function invalid(path: string, reason: string, cause?: unknown): WitanError {
  return new WitanError('DATASET_INVALID', 'The data set cannot be read', {
    facts: { path, reason },
    ...(cause !== undefined && { cause }),
  })
}
