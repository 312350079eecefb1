import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type Address, type Hex, isHex, type Json, WitanError } from '@witan/protocol'
import { readCsv } from '../readers/csv.js'
import { digestFile, readDirectory } from '../readers/directory.js'
import { readIdx } from '../readers/idx.js'
import { readJsonl } from '../readers/jsonl.js'
import { readParquet } from '../readers/parquet.js'
import { malformed, unreadable } from '../readers/source-error.js'
import type { DatasetDescription, DatasetSource } from './description.js'
import type { DatasetManifest } from './manifest.js'
import type { StoredRecord } from './record-line.js'

type Format = NonNullable<DatasetSource['format']>
export type SourceEntry = DatasetManifest['sources'][number]

const FORMATS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
}
const LICENCE = /^[A-Za-z0-9][A-Za-z0-9.+() -]{0,99}$/

interface ReadItem {
  readonly record: Json
  readonly source: Hex
}

/**
 * The records of one source with their provenance; returns the source's entry in the manifest. A file is read twice,
 * for its digest first, and must not change in between.
 */
export async function* readSource(
  source: DatasetSource,
  defaults: Pick<DatasetDescription, 'licence' | 'contributor'>,
  signal?: AbortSignal,
): AsyncGenerator<StoredRecord, SourceEntry> {
  const format = await formatOf(source)
  const summary = { sha256: '' as Hex, bytes: 0 }
  const items = format === 'directory' ? readFiles(source, summary, signal) : readFile(source, format, summary, signal)
  const end = source.take === undefined ? Number.POSITIVE_INFINITY : source.skip + source.take
  let position = 0
  let records = 0
  for await (const { record, source: digest } of items) {
    if (position >= source.skip && position < end) {
      yield { record, source: digest, ...provenanceOf(record, source, defaults, position) }
      records += 1
    }
    position += 1
    // A directory's digest is that of all its files.
    if (position >= end && format !== 'directory') break
  }
  return { name: basename(source.path), format, ...summary, records, origin: source.origin ?? null }
}

async function formatOf({ path, format }: DatasetSource): Promise<Format> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (format !== undefined) return format
  const guess = found.isDirectory() ? 'directory' : FORMATS[extname(path).toLowerCase()]
  if (guess === undefined) throw malformed(path, `its ending tells no format; known: ${Object.keys(FORMATS).join(' ')}`)
  return guess
}

async function* readFile(
  source: DatasetSource,
  format: Exclude<Format, 'directory'>,
  summary: { sha256: Hex; bytes: number },
  signal?: AbortSignal,
): AsyncGenerator<ReadItem> {
  const { path, labels } = source
  const before = await fingerprint(path)
  Object.assign(summary, await digestFile(path, signal))
  for await (const record of reading(path, format, labels, signal)) yield { record, source: summary.sha256 }
  if ((await fingerprint(path)) !== before) {
    throw new WitanError('DATASET_SOURCE_CHANGED', 'A source changed while it was read', { facts: { source: path } })
  }
}

async function* readFiles(
  source: DatasetSource,
  summary: { sha256: Hex; bytes: number },
  signal?: AbortSignal,
): AsyncGenerator<ReadItem> {
  const listing = createHash('sha256')
  for await (const { path, bytes, sha256 } of readDirectory(source.path, signal)) {
    listing.update(`${sha256.slice(2)}  ${path}\n`)
    summary.bytes += bytes
    yield { record: { path, bytes, sha256 }, source: sha256 as Hex }
  }
  summary.sha256 = `0x${listing.digest('hex')}`
}

function reading(path: string, format: Exclude<Format, 'directory'>, labels: string | undefined, signal?: AbortSignal) {
  switch (format) {
    case 'csv':
      return readCsv(path, signal)
    case 'jsonl':
      return readJsonl(path, signal)
    case 'parquet':
      return readParquet(path, signal)
    case 'idx':
      return readIdx(path, labels, signal)
  }
}

async function fingerprint(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true })
  return `${ino}:${size}:${mtimeNs}`
}

function provenanceOf(
  record: Json,
  source: DatasetSource,
  defaults: Pick<DatasetDescription, 'licence' | 'contributor'>,
  position: number,
): { licence: string; contributor: Address } {
  const fieldOf = (name: string, fits: (text: string) => boolean): string => {
    const value = typeof record === 'object' && record !== null ? (record as Record<string, Json>)[name] : undefined
    if (typeof value === 'string' && fits(value)) return value
    throw new WitanError('DATASET_RECORD_INVALID', 'A record does not name its licence or contributor', {
      facts: { source: source.path, record: position, field: name },
    })
  }
  const { licenceField, contributorField } = source
  return {
    licence:
      licenceField === undefined
        ? (source.licence ?? defaults.licence)
        : fieldOf(licenceField, (text) => LICENCE.test(text)),
    contributor:
      contributorField === undefined
        ? (source.contributor ?? defaults.contributor)
        : (fieldOf(contributorField, (text) => isHex(text.toLowerCase(), 20)).toLowerCase() as Address),
  }
}
