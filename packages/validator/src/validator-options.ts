import type { Address, BehaviourName, Domain, Hex } from '@witan/protocol'
import type { Clock, Database, Logger, Metrics, Random, Service } from '@witan/runtime'
import type { SentenceMaker } from './challenge/make-challenge.js'
import type { Transactions, ValidatorChain } from './validator-chain.js'
import type { ValidatorNetwork } from './validator-network.js'

export interface ValidatorOptions {
  readonly netuid: number
  readonly operator: Address
  readonly peerId: string
  readonly domain: Domain
  /** The Consensus contract. */
  readonly consensus: Address
  readonly modelVersion: Hex
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
  /** How often the chain's clock is looked at, milliseconds; more often where epochs are short. */
  readonly tickMs: number
  /** Name and version of the program, as `describe` tells it. */
  readonly software: string
}

export interface ValidatorModules {
  readonly chain: ValidatorChain
  readonly transactions: Transactions
  readonly network: ValidatorNetwork
  /** Runs the registered version; started and stopped by the caller. */
  readonly task: { run(input: Uint8Array, signal?: AbortSignal): Promise<{ readonly output: Uint8Array }> }
  readonly sentences: SentenceMaker
  /** Keeps the address record announced and known. */
  readonly record: Service
  /** Opened with `VALIDATOR_MIGRATIONS` and full durability; closed by the caller. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly metrics: Metrics
}
