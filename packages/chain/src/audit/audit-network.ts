import { WitanError } from '@witan/protocol'
import { readBlock, readLatestBlock, readSameBlock } from '../blocks/block.js'
import { bindCompanions, withCompanions } from '../network/companions.js'
import type { Connection } from '../network/connect-chain.js'
import { compareClaims } from './compare-claims.js'
import { compareMembers, compareVoters } from './compare-companions.js'
import { compareConsensus } from './compare-consensus.js'
import { compareCourt } from './compare-court.js'
import { compareDatasets } from './compare-datasets.js'
import { compareGauge } from './compare-gauge.js'
import { compareAccess, compareGovernor, compareTimelock } from './compare-governance.js'
import { compareMembership } from './compare-membership.js'
import { compareModels } from './compare-models.js'
import { compareEmission, compareTokens } from './compare-money.js'
import { compareChannels, compareRevenue } from './compare-payments.js'
import { compareSubnets } from './compare-subnets.js'
import { compareVault } from './compare-vault.js'
import { createFindings, type SectionFindings } from './findings.js'
import { readImmutables } from './read-immutables.js'
import { readTimedEvents } from './read-timed-events.js'
import { createReplay } from './replay.js'

export interface AuditOptions {
  /** The newest block when absent; the endpoint must have its state. */
  readonly block?: number | undefined
  /** Blocks whose events are read at a time. */
  readonly pageBlocks?: number
  /** After every page: blocks done, and the last one. */
  readonly onProgress?: (block: number, lastBlock: number) => void
  readonly signal?: AbortSignal | undefined
}

export interface AuditReport {
  readonly fromBlock: number
  readonly block: number
  readonly events: number
  readonly sections: readonly SectionFindings[]
}

/**
 * Rebuilds the state of a network from its events alone and compares it with what its contracts store at a block. Takes
 * time linear in events and state, and memory for the state and one page of events. Throws `BLOCK_REPLACED` when the block
 * does not stay, and what reads of the chain throw.
 */
export async function auditNetwork(
  {
    rpc,
    network,
    contracts,
    contractsByAddress,
  }: Pick<Connection, 'rpc' | 'network' | 'contracts' | 'contractsByAddress'>,
  { block: number, pageBlocks, onProgress, signal }: AuditOptions = {},
): Promise<AuditReport> {
  const block = number === undefined ? await readLatestBlock(rpc, { signal }) : await readBlock(rpc, number, { signal })
  if (block === undefined) {
    throw new WitanError('RPC_REJECTED', 'The endpoint has no such block', { facts: { block: String(number) } })
  }
  const at = { block: block.number, signal }
  const fromBlock = network.deployedAtBlock
  const findings = createFindings()
  const replay = createReplay(await readImmutables({ contracts, network }, at), findings)
  const companions = await bindCompanions(contracts, rpc, network)
  const watched = withCompanions(contractsByAddress, companions)
  const range = { contracts: watched, fromBlock, toBlock: block.number, signal }
  let events = 0
  for await (const page of readTimedEvents(rpc, { ...range, ...(pageBlocks !== undefined && { pageBlocks }) })) {
    for (const timed of page) replay.apply(timed)
    events += page.length
    onProgress?.(page.at(-1)?.event.blockNumber ?? fromBlock, block.number)
  }
  const comparison = { contracts, companions, at, now: block.timestamp, findings }
  await compareTokens(replay, comparison)
  await compareVault(replay, comparison)
  await compareSubnets(replay, comparison)
  await compareConsensus(replay, comparison)
  await compareGauge(replay, comparison)
  await compareEmission(replay, comparison)
  await compareModels(replay, comparison)
  await compareDatasets(replay, comparison)
  await compareChannels(replay, comparison)
  await compareRevenue(replay, comparison)
  await compareGovernor(replay, comparison)
  await compareTimelock(replay, comparison)
  await compareAccess(replay, comparison)
  await compareVoters(replay, comparison)
  await compareMembers(replay, comparison)
  await compareMembership(replay, comparison)
  await compareCourt(replay, comparison)
  await compareClaims(replay, comparison)
  await readSameBlock(rpc, block, { signal })
  return { fromBlock, block: block.number, events, sections: findings.sections() }
}
