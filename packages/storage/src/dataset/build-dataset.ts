import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, mkdir, mkdtemp, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { bytesToHex, canonicalJson, type Hex, type Json, jsonDigest, WitanError } from '@witan/protocol'
import { DATASET_LIMITS } from '../limits.js'
import type { DatasetDescription } from './description.js'
import { LeafCollector } from './leaf-collector.js'
import { type DatasetManifest, MANIFEST_FILE, type OpenDataset, RECORDS_FILE, TREE_FILE } from './manifest.js'
import { readSource } from './read-source.js'
import { type StoredRecord, writeLine } from './record-line.js'

/** Lines are written in pieces of about this size. */
const WRITE_BYTES = 256 * 1024

export interface BuildOptions {
  readonly description: DatasetDescription
  /** The folder to be; it must not exist, and appears when everything in it is complete. */
  readonly out: string
}

/**
 * Builds a version of a data set: its records with their provenance, the tree of their leaves and the manifest. The
 * same sources in the same order make the same digests. Throws `DATASET_*` and, when told to stop, the signal's reason.
 */
export async function buildDataset(
  { description, out }: BuildOptions,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<OpenDataset> {
  const folder = resolve(out)
  await requireAbsent(folder)
  await mkdir(dirname(folder), { recursive: true })
  const unfinished = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`))
  try {
    const manifest = await writeInto(unfinished, description, signal)
    await requireAbsent(folder)
    await rename(unfinished, folder)
    return { folder, manifest, manifestDigest: jsonDigest(manifest as unknown as Json) }
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}

async function writeInto(
  folder: string,
  description: DatasetDescription,
  signal: AbortSignal | undefined,
): Promise<DatasetManifest> {
  const collector = new LeafCollector()
  const sources: DatasetManifest['sources'] = []
  const file = await open(join(folder, RECORDS_FILE), 'wx')
  const writer = new LineWriter(file)
  try {
    for (const source of description.sources) {
      const records = readSource(source, description, signal)
      let next = await records.next()
      for (; !next.done; next = await records.next()) {
        signal?.throwIfAborted()
        collector.add(next.value)
        await writer.write(next.value, collector.count - 1)
      }
      sources.push(next.value)
    }
    await writer.flush()
    await file.sync()
  } finally {
    await file.close()
  }
  const { tree, contributors, contributorsTree } = collector.finish()
  await writeFile(join(folder, TREE_FILE), tree.bytes)
  const manifest: DatasetManifest = {
    format: 'witan-dataset-1',
    name: description.name,
    description: description.description,
    licence: description.licence,
    parent: description.parent ?? null,
    records: tree.leafCount,
    root: bytesToHex(tree.root),
    contributorsRoot: bytesToHex(contributorsTree.root),
    contributors,
    sources,
    content: writer.summary(),
  }
  await writeFile(join(folder, MANIFEST_FILE), canonicalJson(manifest as unknown as Json))
  return manifest
}

class LineWriter {
  readonly #file: FileHandle
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0
  #pieces: string[] = []
  #held = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Throws `DATASET_RECORD_TOO_LARGE`. */
  async write(record: StoredRecord, index: number): Promise<void> {
    const line = `${writeLine(record)}\n`
    if (line.length > DATASET_LIMITS.maxRecordBytes) {
      throw new WitanError('DATASET_RECORD_TOO_LARGE', 'A record is too large', {
        facts: { record: index, maxBytes: DATASET_LIMITS.maxRecordBytes },
      })
    }
    this.#pieces.push(line)
    this.#held += line.length
    if (this.#held >= WRITE_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const bytes = Buffer.from(this.#pieces.join(''))
    this.#pieces = []
    this.#held = 0
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    await this.#file.appendFile(bytes)
  }

  summary(): { sha256: Hex; bytes: number } {
    return { sha256: `0x${this.#hash.digest('hex')}`, bytes: this.#bytes }
  }
}

async function requireAbsent(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) return
  throw new WitanError('DATASET_EXISTS', 'The folder exists already', { facts: { folder } })
}
