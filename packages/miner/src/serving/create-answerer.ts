import type { Rules, Stock, TaskAnswer } from '@witan/inference'
import {
  type Address,
  type Domain,
  type Hex,
  keccak256Hex,
  type Receipt,
  requestIdOf,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { MinerBehaviour } from '../behaviour/miner-behaviour.js'
import { MAX_KEPT_OUTPUT_BYTES } from '../constants.js'
import type { AnswerJournal, JournaledAnswer } from '../journal/answer-journal.js'
import type { SigningDesk } from '../journal/signing-desk.js'
import type { Charge, PaymentBook } from '../payments/payment-book.js'
import { checkOutput, checkRules, passGate, rulesFor } from './apply-rules.js'
import { checkRequest, type Offer } from './check-request.js'
import type { InferAnswer, InferCall } from './infer-call.js'
import type { OfferedVersion, Offers } from './offers.js'
import type { WorkQueue } from './work-queue.js'

export interface AnswererOptions {
  readonly operator: Address
  readonly offer: Offer
  readonly domain: Domain
}

export interface AnswererModules {
  readonly offers: Pick<Offers, 'find'>
  readonly stock: Pick<Stock, 'rules' | 'settled'>
  readonly behaviour: Pick<MinerBehaviour, 'answer' | 'appliesPolicy'>
  readonly queue: WorkQueue
  readonly journal: Pick<AnswerJournal, 'find' | 'vouchesFor'>
  readonly desk: SigningDesk
  readonly payments: Pick<PaymentBook, 'priceFor' | 'charge'>
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>
}

/** A call with what it is answered by. */
interface Job {
  readonly requestId: Hex
  readonly call: InferCall
  readonly offered: OfferedVersion
  readonly rules: Rules | undefined
}

/**
 * Answers calls: check, charge, run, journal, sign. A request asked again gets the receipt and output that the journal holds;
 * one that the journal cannot vouch for is refused. So no request ever has two receipts.
 */
export function createAnswerer(
  options: AnswererOptions,
  modules: AnswererModules,
): (call: InferCall) => Promise<InferAnswer> {
  const { operator, offer, domain } = options
  const { offers, stock, behaviour, queue, journal, desk, payments, clock } = modules
  const inProgress = new Set<Hex>()

  const answerAnew = async (job: Job): Promise<InferAnswer> => {
    if (job.rules !== undefined) checkRules(job.rules, job.offered, job.call)
    const charge = await payments.charge(job.call)
    let delivered = false
    try {
      return await answerCharged(job, charge, () => {
        delivered = true
        charge.deliver()
      })
    } finally {
      if (!delivered) charge.release()
    }
  }

  const answerCharged = async (
    { requestId, call, offered, rules }: Job,
    charge: Charge,
    deliver: () => void,
  ): Promise<InferAnswer> => {
    const arrivedMs = clock.monotonicMs()
    const startedAt = clock.nowMs()
    let queueMs = 0
    const run = async () => {
      queueMs = elapsedMs(arrivedMs)
      if (rules !== undefined) await passGate(rules, call)
      return offered.model.run(call.input, call.signal)
    }
    const answer = await behaviour.answer(() => queue.run(run, call.signal), call.signal, requestId)
    call.signal.throwIfAborted()
    if (rules !== undefined) checkOutput(rules, answer.output)
    const receipt = receiptOf(requestId, call, answer, startedAt, charge)
    const kept = keptOutput(answer.output, rules, clock.nowMs())
    deliver()
    const signed = await desk.sign({ requestId, deadlineMs: call.request.deadline, receipt, ...kept })
    const totalMs = elapsedMs(arrivedMs)
    return { output: answer.output, closing: { timing: { queueMs, firstMs: totalMs, totalMs }, receipt: signed } }
  }

  const repeat = async (answered: JournaledAnswer): Promise<InferAnswer> => {
    const { requestId, output } = answered
    if (output === undefined) {
      throw new WitanError('ANSWER_NOT_KEPT', 'The request was answered before', { facts: { requestId } })
    }
    const receipt = await desk.sign(answered)
    return { output, closing: { timing: { queueMs: 0, firstMs: 0, totalMs: 0 }, receipt } }
  }

  const receiptOf = (
    requestDigest: Hex,
    { request }: InferCall,
    answer: TaskAnswer,
    startedAt: number,
    { price, channelId }: Charge,
  ): Receipt => ({
    requestDigest,
    responseDigest: keccak256Hex(answer.output),
    evidenceDigest: ZERO_DIGEST,
    modelVersion: request.modelVersion,
    policy: request.policy,
    units: answer.units,
    price,
    channel: channelId,
    startedAt,
    // The wall clock may step back; a receipt that ends before it begins would be refused.
    finishedAt: Math.max(startedAt, clock.nowMs()),
  })

  const elapsedMs = (sinceMs: number) => Math.round(clock.monotonicMs() - sinceMs)

  return async (call) => {
    checkRequest(call, { ...offer, price: payments.priceFor(call.operator) }, clock.nowMs())
    const offered = await offers.find(call.request, call.signal)
    const rules = behaviour.appliesPolicy ? await rulesFor(call.request.policy, stock, call.signal) : undefined
    const requestId = requestIdOf(domain, { consumer: call.operator, miner: operator }, call.request, call.input)
    if (inProgress.has(requestId)) {
      throw new WitanError('REQUEST_IN_PROGRESS', 'The request is being answered', { facts: { requestId } })
    }
    inProgress.add(requestId)
    try {
      const answered = journal.find(requestId, clock.nowMs())
      if (answered !== undefined) return await repeat(answered)
      const { deadline } = call.request
      if (!journal.vouchesFor(deadline)) {
        throw new WitanError('REQUEST_TOO_OLD', 'The journal does not reach back to this request', {
          facts: { deadline },
        })
      }
      const job = { requestId, call, offered, rules }
      return await holdingModels(job, () => answerAnew(job))
    } finally {
      inProgress.delete(requestId)
    }
  }
}

/** What the registry lets go of meanwhile stays loaded until the request is answered. */
function holdingModels<T>({ offered: { model }, rules }: Job, work: () => Promise<T>): Promise<T> {
  const gate = rules?.gate
  return model.use(() => (gate === undefined ? work() : gate.use(work)))
}

/** A small output is kept for whoever asks again, as long as the policy allows. */
function keptOutput(
  output: Uint8Array,
  rules: Rules | undefined,
  nowMs: number,
): Pick<JournaledAnswer, 'output' | 'outputUntilMs'> {
  const retentionSeconds = rules?.policy.retentionSeconds
  if (output.length > MAX_KEPT_OUTPUT_BYTES || retentionSeconds === 0) return { output: undefined }
  return { output, ...(retentionSeconds !== undefined && { outputUntilMs: nowMs + retentionSeconds * 1000 }) }
}
