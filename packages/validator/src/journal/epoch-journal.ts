import { bytesToHex, WitanError } from '@witan/protocol'
import type { Database, Random } from '@witan/runtime'

const SEED_BYTES = 32

/** Epochs whose rows are kept: two weeks at the default length, an hour on a local network. */
export const KEPT_EPOCHS = 256

/**
 * Binds the journal to its owner: epochs are counted from zero on every network, so rows of another one would be taken
 * for this one's. Throws `JOURNAL_FOREIGN`.
 */
export function claimJournal(database: Database, identity: string): void {
  const owner = database.prepare<[], { identity: string }>('SELECT identity FROM owner').get()
  if (owner === undefined) {
    database.prepare<[string]>('INSERT INTO owner (id, identity) VALUES (1, ?)').run(identity)
  } else if (owner.identity !== identity) {
    throw new WitanError('JOURNAL_FOREIGN', 'The journal belongs to another validator', {
      facts: { path: database.path, owner: owner.identity, expected: identity },
    })
  }
}

/** The seed of each epoch, drawn once. */
export interface SeedJournal {
  seedOf(epoch: number): string
}

export function openSeedJournal(database: Database, random: Random): SeedJournal {
  const select = database.prepare<[number], { seed: string }>('SELECT seed FROM epochs WHERE epoch = ?')
  const insert = database.prepare<[number, string]>('INSERT INTO epochs (epoch, seed) VALUES (?, ?)')
  return {
    seedOf: (epoch) =>
      database.transaction(() => {
        const known = select.get(epoch)
        if (known !== undefined) return known.seed
        const seed = bytesToHex(random.bytes(SEED_BYTES))
        insert.run(epoch, seed)
        return seed
      }),
  }
}

/** Forgets epochs before `epoch`. */
export function pruneJournal(database: Database, epoch: number): void {
  database.transaction(() => {
    for (const table of ['epochs', 'challenges', 'books', 'commitments']) {
      database.prepare<[number]>(`DELETE FROM ${table} WHERE epoch < ?`).run(epoch)
    }
  })
}
