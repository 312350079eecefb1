import type { Address, Hex, Outcome, OutcomeResult, RequestIdentity, SignedReceipt } from '@witan/protocol'
import type { Database } from '@witan/runtime'
import type { Slot } from './book-journal.js'

/** One judged challenge, with what proves it. */
export interface JudgedChallenge {
  readonly epoch: number
  readonly uid: number
  readonly round: number
  readonly operator: Address
  /** Unix seconds. */
  readonly registeredAt: number
  readonly requestId?: Hex
  readonly request?: RequestIdentity
  readonly sentence?: string
  readonly result: OutcomeResult
  /** Why, when the result is not `correct`. */
  readonly code?: string
  /** Milliseconds from sending the request to the end of the answer. */
  readonly latencyMs: number
  readonly receipt?: SignedReceipt
  /** Unix milliseconds. */
  readonly judgedAtMs: number
}

export interface ChallengeJournal {
  add(challenge: JudgedChallenge): void
  has(epoch: number, uid: number, round: number): boolean
  /** Of those slots that still have the holder that was asked. */
  outcomes(epoch: number, slots: readonly Slot[]): Outcome[]
}

export function openChallengeJournal(database: Database): ChallengeJournal {
  const insert = database.prepare<
    [
      number,
      number,
      number,
      string,
      number,
      string | null,
      string | null,
      string,
      string | null,
      number,
      string | null,
      number,
      string | null,
    ]
  >(
    `INSERT INTO challenges (epoch, uid, round, operator, registered_at, request_id, sentence, result, code, latency_ms,
     receipt, judged_at_ms, request) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const select = database.prepare<[number, number, number]>(
    'SELECT 1 FROM challenges WHERE epoch = ? AND uid = ? AND round = ?',
  )
  const selectOutcomes = database.prepare<[number], Outcome & Slot>(
    `SELECT uid, registered_at AS registeredAt, result, latency_ms AS latencyMs FROM challenges WHERE epoch = ?
     ORDER BY uid, round`,
  )
  return {
    add({
      epoch,
      uid,
      round,
      operator,
      registeredAt,
      requestId,
      request,
      sentence,
      result,
      code,
      latencyMs,
      receipt,
      judgedAtMs,
    }) {
      const proof = receipt === undefined ? null : printSignedReceipt(receipt)
      insert.run(
        epoch,
        uid,
        round,
        operator,
        registeredAt,
        requestId ?? null,
        sentence ?? null,
        result,
        code ?? null,
        latencyMs,
        proof,
        judgedAtMs,
        request === undefined ? null : JSON.stringify(request),
      )
    },
    has: (epoch, uid, round) => select.get(epoch, uid, round) !== undefined,
    outcomes(epoch, slots) {
      const since = new Map(slots.map(({ uid, registeredAt }) => [uid, registeredAt]))
      return selectOutcomes
        .all(epoch)
        .filter(({ uid, registeredAt }) => since.get(uid) === registeredAt)
        .map(({ uid, result, latencyMs }) => ({ uid, result, latencyMs }))
    },
  }
}

function printSignedReceipt(receipt: SignedReceipt): string {
  return JSON.stringify(receipt, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}
