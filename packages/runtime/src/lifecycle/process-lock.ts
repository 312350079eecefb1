import { resolve } from 'node:path'
import { WitanError } from '@witan/protocol'
import type Sqlite from 'better-sqlite3'
import { databaseErrorOf, isBusy } from '../database/errors.js'
import { openSqliteFile } from '../database/open-sqlite-file.js'
import { createService, type Service } from './service.js'

export interface ProcessLock {
  readonly path: string
  release(): void
}

/** Attempts against processes that start at the same moment. */
const ATTEMPTS = 4
/** Others hold the file this long at most while they read the pid or write theirs. */
const CONTENTION_TIMEOUT_MS = 250

/**
 * The locks of this process by absolute path. SQLite closes a handle that is garbage-collected: without a reference here
 * the lock of a caller that dropped its result would go free.
 */
const heldFiles = new Map<string, Sqlite.Database>()

/**
 * Takes the lock file `path` for this process, or throws `ALREADY_RUNNING` with the holder's pid.
 *
 * The lock is SQLite's write lock on a tiny database: the kernel frees it when the holder dies, however it dies, so no
 * lock is ever stale, while others can still read the pid. The file stays after release: removing it would race with a
 * process that has just opened it.
 */
export function acquireLock(path: string): ProcessLock {
  if (heldFiles.has(resolve(path))) throw alreadyRunning(path, process.pid)
  let file: Sqlite.Database | undefined
  try {
    file = openSqliteFile(path, CONTENTION_TIMEOUT_MS)
    return take(file, path)
  } catch (error) {
    file?.close()
    throw databaseErrorOf(error, path)
  }
}

/** The lock as a service: the first of a daemon's services. */
export function createLockService(path: string): Service {
  let lock: ProcessLock | undefined
  return createService({
    start() {
      lock = acquireLock(path)
    },
    stop() {
      lock?.release()
      lock = undefined
    },
  })
}

function take(file: Sqlite.Database, path: string): ProcessLock {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let held = false
    try {
      file.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${process.pid}; COMMIT; BEGIN IMMEDIATE`)
      held = true
    } catch (error) {
      if (!isBusy(error)) throw error
      if (holderPid(file) !== process.pid) break
    }
    // Between the commit and the second BEGIN another process may have slipped in: the lock is ours only if our pid stands.
    if (held && holderPid(file) === process.pid) return keep(file, path)
    if (file.inTransaction) file.exec('ROLLBACK')
  }
  throw alreadyRunning(path, holderPid(file))
}

function alreadyRunning(path: string, pid: number): WitanError {
  return new WitanError('ALREADY_RUNNING', 'Another process holds the lock', { facts: { lock: path, pid } })
}

function keep(file: Sqlite.Database, path: string): ProcessLock {
  const key = resolve(path)
  heldFiles.set(key, file)
  const release = () => {
    if (heldFiles.get(key) === file) heldFiles.delete(key)
    file.close()
  }
  return { path, release }
}

function holderPid(file: Sqlite.Database): number {
  return file.pragma('user_version', { simple: true }) as number
}
