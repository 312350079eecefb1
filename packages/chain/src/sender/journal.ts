import type { Address, Hex } from '@witan/protocol'
import type { Database } from '@witan/runtime'

export type TransactionState = 'pending' | 'mined' | 'reverted' | 'conflict'

export interface JournaledTransaction {
  readonly id: number
  readonly idempotenceKey: string
  readonly intentDigest: string
  readonly description: string
  readonly nonce: number
  readonly state: TransactionState
  /** Of the mined version. */
  readonly hash: Hex | null
  readonly blockNumber: number | null
  readonly createdAtMs: number
}

/** One signed version of a transaction. */
export interface Attempt {
  readonly hash: Hex
  readonly raw: Hex
  readonly maxFeeWei: bigint
  readonly priorityFeeWei: bigint
  readonly gasLimit: number
  readonly signedAtMs: number
}

export interface NewTransaction {
  readonly idempotenceKey: string
  readonly intentDigest: string
  readonly description: string
  readonly nonce: number
  readonly createdAtMs: number
}

export type Journal = ReturnType<typeof openJournal>

const COLUMNS = `id, idempotence_key AS idempotenceKey, intent_digest AS intentDigest, description, nonce, state, hash,
  block_number AS blockNumber, created_at_ms AS createdAtMs`

interface AttemptRow {
  readonly hash: Hex
  readonly raw: Hex
  readonly maxFeeWei: string
  readonly priorityFeeWei: string
  readonly gasLimit: number
  readonly signedAtMs: number
}

/** The transactions of one key on one chain, on disk. What it holds is all that a restart knows. */
export function openJournal(database: Database, chain: string, sender: Address) {
  const scope = [chain, sender] as const
  type Scope = [string, string]
  const byKey = database.prepare<[...Scope, string], JournaledTransaction>(
    `SELECT ${COLUMNS} FROM transactions WHERE chain = ? AND sender = ? AND idempotence_key = ?`,
  )
  const byState = database.prepare<[...Scope, string], JournaledTransaction>(
    `SELECT ${COLUMNS} FROM transactions WHERE chain = ? AND sender = ? AND state = ? ORDER BY nonce`,
  )
  const highest = database.prepare<Scope, { nonce: number | null }>(
    'SELECT max(nonce) AS nonce FROM transactions WHERE chain = ? AND sender = ?',
  )
  const insert = database.prepare<[...Scope, string, string, string, number, number]>(
    `INSERT INTO transactions (chain, sender, idempotence_key, intent_digest, description, nonce, state, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, 'pending', ?)`,
  )
  const insertAttempt = database.prepare<[number, string, string, string, string, number, number]>(
    `INSERT INTO attempts (transaction_id, hash, raw, max_fee_wei, priority_fee_wei, gas_limit, signed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const attemptsOf = database.prepare<[number], AttemptRow>(
    `SELECT hash, raw, max_fee_wei AS maxFeeWei, priority_fee_wei AS priorityFeeWei, gas_limit AS gasLimit,
     signed_at_ms AS signedAtMs FROM attempts WHERE transaction_id = ? ORDER BY rowid`,
  )
  const settle = database.prepare<[string, string | null, number | null, number]>(
    'UPDATE transactions SET state = ?, hash = ?, block_number = ? WHERE id = ?',
  )
  const reopen = database.prepare<[...Scope, number]>(
    `UPDATE transactions SET state = 'pending', hash = NULL, block_number = NULL
     WHERE chain = ? AND sender = ? AND nonce >= ? AND state IN ('mined', 'reverted')`,
  )
  const remove = database.prepare<[number]>('DELETE FROM transactions WHERE id = ?')
  const forgetRaw = database.prepare<[...Scope, ...Scope, number]>(
    `DELETE FROM attempts WHERE transaction_id IN (SELECT id FROM transactions
     WHERE chain = ? AND sender = ? AND state IN ('mined', 'reverted') AND block_number <
       (SELECT max(block_number) FROM transactions WHERE chain = ? AND sender = ?) - ?)`,
  )

  const addAttempt = (id: number, attempt: Attempt) => {
    const { hash, raw, maxFeeWei, priorityFeeWei, gasLimit, signedAtMs } = attempt
    insertAttempt.run(id, hash, raw, `${maxFeeWei}`, `${priorityFeeWei}`, gasLimit, signedAtMs)
  }

  return {
    find: (idempotenceKey: string) => byKey.get(...scope, idempotenceKey),
    pending: () => byState.all(...scope, 'pending'),
    highestNonce: () => highest.get(...scope)?.nonce ?? -1,
    /** The point of no return: from here on the nonce belongs to this transaction. */
    add(transaction: NewTransaction, attempt: Attempt): JournaledTransaction {
      const { idempotenceKey, intentDigest, description, nonce, createdAtMs } = transaction
      return database.transaction(() => {
        const { lastInsertRowid: id } = insert.run(
          ...scope,
          idempotenceKey,
          intentDigest,
          description,
          nonce,
          createdAtMs,
        )
        addAttempt(id, attempt)
        return { ...transaction, id, state: 'pending', hash: null, blockNumber: null }
      })
    },
    addAttempt,
    attempts: (id: number): Attempt[] =>
      attemptsOf.all(id).map(({ maxFeeWei, priorityFeeWei, ...attempt }) => ({
        ...attempt,
        maxFeeWei: BigInt(maxFeeWei),
        priorityFeeWei: BigInt(priorityFeeWei),
      })),
    settle: (id: number, state: Exclude<TransactionState, 'pending'>, hash: Hex | null, blockNumber: number | null) =>
      void settle.run(state, hash, blockNumber, id),
    /** Transactions that were mined in blocks that are gone; returns how many. */
    reopenFrom: (nonce: number) => reopen.run(...scope, nonce).changes,
    /** Only for a transaction that no endpoint ever accepted: its nonce is free again. */
    remove: (id: number) => void remove.run(id),
    /** Drops the signed bytes of transactions that were mined `blocks` before the last one; their outcomes stay. */
    forgetRawBeyond: (blocks: number) => void forgetRaw.run(...scope, ...scope, blocks),
  }
}
