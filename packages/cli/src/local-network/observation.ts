import type { ChainEvent, Metagraph, Supply } from '@witan/chain'
import { bytesToWords, type Hex, SHARE_ONE, unpackWords } from '@witan/protocol'
import type { RecentError } from '@witan/runtime'
import type { LocalNode } from './roster.js'

/** What a node says of itself on `/status`. */
export interface NodeStatus {
  readonly uid?: number
  readonly operator: string
  readonly peerId: string
  readonly requests: number
  readonly failures: number
  readonly receiptsVerified?: number
  readonly recentErrors: readonly RecentError[]
}

export interface ObservedEpoch {
  readonly epoch: number
  readonly settledAtBlock: number
  readonly gasUsed: number
  /** Wei. */
  readonly emission: bigint
}

export interface ObservedNeuron {
  readonly uid: number
  readonly role: LocalNode['role']
  readonly behaviour: LocalNode['behaviour']
  readonly operator: string
  readonly peerId: string
  readonly stake: bigint
  readonly incentive: number
  readonly dividends: number
  readonly validatorTrust: number
  /** Wei that the last settled epoch gave the node: incentive, take and pool together. */
  readonly emission: bigint
  readonly requests: number
  readonly failures: number
}

export interface ObservedError {
  readonly code: string
  /** ISO 8601. */
  readonly at: string
  /** Absent for errors of the local network itself. */
  readonly uid: number | null
  readonly message: string
}

/** The local network as programs read it; the shape of `witan up --epochs N --json`. */
export interface LocalNetworkReport {
  readonly network: string
  readonly chainId: number
  readonly contracts: Readonly<Record<string, string>>
  readonly epochs: readonly ObservedEpoch[]
  readonly neurons: readonly ObservedNeuron[]
  readonly supply: Supply
  readonly receiptsVerified: number
  readonly errors: readonly ObservedError[]
}

/** Wei that the last paid epoch gave each uid: its shares of what the epoch paid altogether. */
export function creditsOf(events: readonly ChainEvent[]): readonly bigint[] {
  const paid = events.findLast((event) => event.name === 'EpochPaid')
  const settled = events.findLast((event) => event.name === 'EpochSettled')
  if (paid?.name !== 'EpochPaid' || settled?.name !== 'EpochSettled') return []
  const { incentive, take, pooled } = paid.args.paid
  const { uids, ...result } = settled.args.result
  const shares = (bytes: Hex) => unpackWords(bytesToWords(bytes), 32, uids)
  const voted = shares(result.validatorPay)
  return shares(result.incentive).map(
    (share, uid) => (incentive * share + (take + pooled) * voted[uid]!) / SHARE_ONE,
  )
}

export interface NeuronSources {
  readonly metagraph: Metagraph
  /** By uid. */
  readonly credits: readonly bigint[]
  /** By operator address. */
  readonly nodes: ReadonlyMap<string, LocalNode>
  readonly statuses: ReadonlyMap<string, NodeStatus>
}

export function observeNeurons({ metagraph, credits, nodes, statuses }: NeuronSources): ObservedNeuron[] {
  return metagraph.neurons.flatMap((neuron) => {
    const node = nodes.get(neuron.operator)
    if (node === undefined) return []
    const status = statuses.get(neuron.operator)
    const { uid, operator, stake, incentive, dividends, validatorTrust } = neuron
    return {
      uid,
      role: node.role,
      behaviour: node.behaviour,
      operator,
      peerId: status?.peerId ?? '',
      stake,
      incentive,
      dividends,
      validatorTrust,
      emission: credits[uid] ?? 0n,
      requests: status?.requests ?? 0,
      failures: status?.failures ?? 0,
    }
  })
}
