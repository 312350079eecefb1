import { checkRegistration } from '@witan/chain'
import { type Address, type BehaviourName, type Hex, INFER_PROTOCOL, WitanError, ZERO_DIGEST } from '@witan/protocol'
import {
  composeServices,
  createLoop,
  createRecentErrors,
  createService,
  type Health,
  type RecentError,
  type Service,
} from '@witan/runtime'
import { createAdmission } from './admission/admission.js'
import { PRUNE_INTERVAL_MS } from './constants.js'
import { describeMiner } from './describe.js'
import { openAnswerJournal } from './journal/answer-journal.js'
import { createSigningDesk } from './journal/signing-desk.js'
import { createMinerMetrics } from './metrics.js'
import type { MinerModules, MinerOptions } from './miner-options.js'
import { createPaymentBook } from './payments/payment-book.js'
import { settleVouchers } from './payments/settler.js'
import { openVoucherJournal } from './payments/voucher-journal.js'
import { createReceiptSigner } from './receipt-signer.js'
import type { Offer } from './serving/check-request.js'
import { createAnswerer } from './serving/create-answerer.js'
import type { InferAnswer, InferCall } from './serving/infer-call.js'
import { observeCalls } from './serving/observe-calls.js'
import { createWorkQueue } from './serving/work-queue.js'

export interface MinerStatus {
  readonly role: 'miner'
  /** Undefined before the first start. */
  readonly uid: number | undefined
  readonly operator: Address
  readonly peerId: string
  readonly behaviour: BehaviourName<'miner'>
  readonly requests: number
  readonly failures: number
  readonly inFlight: number
  readonly receiptsSigned: number
  readonly model: { readonly name: string; readonly version: Hex }
  readonly recentErrors: readonly RecentError[]
}

export interface Miner extends Service {
  status(): MinerStatus
  live(): Health
  ready(): Health
  /** Takes no more requests and resolves when those in progress have ended; `stop` follows. */
  drain(): Promise<void>
}

/** No call outlives the longest deadline by this much unless something hangs. */
const STUCK_AFTER_MS = INFER_PROTOCOL.maxDeadlineMs + 60_000

/** Everything a miner says about itself is of one model without a policy. */
export function createMiner(options: MinerOptions, modules: MinerModules): Miner {
  const { netuid, peerId, domain, modelName, modelVersion, maxInputBytes } = options
  const { chain, network, task, behaviour, record, signer, database, clock, logger } = modules
  const operator = signer.address
  const metrics = createMinerMetrics(modules.metrics)
  const errors = createRecentErrors({}, { clock })
  const offer: Offer = { netuid, modelVersion, policy: ZERO_DIGEST, price: options.price, maxInputBytes }
  const journal = behaviour.journal(openAnswerJournal(database))
  const desk = createSigningDesk(journal, (beforeSign) => createReceiptSigner({ domain }, { signer, beforeSign }))
  const queue = createWorkQueue(options, { clock })
  let uid: number | undefined
  let running = false
  let draining = false

  const failed = (name: string) => (error: unknown) => {
    metrics.backgroundFailuresTotal.increment({ task: name })
    errors.note(error)
    logger.warn({ task: name, err: error }, 'background task failed, trying again')
  }
  const admission = createAdmission(
    { netuid, admit: options.admit, refreshMs: options.admissionRefreshMs },
    { chain, clock, logger, onError: failed('admission') },
  )
  const { payments: paymentChain, settlePolicy: policy } = modules
  const vouchers = openVoucherJournal(database)
  const payments = createPaymentBook(
    { netuid, modelId: options.modelId, price: options.price, domain: paymentChain.domain },
    { journal: vouchers, channel: (id) => paymentChain.channel(id), isFree: admission.admits, clock },
  )
  const answer = createAnswerer({ operator, offer, domain }, { task, behaviour, queue, journal, desk, payments, clock })
  const calls = observeCalls(answer, { clock, logger, metrics, errors })
  const handler = async (call: InferCall): Promise<InferAnswer> => {
    if (draining) throw new WitanError('HOST_STOPPING', 'The miner takes no more requests')
    return calls.answer(call)
  }
  const describe = () => {
    const load = { inFlight: queue.active(), queued: queue.waiting(), capacity: options.concurrency }
    return describeMiner({ offer, modelName, software: options.software }, task.description(), load)
  }

  const settling = createLoop(
    {
      name: 'settling',
      intervalMs: options.settleMs,
      run: async () =>
        metrics.vouchersSettledTotal.add(await settleVouchers({ ...paymentChain, journal: vouchers, policy })),
      onError: failed('settling'),
    },
    { clock, logger },
  )
  const pruning = createLoop(
    {
      name: 'journal pruning',
      intervalMs: PRUNE_INTERVAL_MS,
      run: () => metrics.journalPrunedTotal.add(journal.prune(clock.nowMs())),
      onError: failed('pruning'),
    },
    { clock, logger },
  )
  const parts = composeServices([
    admission,
    pruning,
    settling,
    // Whoever pays is answered; a request without a voucher costs little.
    network.serveInfer({ handler, admit: (peer) => offer.price > 0n || admission.admits(peer) }),
    network.serveDescribe(describe),
    record,
  ])

  const service = createService({
    async start(signal) {
      const registration = await checkRegistration({ netuid, operator, modelVersion }, chain.subnets)
      uid = registration.uid
      payments.begin(registration.nodeId)
      signal.throwIfAborted()
      draining = false
      const floorMs = journal.begin(clock.nowMs(), options.bootId)
      const waitMs = floorMs - clock.nowMs()
      if (waitMs > 0) logger.warn({ waitMs }, 'unclean end before this boot: old requests are waited out')
      await parts.start()
      running = true
      logger.info({ netuid, uid, operator, model: modelName, behaviour: behaviour.name }, 'miner started')
    },
    async stop() {
      draining = true
      running = false
      await parts.stop()
      await calls.whenIdle()
      journal.end()
      logger.info({ ...calls.counts() }, 'miner stopped')
    },
  })

  return {
    ...service,
    async drain() {
      draining = true
      await calls.whenIdle()
    },
    live: () => ({
      ok: calls.oldestMs() < STUCK_AFTER_MS,
      detail: { oldestCallMs: calls.oldestMs(), admissionAgeMs: admission.ageMs() },
    }),
    ready: () => ({ ok: running && !draining, detail: { running, draining } }),
    status: () => ({
      role: 'miner',
      uid,
      operator,
      peerId,
      behaviour: behaviour.name,
      ...calls.counts(),
      model: { name: modelName, version: modelVersion },
      recentErrors: errors.list(),
    }),
  }
}
