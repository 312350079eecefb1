import type { Address } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'

/** Votes of stake, wei. */
export interface VotersLedger {
  readonly delegates: Map<Address, Address>
  /** By account and node, as last counted. */
  readonly counted: Map<Address, Map<bigint, bigint>>
  /** As last told, and whether no node was slashed since: that takes votes away without an event. */
  readonly votes: Map<Address, { readonly votes: bigint; isCertain: boolean }>
}

export const createVotersLedger = (): VotersLedger => ({ delegates: new Map(), counted: new Map(), votes: new Map() })

export function applyToVoters(ledger: VotersLedger, event: AuditEvent<'StakeVotes'>): void {
  switch (event.name) {
    case 'DelegateChanged':
      ledger.delegates.set(event.args.delegator, event.args.toDelegate)
      return
    case 'DelegateVotesChanged':
      ledger.votes.set(event.args.delegate, { votes: event.args.newVotes, isCertain: true })
      return
    case 'StakeCounted': {
      const { account, nodeId, assets } = event.args
      const counted = ledger.counted.get(account) ?? new Map<bigint, bigint>()
      ledger.counted.set(account, counted.set(nodeId, assets))
    }
  }
}

/** A slash of any node makes the votes of everybody uncertain until they are told again. */
export function noteSlash({ votes }: VotersLedger): void {
  for (const told of votes.values()) told.isCertain = false
}
