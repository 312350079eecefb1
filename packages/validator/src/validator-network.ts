import type { Address, Closing, Description, InferRequest } from '@witan/protocol'
import type { Service } from '@witan/runtime'

/** A miner and where it may be found. */
export interface MinerTarget {
  readonly operator: Address
  readonly multiaddrs: readonly string[]
}

export type InferHead = Omit<InferRequest, 'input' | 'inputLength'>

export interface InferAnswer {
  readonly output: Uint8Array
  readonly closing: Omit<Closing, 'output'>
}

/** What a validator needs of the network. */
export interface ValidatorNetwork {
  /** Throws `RECORD_NOT_FOUND`. */
  resolve(operator: Address, signal: AbortSignal): Promise<readonly string[]>
  describe(target: MinerTarget, signal: AbortSignal): Promise<Description>
  infer(target: MinerTarget, head: InferHead, input: Uint8Array, signal: AbortSignal): Promise<InferAnswer>
  /** Answers who asks what this node offers. */
  serveDescribe(describe: () => Description): Service
}
