import type { Database } from '@witan/runtime'
import type { Attempt, JournaledIntent } from './journal.js'
import { NEVER_MS } from './limits.js'

/** SQLite's integers are too small for amounts: these are kept as decimal text. */
export interface IntentRow extends Omit<JournaledIntent, 'valueWei' | 'maxCostWei'> {
  readonly valueWei: string
  readonly maxCostWei: string | null
}

export interface AttemptRow extends Omit<Attempt, 'maxFeeWei' | 'priorityFeeWei'> {
  /** Of its intent. */
  readonly id: number
  readonly maxFeeWei: string
  readonly priorityFeeWei: string
}

const INTENT_COLUMNS = `id, idempotence_key AS idempotenceKey, intent_digest AS intentDigest, description, call,
  recipient AS "to", data, value_wei AS valueWei, max_cost_wei AS maxCostWei, deadline_at_ms AS deadlineAtMs, nonce,
  state, hash, block_number AS blockNumber, refusal, created_at_ms AS createdAtMs`

const ATTEMPT_COLUMNS = `intent_id AS id, kind, hash, raw, max_fee_wei AS maxFeeWei, priority_fee_wei AS priorityFeeWei,
  gas_limit AS gasLimit, signed_at_ms AS signedAtMs`

const MINE = 'chain = ? AND sender = ?'
/** Of its signed versions enough is kept to send it again; what to sign anew is not needed any more. */
const EMPTIED = "data = '', value_wei = '0', recipient = NULL"

type Scope = [string, string]

export function prepareJournal(database: Database) {
  const select = <Params extends readonly (string | number)[]>(rest: string) =>
    database.prepare<[...Scope, ...Params], IntentRow>(`SELECT ${INTENT_COLUMNS} FROM intents WHERE ${MINE} ${rest}`)
  const change = <Params extends readonly (string | number | null)[]>(set: string, where = '') =>
    database.prepare<Params>(`UPDATE intents SET ${set} WHERE id = ? ${where}`)

  return {
    byKey: select<[string]>('AND idempotence_key = ? AND is_current = 1'),
    byNonce: select<[number]>('AND nonce = ?'),
    byState: select<[string]>('AND state = ? ORDER BY id'),
    open: select<[number]>("AND state IN ('pending', 'closing') ORDER BY nonce LIMIT ?"),
    doubtful: select<[number, number, number]>(
      `AND state IN ('mined', 'reverted', 'expired') AND nonce IS NOT NULL AND (block_number >= ? OR nonce >= ?)
       AND EXISTS (SELECT 1 FROM signatures WHERE intent_id = intents.id) ORDER BY nonce LIMIT ?`,
    ),
    byId: database.prepare<[number], IntentRow>(`SELECT ${INTENT_COLUMNS} FROM intents WHERE id = ?`),
    count: database.prepare<[...Scope, string], { count: number }>(
      `SELECT count(*) AS count FROM intents WHERE ${MINE} AND state = ?`,
    ),
    highest: database.prepare<Scope, { nonce: number | null }>(`SELECT max(nonce) AS nonce FROM intents WHERE ${MINE}`),

    insert: database.prepare<
      [
        ...Scope,
        string,
        string,
        string,
        string,
        string | null,
        string,
        string,
        string | null,
        number,
        number | null,
        string,
        number,
      ]
    >(
      `INSERT INTO intents (chain, sender, idempotence_key, intent_digest, description, call, recipient, data, value_wei,
       max_cost_wei, deadline_at_ms, nonce, state, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    retire: database.prepare<[...Scope, string]>(
      `UPDATE intents SET is_current = 0 WHERE ${MINE} AND idempotence_key = ? AND state IN ('refused', 'expired')`,
    ),
    forgetRetired: database.prepare<[...Scope, number]>(
      `DELETE FROM intents WHERE ${MINE} AND is_current = 0 AND nonce IS NULL AND created_at_ms < ?`,
    ),
    withdraw: database.prepare<[number]>("DELETE FROM intents WHERE id = ? AND state = 'queued'"),
    extend: database.prepare<[number, number]>(
      `UPDATE intents SET deadline_at_ms = max(deadline_at_ms, ?) WHERE id = ? AND state IN ('queued', 'pending')`,
    ),

    expireQueued: change<[number]>(`state = 'expired', ${EMPTIED}`, "AND state = 'queued'"),
    sign: change<[number, number, number]>(
      "state = 'pending', nonce = ?",
      "AND state = 'queued' AND deadline_at_ms > ?",
    ),
    release: change<[number]>("state = 'queued', nonce = NULL", "AND state = 'pending'"),
    refuse: change<[string, number]>(`state = 'refused', refusal = ?, ${EMPTIED}`, "AND state = 'queued'"),
    close: change<[number]>("state = 'closing'", "AND state IN ('pending', 'closing')"),
    settle: change<[string, string | null, number | null, number]>(`state = ?, hash = ?, block_number = ?, ${EMPTIED}`),
    reopen: change<[string, number]>(`state = ?, hash = NULL, block_number = NULL, deadline_at_ms = ${NEVER_MS}`),
    moved: change<[string, number, number]>('state = ?, block_number = ?'),

    addAttempt: database.prepare<[number, string, string, string, string, string, number, number]>(
      `INSERT INTO signatures (intent_id, kind, hash, raw, max_fee_wei, priority_fee_wei, gas_limit, signed_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    attempts: database.prepare<[number], AttemptRow>(
      `SELECT ${ATTEMPT_COLUMNS} FROM signatures WHERE intent_id = ? ORDER BY rowid`,
    ),
    attemptsIn: database.prepare<[string], AttemptRow>(
      `SELECT ${ATTEMPT_COLUMNS} FROM signatures WHERE intent_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
    ),
    dropAttempts: database.prepare<[number]>('DELETE FROM signatures WHERE intent_id = ?'),
    forgetRaw: database.prepare<[...Scope, ...Scope, number]>(
      `DELETE FROM signatures WHERE intent_id IN (SELECT id FROM intents WHERE ${MINE}
       AND state IN ('mined', 'reverted', 'expired') AND block_number <
         (SELECT max(block_number) FROM intents WHERE ${MINE}) - ?)`,
    ),
  }
}

export function toIntent(row: IntentRow): JournaledIntent
export function toIntent(row: IntentRow | undefined): JournaledIntent | undefined
export function toIntent(row: IntentRow | undefined): JournaledIntent | undefined {
  if (row === undefined) return undefined
  const maxCostWei = row.maxCostWei === null ? undefined : BigInt(row.maxCostWei)
  return { ...row, valueWei: BigInt(row.valueWei), maxCostWei }
}

export function toAttempt({ id: _, maxFeeWei, priorityFeeWei, ...attempt }: AttemptRow): Attempt {
  return { ...attempt, maxFeeWei: BigInt(maxFeeWei), priorityFeeWei: BigInt(priorityFeeWei) }
}
