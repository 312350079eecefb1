import { WitanError } from '@witan/protocol'
import { isMap, isPair, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { isPlainObject } from './conform.js'
import { readTextFile } from './read-text-file.js'

export interface YamlSource {
  readonly file: string
  readonly content: Readonly<Record<string, unknown>>
  /** The line on which the key at this path stands, counted from 1. */
  lineOf(path: readonly (string | number)[]): number | undefined
}

/** Reads a YAML (or JSON) file whose top is a mapping; an empty file is an empty mapping. Integers are bigints. */
export function readYamlSource(file: string, role: string): YamlSource {
  const lineCounter = new LineCounter()
  const document = parseDocument(readTextFile(file, role), { lineCounter, intAsBigInt: true, prettyErrors: false })
  const [problem] = document.errors
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0])
    throw syntaxError(file, line, col, oneLine(problem.message), problem)
  }
  const lineOf = (path: readonly (string | number)[]) => {
    const offset = offsetOf(document.contents, path)
    return offset === undefined ? undefined : lineCounter.linePos(offset).line
  }
  return { file, content: toMapping(document, file), lineOf }
}

function toMapping(document: ReturnType<typeof parseDocument>, file: string): Record<string, unknown> {
  let content: unknown
  try {
    content = document.toJS() ?? {}
  } catch (error) {
    // The library refuses aliases that point nowhere or multiply without end.
    throw syntaxError(file, 1, 1, oneLine((error as Error).message), error)
  }
  if (!isPlainObject(content)) throw syntaxError(file, 1, 1, 'the top of the file is not a mapping of keys to values')
  return content
}

function syntaxError(file: string, line: number, column: number, reason: string, cause?: unknown): WitanError {
  return new WitanError('CONFIG_SYNTAX', 'The file is not valid YAML', { facts: { file, line, column, reason }, cause })
}

function offsetOf(node: unknown, path: readonly (string | number)[]): number | undefined {
  const [key, ...rest] = path
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && String(item.key) === String(key))
    if (pair === undefined) return undefined
    return rest.length === 0
      ? (pair.key as Node).range?.[0]
      : (offsetOf(pair.value, rest) ?? (pair.key as Node).range?.[0])
  }
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key] as Node | undefined
    return rest.length === 0 ? item?.range?.[0] : (offsetOf(item, rest) ?? item?.range?.[0])
  }
  return undefined
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
