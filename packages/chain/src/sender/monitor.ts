import type { Address, Hex } from '@witan/protocol'
import type { Clock, Logger } from '@witan/runtime'
import type { ChainMetrics } from '../metrics.js'
import { type Rpc, withSignal } from '../rpc/rpc.js'
import { broadcast } from './broadcast.js'
import { type ChainView, createChainViewer, findMined, type MinedAttempt } from './chain-view.js'
import { quoteFees } from './fees.js'
import type { Attempt, Ended, Journal, SignedIntent } from './journal.js'
import { MAX_PURSUED, MAX_RECHECKED, REORG_DEPTH_BLOCKS } from './limits.js'
import { whoUsedNonce } from './nonce-evidence.js'
import { createNonceFiller } from './nonce-filler.js'
import { fetchReceipt, type RpcReceipt } from './receipt.js'
import type { Replacement } from './replacement.js'

export interface MonitorOptions {
  readonly address: Address
  readonly pollMs: number
  readonly confirmations: number
  readonly conflictMs: number
}

export interface MonitorModules {
  readonly journal: Journal
  readonly replacement: Replacement
  readonly rpc: Rpc
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: ChainMetrics | undefined
  readonly isAdmitting: (id: number) => boolean
  readonly onSettled: (intent: SignedIntent, state: Ended) => void
}

export interface Monitor {
  /** One look at the chain: settles what was mined, sends again what was lost, raises what is stuck, cancels what is late. */
  run(signal: AbortSignal): Promise<void>
  /** The transaction was just handed to an endpoint: no need to send it again soon. */
  sent(id: number): void
}

/** How often a transaction is sent again, and mined ones are asked after; sooner on chains that are looked at often. */
const LONGEST_REST_MS = 5_000
const REST_POLLS = 10
/**
 * A nonce that stays used for this many times `conflictMs`, though no block shows by whom, is another's: an endpoint that
 * lost its history must not keep all later transactions waiting.
 */
const UNPROVEN_CONFLICTS = 20

