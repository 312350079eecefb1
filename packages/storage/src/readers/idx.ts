import { type IdxItem, IdxParser, type Json } from '@witan/protocol'
import { DATASET_LIMITS } from '../limits.js'
import { readBytes } from './read-bytes.js'
import { malformed } from './source-error.js'

/**
 * Items of an IDX file of unsigned bytes (the format of MNIST) in base64 with their shape, and the label of each from a second file.
 */
export async function* readIdx(path: string, labels: string | undefined, signal?: AbortSignal): AsyncGenerator<Json> {
  const labelItems = labels === undefined ? undefined : readItems(labels, signal)
  try {
    for await (const { bytes, shape } of readItems(path, signal)) {
      const record = { data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'), shape }
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
  const parser = new IdxParser({ maxItemBytes: DATASET_LIMITS.maxRecordBytes / 2 })
  try {
    for await (const piece of readBytes(path, signal)) yield* parser.push(piece)
    parser.finish()
  } catch (cause) {
    throw cause instanceof RangeError ? malformed(path, cause.message, {}, cause) : cause
  }
}
