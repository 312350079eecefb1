// Field numbers of infer.proto and receipt.proto, for the code that writes and reads them without the generated one.

export const FRAME = { call: 1, request: 2, chunk: 3, closing: 4, failure: 5, cancel: 6, credit: 7 } as const

export const REQUEST = {
  nonce: 1,
  netuid: 2,
  modelVersion: 3,
  policy: 4,
  deadline: 5,
  sampling: 6,
  maxPrice: 7,
  inputLength: 8,
  input: 9,
  voucher: 10,
} as const

export const VOUCHER = { channelId: 1, cumulative: 2, receiptDigest: 3, signature: 4 } as const

export const CHUNK = { data: 1 } as const

export const CLOSING = { output: 1, timing: 2, receipt: 3 } as const

export const TIMING = { queueMs: 1, firstMs: 2, totalMs: 3 } as const

export const FAILURE = { code: 1, message: 2, retryAfterMs: 3 } as const

export const CREDIT = { bytes: 1 } as const

export const SIGNED_RECEIPT = { receipt: 1, proof: 2, batch: 3 } as const

export const RECEIPT = {
  requestDigest: 1,
  responseDigest: 2,
  evidenceDigest: 3,
  modelVersion: 4,
  policy: 5,
  units: 6,
  price: 7,
  channel: 8,
  startedAt: 9,
  finishedAt: 10,
} as const

export const BATCH = { root: 1, count: 2, signature: 3 } as const
