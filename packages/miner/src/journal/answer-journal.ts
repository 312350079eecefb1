import { type Hex, INFER_PROTOCOL, type Receipt } from '@witan/protocol'
import type { Database } from '@witan/runtime'
import { parseReceipt, printReceipt } from './receipt-text.js'

export interface JournaledAnswer {
  readonly requestId: Hex
  /** Unix milliseconds. */
  readonly deadlineMs: number
  readonly receipt: Receipt
  /** Absent when it was not kept. */
  readonly output: Uint8Array | undefined
  /** Unix milliseconds from which the output may no longer be kept; as long as the answer when absent. */
  readonly outputUntilMs?: number
}

/**
 * What a miner has signed, on disk before it is signed. A request id carries its deadline, so the journal need not
 * remember for ever: it vouches for deadlines above a floor and refuses the rest. The floor is the first start, rises
 * with pruning, and to the longest deadline that a lost answer can have had: after a power loss, in which the last writes
 * may have gone, and where the journal is new but the registration is not, so that another one may have been lost.
 */
export interface AnswerJournal {
  /** Before the first signature of a run, with when the key was registered. Returns the floor. All in unix milliseconds. */
  begin(nowMs: number, bootId: string, registeredMs: number): number
  /** After the last signature of a run. */
  end(): void
  /** Whether the journal can tell if a request with this deadline was answered. */
  vouchesFor(deadlineMs: number): boolean
  /** Without its output once that may no longer be kept. */
  find(requestId: Hex, nowMs: number): JournaledAnswer | undefined
  /** One write for a batch. Throws when a request already has another receipt: that would be a second answer. */
  record(answers: readonly JournaledAnswer[]): void
  /** Forgets outputs that may no longer be kept; returns how many. */
  forgetOutputs(nowMs: number): number
  /** Forgets answers whose deadline has passed; returns how many. */
  prune(nowMs: number): number
}

interface AnswerRow {
  readonly deadlineMs: number
  readonly receipt: string
  readonly output: Uint8Array | null
  readonly outputUntilMs: number | null
}

interface JournalRow {
  readonly floorMs: number
  readonly bootId: string
  readonly stoppedCleanly: number
}

export function openAnswerJournal(database: Database): AnswerJournal {
  const select = database.prepare<[string], AnswerRow>(
    `SELECT deadline_ms AS deadlineMs, receipt, output, output_until_ms AS outputUntilMs FROM answers
     WHERE request_id = ?`,
  )
  const insert = database.prepare<[string, number, string, Uint8Array | null, number | null]>(
    `INSERT INTO answers (request_id, deadline_ms, receipt, output, output_until_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const forget = database.prepare<[number]>(
    'UPDATE answers SET output = NULL, output_until_ms = NULL WHERE output_until_ms <= ?',
  )
  const remove = database.prepare<[number]>('DELETE FROM answers WHERE deadline_ms <= ?')
  const read = database.prepare<[], JournalRow>(
    'SELECT floor_ms AS floorMs, boot_id AS bootId, stopped_cleanly AS stoppedCleanly FROM journal',
  )
  const write = database.prepare<[number, string, number]>(
    'INSERT OR REPLACE INTO journal (id, floor_ms, boot_id, stopped_cleanly) VALUES (1, ?, ?, ?)',
  )
  // Commits outlive the process but not a power loss; a checkpoint flushes them to the disk.
  const flush = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  /** Before `begin` it vouches for nothing. */
  let state: JournalRow = { floorMs: Number.POSITIVE_INFINITY, bootId: '', stoppedCleanly: 0 }

  const save = (next: JournalRow) => {
    write.run(next.floorMs, next.bootId, next.stoppedCleanly)
    state = next
  }

  return {
    begin(nowMs, bootId, registeredMs) {
      const floorMs = floorAfter(read.get() ?? noneBefore(nowMs, registeredMs), nowMs, bootId)
      save({ floorMs, bootId, stoppedCleanly: 0 })
      flush.get()
      return floorMs
    },
    end: () => save({ ...state, stoppedCleanly: 1 }),
    vouchesFor: (deadlineMs) => deadlineMs > state.floorMs,
    find(requestId, nowMs) {
      const row = select.get(requestId)
      if (row === undefined) return undefined
      const { deadlineMs, receipt, output, outputUntilMs } = row
      const mayBeKept = outputUntilMs === null || nowMs < outputUntilMs
      const kept = mayBeKept ? (output ?? undefined) : undefined
      return { requestId, deadlineMs, receipt: parseReceipt(receipt), output: kept }
    },
    record: (answers) =>
      database.transaction(() => {
        for (const { requestId, deadlineMs, receipt, output, outputUntilMs } of answers) {
          const text = printReceipt(receipt)
          const { changes } = insert.run(requestId, deadlineMs, text, output ?? null, outputUntilMs ?? null)
          if (changes === 0 && select.get(requestId)?.receipt !== text) {
            throw new Error(`request ${requestId} already has another receipt`)
          }
        }
      }),
    forgetOutputs: (nowMs) => forget.run(nowMs).changes,
    prune: (nowMs) =>
      database.transaction(() => {
        save({ ...state, floorMs: Math.max(state.floorMs, nowMs) })
        return remove.run(nowMs).changes
      }),
  }
}

/** Somebody who registers starts soon; whoever starts without a journal long after may have answered already. */
function noneBefore(nowMs: number, registeredMs: number): JournalRow {
  const isNew = nowMs - registeredMs <= INFER_PROTOCOL.maxDeadlineMs
  return { floorMs: isNew ? nowMs : nowMs + INFER_PROTOCOL.maxDeadlineMs, bootId: '', stoppedCleanly: 1 }
}

function floorAfter(last: JournalRow, nowMs: number, bootId: string): number {
  const writesMayBeLost = last.stoppedCleanly === 0 && last.bootId !== bootId
  return writesMayBeLost ? Math.max(last.floorMs, nowMs + INFER_PROTOCOL.maxDeadlineMs) : last.floorMs
}
