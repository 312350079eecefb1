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
  const { folder, manifest } = dataset
  let position = 0
  if (Number.isInteger(index) && index >= 0 && index < manifest.records) {
    for await (const bytes of readLines(join(folder, RECORDS_FILE), signal)) {
      if (position === index) return readLine(bytes, index)
      position += 1
    }
  }
  throw new WitanError('DATASET_RECORD_UNKNOWN', 'The data set has no such record', {
    facts: { record: index, records: manifest.records },
  })
}
