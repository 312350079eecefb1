import { type ErrorCode, WitanError } from '@witan/protocol'
import Sqlite from 'better-sqlite3'

const FAILURES: readonly (readonly [prefix: string, code: ErrorCode, message: string])[] = [
  ['SQLITE_BUSY', 'DATABASE_LOCKED', 'Another process holds the database'],
  ['SQLITE_LOCKED', 'DATABASE_LOCKED', 'Another process holds the database'],
  ['SQLITE_CORRUPT', 'DATABASE_CORRUPT', 'The database is damaged'],
  ['SQLITE_NOTADB', 'DATABASE_CORRUPT', 'The file is not a database'],
  ['SQLITE_CANTOPEN', 'DATABASE_UNAVAILABLE', 'The database cannot be opened'],
  ['SQLITE_READONLY', 'DATABASE_UNAVAILABLE', 'The database cannot be written'],
  ['SQLITE_PERM', 'DATABASE_UNAVAILABLE', 'The database cannot be opened'],
  ['SQLITE_FULL', 'DATABASE_UNAVAILABLE', 'The disk is full'],
  ['SQLITE_IOERR', 'DATABASE_UNAVAILABLE', 'The database cannot be read or written'],
]

/** What the machine did to the database, as a coded error; anything else (a wrong statement) is a bug and stays as it is. */
export function databaseErrorOf(error: unknown, path: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  const failure = FAILURES.find(([prefix]) => error.code.startsWith(prefix))
  if (failure === undefined) return error
  const [, code, message] = failure
  return new WitanError(code, message, { facts: { path, sqlite: error.code }, cause: error })
}

export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')
}
