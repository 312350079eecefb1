import { type Address, ZERO_ADDRESS } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'
import type { Moved } from './moved.js'

export interface Adoption {
  readonly kind: number
  readonly id: bigint
  readonly successor: bigint
}

/** Of a fork, wei: what came to the contract that pays the claims, and what left it. */
export interface ClaimsLedger {
  /** Where it is; absent in a network that is no fork. */
  readonly address: Address | undefined
  readonly paid: Map<Address, bigint>
  readonly adoptions: Adoption[]
  swept: bigint
  isSwept: boolean
  minted: bigint
  received: bigint
  sent: bigint
}

export const createClaimsLedger = (address: Address | undefined): ClaimsLedger => ({
  ...{ address, paid: new Map(), adoptions: [] },
  ...{ swept: 0n, isSwept: false, minted: 0n, received: 0n, sent: 0n },
})

/** Returns what an event must tell: an account claims once, an item goes on once, and what is swept is what is left. */
export function applyToClaims(ledger: ClaimsLedger, event: AuditEvent<'ForkClaim'>): Moved {
  switch (event.name) {
    case 'Claimed': {
      const { account, liquid, staked } = event.args
      const before = ledger.paid.get(account) ?? 0n
      ledger.paid.set(account, before + liquid + staked)
      return { rebuilt: [before, ledger.isSwept], told: [0n, false] }
    }
    case 'Adopted': {
      const { kind, id, successor } = event.args
      const isSame = (each: Adoption) => each.kind === kind && (each.id === id || each.successor === successor)
      const before = ledger.adoptions.filter(isSame)
      ledger.adoptions.push({ kind, id, successor })
      return { rebuilt: before, told: [] }
    }
    case 'Swept': {
      const { assets } = event.args
      ledger.swept += assets
      ledger.isSwept = true
      return { rebuilt: [ledger.received - ledger.sent], told: [assets] }
    }
  }
}

/** Tokens that come to the contract and leave it. */
export function followClaims(ledger: ClaimsLedger, event: AuditEvent<'WitanToken'>): void {
  if (event.name !== 'Transfer') return
  const { from, to, value } = event.args
  if (to === ledger.address) ledger.received += value
  if (to === ledger.address && from === ZERO_ADDRESS) ledger.minted += value
  if (from === ledger.address) ledger.sent += value
}
