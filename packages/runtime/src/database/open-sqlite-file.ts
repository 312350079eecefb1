import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { WitanError } from '@witan/protocol'
import Sqlite from 'better-sqlite3'

const IN_MEMORY = ':memory:'

/** Opens or makes the file and the folders above it. `busyTimeoutMs`: how long a statement waits for another process. */
export function openSqliteFile(path: string, busyTimeoutMs: number): Sqlite.Database {
  if (path !== IN_MEMORY) makeFolder(dirname(path))
  return new Sqlite(path, { timeout: busyTimeoutMs })
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new WitanError('DATABASE_UNAVAILABLE', 'The folder cannot be made', {
      facts: { folder, reason },
      cause: error,
    })
  }
}
