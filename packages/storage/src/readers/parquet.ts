import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { type ErrorFact, isWitanError, type Json } from '@witan/protocol'
import {
  asyncBufferFromFile,
  type ColumnChunk,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
  type SubColumnData,
} from 'hyparquet'
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
 * 8601 text, and what is absent null. A file whose columns hold other numbers of rows than it says is refused: the
 * decoder would leave rows out, or make some of nothing.
 */
export async function* readParquet(path: string, signal?: AbortSignal): AsyncGenerator<Json> {
  const { file, metadata } = await open(path)
  const sum = metadata.row_groups.reduce((rows, group) => rows + group.num_rows, 0n)
  if (sum !== metadata.num_rows) throw malformedRows(path, { rows: sum, told: metadata.num_rows })
  const layout = layoutOf(metadata)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    signal?.throwIfAborted()
    checkGroup(path, group, layout)
    const rowEnd = rowStart + Number(group.num_rows)
    const decodedTo = new Map(group.columns.map((column) => [nameOf(column), rowStart]))
    const onPage = (page: SubColumnData) => void decodedTo.set(page.pathInSchema.join('.'), page.rowEnd)
    const rows = await guarded(path, () =>
      parquetReadObjects({ file, metadata, rowStart, rowEnd, utf8: false, compressors, onPage }),
    )
    for (const [column, end] of decodedTo) {
      if (end !== rowEnd) throw malformedRows(path, { column, rows: end - rowStart, told: group.num_rows })
    }
    for (const row of rows) yield toJson(row)
    rowStart = rowEnd
  }
}

interface Layout {
  /** Names of the columns, in order. */
  readonly columns: string
  /** Columns with one value a row, absent ones counted. */
  readonly flat: ReadonlySet<string>
}

function layoutOf(metadata: FileMetaData): Layout {
  const flat = parquetSchema(metadata).children.flatMap(({ element, children }) =>
    children.length === 0 && element.repetition_type !== 'REPEATED' ? [element.name] : [],
  )
  return { columns: columnsOf(metadata.row_groups[0]), flat: new Set(flat) }
}

/** Before anything is decoded, as far as the file's own description goes. */
function checkGroup(path: string, group: RowGroup, { columns: first, flat }: Layout): void {
  const { maxRowGroupBytes: maxBytes, maxRowGroupRows: maxRows } = DATASET_LIMITS
  const { total_byte_size: bytes, num_rows: rows } = group
  if (bytes > maxBytes) throw malformed(path, 'a row group is too large', { bytes, maxBytes })
  if (rows < 0n || rows > maxRows) throw malformed(path, 'a row group has too many rows', { rows, maxRows })
  const columns = columnsOf(group)
  if (columns !== first) throw malformed(path, 'row groups have different columns', { columns, first })
  for (const column of group.columns) {
    const name = nameOf(column)
    const values = column.meta_data?.num_values ?? 0n
    if (flat.has(name) ? values !== rows : values < rows) {
      throw malformedRows(path, { column: name, rows: values, told: rows })
    }
  }
}

const columnsOf = (group: RowGroup | undefined): string => group?.columns.map(nameOf).join() ?? ''

const nameOf = ({ meta_data }: ColumnChunk): string => meta_data?.path_in_schema.join('.') ?? ''

const malformedRows = (path: string, facts: Readonly<Record<string, ErrorFact>>) =>
  malformed(path, 'its parts have different numbers of rows', facts)

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
