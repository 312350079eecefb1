import type { Address } from '@witan/protocol'
import type { RoyaltyPool } from '../client/reads/read-datasets.js'
import type { AuditEvent } from './audit-event.js'
import type { Moved } from './moved.js'

export interface VersionRoyalties {
  readonly setId: bigint
  readonly version: number
  pool: RoyaltyPool
  /** Records that a contributor proved. */
  readonly shares: Map<Address, bigint>
}

/** What data sets earned and owe, wei. */
export interface RoyaltiesLedger {
  readonly credits: Map<Address, bigint>
  /** By set and version. */
  readonly versions: Map<string, VersionRoyalties>
}

export const createRoyaltiesLedger = (): RoyaltiesLedger => ({ credits: new Map(), versions: new Map() })

/** Returns what the ledger has for what is paid out or swept, which the event's amount must equal. */
export function applyToRoyalties(
  ledger: RoyaltiesLedger,
  event: AuditEvent<'DatasetRegistry'>,
  time: number,
): Moved | undefined {
  switch (event.name) {
    case 'Credited': {
      const { account, amount } = event.args
      ledger.credits.set(account, (ledger.credits.get(account) ?? 0n) + amount)
      return undefined
    }
    case 'Withdrawn': {
      const { account, amount } = event.args
      const rebuilt = ledger.credits.get(account) ?? 0n
      ledger.credits.set(account, 0n)
      return { rebuilt: [rebuilt], told: [amount] }
    }
    case 'RoyaltyPaid': {
      const royalties = royaltiesOf(ledger, event.args)
      const paid = royalties.pool.paid + event.args.toContributors
      royalties.pool = { ...royalties.pool, paid, lastPaidAt: time }
      return undefined
    }
    case 'RoyaltyClaimed': {
      const { contributor, records, amount } = event.args
      const royalties = royaltiesOf(ledger, event.args)
      const isNew = !royalties.shares.has(contributor)
      const provenRecords = royalties.pool.provenRecords + (isNew ? records : 0n)
      royalties.shares.set(contributor, records)
      royalties.pool = { ...royalties.pool, claimed: royalties.pool.claimed + amount, provenRecords }
      return undefined
    }
    case 'RoyaltySwept': {
      const royalties = royaltiesOf(ledger, event.args)
      const { paid, claimed, round } = royalties.pool
      royalties.pool = { ...royalties.pool, paid: 0n, claimed: 0n, round: round + 1 }
      return { rebuilt: [paid - claimed], told: [event.args.amount] }
    }
    default:
      return undefined
  }
}

function royaltiesOf(
  { versions }: RoyaltiesLedger,
  { setId, version }: Pick<VersionRoyalties, 'setId' | 'version'>,
): VersionRoyalties {
  const key = `${setId} ${version}`
  const pool = { paid: 0n, claimed: 0n, round: 0, provenRecords: 0n, lastPaidAt: 0 }
  const royalties = versions.get(key) ?? { setId, version, pool, shares: new Map() }
  versions.set(key, royalties)
  return royalties
}
