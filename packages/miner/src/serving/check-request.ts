import { INFER_PROTOCOL, WitanError } from '@witan/protocol'
import type { InferCall } from './infer-call.js'

/** What every request to a miner must fit; version and policy are looked up in its offers. */
export interface Offer {
  readonly netuid: number
  /** Wei. */
  readonly price: bigint
  readonly maxInputBytes: number
}

type Check = (call: InferCall, offer: Offer, nowMs: number) => WitanError | undefined

const CHECKS: readonly Check[] = [checkSubnet, checkDeadline, checkPrice, checkSampling, checkInput]

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
