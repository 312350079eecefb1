import { type Address, ZERO_ADDRESS } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'

/** Balances and supply from `Transfer` alone: mints come from address 0, burns go there. */
export interface TokenLedger {
  readonly balances: Map<Address, bigint>
  totalSupply: bigint
}

export const createTokenLedger = (): TokenLedger => ({ balances: new Map(), totalSupply: 0n })

export function applyToToken(ledger: TokenLedger, event: AuditEvent<'WitanToken'>): void {
  if (event.name !== 'Transfer') return
  const { from, to, value } = event.args
  if (from === ZERO_ADDRESS) ledger.totalSupply += value
  else add(ledger, from, -value)
  if (to === ZERO_ADDRESS) ledger.totalSupply -= value
  else add(ledger, to, value)
}

function add({ balances }: TokenLedger, account: Address, value: bigint): void {
  balances.set(account, (balances.get(account) ?? 0n) + value)
}
