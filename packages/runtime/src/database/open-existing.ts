import Sqlite from 'better-sqlite3'
import type { Database } from './database.js'
import { databaseErrorOf } from './errors.js'
import { wrapSqlite } from './sqlite-database.js'

/** How long a statement waits for whoever writes. */
const BUSY_TIMEOUT_MS = 5_000

/** Opens another process's database to read it, as it is. Throws `DATABASE_CORRUPT`, `DATABASE_LOCKED` or `DATABASE_UNAVAILABLE`. */
export function openExistingDatabase(path: string): Database {
  try {
    return wrapSqlite(new Sqlite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS }), path)
  } catch (error) {
    throw databaseErrorOf(error, path)
  }
}
