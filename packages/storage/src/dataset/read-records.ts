import { join } from 'node:path'
import { WitanError } from '@witan/protocol'
import { readLines } from '../readers/read-lines.js'
import { type OpenDataset, RECORDS_FILE } from './manifest.js'
import { readLine, type StoredRecord } from './record-line.js'

/**
 * The records of a built data set in their order. They are those of the manifest only after `verifyDataset`. Throws `DATASET_MISMATCH`
 * and `DATASET_SOURCE_MISSING`.
 */
export async function* readRecords({ folder }: OpenDataset, signal?: AbortSignal): AsyncGenerator<StoredRecord> {
  let index = 0
  for await (const bytes of readLines(join(folder, RECORDS_FILE), signal)) {
    yield readLine(bytes, index)
    index += 1
  }
}

/** One record. Throws `DATASET_RECORD_UNKNOWN` too. */
export async function readRecord(dataset: OpenDataset, index: number, signal?: AbortSignal): Promise<StoredRecord> {
  return (await readSome(dataset, [index], signal)).get(index)!
}

/** Some records by their number, read in one pass that ends at the last of them. */
export async function readSome(
  { folder, manifest }: OpenDataset,
  indices: readonly number[],
  signal?: AbortSignal,
): Promise<Map<number, StoredRecord>> {
  const wanted = new Set(indices)
  const strange = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= manifest.records)
  if (strange !== undefined) throw unknown(strange, manifest.records)
  const found = new Map<number, StoredRecord>()
  let position = 0
  for await (const bytes of readLines(join(folder, RECORDS_FILE), signal)) {
    if (wanted.has(position)) found.set(position, readLine(bytes, position))
    position += 1
    if (found.size === wanted.size) return found
  }
  throw unknown(indices.find((index) => !found.has(index))!, position)
}

function unknown(record: number, records: number): WitanError {
  return new WitanError('DATASET_RECORD_UNKNOWN', 'The data set has no such record', { facts: { record, records } })
}
