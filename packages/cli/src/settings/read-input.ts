import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'

/** The bytes of a file named on the command line; one over `maxBytes` is refused unread. */
export function readInputFile(path: string, maxBytes: number, { directory }: CommandContext): Uint8Array {
  const absolute = resolve(directory, path)
  try {
    const { size } = statSync(absolute)
    if (size > maxBytes) {
      throw new WitanError('INPUT_TOO_LARGE', 'The file is larger than the command takes', {
        facts: { path, bytes: size, maxBytes },
      })
    }
    return readFileSync(absolute)
  } catch (cause) {
    if (cause instanceof WitanError) throw cause
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new WitanError('FILE_UNREADABLE', 'The file cannot be read', { facts: { path, reason }, cause })
  }
}

/** A JSON file named on the command line. */
export function readJsonFile(path: string, maxBytes: number, context: CommandContext): unknown {
  const bytes = readInputFile(path, maxBytes, context)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new WitanError('FILE_UNREADABLE', 'The file is not valid JSON', {
      facts: { path, reason: (cause as Error).message },
      next: 'Give a file with one JSON value in UTF-8.',
      cause,
    })
  }
}
