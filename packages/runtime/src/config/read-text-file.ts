import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { WitanError } from '@witan/protocol'

/** Far above any configuration written by hand or by deploy, far below what would hurt. */
const MAX_FILE_BYTES = 4 * 1024 * 1024

/** The text of a file the configuration names. `role` says which in the error: `configuration`, `network`, `value`. */
export function readTextFile(path: string, role: string): string {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    if (size > MAX_FILE_BYTES) throw unreadable(path, role, `larger than ${MAX_FILE_BYTES} bytes`)
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    if (error instanceof WitanError) throw error
    if (error instanceof TypeError) throw unreadable(path, role, 'not UTF-8 text', error)
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unreadable(path, role, code, error)
    throw new WitanError('CONFIG_NOT_FOUND', `The ${role} file does not exist`, { facts: { file: path }, cause: error })
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function unreadable(path: string, role: string, reason: string, cause?: unknown): WitanError {
  return new WitanError('CONFIG_UNREADABLE', `The ${role} file cannot be read`, {
    facts: { file: path, reason },
    cause,
  })
}
