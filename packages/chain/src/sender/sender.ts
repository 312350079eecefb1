import type { Address } from '@witan/protocol'
import type { Service } from '@witan/runtime'
import type { Intent } from '../intent.js'
import type { IntentState } from './journal.js'
import type { TransactionResult } from './receipt.js'

export interface SenderOptions {
  readonly chainId: number
  /** Hash of block 0: with the chain id it scopes the journal, so that nothing of another chain is sent to this one. */
  readonly genesisHash: `0x${string}`
  /** How often pending transactions are looked at: 250 on a local chain; 2,000 when absent. */
  readonly pollMs?: number
  /** Blocks that must hold a transaction, its own included, before it counts as mined; 1 when absent. */
  readonly confirmations?: number
  /** A transaction not mined for this long is replaced by one with a higher fee; 20,000 when absent. */
  readonly stuckMs?: number
  /** By how many percent each replacement offers more than the version before, each at least 11; then the fee stays. */
  readonly feeStepsPercent?: readonly number[]
  /**
   * How long a transaction whose nonce is used may be without receipt before it is asked who used it: endpoints behind
   * one address lag behind each other. 15,000 when absent.
   */
  readonly conflictMs?: number
  /** Never pay more than this for a unit of gas. A tenth of it is kept for cancellations. */
  readonly maxFeePerGasWei?: bigint
  /** Refuse an intent whose value and gas at the highest fee may together cost more: the cap of every intent of this key. */
  readonly maxCostWei?: bigint
  /** How long `submit` waits past the deadline for the chain to decide; 10,000 when absent. */
  readonly closingMs?: number
}

export interface SubmitOptions {
  /** Same key, same transaction: it is sent once, and every call with the key gets its outcome. */
  readonly idempotenceKey: string
  /**
   * When it must be mined by, from now; two minutes when absent. After it the intent is never signed, or is cancelled at
   * its nonce. Submitted again before that, the later deadline counts.
   */
  readonly deadlineMs?: number
  /** The cap of this intent, below that of the sender. */
  readonly maxCostWei?: bigint
  /** Ends the wait. An intent that nobody else waits for and that is not signed yet is withdrawn. */
  readonly signal?: AbortSignal
}

/** An intent that can never be mined any more. */
export interface ExpiredIntent {
  readonly idempotenceKey: string
  readonly description: string
  /** Its nonce when it was signed; its cancellation was mined there. */
  readonly nonce: number | undefined
}

/**
 * Sends the intents of one key, in order and without holes between their nonces. An intent is on disk before anything is
 * asked about it, and a signed transaction before anyone sees it: neither `kill -9` nor a dead endpoint loses one or
 * sends it twice, and what was left over goes on at the next start. Each ends exactly once: mined, reverted, refused,
 * in conflict, or expired. The key belongs to one process at a time (`acquireLock`).
 */
export interface Sender extends Service {
  readonly address: Address
  /**
   * Resolves when the transaction is mined. Throws the contract's coded error when it would revert (nothing is sent) or
   * did revert; `COST_CAP_EXCEEDED` or `TRANSACTION_TOO_COSTLY` when it would cost too much; `TRANSACTION_EXPIRED` when
   * its deadline passed and it can never be mined; `TRANSACTION_NOT_MINED` when its deadline passed and the chain has not
   * decided yet; `TRANSACTION_CONFLICT` when another transaction took its nonce. One that was refused or has expired may
   * be submitted again with its key.
   */
  submit(intent: Intent, options: SubmitOptions): Promise<TransactionResult>
  /** Nonce of the transaction with this key, once it has one. */
  nonceOf(idempotenceKey: string): number | undefined
  /** Where the intent with this key stands. */
  stateOf(idempotenceKey: string): IntentState | undefined
  /** Transactions sent and not yet mined. */
  pending(): number
  /** Intents not yet signed. */
  queued(): number
}
