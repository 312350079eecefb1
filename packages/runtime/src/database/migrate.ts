import { WitanError } from '@witan/protocol'
import type Sqlite from 'better-sqlite3'

/**
 * Brings the schema to the newest version: `migrations[n]` leads from version n to n + 1, and the version stands in
 * SQLite's user_version. All pending steps are one transaction. A migration that was released is never edited.
 */
export function migrate(sqlite: Sqlite.Database, migrations: readonly string[], path: string): void {
  const version = () => sqlite.pragma('user_version', { simple: true }) as number
  if (version() === migrations.length) return
  const apply = sqlite.transaction(() => {
    const current = version()
    if (current > migrations.length) {
      throw new WitanError('DATABASE_NEWER', 'The database was written by a newer version', {
        facts: { path, version: current, known: migrations.length },
      })
    }
    for (const sql of migrations.slice(current)) sqlite.exec(sql)
    sqlite.pragma(`user_version = ${migrations.length}`)
  })
  apply.immediate()
}
