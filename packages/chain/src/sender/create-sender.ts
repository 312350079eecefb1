import { type Address, isWitanError, type Signer, WitanError } from '@witan/protocol'
import { type Clock, createLoop, createService, type Database, type Logger } from '@witan/runtime'
import type { ContractName } from '../abi/events.js'
import type { ChainMetrics } from '../metrics.js'
import { wakenedBy } from '../poll-loop.js'
import type { Rpc } from '../rpc/rpc.js'
import { createAdmission } from './admission.js'
import { checkLadder, DEFAULT_FEE_LADDER } from './fee-ladder.js'
import { createIntake } from './intake.js'
import { type Ended, type JournaledIntent, openJournal } from './journal.js'
import { NEVER_MS } from './limits.js'
import { createMonitor } from './monitor.js'
import { createOutcome } from './outcome.js'
import { createReplacement } from './replacement.js'
import type { ExpiredIntent, Sender, SenderOptions } from './sender.js'
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
  /** Told once of each intent that expired, after the journal has it. */
  readonly onExpired?: (intent: ExpiredIntent) => void
}

const DEFAULT_POLL_MS = 2_000
const DEFAULT_CONFLICT_MS = 15_000
const DEFAULT_DEADLINE_MS = 120_000
const DEFAULT_CLOSING_MS = 10_000
/** Deeper than any reorganisation worth preparing for. */
const RAW_KEPT_BLOCKS = 1_000

/** Throws `FEE_LADDER_INVALID`. */
export function createSender(options: SenderOptions, modules: SenderModules): Sender {
  const { chainId, genesisHash, maxFeePerGasWei, maxCostWei, pollMs = DEFAULT_POLL_MS } = options
  const { signer, rpc, database, clock, metrics, contracts = new Map(), onExpired } = modules
  const { address } = signer
  const logger = modules.logger.child({ sender: address })
  const ladder = {
    intervalMs: options.stuckMs ?? DEFAULT_FEE_LADDER.intervalMs,
    stepsPercent: options.feeStepsPercent ?? DEFAULT_FEE_LADDER.stepsPercent,
  }
  checkLadder(ladder)
  const journal = openJournal(database, `${chainId}:${genesisHash}`, address)
  const waiting = createWaiting()
  const callers = new Map<number, number>()

  const reportEnd = (intent: JournaledIntent, state: Ended | 'refused') => {
    metrics?.transactionsTotal.increment({ outcome: state })
    // Reported before its cancellation's block was lost.
    if (state !== 'expired' || intent.deadlineAtMs === NEVER_MS) return
    const { idempotenceKey, description, nonce } = intent
    logger.warn({ idempotenceKey, description, nonce }, 'intent expired')
    onExpired?.({ idempotenceKey, description, nonce: nonce ?? undefined })
  }
  const replacement = createReplacement({ chainId, ladder, maxFeePerGasWei, maxCostWei }, signer)
  const monitor = createMonitor(
    {
      address,
      pollMs,
      confirmations: options.confirmations ?? 1,
      conflictMs: options.conflictMs ?? DEFAULT_CONFLICT_MS,
    },
    {
      journal,
      replacement,
      rpc,
      clock,
      logger,
      metrics,
      isAdmitting: (id) => admission.isAdmitting(id),
      onSettled(intent, state) {
        reportEnd(intent, state)
        waiting.wake(intent.id)
      },
    },
  )
  const admission = createAdmission(
    { chainId, maxFeePerGasWei, maxCostWei },
    {
      journal,
      signer,
      rpc,
      clock,
      logger,
      onSent: monitor.sent,
      onChanged: waiting.wake,
      onRefused: () => metrics?.transactionsTotal.increment({ outcome: 'refused' }),
    },
  )
  const intake = createIntake({ journal, clock })
  const outcome = createOutcome({ address, pollMs }, { journal, admission, waiting, rpc, clock, contracts })

  const expireUnsigned = (intent: JournaledIntent) => {
    if (clock.nowMs() < intent.deadlineAtMs || !journal.expireQueued(intent.id)) return
    reportEnd(intent, 'expired')
    waiting.wake(intent.id)
  }

  /** What an endpoint kept from being signed, or an earlier process left, goes on. */
  const resume = () => {
    const queued = journal.queued()
    metrics?.queuedIntents.set(queued.length)
    for (const intent of queued) {
      expireUnsigned(intent)
      void admission.admit(intent.id).catch((err: unknown) => {
        if (!callers.has(intent.id)) logger.warn({ err, description: intent.description }, 'intent refused')
      })
    }
  }

  const loop = wakenedBy(
    rpc.onHead,
    createLoop(
      {
        name: 'sender',
        intervalMs: pollMs,
        run(signal) {
          resume()
          return monitor.run(signal)
        },
        onError(error) {
          metrics?.followFailuresTotal.increment()
          logger.warn({ err: error }, 'pending transactions not checked')
        },
      },
      { clock, logger },
    ),
  )

  const outcomeBy = async (id: number, timeoutMs: number, signal: AbortSignal | undefined) => {
    using deadline = clock.timeout(timeoutMs, signal)
    return await outcome(id, deadline)
  }

  const outcomeInTime = async (id: number, deadlineMs: number, signal: AbortSignal | undefined) => {
    try {
      return await outcomeBy(id, deadlineMs, signal)
    } catch (error) {
      if (!isWitanError(error, 'DEADLINE_EXCEEDED')) throw error
    }
    const intent = journal.get(id)
    if (intent?.state === 'queued') expireUnsigned(intent)
    // Cancelled now or mined after all: the chain decides soon, as a rule.
    return await outcomeBy(id, options.closingMs ?? DEFAULT_CLOSING_MS, signal).catch((cause: unknown) => {
      if (!isWitanError(cause, 'DEADLINE_EXCEEDED')) throw cause
      const { call = '', nonce } = journal.get(id) ?? {}
      throw new WitanError('TRANSACTION_NOT_MINED', 'The transaction was not mined in time', {
        facts: { call, ...(nonce != null && { nonce }), deadlineMs },
        cause,
      })
    })
  }

  const { start, stop } = createService({
    async start() {
      journal.forgetRawBeyond(RAW_KEPT_BLOCKS)
      admission.start()
      await loop.start()
    },
    async stop() {
      await Promise.all([admission.stop(), loop.stop()])
    },
  })

  return {
    address,
    async submit(intent, { signal, deadlineMs = DEFAULT_DEADLINE_MS, ...rest }) {
      signal?.throwIfAborted()
      const id = intake(intent, { ...rest, deadlineMs })
      callers.set(id, (callers.get(id) ?? 0) + 1)
      try {
        return await outcomeInTime(id, deadlineMs, signal)
      } finally {
        const others = callers.get(id)! - 1
        if (others > 0) callers.set(id, others)
        else {
          callers.delete(id)
          if (signal?.aborted) journal.withdraw(id)
        }
      }
    },
    nonceOf: (idempotenceKey) => journal.find(idempotenceKey)?.nonce ?? undefined,
    stateOf: (idempotenceKey) => journal.find(idempotenceKey)?.state,
    pending: () => journal.count('pending') + journal.count('closing'),
    queued: () => journal.count('queued'),
    start,
    stop,
  }
}
