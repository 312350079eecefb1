import { type Address, type Hex, keccak256Hex, WitanError } from '@witan/protocol'
import { type ContractName, eventTopic } from '../abi/events.js'
import { readLatestBlock } from '../blocks/block.js'
import { DEFAULT_RANGE_BLOCKS, type EventFilter, queryEventsFrom } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { readConsensus, type VoterState } from './reads/read-consensus.js'
import { readSettledEpoch, uidTopic } from './settled-epoch.js'

/** What `settle` takes beside netuid and epoch: one entry a voter, in the order of `voters`. */
export interface SettleInputs {
  readonly voters: readonly number[]
  readonly rows: readonly (readonly bigint[])[]
  readonly bonds: readonly (readonly bigint[])[]
}

export interface SettleInputsOptions {
  readonly netuid: number
  readonly epoch: number
  /** No event of the network is older. */
  readonly deployedAtBlock: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Rebuilds the rows and bonds that the chain holds only hashes of, from `Revealed` and `EpochSettled` events alone, and
 * checks each against its hash. Throws `EVENTS_MISSING` when an event is not to be had.
 */
export async function collectSettleInputs(
  rpc: Rpc,
  contracts: Contracts,
  { netuid, epoch, deployedAtBlock, signal }: SettleInputsOptions,
): Promise<SettleInputs> {
  const head = await readLatestBlock(rpc, { signal })
  const at = { block: head.number, signal }
  const reads = readConsensus(contracts)
  const [voters, states, lastSettled] = await Promise.all([
    reads.voters(netuid, epoch, at),
    reads.voterStates(netuid, at),
    reads.lastSettled(netuid, at),
  ])
  const voting = voters.map((uid) => states[uid]!)
  const [rows, settled] = await Promise.all([
    findRows(rpc, contracts, { netuid, voting, fromBlock: deployedAtBlock, toBlock: head.number, signal }),
    lastSettled && readSettledEpoch(rpc, contracts, netuid, lastSettled.blockNumber, { signal }),
  ])
  const bondsOf = new Map(settled?.permits.map((uid, index) => [uid, settled.bonds[index] ?? []]))
  return {
    voters,
    rows: voting.map(({ uid, rowHash }) => matching('row', uid, rowHash, rows.get(uid))),
    bonds: voting.map(({ uid, bondHash }) => matching('bonds', uid, bondHash, bondsOf.get(uid))),
  }
}

interface RowSearch {
  readonly netuid: number
  readonly voting: readonly VoterState[]
  readonly fromBlock: number
  readonly toBlock: number
  readonly signal: AbortSignal | undefined
}

/** Searches backwards: rows that count were revealed lately, as a rule in the epoch before. */
async function findRows(
  rpc: Rpc,
  { consensus }: Contracts,
  search: RowSearch,
): Promise<Map<number, readonly bigint[]>> {
  const wanted = new Map(search.voting.flatMap(({ uid, rowHash }) => (rowHash === undefined ? [] : [[uid, rowHash]])))
  const found = new Map<number, readonly bigint[]>()
  const topics = [eventTopic('Consensus', 'Revealed'), uidTopic(search.netuid)]
  const filter: EventFilter = { contracts: new Map<Address, ContractName>([[consensus.address, 'Consensus']]), topics }
  for (let end = search.toBlock; wanted.size > 0 && end >= search.fromBlock; end -= DEFAULT_RANGE_BLOCKS) {
    for (let start = Math.max(search.fromBlock, end - DEFAULT_RANGE_BLOCKS + 1); start <= end; ) {
      const { events, toBlock } = await queryEventsFrom(rpc, filter, start, end, { signal: search.signal })
      for (const event of events) {
        if (event.name !== 'Revealed' || wanted.get(event.args.uid) !== hashWords(event.args.packedRow)) continue
        found.set(event.args.uid, event.args.packedRow)
        wanted.delete(event.args.uid)
      }
      start = toBlock + 1
    }
  }
  return found
}

function matching(what: string, uid: number, hash: Hex | undefined, words: readonly bigint[] | undefined) {
  if (hash === undefined) return []
  if (words !== undefined && hashWords(words) === hash) return words
  throw new WitanError('EVENTS_MISSING', 'No event carries the data of a hash on chain', { facts: { what, uid, hash } })
}

/** keccak256(abi.encodePacked(words)): how the contract commits to a packed row. */
export function hashWords(words: readonly bigint[]): Hex {
  return keccak256Hex(Buffer.from(words.map((word) => word.toString(16).padStart(64, '0')).join(''), 'hex'))
}
