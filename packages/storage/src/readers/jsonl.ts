import type { Json } from '@witan/protocol'
import { readLines } from './read-lines.js'
import { malformed } from './source-error.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** One JSON value a line; empty lines count for nothing. */
export async function* readJsonl(path: string, signal?: AbortSignal): AsyncGenerator<Json> {
  let line = 0
  for await (const bytes of readLines(path, signal)) {
    line += 1
    if (bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)) continue
    let value: Json
    try {
      value = JSON.parse(utf8.decode(bytes))
    } catch (cause) {
      throw malformed(path, 'not a JSON value in UTF-8', { line }, cause)
    }
    yield value
  }
}
