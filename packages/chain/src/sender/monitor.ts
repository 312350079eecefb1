import type { Hex, Signer } from '@witan/protocol'
import type { Clock, Logger } from '@witan/runtime'
import type { ChainMetrics } from '../metrics.js'
import { type Rpc, withSignal } from '../rpc/rpc.js'
import { broadcast } from './broadcast.js'
import { bumpFees, quoteFees } from './fees.js'
import type { Attempt, Journal, JournaledTransaction } from './journal.js'
import { fetchReceipt, type RpcReceipt } from './receipt.js'
import { resignTransaction } from './sign-transaction.js'

export interface MonitorOptions {
  readonly confirmations: number
  readonly stuckMs: number
  readonly conflictMs: number
  readonly maxFeePerGasWei: bigint | undefined
}

export interface MonitorModules {
  readonly journal: Journal
  readonly signer: Signer
  readonly rpc: Rpc
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: ChainMetrics | undefined
  readonly onSettled: (id: number) => void
}

export interface Monitor {
  /** One look at the chain: settles what was mined, sends again what was lost, raises what is stuck. */
  run(signal: AbortSignal): Promise<void>
  /** The transaction was just handed to an endpoint: no need to send it again soon. */
  sent(id: number): void
}

const REBROADCAST_MS = 5_000
/** With nothing pending: how often to ask whether mined blocks are still there. */
const IDLE_CHECK_MS = 5_000

export function createMonitor(options: MonitorOptions, modules: MonitorModules): Monitor {
  const { journal, signer, clock, logger, metrics, onSettled } = modules
  const sentAt = new Map<number, number>()
  const missingSince = new Map<number, number>()
  let checkedAt = Number.NEGATIVE_INFINITY

  const settle = (
    transaction: JournaledTransaction,
    state: 'mined' | 'reverted' | 'conflict',
    receipt?: RpcReceipt,
  ) => {
    journal.settle(
      transaction.id,
      state,
      receipt?.transactionHash ?? null,
      receipt ? Number(receipt.blockNumber) : null,
    )
    sentAt.delete(transaction.id)
    missingSince.delete(transaction.id)
    metrics?.transactionsTotal.increment({ outcome: state })
    logger.debug({ nonce: transaction.nonce, hash: receipt?.transactionHash, state }, 'transaction settled')
    onSettled(transaction.id)
  }

  const receiptOf = async (rpc: Rpc, attempts: readonly Attempt[]) => {
    const receipts = await Promise.all(attempts.map(({ hash }) => fetchReceipt(rpc, hash)))
    return receipts.find((receipt) => receipt !== null)
  }

  const settleUsed = async (rpc: Rpc, transaction: JournaledTransaction, headBlock: number) => {
    const receipt = await receiptOf(rpc, journal.attempts(transaction.id))
    if (receipt !== undefined) {
      const depth = headBlock - Number(receipt.blockNumber) + 1
      if (depth >= options.confirmations) settle(transaction, receipt.status === '0x1' ? 'mined' : 'reverted', receipt)
      return
    }
    const since = missingSince.get(transaction.id) ?? clock.monotonicMs()
    missingSince.set(transaction.id, since)
    if (clock.monotonicMs() - since >= options.conflictMs) settle(transaction, 'conflict')
  }

  const send = async (rpc: Rpc, transaction: JournaledTransaction, raw: Hex) => {
    sentAt.set(transaction.id, clock.monotonicMs())
    metrics?.rebroadcastsTotal.increment()
    const outcome = await broadcast(rpc, raw)
    const { nonce } = transaction
    if (outcome.kind === 'refused') logger.warn({ nonce, err: outcome.error }, 'journaled transaction refused')
    else logger.debug({ nonce, outcome: outcome.kind }, 'journaled transaction sent again')
  }

  const raiseFee = async (rpc: Rpc, transaction: JournaledTransaction, last: Attempt): Promise<Attempt | undefined> => {
    if (clock.nowMs() - last.signedAtMs < options.stuckMs) return undefined
    const fees = bumpFees(last, await quoteFees(rpc, options.maxFeePerGasWei), options.maxFeePerGasWei)
    if (fees === undefined) return undefined
    const attempt = { ...last, ...fees, ...resignTransaction(last.raw, fees, signer), signedAtMs: clock.nowMs() }
    journal.addAttempt(transaction.id, attempt)
    metrics?.feeBumpsTotal.increment()
    logger.info({ nonce: transaction.nonce, maxFeeWei: `${fees.maxFeeWei}` }, 'fee of a stuck transaction raised')
    return attempt
  }

  const pursue = async (rpc: Rpc, transaction: JournaledTransaction, isFirst: boolean) => {
    const last = journal.attempts(transaction.id).at(-1)
    if (last === undefined) return
    const raised = isFirst ? await raiseFee(rpc, transaction, last) : undefined
    const lastSent = sentAt.get(transaction.id) ?? Number.NEGATIVE_INFINITY
    if (raised !== undefined || clock.monotonicMs() - lastSent >= REBROADCAST_MS) {
      await send(rpc, transaction, (raised ?? last).raw)
    }
  }

  return {
    sent: (id) => void sentAt.set(id, clock.monotonicMs()),
    async run(signal) {
      const isIdle = journal.pending().length === 0
      if (isIdle && clock.monotonicMs() - checkedAt < IDLE_CHECK_MS) return
      const rpc = withSignal(modules.rpc, signal)
      const [nonceHex, headHex] = await Promise.all([
        rpc.request<string>('eth_getTransactionCount', [signer.address, 'latest']),
        rpc.request<string>('eth_blockNumber', []),
      ])
      checkedAt = clock.monotonicMs()
      const nextNonce = Number(nonceHex)
      const reopened = journal.reopenFrom(nextNonce)
      if (reopened > 0)
        logger.warn({ reopened, nextNonce }, 'mined transactions are gone from the chain: sending again')
      const pending = journal.pending()
      metrics?.pendingTransactions.set(pending.length)
      let isFirst = true
      for (const transaction of pending) {
        if (transaction.nonce < nextNonce) await settleUsed(rpc, transaction, Number(headHex))
        else {
          await pursue(rpc, transaction, isFirst)
          isFirst = false
        }
      }
    },
  }
}
