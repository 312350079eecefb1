import type { Address } from '@witan/protocol'
import type { RevenueKey } from '../client/intents/payment-intents.js'
import type { SplitTable } from '../client/reads/read-payments.js'
import type { AuditEvent } from './audit-event.js'
import type { Moved } from './moved.js'

export interface PendingRevenue extends RevenueKey {
  assets: bigint
}

export interface PotState {
  assets: bigint
  /** When it last paid or was empty, unix seconds. */
  since: number
}

export interface SignedTables {
  readonly current: SplitTable
  readonly next: SplitTable
  readonly nextFrom: number
}

export interface RevenueLedger {
  /** By subnet, node and model. */
  readonly pending: Map<string, PendingRevenue>
  readonly pots: Map<number, PotState>
  readonly owed: Map<Address, bigint>
  readonly tables: Map<number, SignedTables>
  readonly tableNonces: Map<number, bigint>
}

export const createRevenueLedger = (): RevenueLedger => ({
  pending: new Map(),
  pots: new Map(),
  owed: new Map(),
  tables: new Map(),
  tableNonces: new Map(),
})

/** Where no table was signed (docs/design/0011). */
const DEFAULT_TABLE: SplitTable = { creators: 3_000, pool: 4_000, dataSets: 1_000, validators: 1_000, treasury: 1_000 }
const NO_TABLE: SplitTable = { creators: 0, pool: 0, dataSets: 0, validators: 0, treasury: 0 }

/** Returns what the ledger has for what was handed out, which the event's amounts must equal. */
export function applyToRevenue(
  ledger: RevenueLedger,
  event: AuditEvent<'RevenueSplitter'>,
  time: number,
): Moved | undefined {
  switch (event.name) {
    case 'RevenuePaidIn':
      pendingOf(ledger, event.args).assets += event.args.assets
      return undefined
    case 'Distributed': {
      const { netuid, creators, pool, dataSets, validators, treasury } = event.args
      const pending = pendingOf(ledger, event.args)
      const rebuilt = pending.assets
      pending.assets = 0n
      fillPot(ledger, netuid, validators, time)
      return { rebuilt: [rebuilt], told: [creators + pool + dataSets + validators + treasury] }
    }
    case 'ValidatorPaid': {
      const pot = potOf(ledger, event.args.netuid)
      pot.assets -= event.args.assets
      pot.since = time
      return undefined
    }
    case 'PotSwept': {
      const pot = potOf(ledger, event.args.netuid)
      const rebuilt = pot.assets
      pot.assets = 0n
      return { rebuilt: [rebuilt], told: [event.args.assets] }
    }
    case 'Credited': {
      const { account, assets } = event.args
      ledger.owed.set(account, (ledger.owed.get(account) ?? 0n) + assets)
      return undefined
    }
    case 'Withdrawn': {
      const { account, assets } = event.args
      const rebuilt = ledger.owed.get(account) ?? 0n
      ledger.owed.set(account, 0n)
      return { rebuilt: [rebuilt], told: [assets] }
    }
    case 'TableSigned': {
      const { netuid, table: next, fromTime: nextFrom, nonce } = event.args
      ledger.tables.set(netuid, { current: signedTableAt(ledger, netuid, time), next, nextFrom })
      const rebuilt = ledger.tableNonces.get(netuid) ?? 0n
      ledger.tableNonces.set(netuid, nonce + 1n)
      return { rebuilt: [rebuilt], told: [nonce] }
    }
    default:
      return undefined
  }
}

/** The table by which a subnet's revenue is split at `now`. */
export function tableAt(ledger: RevenueLedger, netuid: number, now: number): SplitTable {
  const table = signedTableAt(ledger, netuid, now)
  return Object.values(table).every((bps) => bps === 0) ? DEFAULT_TABLE : table
}

function signedTableAt({ tables }: RevenueLedger, netuid: number, now: number): SplitTable {
  const signed = tables.get(netuid)
  if (signed === undefined) return NO_TABLE
  return now >= signed.nextFrom ? signed.next : signed.current
}

function pendingOf({ pending }: RevenueLedger, { netuid, nodeId, modelId }: RevenueKey): PendingRevenue {
  const key = `${netuid} ${nodeId} ${modelId}`
  const found = pending.get(key) ?? { netuid, nodeId, modelId, assets: 0n }
  pending.set(key, found)
  return found
}

function potOf({ pots }: RevenueLedger, netuid: number): PotState {
  const pot = pots.get(netuid) ?? { assets: 0n, since: 0 }
  pots.set(netuid, pot)
  return pot
}

function fillPot(ledger: RevenueLedger, netuid: number, assets: bigint, time: number): void {
  if (assets === 0n) return
  const pot = potOf(ledger, netuid)
  if (pot.assets === 0n) pot.since = time
  pot.assets += assets
}
