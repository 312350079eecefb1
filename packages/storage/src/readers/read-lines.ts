import { WitanError } from '@witan/protocol'
import { DATASET_LIMITS } from '../limits.js'
import { readBytes } from './read-bytes.js'

const NEWLINE = 10

/** The lines of a file without their line feeds; a last one that has none counts. Throws `DATASET_RECORD_TOO_LARGE`. */
export async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  let restBytes = 0
  let line = 1
  for await (const piece of readBytes(path, signal)) {
    let start = 0
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      const head = piece.subarray(start, end)
      yield checked(rest.length === 0 ? head : Buffer.concat([...rest, head]), path, line)
      rest = []
      restBytes = 0
      start = end + 1
      line += 1
    }
    if (start < piece.length) {
      rest.push(piece.subarray(start))
      restBytes += piece.length - start
      checkBytes(restBytes, path, line)
    }
  }
  if (restBytes > 0) yield checked(Buffer.concat(rest), path, line)
}

function checked(bytes: Buffer, source: string, line: number): Buffer {
  checkBytes(bytes.length, source, line)
  return bytes
}

/** A line of `records.jsonl` has some 300 bytes beside its record. */
function checkBytes(bytes: number, source: string, line: number): void {
  const maxBytes = DATASET_LIMITS.maxRecordBytes + 1_024
  if (bytes <= maxBytes) return
  throw new WitanError('DATASET_RECORD_TOO_LARGE', 'A line is too long', { facts: { source, line, maxBytes } })
}
