import type { Hex } from '../bytes/hex.js'
import type { SignedReceipt } from '../receipts/receipt.js'
import type { SignedVoucher } from '../receipts/voucher.js'

/** A request as it travels; consumer and miner are the two ends of the authenticated connection. */
export interface InferRequest {
  /** 32 bytes. */
  readonly nonce: Hex
  readonly netuid: number
  readonly modelVersion: Hex
  readonly policy: Hex
  /** Unix milliseconds. */
  readonly deadline: number
  /** Canonical sampling parameters and seed; empty for models that do not sample. */
  readonly sampling: Uint8Array
  /** Wei. */
  readonly maxPrice: bigint
  /** Bytes of the whole input. */
  readonly inputLength: number
  /** The whole input, or empty when chunks follow. */
  readonly input: Uint8Array
  /** Pays this answer and those before it; absent where nothing is paid. */
  readonly voucher?: SignedVoucher
}

/** The next bytes of a large input, or of an output as it arises. */
export interface Chunk {
  readonly data: Uint8Array
}

/** Milliseconds from the arrival of the request. */
export interface Timing {
  /** Left the queue. */
  readonly queueMs: number
  readonly firstMs: number
  readonly totalMs: number
}

/** The end of an answer. */
export interface Closing {
  /** The whole output; absent when chunks came before. */
  readonly output?: Uint8Array
  readonly timing: Timing
  readonly receipt: SignedReceipt
}

/** The end of a call without an answer. */
export interface Failure {
  /** A permanent error code, for example `NOT_ADMITTED` or `BUSY`. */
  readonly code: string
  readonly message: string
  /** When asking again may help; 0: it will not. */
  readonly retryAfterMs: number
}

/** The receiver of a payload allows its sender this many more bytes. */
export interface Credit {
  readonly bytes: number
}

export interface InferBodies {
  readonly request: InferRequest
  readonly chunk: Chunk
  readonly closing: Closing
  readonly failure: Failure
  readonly cancel: Record<never, never>
  readonly credit: Credit
}

export type InferFrameKind = keyof InferBodies

/** One frame of the infer protocol; `call` is chosen by the requester, unique among the open calls of the stream. */
export type InferFrame = {
  readonly [Kind in InferFrameKind]: { readonly call: number; readonly kind: Kind; readonly body: InferBodies[Kind] }
}[InferFrameKind]
