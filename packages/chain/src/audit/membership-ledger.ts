import type { Address } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'
import { createHistory, type History } from './history.js'
import type { Moved } from './moved.js'

/** Who decides in a network of members. */
export interface MembershipLedger {
  /** Everybody who ever was one, and whether it is. */
  readonly members: Map<Address, boolean>
  readonly count: History
  readonly delegates: Map<Address, Address>
  /** Whose votes ever changed. */
  readonly voters: Set<Address>
}

export const createMembershipLedger = (): MembershipLedger => ({
  members: new Map(),
  count: createHistory(),
  delegates: new Map(),
  voters: new Set(),
})

/** Of one member, in units of the token. */
export const ONE_VOTE = 10n ** 18n

/** Returns how many members there are after the event, which it tells as well. */
export function applyToMembership(
  { members, count, delegates, voters }: MembershipLedger,
  event: AuditEvent<'MembershipToken'>,
  time: number,
): Moved | undefined {
  switch (event.name) {
    case 'Admitted':
    case 'Removed': {
      const isMember = event.name === 'Admitted'
      members.set(event.args.account, isMember)
      count.push(time, count.latest() + (isMember ? 1n : -1n))
      return { rebuilt: [count.latest()], told: [event.args.members] }
    }
    case 'DelegateChanged':
      delegates.set(event.args.delegator, event.args.toDelegate)
      return undefined
    case 'DelegateVotesChanged':
      voters.add(event.args.delegate)
      return undefined
    default:
      return undefined
  }
}

/** Of everybody who ever had votes: one of each member that chose it, itself unless it chose another. */
export function votesOfMembers({ members, delegates, voters }: MembershipLedger): Map<Address, bigint> {
  const votes = new Map<Address, bigint>([...voters].map((voter) => [voter, 0n]))
  for (const [account, isMember] of members) {
    const delegate = delegates.get(account) ?? account
    votes.set(delegate, (votes.get(delegate) ?? 0n) + (isMember ? ONE_VOTE : 0n))
  }
  return votes
}
