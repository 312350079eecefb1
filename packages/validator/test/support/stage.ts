import { join } from 'node:path'
import type { BehaviourName, Signer } from '@witan/protocol'
import {
  createLogger,
  createManualClock,
  createMetrics,
  createSeededRandom,
  createService,
  type Database,
  openDatabase,
} from '@witan/runtime'
import { createValidator, VALIDATOR_MIGRATIONS, type Validator, type ValidatorModules } from '../../src/index.js'
import { CONSENSUS, MODEL, NETUID, neuronOf, START_SECONDS, TestChain } from './chain.js'
import { domain, keyOf, sentences, stock, TestMiners } from './miners.js'

export interface Actor {
  readonly validator: Validator
  readonly signer: Signer
  readonly database: Database
  readonly metrics: ReturnType<typeof createMetrics>
}

/** Uids 0 and 1 validate, 2 to 4 serve; a chain, a clock and as many validator processes as a test wants. */
export class Stage {
  readonly clock = createManualClock(START_SECONDS * 1000)
  readonly chain = new TestChain(this.clock)
  readonly signers = Array.from({ length: 5 }, (_, uid) => keyOf(uid + 1))
  readonly miners: TestMiners
  readonly #folder: string
  readonly #transactions: ValidatorModules['transactions'][]

  constructor(folder: string) {
    this.#folder = folder
    this.chain.neurons = this.signers.map(({ address }, uid) => neuronOf(uid, address, uid < 2 ? BigInt(10 - uid) : 0n))
    this.#transactions = this.signers.map(({ address }) => this.chain.sender(address))
    this.miners = new TestMiners(this.signers[0]!.address)
    for (const signer of this.signers.slice(2)) this.miners.add(signer)
  }

  /** A process of validator `uid` with its files; a second one is the first after a restart. */
  open(uid: number, behaviour: BehaviourName<'validator'> = 'honest', life = 0): Actor {
    const signer = this.signers[uid]!
    const database = openDatabase(join(this.#folder, `validator-${uid}.sqlite`), VALIDATOR_MIGRATIONS)
    const metrics = createMetrics()
    const validator = createValidator(
      {
        netuid: NETUID,
        operator: signer.address,
        peerId: `peer ${uid}`,
        domain,
        consensus: CONSENSUS,
        modelId: 0n,
        modelVersion: MODEL,
        registryRefreshMs: 5_000,
        behaviour,
        challenges: { perMiner: 4, sampleSize: 64, answerMs: 5_000, concurrency: 8 },
        tickMs: 1_000,
        software: 'witan/test',
      },
      {
        chain: this.chain.client(),
        transactions: this.#transactions[uid]!,
        network: this.miners.network(),
        stock,
        sentences,
        pictures: async () => [],
        record: createService({ start: () => undefined, stop: () => undefined }),
        database,
        clock: this.clock,
        random: createSeededRandom(`validator ${uid} life ${life}`),
        logger: createLogger({ name: 'test', level: 'silent' }),
        metrics,
      },
    )
    return { validator, signer, database, metrics }
  }

  /** Moves chain and clock to `seconds` after the start of epoch 0. */
  async until(seconds: number): Promise<void> {
    await this.clock.advance(START_SECONDS * 1000 + seconds * 1000 - this.clock.nowMs())
  }

  /** Transactions mined, as `uid method epoch`. */
  mined(): string[] {
    const uidOf = new Map(this.signers.map(({ address }, uid) => [address, uid]))
    return this.chain.mined.map(({ from, method, epoch }) => `${uidOf.get(from)} ${method} ${epoch}`)
  }
}

/** The end of a process that was not asked: nothing is written afterwards. */
export async function kill({ validator, database }: Actor): Promise<void> {
  await validator.stop()
  database.close()
}
