import { type Hex, INFER_PROTOCOL, WitanError } from '@witan/protocol'
import type { InferCall } from './infer-call.js'

/** What a miner serves, and for how much. */
export interface Offer {
  readonly netuid: number
  readonly modelVersion: Hex
  readonly policy: Hex
  /** Wei. */
  readonly price: bigint
  readonly maxInputBytes: number
}

type Check = (call: InferCall, offer: Offer, nowMs: number) => WitanError | undefined

const CHECKS: readonly Check[] = [
  checkSubnet,
  checkModel,
  checkPolicy,
  checkDeadline,
  checkPrice,
  checkSampling,
  checkInput,
]

/** Throws the first reason why this miner does not answer the request; cheap, so it runs before the queue. */
export function checkRequest(call: InferCall, offer: Offer, nowMs: number): void {
  for (const check of CHECKS) {
    const refusal = check(call, offer, nowMs)
    if (refusal !== undefined) throw refusal
  }
}

function checkSubnet({ request: { netuid } }: InferCall, offer: Offer): WitanError | undefined {
  if (netuid === offer.netuid) return undefined
  const facts = { netuid, served: offer.netuid }
  return new WitanError('REQUEST_MISADDRESSED', 'The request is for another subnet', { facts })
}

function checkModel({ request: { modelVersion } }: InferCall, offer: Offer): WitanError | undefined {
  if (modelVersion === offer.modelVersion) return undefined
  const facts = { modelVersion, served: offer.modelVersion }
  return new WitanError('MODEL_NOT_SERVED', 'The miner does not serve this model version', { facts })
}

function checkPolicy({ request: { policy } }: InferCall, offer: Offer): WitanError | undefined {
  if (policy === offer.policy) return undefined
  const facts = { policy, served: offer.policy }
  return new WitanError('REQUEST_MISADDRESSED', 'The request is under another policy', { facts })
}

function checkDeadline({ request: { deadline } }: InferCall, _: Offer, nowMs: number): WitanError | undefined {
  const leftMs = deadline - nowMs
  if (leftMs > 0 && leftMs <= INFER_PROTOCOL.maxDeadlineMs) return undefined
  const facts = { deadline, leftMs, maxMs: INFER_PROTOCOL.maxDeadlineMs }
  return new WitanError('REQUEST_DEADLINE_INVALID', 'The deadline has passed or lies too far ahead', { facts })
}

function checkPrice({ request: { maxPrice } }: InferCall, offer: Offer): WitanError | undefined {
  if (maxPrice >= offer.price) return undefined
  const facts = { maxPrice, price: offer.price }
  return new WitanError('REQUEST_PRICE_TOO_LOW', 'The request pays less than the miner charges', { facts })
}

function checkSampling({ request: { sampling } }: InferCall): WitanError | undefined {
  if (sampling.length === 0) return undefined
  const facts = { samplingBytes: sampling.length }
  return new WitanError('REQUEST_SAMPLING_UNSUPPORTED', 'The model does not sample', { facts })
}

function checkInput({ input }: InferCall, offer: Offer): WitanError | undefined {
  if (input.length <= offer.maxInputBytes) return undefined
  const facts = { bytes: input.length, maxBytes: offer.maxInputBytes }
  return new WitanError('INPUT_TOO_LARGE', 'The input is larger than the model takes', { facts })
}
