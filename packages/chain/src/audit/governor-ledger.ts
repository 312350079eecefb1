import { type Address, ZERO_ADDRESS } from '@witan/protocol'
import type { ProposalState } from '../client/reads/read-governance.js'
import type { AuditEvent } from './audit-event.js'
import { createHistory, type History } from './history.js'

/** Times in unix seconds, votes in wei. */
export interface ProposalFacts {
  readonly proposer: Address
  readonly snapshot: number
  deadline: number
  expiry: number
  /** 0 before it is queued. */
  eta: number
  isExecuted: boolean
  isCanceled: boolean
  /** Against, for, abstaining. */
  readonly votes: [bigint, bigint, bigint]
  readonly voters: Set<Address>
}

export interface GovernorLedger {
  votingDelay: bigint
  votingPeriod: bigint
  voteExtension: bigint
  proposalThreshold: bigint
  /** Percent of all stake. */
  readonly quorum: History
  readonly superQuorum: History
  guardian: Address
  guardianUntil: number
  timelock: Address
  readonly proposals: Map<bigint, ProposalFacts>
}

export const createGovernorLedger = (): GovernorLedger => ({
  votingDelay: 0n,
  votingPeriod: 0n,
  voteExtension: 0n,
  proposalThreshold: 0n,
  quorum: createHistory(),
  superQuorum: createHistory(),
  guardian: ZERO_ADDRESS,
  guardianUntil: 0,
  timelock: ZERO_ADDRESS,
  proposals: new Map(),
})

export function applyToGovernor(ledger: GovernorLedger, event: AuditEvent<'WitanGovernor'>, time: number): void {
  switch (event.name) {
    case 'VotingDelaySet':
      ledger.votingDelay = event.args.newVotingDelay
      return
    case 'VotingPeriodSet':
      ledger.votingPeriod = event.args.newVotingPeriod
      return
    case 'LateQuorumVoteExtensionSet':
      ledger.voteExtension = event.args.newVoteExtension
      return
    case 'ProposalThresholdSet':
      ledger.proposalThreshold = event.args.newProposalThreshold
      return
    case 'QuorumNumeratorUpdated':
      ledger.quorum.push(time, event.args.newQuorumNumerator)
      return
    case 'SuperQuorumNumeratorUpdated':
      ledger.superQuorum.push(time, event.args.newSuperQuorumNumerator)
      return
    case 'GuardianTermSet':
      ledger.guardian = event.args.guardian
      ledger.guardianUntil = event.args.until
      return
    case 'TimelockChange':
      ledger.timelock = event.args.newTimelock
      return
    case 'ProposalCreated':
      ledger.proposals.set(event.args.proposalId, newProposal(event.args))
      return
    default:
      if (!('proposalId' in event.args)) return
      applyToProposal(proposalOf(ledger, event.args.proposalId), event)
  }
}

function applyToProposal(proposal: ProposalFacts, event: AuditEvent<'WitanGovernor'>): void {
  switch (event.name) {
    case 'VoteCast':
    case 'VoteCastWithParams': {
      const { voter, support, weight } = event.args
      if (support <= 2) proposal.votes[support as 0 | 1 | 2] += weight
      proposal.voters.add(voter)
      return
    }
    case 'ProposalExtended':
      proposal.deadline = Math.max(proposal.deadline, Number(event.args.extendedDeadline))
      return
    case 'ProposalQueued':
      proposal.eta = Number(event.args.etaSeconds)
      return
    case 'ProposalExpirySet':
      proposal.expiry = event.args.expiresAt
      return
    case 'ProposalExecuted':
      proposal.isExecuted = true
      return
    case 'ProposalCanceled':
      proposal.isCanceled = true
  }
}

type Created = Extract<AuditEvent<'WitanGovernor'>, { name: 'ProposalCreated' }>['args']

function newProposal({ proposer, voteStart, voteEnd }: Pick<Created, 'proposer' | 'voteStart' | 'voteEnd'>) {
  const times = { snapshot: Number(voteStart), deadline: Number(voteEnd), expiry: 0, eta: 0 }
  const votes: ProposalFacts['votes'] = [0n, 0n, 0n]
  return { proposer, ...times, isExecuted: false, isCanceled: false, votes, voters: new Set<Address>() }
}

/** One that no event made stands out in the comparison instead of ending it. */
function proposalOf({ proposals }: GovernorLedger, proposalId: bigint): ProposalFacts {
  const proposal = proposals.get(proposalId) ?? newProposal({ proposer: '0x', voteStart: 0n, voteEnd: 0n })
  proposals.set(proposalId, proposal)
  return proposal
}

/** The guardian at `now`: none after its term. */
export function guardianAt({ guardian, guardianUntil }: GovernorLedger, now: number): Address {
  return now > guardianUntil ? ZERO_ADDRESS : guardian
}

/**
 * The state that follows from a proposal's facts at `now`.
 * @param quorum wei of votes for and abstaining that it needs
 * @param superQuorum wei of votes for that end the vote
 */
export function proposalStateAt(
  { snapshot, deadline, expiry, eta, isExecuted, isCanceled, votes }: ProposalFacts,
  now: number,
  { quorum, superQuorum }: { readonly quorum: bigint; readonly superQuorum: bigint },
): ProposalState {
  if (isExecuted) return 'executed'
  if (isCanceled) return 'canceled'
  if (now <= snapshot) return 'pending'
  const [against, approving, abstaining] = votes
  const isOpen = now <= deadline
  if (isOpen && (approving < superQuorum || approving <= against)) return 'active'
  if (!isOpen && (approving + abstaining < quorum || approving <= against)) return 'defeated'
  if (now > expiry) return 'expired'
  return eta === 0 ? 'succeeded' : 'queued'
}
