import type { Metagraph, Supply } from '@witan/chain'
import type { RecentError } from '@witan/runtime'
import type { LocalNode } from './local-plan.js'

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

export interface NeuronSources {
  readonly metagraph: Metagraph
  /** By operator address. */
  readonly nodes: ReadonlyMap<string, LocalNode>
  readonly statuses: ReadonlyMap<string, NodeStatus>
}

export function observeNeurons({ metagraph, nodes, statuses }: NeuronSources): ObservedNeuron[] {
  return metagraph.neurons.flatMap((neuron) => {
    const node = nodes.get(neuron.operator)
    if (node === undefined) return []
    const status = statuses.get(neuron.operator)
    const { uid, operator, stake, incentive, dividends, validatorTrust, emission } = neuron
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
      emission,
      requests: status?.requests ?? 0,
      failures: status?.failures ?? 0,
    }
  })
}
