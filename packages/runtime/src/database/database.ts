/** What SQLite stores. Money goes in as decimal text: an INTEGER comes back as a number and is exact to 2⁵³ only. */
export type SqlValue = string | number | bigint | Uint8Array | null

/** `?` parameters as a tuple, `@name` parameters as an object. */
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>

type Arguments<Params extends SqlParameters> = Params extends readonly SqlValue[] ? Params : [Params]

export interface Statement<Params extends SqlParameters, Row> {
  run(...params: Arguments<Params>): { changes: number; lastInsertRowid: number }
  get(...params: Arguments<Params>): Row | undefined
  all(...params: Arguments<Params>): Row[]
  iterate(...params: Arguments<Params>): IterableIterator<Row>
}

/**
 * The local database of one process. A failure of the machine is a WitanError: `DATABASE_LOCKED`, `DATABASE_CORRUPT`,
 * `DATABASE_UNAVAILABLE`; a wrong statement or a violated constraint is SQLite's own error.
 */
export interface Database {
  readonly path: string
  prepare<Params extends SqlParameters = [], Row = unknown>(sql: string): Statement<Params, Row>
  /** Runs `work` in one write transaction and commits unless it throws; a nested one is a savepoint. Never async. */
  transaction<T>(work: () => T): T
  /** Idempotent. */
  close(): void
}
