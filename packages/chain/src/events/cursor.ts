import type { Hex } from '@witan/protocol'
import type { Database } from '@witan/runtime'
import type { RpcLog } from '../abi/events.js'

/** A block whose events were delivered, with the logs that made them. */
export interface DeliveredBlock {
  readonly number: number
  readonly hash: Hex
  readonly logs: readonly RpcLog[]
}

/** The last blocks that were delivered, oldest first. */
export interface Cursor {
  load(): DeliveredBlock[]
  save(blocks: readonly DeliveredBlock[]): void
}

export const createMemoryCursor = (): Cursor => ({ load: () => [], save: () => {} })

interface Row {
  readonly number: number
  readonly hash: Hex
  readonly logs: string
}

/** A cursor that survives the process, in a database opened with `CHAIN_MIGRATIONS`. */
export function createDurableCursor(database: Database, name: string, genesisHash: Hex): Cursor {
  const scope = [name, genesisHash] as const
  const select = database.prepare<[string, string], Row>(
    'SELECT number, hash, logs FROM delivered_blocks WHERE name = ? AND chain = ? ORDER BY number',
  )
  const insert = database.prepare<[string, string, number, string, string]>(
    'INSERT INTO delivered_blocks (name, chain, number, hash, logs) VALUES (?, ?, ?, ?, ?)',
  )
  const removeOutside = database.prepare<[string, string, number, number]>(
    'DELETE FROM delivered_blocks WHERE name = ? AND chain = ? AND (number < ? OR number > ?)',
  )
  return {
    load: () => select.all(...scope).map(({ logs, ...block }) => ({ ...block, logs: JSON.parse(logs) as RpcLog[] })),
    save(blocks) {
      const oldest = blocks[0]?.number ?? 0
      const newest = blocks.at(-1)?.number ?? -1
      database.transaction(() => {
        const known = new Map(select.all(...scope).map(({ number, hash }) => [number, hash]))
        const isReplaced = blocks.some(({ number, hash }) => (known.get(number) ?? hash) !== hash)
        if (isReplaced) removeOutside.run(...scope, 0, -1)
        else removeOutside.run(...scope, oldest, newest)
        for (const { number, hash, logs } of blocks) {
          if (isReplaced || !known.has(number)) insert.run(...scope, number, hash, JSON.stringify(logs))
        }
      })
    },
  }
}
