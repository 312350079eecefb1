import { WitanError } from '@witan/protocol'
import type Sqlite from 'better-sqlite3'
import type { Database } from './database.js'
import { databaseErrorOf } from './errors.js'
import { migrate } from './migrate.js'
import { openSqliteFile } from './open-sqlite-file.js'
import { wrapSqlite } from './sqlite-database.js'

export interface DatabaseOptions {
  /**
   * `normal`: a commit survives the death of the process; the last ones may be lost when the machine loses power.
   * `full`: a commit survives that too, at the cost of one disk flush each.
   */
  readonly durability?: 'normal' | 'full'
  /** How long a statement waits for another process before `DATABASE_LOCKED`. */
  readonly busyTimeoutMs?: number
}

const DEFAULT_BUSY_TIMEOUT_MS = 5_000

/**
 * Opens the SQLite database at `path` (or `:memory:`), checks it and brings its schema to the newest version.
 * Throws `DATABASE_NEWER`, `DATABASE_CORRUPT`, `DATABASE_LOCKED` or `DATABASE_UNAVAILABLE`.
 */
export function openDatabase(path: string, migrations: readonly string[], options: DatabaseOptions = {}): Database {
  let sqlite: Sqlite.Database | undefined
  try {
    sqlite = openSqliteFile(path, options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS)
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma(`synchronous = ${options.durability === 'full' ? 'FULL' : 'NORMAL'}`)
    sqlite.pragma('foreign_keys = ON')
    checkPages(sqlite, path)
    migrate(sqlite, migrations, path)
    return wrapSqlite(sqlite, path)
  } catch (error) {
    sqlite?.close()
    throw databaseErrorOf(error, path)
  }
}

/** A damaged journal must be known before anything is signed, not when its bad page is first read. */
function checkPages(sqlite: Sqlite.Database, path: string): void {
  const finding = String(sqlite.pragma('quick_check(1)', { simple: true }))
  if (finding === 'ok') return
  throw new WitanError('DATABASE_CORRUPT', 'The database is damaged', {
    facts: { path, finding: finding.replaceAll(/\s+/g, ' ') },
  })
}
