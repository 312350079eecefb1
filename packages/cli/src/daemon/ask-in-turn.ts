import type { ChainClient, MetagraphNeuron } from '@witan/chain'
import {
  askMiner,
  createHost,
  createInferClient,
  createP2pMetrics,
  createRecordClient,
  describePeer,
  type MinerQuestion,
  type PeerTarget,
  type VerifiedAnswer,
} from '@witan/p2p'
import {
  createDomain,
  createReceiptVerifier,
  type Hex,
  isWitanError,
  type RequestIdentity,
  type SignedVoucher,
  WitanError,
} from '@witan/protocol'
import { composeServices, createLogger, createMetrics } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { bootstrapPeers } from './node.js'

/** Statuses after which another miner may do better: unavailable, and try again. */
const WORTH_ANOTHER_MINER = [69, 75]
/** One that has not loaded the version yet, or has not heard of the decision. */
const BEHIND = ['MODEL_NOT_SERVED', 'REQUEST_MISADDRESSED']

interface Question {
  readonly netuid: number
  readonly modelVersion: Hex
  /** Digest; zero for none. */
  readonly policy: Hex
  readonly input: Uint8Array
  readonly timeoutMs: number
  /** Sent again instead of a new request. */
  readonly again?: RequestIdentity | undefined
  /** As of `MinerQuestion`. */
  readonly onSigned?: MinerQuestion['onSigned']
  /** Makes the voucher for an answer of this price; the miners are asked for their price first. */
  readonly pay?: ((price: bigint) => Promise<SignedVoucher>) | undefined
}

interface Asker {
  readonly client: ChainClient
  readonly privateKey: Uint8Array
  readonly consumer: `0x${string}`
  readonly context: CommandContext
}

/** Asks one miner after the other until one answers; a refusal that another miner would repeat ends it. */
export async function askInTurn(
  candidates: readonly MetagraphNeuron[],
  question: Question,
  { client, privateKey, consumer, context }: Asker,
): Promise<{ neuron: MetagraphNeuron; answer: VerifiedAnswer }> {
  const { clock, random, signal } = context
  const { network } = client
  const logger = createLogger({ name: 'infer', level: 'warn' })
  const metrics = createP2pMetrics(createMetrics())
  const host = createHost({ networkName: network.name, privateKey, listen: [] }, { clock, logger, metrics })
  const domain = createDomain({ chainId: network.chainId, verifyingContract: network.contracts.subnets })
  const inferClient = createInferClient({}, { host, clock, metrics })
  const records = createRecordClient(
    { domain, bootstrap: bootstrapPeers(network) },
    { host, clock, logger, expectedDigest: async (operator) => (await client.subnets.resolve(operator))?.digest },
  )
  const modules = { client: inferClient, consumer, domain, verifier: createReceiptVerifier(domain), clock, random }
  const paymentTo = async (peer: PeerTarget, version: Hex, pay: (price: bigint) => Promise<SignedVoucher>) => {
    const { models } = await describePeer(peer, { host, clock }, signal)
    const price = models.find((model) => model.version === version)?.pricePerRequest ?? 0n
    return price === 0n ? undefined : { price, voucher: await pay(price) }
  }
  const service = composeServices([host, inferClient])
  await service.start()
  try {
    let last: unknown
    for (const neuron of candidates) {
      try {
        const multiaddrs = await records.resolve(neuron.operator, signal)
        const { pay, ...plain } = question
        const peer = { operator: neuron.operator, multiaddrs }
        const payment = pay && (await paymentTo(peer, question.modelVersion, pay))
        const answer = await askMiner(
          { ...plain, miner: neuron.operator, multiaddrs, signal, ...(payment && { payment }) },
          modules,
        )
        return { neuron, answer }
      } catch (error) {
        if (!isWitanError(error) || !isWorthAnother(error)) throw error
        last = error
      }
    }
    const reason = isWitanError(last) ? last.code : String(last)
    const facts = { netuid: question.netuid, asked: candidates.length, last: reason }
    throw new WitanError('MINER_NOT_FOUND', 'None of the miners answered', { facts, cause: last })
  } finally {
    await service.stop()
  }
}

function isWorthAnother({ code, exitCode }: WitanError): boolean {
  return WORTH_ANOTHER_MINER.includes(exitCode) || BEHIND.includes(code)
}
