import type { Address } from '@witan/protocol'
import type { MemberProposal } from '../client/reads/read-members.js'
import type { AuditEvent } from './audit-event.js'

type ProposalFacts = Omit<MemberProposal, 'proposalId'>

export interface Roster {
  readonly members: Map<Address, boolean>
  count: number
  /** How often somebody was removed. */
  number: number
}

/** Members of consortia and what they voted on. */
export interface MembersLedger {
  readonly rosters: Map<number, Roster>
  readonly proposals: Map<bigint, ProposalFacts>
  readonly voters: Map<bigint, Set<Address>>
}

export const createMembersLedger = (): MembersLedger => ({
  rosters: new Map(),
  proposals: new Map(),
  voters: new Map(),
})

export function applyToMembers(ledger: MembersLedger, event: AuditEvent<'SubnetMembers'>): void {
  const { proposals, voters } = ledger
  switch (event.name) {
    case 'MemberAdmitted':
    case 'MemberRemoved': {
      const isMember = event.name === 'MemberAdmitted'
      const roster = rosterOf(ledger, event.args.netuid)
      roster.members.set(event.args.account, isMember)
      roster.count = Number(event.args.members)
      if (!isMember) roster.number++
      return
    }
    case 'Proposed': {
      const { proposalId, netuid, account, admit, expiresAt } = event.args
      const roster = rosterOf(ledger, netuid).number
      proposals.set(proposalId, { netuid, admit, executed: false, roster, votes: 0, expiresAt, account })
      return
    }
    case 'Voted': {
      const { proposalId, member } = event.args
      voters.set(proposalId, (voters.get(proposalId) ?? new Set()).add(member))
      const proposal = proposals.get(proposalId)
      if (proposal === undefined) return
      const votes = Number(event.args.votes)
      const executed = votes * 2 > rosterOf(ledger, proposal.netuid).count
      proposals.set(proposalId, { ...proposal, votes, executed })
    }
  }
}

function rosterOf({ rosters }: MembersLedger, netuid: number): Roster {
  const roster = rosters.get(netuid) ?? { members: new Map(), count: 0, number: 0 }
  rosters.set(netuid, roster)
  return roster
}
