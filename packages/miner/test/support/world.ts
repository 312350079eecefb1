import {
  type Address,
  createDomain,
  createSigner,
  type Hex,
  type Receipt,
  type SignedReceipt,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Offer } from '../../src/serving/check-request.js'
import type { InferCall } from '../../src/serving/infer-call.js'

/** What the tests of the miner share: one miner, one consumer, one model. */
export const START_MS = 1_800_000_000_000
export const MODEL: Hex = `0x${'a1'.repeat(32)}`
export const signer = createSigner(new Uint8Array(32).fill(7))
export const CONSUMER: Address = `0x${'c0'.repeat(20)}`
export const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'5b'.repeat(20)}` })
export const offer: Offer = { netuid: 1, modelVersion: MODEL, policy: ZERO_DIGEST, price: 0n, maxInputBytes: 1024 }

export interface CallOverrides {
  readonly request?: Partial<InferCall['request']>
  readonly input?: Uint8Array
  readonly signal?: AbortSignal
  readonly operator?: Address
}

export function callOf(nonce: number, deadline: number, overrides: CallOverrides = {}): InferCall {
  return {
    operator: overrides.operator ?? CONSUMER,
    request: {
      nonce: `0x${nonce.toString(16).padStart(64, '0')}`,
      netuid: 1,
      modelVersion: MODEL,
      policy: ZERO_DIGEST,
      deadline,
      sampling: new Uint8Array(0),
      maxPrice: 0n,
      ...overrides.request,
    },
    input: overrides.input ?? new TextEncoder().encode('a picture'),
    signal: overrides.signal ?? new AbortController().signal,
  }
}

/** A signature that nobody checks. */
export function unsigned(receipt: Receipt): SignedReceipt {
  return { receipt, proof: [], batch: { root: ZERO_DIGEST, count: 1, signature: '0x' } }
}
