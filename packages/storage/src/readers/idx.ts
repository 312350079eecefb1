import type { Json } from '@witan/protocol'
import { DATASET_LIMITS } from '../limits.js'
import { readBytes } from './read-bytes.js'
import { malformed } from './source-error.js'

const UNSIGNED_BYTES = 0x08
const MAX_DIMENSIONS = 8

interface IdxItem {
  readonly bytes: Buffer
  /** Of one item; empty for numbers. */
  readonly shape: readonly number[]
}

/**
 * Items of an IDX file of unsigned bytes (the format of MNIST) in base64 with their shape, and the label of each from a second file.
 */
export async function* readIdx(path: string, labels: string | undefined, signal?: AbortSignal): AsyncGenerator<Json> {
  const labelItems = labels === undefined ? undefined : readItems(labels, signal)
  try {
    for await (const { bytes, shape } of readItems(path, signal)) {
      const record = { data: bytes.toString('base64'), shape }
      if (labelItems === undefined) {
        yield record
        continue
      }
      const label = await labelItems.next()
      if (label.done || label.value.shape.length > 0) throw malformed(labels!, 'not one label for each item')
      yield { ...record, label: label.value.bytes[0]! }
    }
    if (labelItems !== undefined && !(await labelItems.next()).done) throw malformed(labels!, 'more labels than items')
  } finally {
    await labelItems?.return(undefined)
  }
}

async function* readItems(path: string, signal?: AbortSignal): AsyncGenerator<IdxItem> {
  let held: Buffer = Buffer.alloc(0)
  let header: { count: number; shape: number[]; itemBytes: number } | undefined
  let count = 0
  for await (const piece of readBytes(path, signal)) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    let at = 0
    if (header === undefined) {
      const dimensions = held[3] ?? MAX_DIMENSIONS
      if (held.length < 4 + 4 * dimensions) continue
      header = readHeader(held, path)
      at = 4 + 4 * dimensions
    }
    const { itemBytes, shape } = header
    for (; at + itemBytes <= held.length && count < header.count; at += itemBytes, count += 1) {
      yield { bytes: held.subarray(at, at + itemBytes), shape }
    }
    held = held.subarray(at)
  }
  if (header === undefined) throw malformed(path, 'no IDX header')
  if (count !== header.count || held.length > 0) {
    throw malformed(path, 'another number of items than its header says', { items: count, expected: header.count })
  }
}

function readHeader(bytes: Buffer, path: string) {
  const dimensions = bytes[3]!
  const isIdx = bytes[0] === 0 && bytes[1] === 0 && bytes[2] === UNSIGNED_BYTES
  if (!isIdx || dimensions < 1 || dimensions > MAX_DIMENSIONS)
    throw malformed(path, 'not an IDX file of unsigned bytes')
  const [count, ...shape] = Array.from({ length: dimensions }, (_, index) => bytes.readUInt32BE(4 + 4 * index))
  const itemBytes = shape.reduce((product, size) => product * size, 1)
  if (itemBytes < 1 || itemBytes > DATASET_LIMITS.maxRecordBytes / 2)
    throw malformed(path, 'items of a size out of bounds', { itemBytes })
  return { count: count!, shape, itemBytes }
}
