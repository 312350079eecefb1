import type { MinerRecord, ScoreBook } from '@witan/protocol'
import type { Database } from '@witan/runtime'

/** A slot and since when its holder has it: a new holder starts without the record of the old one. */
export interface Slot {
  readonly uid: number
  /** Unix seconds. */
  readonly registeredAt: number
}

interface BookEntry extends Slot {
  readonly record: MinerRecord
}

export interface BookJournal {
  /** The book as it stood before `epoch`, of those `slots` whose holder is still the same. */
  before(epoch: number, slots: readonly Slot[]): Map<number, MinerRecord>
  save(epoch: number, book: ScoreBook, slots: readonly Slot[]): void
}

export function openBookJournal(database: Database): BookJournal {
  const select = database.prepare<[number], { book: string }>(
    'SELECT book FROM books WHERE epoch < ? ORDER BY epoch DESC LIMIT 1',
  )
  const upsert = database.prepare<[number, string]>('INSERT OR REPLACE INTO books (epoch, book) VALUES (?, ?)')
  return {
    before(epoch, slots) {
      const entries = JSON.parse(select.get(epoch)?.book ?? '[]') as BookEntry[]
      const since = new Map(slots.map(({ uid, registeredAt }) => [uid, registeredAt]))
      const standing = entries.filter(({ uid, registeredAt }) => since.get(uid) === registeredAt)
      return new Map(standing.map(({ uid, record }) => [uid, record]))
    },
    save(epoch, book, slots) {
      const entries: BookEntry[] = slots.flatMap(({ uid, registeredAt }) => {
        const record = book.get(uid)
        return record === undefined ? [] : [{ uid, registeredAt, record }]
      })
      upsert.run(epoch, JSON.stringify(entries))
    },
  }
}
