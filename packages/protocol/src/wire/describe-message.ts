import type { Hex } from '../bytes/hex.js'

/** A model as a miner serves it. */
export interface ModelOffer {
  /** Digest of the model's manifest. */
  readonly version: Hex
  readonly name: string
  readonly engine: string
  readonly device: string
  readonly precision: string
  /** Longest input in the model's units; 0: the manifest says. */
  readonly context: number
  /** Wei. */
  readonly pricePerRequest: bigint
  /** Wei. */
  readonly pricePerUnit: bigint
  /** Digest of the policy it is served under. */
  readonly policy: Hex
  /** As the miner measured; 0: not measured. */
  readonly unitsPerSecond: number
}

/** Requests of the miner now. */
export interface Load {
  readonly inFlight: number
  readonly queued: number
  /** Requests it runs at once. */
  readonly capacity: number
}

/** What a miner offers, to anybody who asks. */
export interface Description {
  readonly models: readonly ModelOffer[]
  readonly load: Load
  /** Name and version of the node's software. */
  readonly software: string
}
