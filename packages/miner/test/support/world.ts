import type { Channel } from '@witan/chain'
import {
  type Address,
  createDomain,
  createSigner,
  type Hex,
  type Receipt,
  type SignedReceipt,
  type SignedVoucher,
  signVoucher,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Clock, Database } from '@witan/runtime'
import { createPaymentBook } from '../../src/payments/payment-book.js'
import { openVoucherJournal } from '../../src/payments/voucher-journal.js'
import type { Offer } from '../../src/serving/check-request.js'
import type { InferCall } from '../../src/serving/infer-call.js'

/** What the tests of the miner share: one miner, one consumer, one model. */
export const START_MS = 1_800_000_000_000
export const MODEL: Hex = `0x${'a1'.repeat(32)}`
export const signer = createSigner(new Uint8Array(32).fill(7))
export const CONSUMER: Address = `0x${'c0'.repeat(20)}`
export const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'5b'.repeat(20)}` })
export const offer: Offer = { netuid: 1, price: 0n, maxInputBytes: 1024 }

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

export const NODE_ID = 5n
export const MODEL_ID = 7n
export const CHANNEL: Hex = `0x${'cc'.repeat(32)}`
export const channelDomain = createDomain({ chainId: 31_337, verifyingContract: `0x${'9a'.repeat(20)}` })
export const consumer = createSigner(new Uint8Array(32).fill(9))

/** A channel of `consumer` with 100 wei in it. */
export const channelOf = (overrides: Partial<Channel> = {}): Channel => ({
  consumer: consumer.address,
  nodeId: NODE_ID,
  netuid: 1,
  modelId: MODEL_ID,
  deposit: 100n,
  paid: 0n,
  closesAt: 0,
  ...overrides,
})

export const voucherOf = (cumulative: bigint, channelId = CHANNEL): SignedVoucher =>
  signVoucher({ channelId, cumulative, receiptDigest: ZERO_DIGEST }, consumer, channelDomain)

/** The book of a miner that charges nobody, or `price`. */
export function paymentsOf(
  database: Database,
  clock: Pick<Clock, 'monotonicMs'>,
  { price = 0n, channel = async () => channelOf() }: { price?: bigint; channel?: (id: Hex) => Promise<Channel> } = {},
) {
  const journal = openVoucherJournal(database)
  const book = createPaymentBook(
    { netuid: 1, modelId: MODEL_ID, price, domain: channelDomain },
    { journal, channel, isFree: (operator) => operator === CONSUMER, clock },
  )
  book.begin(NODE_ID)
  return { book, journal }
}

/** A signature that nobody checks. */
export function unsigned(receipt: Receipt): SignedReceipt {
  return { receipt, proof: [], batch: { root: ZERO_DIGEST, count: 1, signature: '0x' } }
}
