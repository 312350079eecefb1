import type { DigitRecord } from '@witan/inference'
import { type Json, WitanError } from '@witan/protocol'
import { type OpenDataset, readRecords } from '@witan/storage'

/**
 * Records of a built data set as pictures of digits with their labels, as `dataset build` reads them from IDX files. Throws
 * `TRAINING_DATA_INVALID` for a record that is something else.
 */
export async function readDigitRecords(dataset: OpenDataset, signal?: AbortSignal): Promise<DigitRecord[]> {
  const found: DigitRecord[] = []
  for await (const { record } of readRecords(dataset, signal)) found.push(toDigit(record, found.length))
  return found
}

function toDigit(record: Json, index: number): DigitRecord {
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
    const { data, label } = record as Record<string, Json>
    if (typeof data === 'string' && typeof label === 'number') return { label, pixels: Buffer.from(data, 'base64') }
  }
  throw new WitanError('TRAINING_DATA_INVALID', 'A record is no picture with a label', {
    facts: { record: index },
    next: 'Build the data set from an IDX file with `labels`, or leave the record out.',
  })
}
