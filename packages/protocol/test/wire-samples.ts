import { bytesToHex, type Hex } from '../src/bytes/hex.js'
import type { SignedReceipt } from '../src/receipts/receipt.js'
import type { InferFrame } from '../src/wire/infer-frame.js'
import type { RandomBytes } from './random-bytes.js'

export const digest = (random: RandomBytes): Hex => bytesToHex(random.bytes(32))

const count = (random: RandomBytes): number =>
  [0, 1, 127, 128, 2 ** 32 - 1, 2 ** 32, 1_800_000_000_123, 2 ** 53 - 1][random.below(8)]!
const amount = (random: RandomBytes): bigint => [0n, 1n, 255n, 256n, 10n ** 18n, 2n ** 256n - 1n][random.below(6)]!
const word = (random: RandomBytes): number => [0, 1, 300, 2 ** 32 - 1][random.below(4)]!

export function sampleReceipt(random: RandomBytes): SignedReceipt {
  return {
    receipt: {
      requestDigest: digest(random),
      responseDigest: digest(random),
      evidenceDigest: digest(random),
      modelVersion: digest(random),
      policy: digest(random),
      units: count(random),
      price: amount(random),
      channel: digest(random),
      startedAt: count(random),
      finishedAt: count(random),
    },
    proof: Array.from({ length: random.below(11) }, () => digest(random)),
    batch: { root: digest(random), count: 1 + random.below(1024), signature: bytesToHex(random.bytes(65)) },
  }
}

/** One frame of every kind, with random and boundary values. */
export function sampleFrames(random: RandomBytes): InferFrame[] {
  const call = word(random)
  const input = random.bytes([0, 1, 256][random.below(3)]!)
  const timing = { queueMs: word(random), firstMs: word(random), totalMs: word(random) }
  const receipt = sampleReceipt(random)
  const request = {
    nonce: digest(random),
    netuid: [0, 1, 65_535][random.below(3)]!,
    modelVersion: digest(random),
    policy: digest(random),
    deadline: count(random),
    sampling: random.bytes([0, 5][random.below(2)]!),
    maxPrice: amount(random),
    inputLength: input.length,
    input,
  }
  const voucher = {
    voucher: { channelId: digest(random), cumulative: amount(random), receiptDigest: digest(random) },
    signature: bytesToHex(random.bytes(65)),
  }
  return [
    { call, kind: 'request', body: request },
    { call, kind: 'request', body: { ...request, voucher } },
    { call, kind: 'request', body: { ...request, inputLength: 1 << 20, input: new Uint8Array(0) } },
    { call, kind: 'chunk', body: { data: random.bytes(1 + random.below(300)) } },
    { call, kind: 'closing', body: { output: random.bytes(random.below(300)), timing, receipt } },
    { call, kind: 'closing', body: { timing, receipt } },
    { call, kind: 'failure', body: { code: 'BUSY', message: 'the queue is full: zażółć', retryAfterMs: word(random) } },
    { call, kind: 'cancel', body: {} },
    { call, kind: 'credit', body: { bytes: 1 + random.below(1 << 20) } },
  ]
}
