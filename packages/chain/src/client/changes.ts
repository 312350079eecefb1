import type { Hex } from '@witan/protocol'
import { type ChainEvent, decodeLog, eventTopic } from '../abi/events.js'
import { readLatestBlock } from '../blocks/block.js'
import { queryEventPages } from '../events/query-events.js'
import type { Connection } from '../network/connect-chain.js'
import { fetchReceipt } from '../sender/receipt.js'
import type { SinceOptions } from './reads/read-governance.js'

/** What changes which answers count, what they must keep to, and what earns. */
const CHANGES = [
  eventTopic('ModelRegistry', 'VersionActivated'),
  eventTopic('ModelRegistry', 'VersionRetired'),
  eventTopic('ModelRegistry', 'VersionDemoted'),
  eventTopic('ModelRegistry', 'ModelPolicySet'),
  eventTopic('ModelRegistry', 'SubnetPolicySet'),
  eventTopic('DatasetRegistry', 'Listed'),
  eventTopic('Emission', 'SubnetActivated'),
  eventTopic('Emission', 'SubnetDeactivated'),
]

/** Bookkeeping of an execution itself. */
const CARRIED_OUT: readonly ChainEvent['name'][] = ['ProposalExecuted', 'CallExecuted']

/** Activations, retirements, demotions, policies and listings since a block or ever, decided or not, the oldest first. */
export async function readChanges(
  { rpc, network, contracts: { models, datasets, emission } }: Pick<Connection, 'rpc' | 'network' | 'contracts'>,
  { fromBlock = network.deployedAtBlock, signal }: SinceOptions = {},
): Promise<ChainEvent[]> {
  const { number: latest } = await readLatestBlock(rpc, { signal })
  const contracts = new Map([
    [models.address, 'ModelRegistry' as const],
    [datasets.address, 'DatasetRegistry' as const],
    [emission.address, 'Emission' as const],
  ])
  const found: ChainEvent[] = []
  const pages = queryEventPages(rpc, { contracts, topics: [CHANGES] }, fromBlock, latest, { signal })
  for await (const events of pages) found.push(...events)
  return found
}

/** What the contracts of the network told in a transaction that carried a decision out. */
export async function readEffects(
  { rpc, contractsByAddress }: Pick<Connection, 'rpc' | 'contractsByAddress'>,
  transactionHash: Hex,
  signal?: AbortSignal,
): Promise<ChainEvent[]> {
  const receipt = await fetchReceipt(rpc, transactionHash, signal)
  const events = (receipt?.logs ?? []).flatMap((log) => decodeLog(log, contractsByAddress) ?? [])
  return events.filter(({ name }) => !CARRIED_OUT.includes(name))
}
