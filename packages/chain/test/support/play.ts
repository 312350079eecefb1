import {
  bytesToHex,
  commitmentHash,
  createDomain,
  MINIMAL_PARAMETERS,
  packRow,
  recordDigest,
  type SubnetParameters,
  signOperatorConsent,
  signRecord,
  ZERO_DIGEST,
} from '@witan/protocol'
import {
  type ChainClient,
  type Intent,
  type NetworkFile,
  openChain,
  type Sender,
  type TransactionResult,
} from '../../src/index.js'
import { keyOf } from './keys.js'
import { clock, type LocalChain } from './local-chain.js'
import { deployTestNetwork } from './test-network.js'

export const TOKEN = 10n ** 18n
const SALT = `0x${'5a'.repeat(32)}` as const
const DEADLINE_MS = 20_000

/** A network in which named keys act; `owner` has the tokens, `deployer` deploys. */
export interface Play {
  readonly local: LocalChain
  readonly chain: ChainClient
  /** Sends intents of a named key, in order; the last one's result. */
  send(name: string, ...intents: Intent[]): Promise<TransactionResult>
  createSubnet(parameters?: Partial<SubnetParameters>): Promise<void>
  /** Registers the operator key of that name in subnet 1 for `owner`. */
  register(name: string): Promise<void>
  stake(owner: string, nodeId: bigint, amountWei: bigint): Promise<void>
  announce(name: string): Promise<void>
  /** Commits and later reveals rows of named operators; a row of `undefined` is committed and never revealed. */
  vote(epoch: number, rows: Readonly<Record<string, { row: readonly number[]; reveal: boolean }>>): Promise<void>
  /** Takes the snapshot and settles the epoch as `name`. */
  settle(name: string, epoch: number): Promise<void>
  /** The epoch that runs in subnet 1. */
  epoch(): Promise<number>
  moveToEpoch(epoch: number): Promise<void>
}

/** Deploys a test network on the chain, or plays in the one given; every key that acts must have coin. */
export async function startPlay(local: LocalChain, known?: NetworkFile): Promise<Play> {
  const chain = await openChain(known ?? (await deployTestNetwork(local)), { clock })
  const { chainId, contracts } = chain.network
  const domain = createDomain({ chainId, verifyingContract: contracts.subnets })
  const senders = new Map<string, Promise<Sender>>()
  let sent = 0

  const send = async (name: string, ...intents: Intent[]) => {
    const sending = senders.get(name) ?? local.senderOf(name)
    senders.set(name, sending)
    const sender = await sending
    let result: TransactionResult | undefined
    for (const intent of intents) {
      result = await sender.submit(intent, { idempotenceKey: `play:${sent++}`, deadlineMs: DEADLINE_MS })
    }
    return result!
  }

  const windowOf = (epoch: number) => chain.subnets.epochContext(1, epoch)

  const register = async (name: string) => {
    const operator = keyOf(name)
    const { timestamp } = await chain.latestBlock()
    const owner = keyOf('owner').address
    const nonce = await chain.subnets.consentNonce(operator.address)
    const consent = { owner, nonce, deadline: timestamp + 600 }
    const registration = chain.intents.register({
      netuid: 1,
      operator: operator.address,
      deadline: consent.deadline,
      consent: signOperatorConsent(consent, operator, domain),
      maxPrice: TOKEN,
      lastPay: await chain.lastPay(1),
    })
    await send('owner', registration)
  }

  return {
    local,
    chain,
    send,
    register,
    async createSubnet(parameters = {}) {
      const owner = keyOf('owner').address
      const create = chain.intents.createSubnet({
        parameters: { ...MINIMAL_PARAMETERS, ...parameters },
        mechanism: `0x${'01'.repeat(32)}`,
        modelVersions: [`0x${'02'.repeat(32)}`],
        name: 'play',
        maxPrice: 1_000n * TOKEN,
      })
      await send('owner', ...(await chain.approvals({ owner, spender: 'subnets', amountWei: 10_000n * TOKEN })), create)
    },
    async stake(name, nodeId, amountWei) {
      const owner = keyOf(name).address
      const approvals = await chain.approvals({ owner, spender: 'vault', amountWei })
      await send(name, ...approvals, chain.intents.stake(nodeId, amountWei))
    },
    async announce(name) {
      const operator = keyOf(name)
      const expiry = (await chain.latestBlock()).timestamp + 3_600
      const record = { multiaddrs: ['/ip4/127.0.0.1/tcp/4001'], seq: 1, expiry }
      const { signature } = signRecord(record, operator, domain)
      const digest = bytesToHex(recordDigest(record))
      const told = { operator: operator.address, recordDigest: digest, seq: 1, expiry, signature }
      await send(name, chain.intents.announce(told))
    },
    async vote(epoch, rows) {
      const reveals: [string, Intent][] = []
      for (const [name, { row, reveal }] of Object.entries(rows)) {
        const neurons = await chain.subnets.neurons(1)
        const { nodeId, registeredAt } = neurons.find(({ operator }) => operator === keyOf(name).address)!
        const facts = { netuid: 1, epoch, version: 0n, packedRow: packRow(row), evidenceRoot: ZERO_DIGEST, salt: SALT }
        const commitment = commitmentHash({ chainId, consensus: contracts.consensus, nodeId, registeredAt, ...facts })
        await send(name, chain.intents.commit(1, epoch, commitment))
        if (reveal) reveals.push([name, chain.intents.reveal(facts)])
      }
      await local.moveTo((await windowOf(epoch)).endsAt)
      for (const [name, reveal] of reveals) await send(name, reveal)
    },
    async settle(name, epoch) {
      await local.moveTo((await windowOf(epoch)).endsAt)
      await send(name, chain.intents.snapshot(1, epoch))
      await local.moveTo((await windowOf(epoch)).revealEndsAt)
      await send(name, chain.intents.settle({ netuid: 1, epoch, ...(await chain.settleInputs(1, epoch)) }))
    },
    epoch: () => chain.consensus.currentEpoch(1),
    moveToEpoch: async (epoch) => local.moveTo((await windowOf(epoch)).startsAt + 1),
  }
}
