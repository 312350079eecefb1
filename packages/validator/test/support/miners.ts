import type { ModelManifest, StockedModel } from '@witan/inference'
import {
  type Address,
  createDomain,
  createSigner,
  type Description,
  keccak256Hex,
  type Receipt,
  requestIdOf,
  type Signer,
  signReceiptBatch,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Service } from '@witan/runtime'
import type { InferAnswer, InferHead, SentenceMaker, ValidatorModules, ValidatorNetwork } from '../../src/index.js'
import { CHAIN_ID, MODEL } from './chain.js'

export const domain = createDomain({ chainId: CHAIN_ID, verifyingContract: `0x${'5b'.repeat(20)}` })
export const keyOf = (seed: number): Signer => createSigner(new Uint8Array(32).fill(seed))
const bytes = (text: string) => new TextEncoder().encode(text)

/** Sentences whose picture is their text: what is judged here is the validator, not a model. */
export const sentences: SentenceMaker = {
  generate: (chance) => `sentence ${chance.below(1_000_000)}`,
  render: async (sentence) => bytes(sentence),
}

/** The model that reads such pictures. */
export const reader: StockedModel = {
  version: MODEL,
  manifest: { name: 'reader', task: 'text-recognition', inputs: { media: ['image/png'] } } as unknown as ModelManifest,
  run: async (input) => ({ output: input, units: 1 }),
  use: (work) => work(),
  description: () => ({
    task: 'text-recognition',
    unit: 'image',
    runtime: 'test/cpu',
    device: { engine: 'test', version: '1', provider: 'cpu', device: 'a processor', precision: 'float32' },
  }),
}

/** Has that model at hand and no other. */
export const stock: ValidatorModules['stock'] = {
  want: () => undefined,
  model: (version) => (version === MODEL ? reader : undefined),
  failure: () => undefined,
  rules: () => undefined,
  settled: async () => undefined,
}

/** How a miner of the tests departs from an honest one. */
export interface Deviation {
  /** What it answers to the text in the picture. */
  read?(text: string): string | Promise<string>
  /** What it changes in the receipt before signing. */
  alter?(receipt: Receipt): Receipt
  readonly signer?: Signer
  readonly output?: Uint8Array
  readonly error?: Error
  readonly unreachable?: boolean
  readonly models?: Description['models']
}

export const offerOf = (version = MODEL): Description['models'] => [
  { version, engine: 'test 1', device: 'cpu: a processor' } as Description['models'][number],
]

export class TestMiners {
  readonly #deviations = new Map<Address, Deviation>()
  readonly #signers = new Map<Address, Signer>()
  readonly #consumer: Address
  readonly asked: Address[] = []

  constructor(consumer: Address) {
    this.#consumer = consumer
  }

  add(signer: Signer, deviation: Deviation = {}): void {
    this.#signers.set(signer.address, signer)
    this.#deviations.set(signer.address, deviation)
  }

  network(): ValidatorNetwork {
    return {
      resolve: async (operator) => {
        if (this.#signers.has(operator)) return [`/ip4/127.0.0.1/tcp/${this.#signers.size}`]
        throw new WitanError('RECORD_NOT_FOUND', 'No record')
      },
      describe: async ({ operator }) => {
        const { unreachable, models = offerOf() } = this.#deviations.get(operator)!
        if (unreachable) throw new WitanError('PEER_UNREACHABLE', 'Nobody answers')
        return { models, load: { inFlight: 0, queued: 0, capacity: 1 }, software: 'test' }
      },
      infer: async ({ operator }, head, input, signal) => {
        this.asked.push(operator)
        signal.throwIfAborted()
        return this.answer(operator, head, input)
      },
      serveDescribe: (): Service => ({ start: async () => undefined, stop: async () => undefined }),
    }
  }

  async answer(operator: Address, head: InferHead, input: Uint8Array): Promise<InferAnswer> {
    const signer = this.#signers.get(operator)!
    const deviation = this.#deviations.get(operator)!
    const { read = (text) => text, alter = (receipt) => receipt, unreachable, error } = deviation
    if (unreachable) throw new WitanError('PEER_UNREACHABLE', 'Nobody answers')
    if (error !== undefined) throw error
    const output = bytes(await read(new TextDecoder().decode(input)))
    const receipt = alter(this.receiptOf(operator, head, input, output))
    const [signed] = signReceiptBatch([receipt], deviation.signer ?? signer, domain)
    const timing = { queueMs: 0, firstMs: 0, totalMs: 0 }
    return { output: deviation.output ?? output, closing: { timing, receipt: signed! } }
  }

  receiptOf(miner: Address, head: InferHead, input: Uint8Array, output: Uint8Array): Receipt {
    return {
      requestDigest: requestIdOf(domain, { consumer: this.#consumer, miner }, head, input),
      responseDigest: keccak256Hex(output),
      evidenceDigest: ZERO_DIGEST,
      modelVersion: head.modelVersion,
      policy: head.policy,
      units: 1,
      price: 0n,
      channel: ZERO_DIGEST,
      startedAt: 1,
      finishedAt: 2,
    }
  }
}
