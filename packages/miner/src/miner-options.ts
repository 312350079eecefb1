import type { TaskAnswer, TaskDescription } from '@witan/inference'
import type { Address, Description, Domain, Hex, Signer } from '@witan/protocol'
import type { Clock, Database, Logger, Metrics, Service } from '@witan/runtime'
import type { MinerBehaviour } from './behaviour/miner-behaviour.js'
import type { MinerChain, PaymentChain } from './miner-chain.js'
import type { SettlePolicy } from './payments/settle-policy.js'
import type { InferAnswer, InferCall } from './serving/infer-call.js'

export interface MinerOptions {
  readonly netuid: number
  readonly peerId: string
  readonly domain: Domain
  readonly modelName: string
  readonly modelVersion: Hex
  /** Longest input of the model, bytes. */
  readonly maxInputBytes: number
  /** Operators served whatever their stake. */
  readonly admit: readonly Address[]
  /** How often permits and stake are read again. */
  readonly admissionRefreshMs: number
  /** Requests run at once; those that may wait. */
  readonly concurrency: number
  readonly queue: number
  /** Wei of an answer to anybody but validators and admitted operators; 0: only those are answered, free of charge. */
  readonly price: bigint
  /** The model that channels must pay for; 0: none. */
  readonly modelId: bigint
  /** How often it is decided whether vouchers are worth settling. */
  readonly settleMs: number
  /** Names this boot of the machine: `readBootId`. */
  readonly bootId: string
  /** Name and version of the program, as `describe` tells it. */
  readonly software: string
}

/** What a miner needs of the network: two servers around its two functions. */
export interface MinerNetwork {
  serveInfer(serving: { handler(call: InferCall): Promise<InferAnswer>; admit(operator: Address): boolean }): Service
  serveDescribe(describe: () => Description): Service
}

export interface MinerModules {
  readonly chain: MinerChain
  readonly payments: PaymentChain
  readonly settlePolicy: SettlePolicy
  readonly network: MinerNetwork
  /** Runs the model; started and stopped by the caller. */
  readonly task: { run(input: Uint8Array, signal?: AbortSignal): Promise<TaskAnswer>; description(): TaskDescription }
  readonly behaviour: MinerBehaviour
  /** The operator key. */
  readonly signer: Signer
  /** Keeps the address record announced and known. */
  readonly record: Service
  /** Opened with `MINER_MIGRATIONS`; closed by the caller. */
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}
