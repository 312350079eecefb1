import type { Address, Hex } from '@witan/protocol'
import type { Database } from '@witan/runtime'
import { type IntentRow, prepareJournal, toAttempt, toIntent } from './journal-sql.js'
import { RETIRED_KEPT_MS } from './limits.js'

export type IntentState =
  /** On disk, nothing signed. */
  | 'queued'
  /** Signed, wanted. */
  | 'pending'
  /** Signed, its deadline passed: being cancelled at its nonce. */
  | 'closing'
  | 'mined'
  | 'reverted'
  /** Another transaction of the key was mined at its nonce. */
  | 'conflict'
  | 'expired'
  /** Ended before it was sent. */
  | 'refused'

export interface JournaledIntent {
  readonly id: number
  readonly idempotenceKey: string
  readonly intentDigest: string
  readonly description: string
  readonly call: string
  readonly to: Address | null
  readonly data: Hex
  readonly valueWei: bigint
  readonly maxCostWei: bigint | undefined
  readonly deadlineAtMs: number
  readonly nonce: number | null
  readonly state: IntentState
  /** Of the mined version. */
  readonly hash: Hex | null
  readonly blockNumber: number | null
  readonly refusal: string | null
  readonly createdAtMs: number
}

/** An intent that has a nonce. */
export type SignedIntent = JournaledIntent & { readonly nonce: number }

/** One signed version of a transaction. */
export interface Attempt {
  /** The call itself, or a transfer of nothing to oneself in its place. */
  readonly kind: 'call' | 'cancel'
  readonly hash: Hex
  readonly raw: Hex
  readonly maxFeeWei: bigint
  readonly priorityFeeWei: bigint
  readonly gasLimit: number
  readonly signedAtMs: number
}

export type NewIntent = Pick<
  JournaledIntent,
  | 'idempotenceKey'
  | 'intentDigest'
  | 'description'
  | 'call'
  | 'to'
  | 'data'
  | 'valueWei'
  | 'maxCostWei'
  | 'deadlineAtMs'
  | 'createdAtMs'
>

export type Ended = 'mined' | 'reverted' | 'conflict' | 'expired'
export type Journal = ReturnType<typeof openJournal>

/** The intents of one key on one chain, on disk. What it holds is all that a restart knows. */
export function openJournal(database: Database, chain: string, sender: Address) {
  const scope = [chain, sender] as const
  const sql = prepareJournal(database)
  const all = (rows: readonly IntentRow[]) => rows.map((row) => toIntent(row))
  const signed = (rows: readonly IntentRow[]) => all(rows) as SignedIntent[]

  const addAttempt = (id: number, attempt: Attempt) => {
    const { kind, hash, raw, maxFeeWei, priorityFeeWei, gasLimit, signedAtMs } = attempt
    sql.addAttempt.run(id, kind, hash, raw, `${maxFeeWei}`, `${priorityFeeWei}`, gasLimit, signedAtMs)
  }
  const insert = (intent: NewIntent, state: IntentState, nonce: number | null) => {
    const { idempotenceKey, intentDigest, description, call, to, data, valueWei, maxCostWei } = intent
    const texts = [idempotenceKey, intentDigest, description, call, to, data, `${valueWei}`] as const
    const cap = maxCostWei === undefined ? null : `${maxCostWei}`
    return sql.insert.run(...scope, ...texts, cap, intent.deadlineAtMs, nonce, state, intent.createdAtMs)
      .lastInsertRowid
  }

  return {
    find: (idempotenceKey: string) => toIntent(sql.byKey.get(...scope, idempotenceKey)),
    get: (id: number) => toIntent(sql.byId.get(id)),
    atNonce: (nonce: number) => toIntent(sql.byNonce.get(...scope, nonce)),
    queued: () => all(sql.byState.all(...scope, 'queued')),
    /** Signed and not ended, the lowest nonces first. */
    open: (limit: number) => signed(sql.open.all(...scope, limit)),
    count: (state: IntentState) => sql.count.get(...scope, state)!.count,
    highestNonce: () => sql.highest.get(...scope)?.nonce ?? -1,

    /** The intent exists from here on, whatever happens to the process. One of the key that came to nothing gives way. */
    enqueue: (intent: NewIntent) =>
      database.transaction(() => {
        sql.forgetRetired.run(...scope, intent.createdAtMs - RETIRED_KEPT_MS)
        sql.retire.run(...scope, intent.idempotenceKey)
        return insert(intent, 'queued', null)
      }),
    extend: (id: number, deadlineAtMs: number) => void sql.extend.run(deadlineAtMs, id),
    /** Only before it is signed. */
    withdraw: (id: number) => void sql.withdraw.run(id),
    expireQueued: (id: number) => sql.expireQueued.run(id).changes > 0,

    /** The point of no return: from here on the nonce belongs to this intent. False when it ended meanwhile. */
    sign: (id: number, nonce: number, attempt: Attempt) =>
      database.transaction(() => {
        if (sql.sign.run(nonce, id, attempt.signedAtMs).changes === 0) return false
        addAttempt(id, attempt)
        return true
      }),
    /** A transaction of nobody's wish at a nonce that would keep all later ones waiting. */
    fill: (intent: NewIntent, nonce: number, attempt: Attempt) =>
      database.transaction(() => addAttempt(insert(intent, 'pending', nonce), attempt)),
    /** Only for a transaction that no endpoint ever accepted: its nonce is free again. False when it has ended. */
    release: (id: number) =>
      database.transaction(() => {
        if (sql.release.run(id).changes === 0) return false
        sql.dropAttempts.run(id)
        return true
      }),
    /** False when it was signed, or has ended, meanwhile. */
    refuse: (id: number, refusal: string) => sql.refuse.run(refusal, id).changes > 0,
    addAttempt,
    /** From here on only the cancellation is sent. */
    close: (id: number, cancellation: Attempt) =>
      database.transaction(() => {
        sql.close.run(id)
        addAttempt(id, cancellation)
      }),
    attempts: (id: number): Attempt[] => sql.attempts.all(id).map(toAttempt),
    attemptsOf: (ids: readonly number[]): Map<number, Attempt[]> => {
      const found = new Map<number, Attempt[]>(ids.map((id) => [id, []]))
      for (const row of sql.attemptsIn.all(JSON.stringify(ids))) found.get(row.id)?.push(toAttempt(row))
      return found
    },
    settle: (id: number, state: Ended, hash: Hex | null, blockNumber: number | null) =>
      void sql.settle.run(state, hash, blockNumber, id),

    /** Ended in a block that a reorganisation could take back, or at a nonce that the chain says is not used. */
    doubtful: (fromBlock: number, fromNonce: number, limit: number) =>
      signed(sql.doubtful.all(...scope, fromBlock, fromNonce, limit)),
    /** Its block is gone. Who was told that it is mined was told so without a deadline. */
    reopen: ({ id, state }: JournaledIntent) =>
      void sql.reopen.run(state === 'expired' || state === 'conflict' ? 'closing' : 'pending', id),
    /** Its block was replaced by one that holds it too. */
    moved: (id: number, state: Ended, blockNumber: number) => void sql.moved.run(state, blockNumber, id),
    /** Drops the signed bytes of transactions that were mined `blocks` before the last one; their outcomes stay. */
    forgetRawBeyond: (blocks: number) => void sql.forgetRaw.run(...scope, ...scope, blocks),
  }
}
