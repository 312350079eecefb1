import { type Address, type Hex, unpackWords } from '@witan/protocol'
import { type ContractName, eventTopic } from '../abi/events.js'
import { DEFAULT_RANGE_BLOCKS, type EventFilter, queryEventPages } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { rowHashOf } from './packed-hash.js'
import type { Snapshot } from './reads/read-consensus.js'
import { uidTopic } from './settled-epoch.js'

/** A row as it was revealed. */
export interface RevealedRow {
  readonly uid: number
  /** Unix seconds. */
  readonly committedAt: number
  readonly packedRow: readonly bigint[]
}

interface BlockSearch {
  readonly netuid: number
  readonly fromBlock: number
  readonly toBlock: number
  readonly signal?: AbortSignal | undefined
}

export interface RowSearch extends BlockSearch {
  /** Hash of the wanted row by uid. */
  readonly wanted: ReadonlyMap<number, Hex>
}

/**
 * The rows with these hashes by uid, from `Revealed` events; those that no event carries are left out. Searches
 * backwards: rows that count were revealed lately, as a rule in the epoch before.
 */
export async function findRevealedRows(
  rpc: Rpc,
  contracts: Contracts,
  search: RowSearch,
): Promise<Map<number, RevealedRow>> {
  const missing = new Map(search.wanted)
  return collect(rpc, contracts, search, missing.size, ({ uid, committedAt, packedRow }) => {
    const isWanted = missing.get(uid) === rowHashOf(committedAt, packedRow)
    return isWanted && missing.delete(uid)
  })
}

export interface LastRowSearch extends BlockSearch {
  readonly voters: readonly number[]
  /** A row committed before the slot's registration was its former holder's. */
  readonly snapshot: Snapshot
}

/** The last row that each voter revealed; those that revealed none are left out. */
export async function findRowsBefore(
  rpc: Rpc,
  contracts: Contracts,
  search: LastRowSearch,
): Promise<Map<number, RevealedRow>> {
  const registeredAt = unpackWords(search.snapshot.registeredAt, 64, search.snapshot.uids)
  const missing = new Set(search.voters)
  return collect(rpc, contracts, search, missing.size, ({ uid, committedAt }) => {
    return BigInt(committedAt) >= registeredAt[uid]! && missing.delete(uid)
  })
}

/** The rows that `take` wants, the newest first, until it has taken `count`. */
async function collect(
  rpc: Rpc,
  { consensus }: Contracts,
  { netuid, fromBlock, toBlock, signal }: BlockSearch,
  count: number,
  take: (row: RevealedRow) => boolean,
): Promise<Map<number, RevealedRow>> {
  const found = new Map<number, RevealedRow>()
  const topics = [eventTopic('Consensus', 'Revealed'), uidTopic(netuid)]
  const filter: EventFilter = { contracts: new Map<Address, ContractName>([[consensus.address, 'Consensus']]), topics }
  for (let end = toBlock; found.size < count && end >= fromBlock; end -= DEFAULT_RANGE_BLOCKS) {
    const rows: RevealedRow[] = []
    const start = Math.max(fromBlock, end - DEFAULT_RANGE_BLOCKS + 1)
    for await (const events of queryEventPages(rpc, filter, start, end, { signal })) {
      rows.push(...events.flatMap((event) => (event.name === 'Revealed' ? [event.args] : [])))
    }
    for (const row of rows.reverse()) if (take(row)) found.set(row.uid, row)
  }
  return found
}
