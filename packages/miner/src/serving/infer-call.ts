import type { Address, Closing, InferRequest } from '@witan/protocol'

/** One call as the network hands it over. */
export interface InferCall {
  /** The authenticated peer. */
  readonly operator: Address
  readonly request: Omit<InferRequest, 'input' | 'inputLength'>
  readonly input: Uint8Array
  /** Aborts when nobody wants the answer any more. */
  readonly signal: AbortSignal
}

/** What the network carries back. */
export interface InferAnswer {
  readonly output: Uint8Array
  /** Timing and receipt. */
  readonly closing: Omit<Closing, 'output'>
}
