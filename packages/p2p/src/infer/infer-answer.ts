import type { Closing, InferRequest } from '@witan/protocol'

/** A request without its input, which is given by itself. */
export type InferHead = Omit<InferRequest, 'inputLength' | 'input'>

/** An answer: the output, and what the miner says and signs about it. */
export interface InferAnswer {
  readonly output: Uint8Array
  readonly closing: Omit<Closing, 'output'>
}
