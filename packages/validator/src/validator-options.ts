import type { Stock } from '@witan/inference'
import type { Address, BehaviourName, Domain, Hex } from '@witan/protocol'
import type { Clock, Database, Logger, Metrics, Random, Service } from '@witan/runtime'
import type { MechanismSources } from './challenge/mechanism.js'
import type { Transactions, ValidatorChain } from './validator-chain.js'
import type { ValidatorNetwork } from './validator-network.js'

export interface ValidatorOptions {
  readonly netuid: number
  readonly operator: Address
  readonly peerId: string
  readonly domain: Domain
  /** The Consensus contract. */
  readonly consensus: Address
  /** The model whose versions are judged as the registry has them; 0: only `modelVersion`. */
  readonly modelId: bigint
  /** The version of the configuration; undefined: none is known here. */
  readonly modelVersion: Hex | undefined
  readonly behaviour: BehaviourName<'validator'>
  readonly challenges: {
    /** Of each miner in an epoch. */
    readonly perMiner: number
    /** Miners judged in an epoch. */
    readonly sampleSize: number
    /** Time for an answer, milliseconds. */
    readonly answerMs: number
    readonly concurrency: number
  }
  /** How often the registry is read, milliseconds. */
  readonly registryRefreshMs: number
  /** How often the chain's clock is looked at, milliseconds; more often where epochs are short. */
  readonly tickMs: number
  /** Name and version of the program, as `describe` tells it. */
  readonly software: string
}

export interface ValidatorModules extends MechanismSources {
  readonly chain: ValidatorChain
  readonly transactions: Transactions
  readonly network: ValidatorNetwork
  /** Models and policies at hand; started and stopped by the caller. */
  readonly stock: Pick<Stock, 'want' | 'model' | 'failure' | 'rules' | 'settled'>
  /** Keeps the address record announced and known. */
  readonly record: Service
  /** Opened with `VALIDATOR_MIGRATIONS` and full durability; closed by the caller. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly metrics: Metrics
}
