import type { Hex } from '@witan/protocol'
import type { Database } from '@witan/runtime'

export interface Checkpoint {
  readonly number: number
  readonly hash: Hex
}

/** The last blocks up to which events were delivered, oldest first. */
export interface Cursor {
  load(): Checkpoint[]
  save(checkpoints: readonly Checkpoint[]): void
}

export const createMemoryCursor = (): Cursor => ({ load: () => [], save: () => {} })

/** A cursor that survives the process, in a database opened with `CHAIN_MIGRATIONS`. */
export function createDurableCursor(database: Database, name: string, genesisHash: Hex): Cursor {
  const select = database.prepare<[string, string], { checkpoints: string }>(
    'SELECT checkpoints FROM cursors WHERE name = ? AND chain = ?',
  )
  const upsert = database.prepare<[string, string, string]>(
    `INSERT INTO cursors (name, chain, checkpoints) VALUES (?, ?, ?)
     ON CONFLICT (name, chain) DO UPDATE SET checkpoints = excluded.checkpoints`,
  )
  return {
    load: () => JSON.parse(select.get(name, genesisHash)?.checkpoints ?? '[]') as Checkpoint[],
    save: (checkpoints) => void upsert.run(name, genesisHash, JSON.stringify(checkpoints)),
  }
}
