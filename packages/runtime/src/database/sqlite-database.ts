import type Sqlite from 'better-sqlite3'
import type { Database, SqlParameters, Statement } from './database.js'
import { databaseErrorOf } from './errors.js'

export function wrapSqlite(sqlite: Sqlite.Database, path: string): Database {
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw databaseErrorOf(error, path)
    }
  }

  const prepare = <Params extends SqlParameters, Row>(sql: string): Statement<Params, Row> => {
    const statement = guard(() => sqlite.prepare<unknown[], Row>(sql))
    return {
      run(...params) {
        const { changes, lastInsertRowid } = guard(() => statement.run(...params))
        return { changes, lastInsertRowid: Number(lastInsertRowid) }
      },
      get: (...params) => guard(() => statement.get(...params)),
      all: (...params) => guard(() => statement.all(...params)),
      *iterate(...params) {
        try {
          yield* statement.iterate(...params)
        } catch (error) {
          throw databaseErrorOf(error, path)
        }
      },
    }
  }

  return {
    path,
    prepare,
    transaction: (work) => guard(() => sqlite.transaction(work).immediate()),
    close: () => void sqlite.close(),
  }
}
