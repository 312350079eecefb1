import { type Json, WitanError } from '@witan/protocol'
import { DATASET_LIMITS } from '../limits.js'
import { CsvParser } from './csv-parser.js'
import { readBytes } from './read-bytes.js'
import { malformed } from './source-error.js'

const BYTE_ORDER_MARK = '\ufeff'

/** Each line under the first, which names the fields, is a record of texts: no value is guessed to be a number. */
export async function* readCsv(path: string, signal?: AbortSignal): AsyncGenerator<Json> {
  let names: string[] | undefined
  for await (const { row, line } of readRows(path, signal)) {
    if (names === undefined) {
      names = headerOf(row, path)
      continue
    }
    // A blank line between records.
    if (row.length === 1 && row[0] === '' && names.length > 1) continue
    if (row.length !== names.length) {
      throw malformed(path, 'a line has another number of fields than the first', {
        line,
        fields: row.length,
        expected: names.length,
      })
    }
    const values = row
    yield Object.fromEntries(names.map((name, index) => [name, values[index]!]))
  }
}

function headerOf(row: string[], path: string): string[] {
  const names = row.map((name, index) => (index === 0 && name.startsWith(BYTE_ORDER_MARK) ? name.slice(1) : name))
  if (names.length > DATASET_LIMITS.maxColumns) throw malformed(path, 'too many fields', { fields: names.length })
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw malformed(path, 'two fields have one name', { line: 1, field: twice })
  if (names.includes('')) throw malformed(path, 'a field has no name', { line: 1 })
  return names
}

async function* readRows(path: string, signal?: AbortSignal): AsyncGenerator<{ row: string[]; line: number }> {
  const parser = new CsvParser()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let line = 1
  const guarded = <T>(step: () => T): T => {
    try {
      return step()
    } catch (cause) {
      const reason = cause instanceof RangeError ? cause.message : 'not UTF-8 text'
      throw malformed(path, reason, { line: parser.line }, cause)
    }
  }
  for await (const bytes of readBytes(path, signal)) {
    const rows = parser.push(guarded(() => decoder.decode(bytes, { stream: true })))
    for (let next = guarded(() => rows.next()); !next.done; next = guarded(() => rows.next())) {
      yield { row: next.value, line }
      line = parser.line
    }
    if (parser.held > DATASET_LIMITS.maxRecordBytes) {
      const facts = { source: path, line, maxBytes: DATASET_LIMITS.maxRecordBytes }
      throw new WitanError('DATASET_RECORD_TOO_LARGE', 'A line is too long', { facts })
    }
  }
  guarded(() => decoder.decode())
  const last = guarded(() => parser.finish())
  if (last !== undefined) yield { row: last, line }
}
