import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Evidence, isWitanError, parseEvidence, WitanError } from '@witan/protocol'
import { openExistingDatabase } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'

export interface EvidenceSources {
  /** Files of `witan infer`: a line of JSON a receipt, or one JSON value. */
  readonly receipts: readonly string[]
  /** Journals of validators. */
  readonly journals: readonly string[]
}

export interface ReadEvidence {
  readonly evidence: readonly Evidence[]
  /** What could not be read, with where it stands. */
  readonly unreadable: readonly WitanError[]
}

interface Piece {
  readonly text: string
  readonly source: string
  /** Line of a file, row of a journal; from 1. */
  readonly place: number
}

/** Not a bound of what may be kept, but of what one pass holds in memory. */
const MAX_FILE_BYTES = 256 * 1024 * 1024

/**
 * Reads all that is kept. A piece that cannot be read is told and left out. Throws `EVIDENCE_SOURCE_UNKNOWN` for a source
 * that is not there, `INPUT_TOO_LARGE` and what opening a journal throws.
 */
export function readEvidence(sources: EvidenceSources, context: CommandContext): ReadEvidence {
  const pieces = [
    ...sources.receipts.flatMap((path) => piecesOfFile(path, context)),
    ...sources.journals.flatMap((path) => piecesOfJournal(path, context)),
  ]
  const evidence: Evidence[] = []
  const unreadable: WitanError[] = []
  for (const { text, source, place } of pieces) {
    try {
      evidence.push(parseEvidence(text))
    } catch (cause) {
      if (!isWitanError(cause)) throw cause
      const facts = { source, place, ...cause.facts }
      unreadable.push(new WitanError('EVIDENCE_UNREADABLE', cause.message, { facts, cause }))
    }
  }
  return { evidence, unreadable }
}

function piecesOfFile(source: string, { directory }: CommandContext): Piece[] {
  const path = resolve(directory, source)
  if (!existsSync(path)) throw unknownSource(source)
  const { size } = statSync(path)
  if (size > MAX_FILE_BYTES) {
    throw new WitanError('INPUT_TOO_LARGE', 'The file is larger than the command takes', {
      facts: { path: source, bytes: size, maxBytes: MAX_FILE_BYTES },
    })
  }
  const text = readFileSync(path, 'utf8')
  // What `witan infer --json` printed is one value on many lines.
  if (isJson(text)) return [{ text, source, place: 1 }]
  return text
    .split('\n')
    .map((line, index) => ({ text: line, source, place: index + 1 }))
    .filter((piece) => piece.text.trim() !== '')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function piecesOfJournal(source: string, { directory }: CommandContext): Piece[] {
  const path = resolve(directory, source)
  if (!existsSync(path)) throw unknownSource(source)
  const database = openExistingDatabase(path)
  try {
    const columns = database.prepare<[], { name: string }>("SELECT name FROM pragma_table_info('challenges')").all()
    if (!columns.some(({ name }) => name === 'request')) throw unknownSource(source)
    const rows = database.prepare<[], { request: string; receipt: string }>(
      'SELECT request, receipt FROM challenges WHERE request IS NOT NULL AND receipt IS NOT NULL ORDER BY judged_at_ms',
    )
    return rows
      .all()
      .map(({ request, receipt }, index) => ({ text: joined(request, receipt), source, place: index + 1 }))
  } finally {
    database.close()
  }
}

/** A request and what the miner signed, as one piece of evidence; whether it is JSON shows when it is read. */
const joined = (request: string, receipt: string) => `{"request":${request},${receipt.trimStart().slice(1)}`

function unknownSource(source: string): WitanError {
  return new WitanError('EVIDENCE_SOURCE_UNKNOWN', 'There is no such source of receipts', { facts: { source } })
}
