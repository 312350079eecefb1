import type { Address } from '@witan/protocol'
import type { Service } from '@witan/runtime'
import type { Intent } from '../intent.js'
import type { TransactionResult } from './receipt.js'

export interface SenderOptions {
  readonly chainId: number
  /** Hash of block 0: with the chain id it scopes the journal, so that nothing of another chain is sent to this one. */
  readonly genesisHash: `0x${string}`
  /** How often pending transactions are looked at: 250 on a local chain; 2,000 when absent. */
  readonly pollMs?: number
  /** Blocks that must hold a transaction, its own included, before it counts as mined; 1 when absent. */
  readonly confirmations?: number
  /** A transaction not mined for this long is replaced by one with a higher fee. */
  readonly stuckMs?: number
  /**
   * How long a transaction whose nonce is used may be without receipt before the nonce counts as another's: endpoints
   * behind one address lag behind each other. 15,000 when absent.
   */
  readonly conflictMs?: number
  /** Never pay more than this for a unit of gas. */
  readonly maxFeePerGasWei?: bigint
}

export interface SubmitOptions {
  /** Same key, same transaction: it is sent once, and every call with the key gets its outcome. */
  readonly idempotenceKey: string
  /** How long to wait for it to be mined; two minutes when absent. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/**
 * Sends the transactions of one key, in order and without holes between their nonces. A signed transaction is on disk
 * before anyone sees it, so neither `kill -9` nor a dead endpoint loses one or sends it twice. The key belongs to one
 * process at a time (`acquireLock`).
 */
export interface Sender extends Service {
  readonly address: Address
  /**
   * Resolves when the transaction is mined. Throws the contract's coded error when it would revert (nothing is sent) or
   * did revert; `TRANSACTION_NOT_MINED` at the deadline, after which it stays journaled and is still pursued;
   * `TRANSACTION_CONFLICT` when another transaction took its nonce.
   */
  submit(intent: Intent, options: SubmitOptions): Promise<TransactionResult>
  /** Nonce of the transaction with this key, once it has one. */
  nonceOf(idempotenceKey: string): number | undefined
  /** Transactions sent and not yet mined. */
  pending(): number
}
