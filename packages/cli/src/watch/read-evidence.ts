import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Evidence, isWitanError, parseEvidence, WitanError } from '@witan/protocol'
import { openExistingDatabase } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { readInputFile } from '../settings/read-input.js'

export interface EvidenceSources {
  /** Files of `witan infer`: a line of JSON a receipt, or one JSON value. */
  readonly receipts: readonly string[]
  /** Journals of validators. */
  readonly journals: readonly string[]
}

export interface ReadEvidence {
  readonly evidence: readonly Evidence[]
  /** How many pieces could not be read. */
  readonly unreadable: number
  /** Why, and where they stand: the first of them. */
  readonly examples: readonly WitanError[]
}

interface Piece {
  readonly text: string
  readonly source: string
  /** Line of a file, row of a journal; from 1. */
  readonly place: number
}

/** Not a bound of what may be kept, but of what one pass holds in memory. */
const MAX_FILE_BYTES = 256 * 1024 * 1024
/** A receipt has a KiB or two, what `witan infer --json` prints with it the text of the answer. */
const MAX_PIECE_LENGTH = 4 * 1024 * 1024
/** Digests, addresses and the signature of a receipt and its request, without names. */
const MIN_PIECE_LENGTH = 1_000
/** A file of nothing but damage would fill memory and terminal. */
export const MAX_EXAMPLES = 20

/**
 * Reads all that is kept. A piece that cannot be read is told and left out. Throws `EVIDENCE_SOURCE_UNKNOWN` for a source
 * that is not there, `FILE_UNREADABLE`, `INPUT_TOO_LARGE` and what opening a journal throws.
 */
export function readEvidence(sources: EvidenceSources, context: CommandContext): ReadEvidence {
  const evidence: Evidence[] = []
  const examples: WitanError[] = []
  let unreadable = 0
  for (const { text, source, place } of piecesOf(sources, context)) {
    if (unreadable >= MAX_EXAMPLES && text.length < MIN_PIECE_LENGTH) {
      unreadable++
      continue
    }
    try {
      evidence.push(parseEvidence(text))
    } catch (cause) {
      if (!isWitanError(cause)) throw cause
      if (++unreadable > MAX_EXAMPLES) continue
      const facts = { source, place, ...cause.facts }
      examples.push(new WitanError('EVIDENCE_UNREADABLE', cause.message, { facts, cause }))
    }
  }
  return { evidence, unreadable, examples }
}

function* piecesOf({ receipts, journals }: EvidenceSources, context: CommandContext): Generator<Piece> {
  for (const path of receipts) yield* piecesOfFile(path, context)
  for (const path of journals) yield* piecesOfJournal(path, context)
}

function* piecesOfFile(source: string, context: CommandContext): Generator<Piece> {
  if (!isFile(source, context)) throw unknownSource(source)
  const text = new TextDecoder().decode(readInputFile(source, MAX_FILE_BYTES, context))
  // What `witan infer --json` printed is one value on many lines.
  if (/^\s*\{\s*\n/.test(text.slice(0, 64)) && text.length <= MAX_PIECE_LENGTH) {
    yield { text, source, place: 1 }
    return
  }
  let place = 0
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    const isLong = to - from > MAX_PIECE_LENGTH
    const line = isLong ? '' : text.slice(from, to)
    place++
    from = to + 1
    if (isLong || line.trim() !== '') yield { text: line, source, place }
  }
}

function* piecesOfJournal(source: string, context: CommandContext): Generator<Piece> {
  if (!isFile(source, context)) throw unknownSource(source)
  const database = openExistingDatabase(resolve(context.directory, source))
  try {
    const columns = database.prepare<[], { name: string }>("SELECT name FROM pragma_table_info('challenges')").all()
    if (!columns.some(({ name }) => name === 'request')) throw unknownSource(source)
    const rows = database.prepare<[], { request: string; receipt: string }>(
      'SELECT request, receipt FROM challenges WHERE request IS NOT NULL AND receipt IS NOT NULL ORDER BY judged_at_ms',
    )
    let place = 0
    for (const { request, receipt } of rows.iterate()) yield { text: joined(request, receipt), source, place: ++place }
  } finally {
    database.close()
  }
}

/** A request and what the miner signed, as one piece of evidence; whether it is JSON shows when it is read. */
const joined = (request: string, receipt: string) => `{"request":${request},${receipt.trimStart().slice(1)}`

/** A folder, a pipe or a device is none. */
function isFile(source: string, { directory }: CommandContext): boolean {
  try {
    return statSync(resolve(directory, source)).isFile()
  } catch {
    return false
  }
}

function unknownSource(source: string): WitanError {
  return new WitanError('EVIDENCE_SOURCE_UNKNOWN', 'There is no such source of receipts', { facts: { source } })
}
