import { type Address, ZERO_ADDRESS } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'

/** Tokens of a registry and who administers it, from what ERC-721 and the access manager's clients tell. */
export interface DeedsLedger {
  readonly owners: Map<bigint, Address>
  readonly approved: Map<bigint, Address>
  /** By owner and operator. */
  readonly operators: Map<string, readonly [owner: Address, operator: Address, isApproved: boolean]>
  authority: Address | undefined
}

export const createDeedsLedger = (): DeedsLedger => ({
  owners: new Map(),
  approved: new Map(),
  operators: new Map(),
  authority: undefined,
})

export function applyToDeeds(
  ledger: DeedsLedger,
  event: AuditEvent<'ModelRegistry'> | AuditEvent<'DatasetRegistry'>,
): void {
  switch (event.name) {
    case 'Transfer':
      ledger.owners.set(event.args.tokenId, event.args.to)
      // An approval ends with the ownership, without an event.
      ledger.approved.set(event.args.tokenId, ZERO_ADDRESS)
      return
    case 'Approval':
      ledger.approved.set(event.args.tokenId, event.args.approved)
      return
    case 'ApprovalForAll': {
      const { owner, operator, approved } = event.args
      ledger.operators.set(`${owner} ${operator}`, [owner, operator, approved])
      return
    }
    case 'AuthorityUpdated':
      ledger.authority = event.args.authority
  }
}
