import { bytesToWords, type EpochResult, type Hex, runEpoch, unpackWords } from '@witan/protocol'
import { packBonds, toEpochInput, votersOf } from '../client/epoch-input.js'
import { padded } from '../client/moved-bonds.js'
import { hashWords } from '../client/packed-hash.js'
import { type Snapshot, uidsOf } from '../client/reads/read-consensus.js'
import type { EpochSettledEvent } from '../client/settled-epoch.js'
import { type SubnetVotes, voterSince } from './consensus-ledger.js'
import type { Findings } from './findings.js'
import { payHash } from './snapshot.js'

/** A settlement that the rules gave again from events. */
export interface Replayed {
  readonly epoch: number
  /** T, unix seconds. */
  readonly endsAt: number
  readonly blockNumber: number
  readonly snapshot: Snapshot
  readonly result: EpochResult
  readonly permits: readonly number[]
  /** Bond rows as the next settlement takes them. */
  readonly bonds: readonly bigint[]
  readonly bondsHash: Hex
  readonly payHash: Hex
}

const CELLS_PER_WORD = 16

/** Runs the epoch on what events told before its settlement, and compares it with what the settlement says. */
export function replaySettlement(
  { args, blockNumber }: EpochSettledEvent,
  votes: SubnetVotes,
  findings: Findings,
): Replayed | undefined {
  const epoch = Number(args.epoch)
  const label = `subnet ${args.netuid} epoch ${epoch}`
  const taken = votes.snapshot
  findings.compare('settlements', `${label} snapshot taken before`, taken?.epoch, epoch)
  if (taken?.epoch !== epoch) return undefined
  const { snapshot } = taken
  const { last } = votes
  const before = last && { endsAt: last.endsAt, uids: last.snapshot.uids, permits: last.permits }
  const withheld = [...(votes.withheld.get(epoch) ?? [])]
  const rows = rowsOf(votes, votersOf({ before, snapshot }), snapshot)
  const result = runEpoch(toEpochInput({ snapshot, before, withheld, votes: { ...rows, bonds: last?.bonds ?? [] } }))
  const bonds = packBonds(result.bonds, uidsOf(snapshot.newPermits), snapshot.uids)
  const bondsHash = hashWords(bonds)

  const told = args.result
  findings.compare('settlements', `${label} uids`, snapshot.uids, told.uids)
  findings.compare('settlements', `${label} permits`, snapshot.newPermits, told.permits)
  for (const name of ['consensus', 'validatorTrust', 'incentive', 'dividends', 'validatorPay'] as const) {
    const shares = unpackWords(bytesToWords(told[name]), 32, told.uids)
    result[name].forEach((share, uid) => {
      findings.compare('settlements', `${label} uid ${uid} ${name}`, share, shares[uid])
    })
  }
  findings.compare('bonds', `${label} bonds hash`, bondsHash, told.bondsHash)
  const permits = uidsOf(snapshot.newPermits)
  const paid = payHash(told.incentive, told.validatorPay)
  return { epoch, endsAt: snapshot.terms.end, blockNumber, snapshot, result, permits, bonds, bondsHash, payHash: paid }
}

/** The voters' last revealed rows, as `settle` takes them. */
function rowsOf(votes: SubnetVotes, voters: readonly number[], snapshot: Snapshot) {
  const registeredAt = unpackWords(snapshot.registeredAt, 64, snapshot.uids)
  const rows = voters.map((uid) => voterSince(votes, uid, Number(registeredAt[uid]))?.row)
  const lengths = rows.map((row) => row?.packedRow.length ?? 0)
  const rowWords = Math.max(Math.ceil(snapshot.uids / CELLS_PER_WORD), ...lengths)
  return {
    committedAt: rows.map((row) => BigInt(row?.committedAt ?? 0)),
    rowWords,
    rows: rows.flatMap((row) => padded(row?.packedRow ?? [], rowWords)),
  }
}