export function createMonitor(options: MonitorOptions, modules: MonitorModules): Monitor {
  const { address, pollMs, confirmations, conflictMs } = options
  const { journal, replacement, clock, logger, metrics, isAdmitting, onSettled } = modules
  const look = createChainViewer(address)
  const fillHoles = createNonceFiller({ conflictMs }, modules)
  const restMs = Math.min(REST_POLLS * pollMs, LONGEST_REST_MS)
  const sentAt = new Map<number, number>()
  const missingSince = new Map<number, number>()
  const askedAt = new Map<number, number>()
  let checkedAt = Number.NEGATIVE_INFINITY
  let recheckedAt = Number.NEGATIVE_INFINITY

  const settle = (intent: SignedIntent, state: Ended, mined?: MinedAttempt) => {
    const hash = mined?.attempt.hash ?? null
    journal.settle(intent.id, state, hash, mined ? Number(mined.receipt.blockNumber) : null)
    for (const times of [sentAt, missingSince, askedAt]) times.delete(intent.id)
    logger.debug({ nonce: intent.nonce, hash, state }, 'transaction settled')
    onSettled(intent, state)
  }

  const settleMined = (intent: SignedIntent, mined: MinedAttempt, { head }: ChainView) => {
    if (head.number - Number(mined.receipt.blockNumber) + 1 < confirmations) return
    settle(intent, mined.attempt.kind === 'call' ? endOf(mined.receipt) : 'expired', mined)
  }

  /** Ended intents whose block is gone are open again; they are sent at once. */
  const recheck = async (rpc: Rpc, { head, nextNonce, isReplaced }: ChainView) => {
    if (!isReplaced && clock.monotonicMs() - recheckedAt < restMs) return
    recheckedAt = clock.monotonicMs()
    // A node that lost blocks may have lost its pool.
    if (isReplaced) sentAt.clear()
    const fromBlock = isReplaced ? head.number - REORG_DEPTH_BLOCKS + 1 : head.number + 1
    const doubtful = journal.doubtful(fromBlock, nextNonce, MAX_RECHECKED)
    const receipts = await Promise.all(doubtful.map(({ hash }) => fetchReceipt(rpc, hash as Hex)))
    for (const [index, intent] of doubtful.entries()) {
      const receipt = receipts[index]
      if (receipt == null) {
        journal.reopen(intent)
        continue
      }
      const state = intent.state === 'expired' ? 'expired' : endOf(receipt)
      const block = Number(receipt.blockNumber)
      if (state !== intent.state || block !== intent.blockNumber) journal.moved(intent.id, state, block)
    }
    const reopened = receipts.filter((receipt) => receipt == null).length
    if (reopened === 0) return
    sentAt.clear()
    logger.warn({ reopened, headBlock: head.number }, 'mined transactions are gone from the chain: sending again')
  }

  /** The chain says that the nonce is used, and none of the versions has a receipt. */
  const isConflict = async (rpc: Rpc, intent: SignedIntent, attempts: readonly Attempt[], headBlock: number) => {
    const nowMs = clock.monotonicMs()
    const since = missingSince.get(intent.id) ?? nowMs
    missingSince.set(intent.id, since)
    if (nowMs - Math.max(since, askedAt.get(intent.id) ?? since) < conflictMs) return false
    askedAt.set(intent.id, nowMs)
    const use = await whoUsedNonce(rpc, address, intent.nonce, headBlock)
    if (use.kind === 'used') return !attempts.some(({ hash }) => hash === use.hash)
    return use.kind === 'unknown' || nowMs - since >= UNPROVEN_CONFLICTS * conflictMs
  }

  const send = async (rpc: Rpc, { id, nonce }: SignedIntent, raw: Hex) => {
    sentAt.set(id, clock.monotonicMs())
    metrics?.rebroadcastsTotal.increment()
    const outcome = await broadcast(rpc, raw)
    if (outcome.kind === 'refused') logger.warn({ nonce, err: outcome.error }, 'journaled transaction refused')
    else logger.debug({ nonce, outcome: outcome.kind }, 'journaled transaction sent again')
  }

  /** The next version to send, if one is due: of the call up the ladder, or, past the deadline, of its cancellation. */
  const nextVersion = async (rpc: Rpc, intent: SignedIntent, attempts: readonly Attempt[], isFirst: boolean) => {
    const last = attempts.at(-1)!
    const nowMs = clock.nowMs()
    if (isLate(intent, nowMs)) {
      if (last.kind === 'cancel' && !replacement.isDue(last, nowMs)) return undefined
      const cancellation = await replacement.cancellation(rpc, intent.nonce, attempts, await quoteFees(rpc), nowMs)
      if (cancellation === undefined || attempts.some(({ hash }) => hash === cancellation.hash)) return undefined
      journal.close(intent.id, cancellation)
      logger.info(
        { nonce: intent.nonce, deadlineAtMs: intent.deadlineAtMs },
        'cancelling a transaction past its deadline',
      )
      return cancellation
    }
    // What waits behind another is not stuck itself; a call that was lost while it was being cancelled must get past that.
    if (last.kind === 'call' && (!isFirst || !replacement.isDue(last, nowMs))) return undefined
    const raised = replacement.raised(intent, attempts, await quoteFees(rpc), nowMs)
    if (raised === undefined) return undefined
    journal.addAttempt(intent.id, raised)
    metrics?.feeBumpsTotal.increment()
    logger.info({ nonce: intent.nonce, maxFeeWei: `${raised.maxFeeWei}` }, 'fee of a stuck transaction raised')
    return raised
  }

  const pursue = async (rpc: Rpc, intent: SignedIntent, attempts: readonly Attempt[], isFirst: boolean) => {
    if (attempts.length === 0) return
    const next = await nextVersion(rpc, intent, attempts, isFirst)
    const lastSent = sentAt.get(intent.id) ?? Number.NEGATIVE_INFINITY
    if (next !== undefined || clock.monotonicMs() - lastSent >= restMs) {
      const isWanted = ({ kind }: Attempt) => kind === 'call' || isLate(intent, clock.nowMs())
      await send(rpc, intent, (next ?? attempts.findLast(isWanted) ?? attempts.at(-1)!).raw)
    }
  }

  return {
    sent: (id) => void sentAt.set(id, clock.monotonicMs()),
    async run(signal) {
      const isIdle = journal.open(1).length === 0
      if (isIdle && clock.monotonicMs() - checkedAt < restMs) return
      const rpc = withSignal(modules.rpc, signal)
      const view = await look(rpc)
      checkedAt = clock.monotonicMs()
      await recheck(rpc, view)
      const open = journal.open(MAX_PURSUED)
      metrics?.pendingTransactions.set(journal.count('pending') + journal.count('closing'))
      const attemptsOf = journal.attemptsOf(open.map(({ id }) => id))
      const mined = await findMined(rpc, attemptsOf)
      let isFirst = true
      for (const intent of open) {
        // It is still being sent, or was taken back since the round began: what is signed may not count.
        if (isAdmitting(intent.id) || journal.get(intent.id)?.nonce !== intent.nonce) continue
        const attempts = attemptsOf.get(intent.id) ?? []
        const found = mined.get(intent.id)
        if (found !== undefined) {
          settleMined(intent, found, view)
          continue
        }
        const isUsed = intent.nonce < view.nextNonce
        if (!isUsed) missingSince.delete(intent.id)
        if (isUsed && (await isConflict(rpc, intent, attempts, view.head.number))) settle(intent, 'conflict')
        else await pursue(rpc, intent, attempts, isFirst && !isUsed)
        isFirst &&= isUsed
      }
      await fillHoles(rpc, open, view.nextNonce)
    },
  }
}

function endOf({ status }: RpcReceipt): Ended {
  return status === '0x1' ? 'mined' : 'reverted'
}

function isLate({ state, deadlineAtMs }: SignedIntent, nowMs: number): boolean {
  return state === 'closing' || nowMs >= deadlineAtMs
}
