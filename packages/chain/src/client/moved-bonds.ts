import { abis } from '@witan/contracts'
import { type Hex, runEpoch, WitanError } from '@witan/protocol'
import { createDecoder } from '../abi/decoder.js'
import { interfaceOf } from '../abi/interface-of.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { type EpochVotes, packBonds, type SettledBefore, toEpochInput, votersOf } from './epoch-input.js'
import { hashWords } from './packed-hash.js'
import { readConsensus, type Snapshot, uidsOf } from './reads/read-consensus.js'
import { readSubnets } from './reads/read-subnets.js'
import { findRowsBefore } from './revealed-rows.js'
import { type EpochSettledEvent, findLastSettlement } from './settled-epoch.js'
import { findSnapshot } from './taken-snapshot.js'

const settleFunction = interfaceOf(abis.Consensus).getFunction('settle')!
const decodeSettle = createDecoder(settleFunction.inputs)

export interface BondSearch {
  /** No event of the network is older. */
  readonly deployedAtBlock: number
  readonly signal?: AbortSignal | undefined
}

/**
 * The bond rows that a settlement stored the hash of, packed as the next one takes them. They are in no event: the rules
 * give them from what that settlement was handed, which its transaction tells or, when it was called from another
 * contract, the events before it, back to a settlement that tells. Throws `EVENTS_MISSING`.
 */
export async function movedBonds(
  rpc: Rpc,
  contracts: Contracts,
  settlement: EpochSettledEvent,
  search: BondSearch,
): Promise<bigint[]> {
  const { netuid, epoch, result } = settlement.args
  const previous = await findLastSettlement(rpc, contracts, netuid, {
    fromBlock: search.deployedAtBlock,
    toBlock: settlement.blockNumber - 1,
    signal: search.signal,
  })
  const at = { signal: search.signal }
  const [withheld, before] = await Promise.all([
    readConsensus(contracts).withheld(netuid, Number(epoch), at),
    previous && settledBefore(contracts, previous, at),
  ])
  const { snapshot, votes } =
    (await handedIn(rpc, contracts, settlement.transactionHash, search.signal)) ??
    (await fromEvents(rpc, contracts, { settlement, previous, before, search }))
  const moved = runEpoch(toEpochInput({ snapshot, before, votes, withheld }))
  const words = packBonds(moved.bonds, uidsOf(snapshot.newPermits), snapshot.uids)
  if (hashWords(words) === result.bondsHash) return words
  throw new WitanError('EVENTS_MISSING', 'The bonds of a settlement are not those that its facts give', {
    facts: { netuid, epoch: Number(epoch), hash: result.bondsHash },
  })
}

export async function settledBefore(
  contracts: Contracts,
  { args: { netuid, epoch, result } }: EpochSettledEvent,
  options: { signal?: AbortSignal | undefined },
): Promise<SettledBefore> {
  const { endsAt } = await readSubnets(contracts).epochContext(netuid, Number(epoch), options)
  return { endsAt, uids: result.uids, permits: uidsOf(result.permits) }
}

interface HandedIn {
  readonly snapshot: Snapshot
  readonly votes: EpochVotes
}

/** The arguments of a transaction that called `settle` itself; undefined for any other. */
async function handedIn(
  rpc: Rpc,
  { consensus }: Contracts,
  transactionHash: Hex,
  signal: AbortSignal | undefined,
): Promise<HandedIn | undefined> {
  const transaction = await rpc.request<{ to: string | null; input: string } | null>(
    'eth_getTransactionByHash',
    [transactionHash],
    { signal },
  )
  if (transaction?.to?.toLowerCase() !== consensus.address) return undefined
  if (!transaction.input.startsWith(settleFunction.selector)) return undefined
  const [, , snapshot, votes] = decodeSettle(`0x${transaction.input.slice(settleFunction.selector.length)}`)
  return { snapshot, votes } as HandedIn
}

interface Past {
  readonly settlement: EpochSettledEvent
  readonly previous: EpochSettledEvent | undefined
  readonly before: SettledBefore | undefined
  readonly search: BondSearch
}

/** The same from the events before the settlement: each voter's last revealed row, and the bonds before. */
async function fromEvents(rpc: Rpc, contracts: Contracts, past: Past): Promise<HandedIn> {
  const { settlement, previous, before, search } = past
  const { netuid, epoch } = settlement.args
  const blocks = { fromBlock: search.deployedAtBlock, toBlock: settlement.blockNumber, signal: search.signal }
  const snapshot = await findSnapshot(rpc, contracts, { netuid, epoch: Number(epoch), ...blocks })
  const voters = votersOf({ before, snapshot })
  const rows = await findRowsBefore(rpc, contracts, { netuid, voters, snapshot, ...blocks })
  const bonds = previous === undefined ? [] : await movedBonds(rpc, contracts, previous, search)
  const rowWords = Math.max(Math.ceil(snapshot.uids / 16), ...[...rows.values()].map((row) => row.packedRow.length))
  return {
    snapshot,
    votes: {
      committedAt: voters.map((uid) => BigInt(rows.get(uid)?.committedAt ?? 0)),
      rowWords,
      rows: voters.flatMap((uid) => padded(rows.get(uid)?.packedRow ?? [], rowWords)),
      bonds,
    },
  }
}

/** A row of exactly `words` words. */
export function padded(row: readonly bigint[], words: number): bigint[] {
  return Array.from({ length: words }, (_, word) => row[word] ?? 0n)
}
