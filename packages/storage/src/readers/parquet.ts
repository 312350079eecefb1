import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { isWitanError, type Json } from '@witan/protocol'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { DATASET_LIMITS } from '../limits.js'
import { malformed } from './source-error.js'

/** Snappy and none are the reader's own. */
const compressors = {
  GZIP: (input: Uint8Array, outputLength: number) => gunzipSync(input, { maxOutputLength: outputLength }),
  BROTLI: (input: Uint8Array, outputLength: number) => brotliDecompressSync(input, { maxOutputLength: outputLength }),
  ZSTD: (input: Uint8Array, outputLength: number) => zstdDecompressSync(input, { maxOutputLength: outputLength }),
}

/**
 * The rows of a Parquet file, decoded one row group at a time. Integers beyond 2^53 become text, bytes base64, times ISO
 * 8601 text, and what is absent null.
 */
export async function* readParquet(path: string, signal?: AbortSignal): AsyncGenerator<Json> {
  const { file, metadata } = await open(path)
  let rowStart = 0
  for (const { num_rows, total_byte_size } of metadata.row_groups) {
    signal?.throwIfAborted()
    if (total_byte_size > DATASET_LIMITS.maxRowGroupBytes) {
      throw malformed(path, 'a row group is too large', {
        bytes: total_byte_size,
        maxBytes: DATASET_LIMITS.maxRowGroupBytes,
      })
    }
    const rowEnd = rowStart + Number(num_rows)
    const rows = await guarded(path, () =>
      parquetReadObjects({ file, metadata, rowStart, rowEnd, utf8: false, compressors }),
    )
    for (const row of rows) yield toJson(row)
    rowStart = rowEnd
  }
}

const open = (path: string) =>
  guarded(path, async () => {
    const file = await asyncBufferFromFile(path)
    return { file, metadata: await parquetMetadataAsync(file) }
  })

/** Whatever the reader says of a file that is not Parquet, or is damaged. */
async function guarded<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    if (isWitanError(cause)) throw cause
    throw malformed(path, `not readable as Parquet: ${(cause as Error).message}`.slice(0, 200), {}, cause)
  }
}

function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as unknown as unknown[], toJson)
  if (typeof value !== 'object') return value as Json
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]))
}
