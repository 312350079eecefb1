import type { Hex } from '@witan/protocol'
import { rowHashOf } from '../client/packed-hash.js'
import type { Snapshot } from '../client/reads/read-consensus.js'
import type { RevealedRow } from '../client/revealed-rows.js'
import type { AuditEvent } from './audit-event.js'
import type { Replayed } from './settlement.js'
import type { Holder } from './subnets-ledger.js'

export interface CommitmentState {
  readonly hash: Hex
  readonly epoch: number
  /** Unix seconds. */
  readonly committedAt: number
  revealed: boolean
}

/** What belongs to a slot's holder. */
export interface VoterLedger {
  readonly since: number
  rowHash: Hex | undefined
  row: RevealedRow | undefined
  /** Of even and odd epochs. */
  readonly commitments: [CommitmentState | undefined, CommitmentState | undefined]
}

export interface SubnetVotes {
  /** By uid: the holder that committed last and the one before, newest first. */
  readonly voters: Map<number, VoterLedger[]>
  /** Uids that committed in an epoch and have not revealed. */
  readonly withheld: Map<number, Set<number>>
  snapshot: { readonly epoch: number; readonly snapshot: Snapshot } | undefined
  last: Replayed | undefined
}

export type ConsensusLedger = Map<number, SubnetVotes>

/** A slot remembers two holders, and so does everything that depends on it. */
const KEPT_VOTERS = 2
/** The running epoch and the one being revealed and settled. */
const OPEN_EPOCHS = 2

export function votesOf(ledger: ConsensusLedger, netuid: number): SubnetVotes {
  const votes = ledger.get(netuid) ?? { voters: new Map(), withheld: new Map(), snapshot: undefined, last: undefined }
  ledger.set(netuid, votes)
  return votes
}

/** @param holder of the slot that committed or revealed, now */
export function applyVote(
  votes: SubnetVotes,
  event: Extract<AuditEvent<'Consensus'>, { name: 'Committed' | 'Revealed' }>,
  holder: Holder,
): void {
  const { uid } = event.args
  const epoch = Number(event.args.epoch)
  const voter = voterOf(votes, uid, holder.since)
  if (event.name === 'Committed') {
    const { commitment: hash, committedAt } = event.args
    voter.commitments[epoch % 2] = { hash, epoch, committedAt, revealed: false }
    withheldIn(votes, epoch).add(uid)
    return
  }
  const { committedAt, packedRow } = event.args
  const commitment = voter.commitments[epoch % 2]
  if (commitment !== undefined) commitment.revealed = true
  voter.row = { uid, committedAt, packedRow }
  voter.rowHash = rowHashOf(committedAt, packedRow)
  withheldIn(votes, epoch).delete(uid)
}

export function voterSince(votes: SubnetVotes, uid: number, since: number): VoterLedger | undefined {
  return votes.voters.get(uid)?.find((voter) => voter.since === since)
}

function voterOf(votes: SubnetVotes, uid: number, since: number): VoterLedger {
  const known = votes.voters.get(uid) ?? []
  const found = known.find((voter) => voter.since === since)
  if (found !== undefined) return found
  const voter: VoterLedger = { since, rowHash: undefined, row: undefined, commitments: [undefined, undefined] }
  votes.voters.set(uid, [voter, ...known].slice(0, KEPT_VOTERS))
  return voter
}

function withheldIn({ withheld }: SubnetVotes, epoch: number): Set<number> {
  const uids = withheld.get(epoch) ?? new Set<number>()
  withheld.set(epoch, uids)
  for (const known of withheld.keys()) if (known <= epoch - 2 * OPEN_EPOCHS) withheld.delete(known)
  return uids
}
