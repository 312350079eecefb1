import { claimOf, type Hex, runEpoch, unpackWords, WitanError } from '@witan/protocol'
import { readLatestBlock } from '../blocks/block.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { type EpochVotes, toEpochInput, votersOf } from './epoch-input.js'
import { movedBonds, padded } from './moved-bonds.js'
import { readConsensus, type Snapshot, type VoterState } from './reads/read-consensus.js'
import { findRevealedRows, findRowsBefore, type RevealedRow } from './revealed-rows.js'
import { findSettlement } from './settled-epoch.js'

/** What `settle` takes beside netuid and epoch. */
export interface SettleInputs {
  /** Uids, ascending: whose votes they are. */
  readonly voters: readonly number[]
  readonly snapshot: Snapshot
  readonly votes: EpochVotes & { readonly claim: readonly bigint[] }
}

export interface SettleInputsOptions {
  readonly netuid: number
  readonly epoch: number
  /** No event of the network is older. */
  readonly deployedAtBlock: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Rebuilds what the chain holds only hashes of (the epoch's snapshot, the voters' rows, the bonds of the settlement
 * before) and computes the consensus to claim. Throws `EVENTS_MISSING` when an event is not to be had.
 */
export async function collectSettleInputs(
  rpc: Rpc,
  contracts: Contracts,
  { netuid, epoch, deployedAtBlock, signal }: SettleInputsOptions,
): Promise<SettleInputs> {
  const head = await readLatestBlock(rpc, { signal })
  const at = { block: head.number, signal }
  const reads = readConsensus(contracts)
  const [snapshot, states, last, withheld] = await Promise.all([
    reads.snapshotOf(netuid, epoch, at),
    reads.voterStates(netuid, at),
    reads.lastSettled(netuid, at),
    reads.withheld(netuid, epoch, at),
  ])
  const before = last
  const voters = votersOf({ before, snapshot })
  const [rows, bonds] = await Promise.all([
    rowsOf(rpc, contracts, {
      netuid,
      voters,
      snapshot,
      states,
      fromBlock: deployedAtBlock,
      toBlock: head.number,
      signal,
    }),
    last === undefined
      ? []
      : findSettlement(rpc, contracts, netuid, last.blockNumber, { signal }).then((settlement) =>
          movedBonds(rpc, contracts, settlement, { deployedAtBlock, signal }),
        ),
  ])
  const votes = { ...packRows(voters, rows, snapshot.uids), bonds }
  const result = runEpoch(toEpochInput({ snapshot, before, votes, withheld }))
  return { voters, snapshot, votes: { ...votes, claim: claimOf(result) } }
}

interface RowsOf {
  readonly netuid: number
  readonly voters: readonly number[]
  readonly snapshot: Snapshot
  /** Of the present holders. */
  readonly states: readonly VoterState[]
  readonly fromBlock: number
  readonly toBlock: number
  readonly signal: AbortSignal | undefined
}

/** The row that stands for each voter: of one that has left its slot since the epoch ended, the last that it revealed. */
async function rowsOf(
  rpc: Rpc,
  contracts: Contracts,
  { voters, snapshot, states, ...search }: RowsOf,
): Promise<Map<number, RevealedRow>> {
  const registeredAt = unpackWords(snapshot.registeredAt, 64, snapshot.uids)
  const isPresent = (uid: number) => BigInt(states[uid]?.registeredAt ?? 0) === registeredAt[uid]
  const left = voters.filter((uid) => !isPresent(uid))
  const hashes = voters.filter(isPresent).map((uid): [number, Hex | undefined] => [uid, states[uid]?.rowHash])
  const wanted = new Map(hashes.filter((entry): entry is [number, Hex] => entry[1] !== undefined))
  const [rows, ofThoseWhoLeft] = await Promise.all([
    findRevealedRows(rpc, contracts, { ...search, wanted }),
    left.length === 0 ? [] : findRowsBefore(rpc, contracts, { ...search, voters: left, snapshot }),
  ])
  for (const [uid, hash] of wanted) {
    if (rows.has(uid)) continue
    throw new WitanError('EVENTS_MISSING', 'No event carries the data of a hash on chain', {
      facts: { what: 'row', uid, hash },
    })
  }
  return new Map([...rows, ...ofThoseWhoLeft])
}

/** Rows as `settle` takes them: as wide as the epoch needs, and as the longest of them. */
function packRows(voters: readonly number[], rows: ReadonlyMap<number, RevealedRow>, uids: number) {
  const rowWords = Math.max(Math.ceil(uids / 16), ...[...rows.values()].map(({ packedRow }) => packedRow.length))
  return {
    committedAt: voters.map((uid) => BigInt(rows.get(uid)?.committedAt ?? 0)),
    rowWords,
    rows: voters.flatMap((uid) => padded(rows.get(uid)?.packedRow ?? [], rowWords)),
  }
}
