import type { Hex } from '@witan/protocol'
import type { Output, ReadOptions } from '../abi/contract.js'
import type { Abis } from '../abi/events.js'
import type { Contracts } from '../network/contracts.js'
import { type Neuron, toNeuron } from './reads/neuron.js'
import type { Commitment, VoterState } from './reads/read-consensus.js'

/** What the metagraph takes of a slot. */
export interface NeuronState {
  readonly neuron: Neuron
  readonly lastUpdate: number
  readonly commitments: VoterState['commitments']
}

/**
 * Slots asked for in one call. A slot costs some 24,000 gas in either call, so a page takes 3 of the 10 to 50 million at
 * which nodes stop; pages of 16 and more take the same time a slot.
 */
export const NEURON_PAGE = 128

/** Slots `from` … `from + NEURON_PAGE`, as far as there are. */
export async function readNeuronPage(
  { subnets, consensus }: Contracts,
  netuid: number,
  from: number,
  options: ReadOptions,
): Promise<NeuronState[]> {
  const [neurons, states] = await Promise.all([
    subnets.read('neurons', [netuid, from, NEURON_PAGE], options),
    consensus.read('voterStates', [netuid, from, NEURON_PAGE], options),
  ])
  return neurons.map((row, index) => {
    const neuron = toNeuron(row)
    const state = states[index]
    const commitments = state?.commitments.filter(({ hash }) => !isZero(hash)).map(toCommitment) ?? []
    return { neuron, lastUpdate: state?.lastUpdate ?? neuron.registeredAt, commitments }
  })
}

/** All slots of a subnet after its first page, whose number the subnet tells; the pages are asked for together. */
export async function readFurtherPages(
  contracts: Contracts,
  netuid: number,
  count: number,
  options: ReadOptions,
): Promise<NeuronState[]> {
  const pages: Promise<NeuronState[]>[] = []
  for (let from = NEURON_PAGE; from < count; from += NEURON_PAGE) {
    pages.push(readNeuronPage(contracts, netuid, from, options))
  }
  return (await Promise.all(pages)).flat()
}

type CommitmentRow = Output<Abis['Consensus'], 'voterState'>['commitments'][number]

function toCommitment({ hash, epoch, committedAt, revealed }: CommitmentRow): Commitment {
  return { hash, epoch: Number(epoch), committedAt, isRevealed: revealed }
}

function isZero(hash: Hex): boolean {
  return BigInt(hash) === 0n
}
