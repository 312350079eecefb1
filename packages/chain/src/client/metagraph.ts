import { epochAt } from '@witan/protocol'
import { type Block, readBlock, readLatestBlock } from '../blocks/block.js'
import type { Contracts } from '../network/contracts.js'
import type { BlockTag, Rpc } from '../rpc/rpc.js'
import { readFurtherPages, readNeuronPage } from './neuron-pages.js'
import type { Neuron } from './reads/neuron.js'
import { type LastSettled, readConsensus, type VoterState } from './reads/read-consensus.js'
import { readSubnets, type Subnet } from './reads/read-subnets.js'
import { type PaidEpoch, readPaidEpoch } from './settled-epoch.js'

/** A neuron with its part in the last settled epoch: fractions of 1, zero for those registered since. */
export interface MetagraphNeuron extends Neuron {
  readonly hasPermit: boolean
  readonly lastUpdate: number
  readonly commitments: VoterState['commitments']
  readonly consensus: number
  readonly validatorTrust: number
  readonly incentive: number
  readonly dividends: number
  /** Wei that the epoch gave the slot: incentive, take and pool together. */
  readonly emission: bigint
  /** Of it, wei that went to the stakers of the node, at its take of now. */
  readonly stakersEmission: bigint
}

/** A subnet and all its neurons as they stand at one block. */
export interface Metagraph {
  readonly block: Block
  readonly subnet: Subnet
  /** The epoch that runs at the block. */
  readonly epoch: number
  readonly lastSettled: LastSettled | undefined
  readonly neurons: readonly MetagraphNeuron[]
}

export async function readMetagraph(
  rpc: Rpc,
  contracts: Contracts,
  netuid: number,
  { block: tag = 'latest', signal }: { block?: BlockTag; signal?: AbortSignal } = {},
): Promise<Metagraph> {
  const block = (await readBlock(rpc, tag, { signal })) ?? (await readLatestBlock(rpc, { signal }))
  const at = { block: block.number, signal }
  const [subnet, lastSettled, firstPage] = await Promise.all([
    readSubnets(contracts).subnet(netuid, at),
    readConsensus(contracts).lastSettled(netuid, at),
    readNeuronPage(contracts, netuid, 0, at),
  ])
  const [furtherPages, settled] = await Promise.all([
    readFurtherPages(contracts, netuid, subnet.neuronCount, at),
    lastSettled && readPaidEpoch(rpc, contracts, netuid, lastSettled.blockNumber, { signal }),
  ])
  const permits = new Set(lastSettled?.permits)
  return {
    block,
    subnet,
    epoch: epochAt(subnet.schedule, block.timestamp),
    lastSettled,
    neurons: [...firstPage, ...furtherPages].map(({ neuron, lastUpdate, commitments }) => ({
      ...neuron,
      hasPermit: permits.has(neuron.uid),
      lastUpdate,
      commitments,
      // A neuron that came after the epoch's end has no part in what its slot got before.
      ...resultsOf(neuron, lastSettled !== undefined && neuron.registeredAt < lastSettled.endsAt ? settled : undefined),
    })),
  }
}

const WHOLE_BPS = 10_000n

function resultsOf({ uid, takeBps }: Neuron, settled: PaidEpoch | undefined) {
  const { total = 0n, voting = 0n } = settled?.credits[uid] ?? {}
  return {
    consensus: settled?.consensus[uid] ?? 0,
    validatorTrust: settled?.validatorTrust[uid] ?? 0,
    incentive: settled?.incentive[uid] ?? 0,
    dividends: settled?.dividends[uid] ?? 0,
    emission: total,
    stakersEmission: (voting * (WHOLE_BPS - BigInt(takeBps))) / WHOLE_BPS,
  }
}
