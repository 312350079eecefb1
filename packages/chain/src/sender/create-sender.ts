import { type Address, isWitanError, type Signer, WitanError } from '@witan/protocol'
import { type Clock, createLoop, type Database, type Logger } from '@witan/runtime'
import type { ContractName } from '../abi/events.js'
import { callName, type Intent } from '../intent.js'
import type { ChainMetrics } from '../metrics.js'
import type { Rpc } from '../rpc/rpc.js'
import { createAdmission } from './admission.js'
import { openJournal } from './journal.js'
import { createMonitor } from './monitor.js'
import { fetchReceipt, resultOf, revertReason, type TransactionResult } from './receipt.js'
import type { Sender, SenderOptions, SubmitOptions } from './sender.js'
import { createWaiting } from './waiting.js'

export interface SenderModules {
  readonly signer: Signer
  readonly rpc: Rpc
  /** Opened with `CHAIN_MIGRATIONS`; several senders may share it. */
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics?: ChainMetrics | undefined
  /** Whose events a result shows. */
  readonly contracts?: ReadonlyMap<Address, ContractName>
}

const DEFAULT_POLL_MS = 2_000
const DEFAULT_STUCK_MS = 60_000
const DEFAULT_CONFLICT_MS = 15_000
const DEFAULT_DEADLINE_MS = 120_000
/** Deeper than any reorganisation worth preparing for. */
const RAW_KEPT_BLOCKS = 1_000

export function createSender(options: SenderOptions, modules: SenderModules): Sender {
  const { chainId, genesisHash, maxFeePerGasWei, pollMs = DEFAULT_POLL_MS } = options
  const { signer, rpc, database, clock, metrics, contracts = new Map() } = modules
  const logger = modules.logger.child({ sender: signer.address })
  const journal = openJournal(database, `${chainId}:${genesisHash}`, signer.address)
  const waiting = createWaiting()
  const monitor = createMonitor(
    {
      confirmations: options.confirmations ?? 1,
      stuckMs: options.stuckMs ?? DEFAULT_STUCK_MS,
      conflictMs: options.conflictMs ?? DEFAULT_CONFLICT_MS,
      maxFeePerGasWei,
    },
    { journal, signer, rpc, clock, logger, metrics, onSettled: waiting.wake },
  )
  const admit = createAdmission({ chainId, maxFeePerGasWei }, { journal, signer, rpc, clock, onSent: monitor.sent })
  const loop = createLoop(
    {
      name: 'sender',
      intervalMs: pollMs,
      run: monitor.run,
      onError(error) {
        metrics?.followFailuresTotal.increment()
        logger.warn({ err: error }, 'pending transactions not checked')
      },
    },
    { clock, logger },
  )

  const outcome = async (intent: Intent, idempotenceKey: string, signal: AbortSignal): Promise<TransactionResult> => {
    for (;;) {
      const transaction = journal.find(idempotenceKey)
      if (transaction === undefined) throw new Error(`the journal lost transaction ${idempotenceKey}`)
      if (transaction.state === 'conflict') throw conflictOf(signer.address, transaction.nonce)
      if (transaction.hash !== null) {
        const receipt = await fetchReceipt(rpc, transaction.hash, signal)
        if (receipt?.status === '0x0') throw await revertReason(rpc, receipt, callName(intent))
        if (receipt !== null) return resultOf(receipt, contracts)
        // Its block is gone: the monitor notices and sends it again.
        await clock.sleep(pollMs, signal)
      } else await waiting.wait(transaction.id, signal)
    }
  }

  const submit = async (intent: Intent, { idempotenceKey, ...limits }: SubmitOptions): Promise<TransactionResult> => {
    const deadlineMs = limits.deadlineMs ?? DEFAULT_DEADLINE_MS
    using deadline = clock.timeout(deadlineMs, limits.signal)
    try {
      await admit(intent, idempotenceKey, deadline)
      return await outcome(intent, idempotenceKey, deadline)
    } catch (error) {
      const journaled = journal.find(idempotenceKey)
      if (!isWitanError(error, 'DEADLINE_EXCEEDED') || journaled === undefined) throw error
      throw new WitanError('TRANSACTION_NOT_MINED', 'The transaction was not mined in time', {
        facts: { call: callName(intent), nonce: journaled.nonce, deadlineMs },
        cause: error,
      })
    }
  }

  return {
    address: signer.address,
    submit,
    nonceOf: (idempotenceKey) => journal.find(idempotenceKey)?.nonce,
    pending: () => journal.pending().length,
    async start() {
      journal.forgetRawBeyond(RAW_KEPT_BLOCKS)
      await loop.start()
    },
    stop: loop.stop,
  }
}

function conflictOf(sender: Address, nonce: number): WitanError {
  return new WitanError('TRANSACTION_CONFLICT', 'Another transaction of this key was mined at its nonce', {
    facts: { sender, nonce },
  })
}
