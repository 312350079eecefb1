import { checkRegistration, createRegistryFollower } from '@witan/chain'
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
import { FORGET_INTERVAL_MS, PRUNE_INTERVAL_MS } from './constants.js'
import { describeMiner } from './describe.js'
import { openAnswerJournal } from './journal/answer-journal.js'
import { createSigningDesk } from './journal/signing-desk.js'
import { createMinerMetrics } from './metrics.js'
import type { MinerModules, MinerOptions } from './miner-options.js'
import { createPaymentBook } from './payments/payment-book.js'
import { settleVouchers } from './payments/settler.js'
import { openVoucherJournal } from './payments/voucher-journal.js'
import { createReceiptSigner } from './receipt-signer.js'
import { boundWaiting } from './serving/bound-waiting.js'
import type { Offer } from './serving/check-request.js'
import { createAnswerer } from './serving/create-answerer.js'
import type { InferAnswer, InferCall } from './serving/infer-call.js'
import { observeCalls } from './serving/observe-calls.js'
import { createOffers } from './serving/offers.js'
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
  /** What it serves now, live versions first. */
  readonly models: readonly { readonly name: string; readonly version: Hex; readonly policy: Hex }[]
  readonly recentErrors: readonly RecentError[]
}

export interface Miner extends Service {
  status(): MinerStatus
  live(): Health
  ready(): Health
  /** A model or policy that it wants cannot be had for now. */
  noteMissing(what: 'model' | 'policy', digest: Hex, error: unknown): void
  /** Takes no more requests and resolves when those in progress have ended; `stop` follows. */
  drain(): Promise<void>
}

/** No call outlives the longest deadline by this much unless something hangs. */
const STUCK_AFTER_MS = INFER_PROTOCOL.maxDeadlineMs + 60_000

export function createMiner(options: MinerOptions, modules: MinerModules): Miner {
  const { netuid, peerId, domain, modelId, modelVersion, maxInputBytes, price } = options
  const { chain, network, stock, behaviour, record, signer, database, clock, logger } = modules
  const operator = signer.address
  const fixed = modelId === 0n ? modelVersion : undefined
  const metrics = createMinerMetrics(modules.metrics)
  const errors = createRecentErrors({}, { clock })
  const offer: Offer = { netuid, price, maxInputBytes }
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
  const registry = createRegistryFollower(
    { netuid, modelId, modelVersion, refreshMs: options.admissionRefreshMs },
    {
      acceptedOn: (id, signal) => chain.models.acceptedOn(id, signal),
      onRead: (counting) => offers.follow(counting),
      onError: failed('registry'),
      clock,
      logger,
    },
  )
  const patient = boundWaiting(stock)
  const offers = createOffers({ registry, stock: patient, behaviour })
  const { payments: paymentChain, settlePolicy: policy } = modules
  const vouchers = openVoucherJournal(database)
  const payments = createPaymentBook(
    { netuid, modelId: options.paidModelId, price, domain: paymentChain.domain },
    { journal: vouchers, channel: (id) => paymentChain.channel(id), isFree: admission.admits, clock },
  )
  const answer = createAnswerer(
    { operator, offer, domain },
    { offers, stock: patient, behaviour, queue, journal, desk, payments, clock },
  )
  const calls = observeCalls(answer, { clock, logger, metrics, errors })
  const handler = async (call: InferCall): Promise<InferAnswer> => {
    if (draining) throw new WitanError('HOST_STOPPING', 'The miner takes no more requests')
    return calls.answer(call)
  }
  const describe = () => {
    const load = { inFlight: queue.active(), queued: queue.waiting(), capacity: options.concurrency }
    return describeMiner({ offered: offers.list(), price, software: options.software }, load)
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
  const forgetting = createLoop(
    {
      name: 'output forgetting',
      intervalMs: FORGET_INTERVAL_MS,
      run: () => metrics.outputsForgottenTotal.add(journal.forgetOutputs(clock.nowMs())),
      onError: failed('forgetting'),
    },
    { clock, logger },
  )
  /** What is served from the first moment on is loaded by then. */
  const following = createService({
    async start() {
      await registry.start()
      if (registry.versions().length === 0) logger.warn({ netuid, modelId }, 'no version of the model counts yet')
      await stock.settled()
      // An operator who chose the version hears at once why it does not run.
      const failure = fixed === undefined ? undefined : stock.failure(fixed)
      if (failure === undefined) return
      await registry.stop()
      throw failure
    },
    stop: () => registry.stop(),
  })
  const parts = composeServices([
    admission,
    following,
    pruning,
    forgetting,
    settling,
    // Whoever pays is answered; a request without a voucher costs little.
    network.serveInfer({ handler, admit: (peer) => price > 0n || admission.admits(peer) }),
    network.serveDescribe(describe),
    record,
  ])

  const service = createService({
    async start(signal) {
      const registration = await checkRegistration({ netuid, operator, modelVersion: fixed }, chain)
      uid = registration.uid
      payments.begin(registration.nodeId)
      signal.throwIfAborted()
      draining = false
      const floorMs = journal.begin(clock.nowMs(), options.bootId, registration.registeredAt * 1000)
      const waitMs = floorMs - clock.nowMs()
      if (waitMs > 0) logger.warn({ waitMs }, 'what was signed before may be lost: old requests are waited out')
      await parts.start()
      running = true
      logger.info({ netuid, uid, operator, models: offers.list().length, behaviour: behaviour.name }, 'miner started')
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
    noteMissing(what, digest, error) {
      metrics.backgroundFailuresTotal.increment({ task: what })
      errors.note(error)
      logger.warn({ [what]: digest, err: error }, 'it cannot be had, trying again')
    },
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
      models: offers.list().map(({ version, policies, model }) => {
        return { name: model.manifest.name, version, policy: policies[0] ?? ZERO_DIGEST }
      }),
      recentErrors: errors.list(),
    }),
  }
}
