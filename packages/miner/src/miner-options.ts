import type { Stock } from '@witan/inference'
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
  /** The model whose versions are served as the registry has them; 0: only `modelVersion`. */
  readonly modelId: bigint
  /** The version of the configuration; undefined: none is known here. */
  readonly modelVersion: Hex | undefined
  /** Longest input of a model, bytes. */
  readonly maxInputBytes: number
  /** Operators served whatever their stake. */
  readonly admit: readonly Address[]
  /** How often permits, stake and the registry are read again. */
  readonly admissionRefreshMs: number
  /** Requests run at once; those that may wait. */
  readonly concurrency: number
  readonly queue: number
  /** Wei of an answer to anybody but validators and admitted operators; 0: only those are answered, free of charge. */
  readonly price: bigint
  /** The model that channels must pay for; 0: none. */
  readonly paidModelId: bigint
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
  /** Models and policies at hand; started and stopped by the caller. */
  readonly stock: Pick<Stock, 'want' | 'model' | 'failure' | 'rules' | 'settled'>
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
