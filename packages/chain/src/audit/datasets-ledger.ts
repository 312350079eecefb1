import type { Address, Hex } from '@witan/protocol'
import type { CuratorBallot, DatasetFlag, DatasetVersion } from '../client/reads/read-datasets.js'
import type { AuditEvent } from './audit-event.js'
import { applyToDeeds, createDeedsLedger, type DeedsLedger } from './deeds-ledger.js'
import { applyToRoyalties, createRoyaltiesLedger, type RoyaltiesLedger } from './royalties-ledger.js'

type DatasetEvent = AuditEvent<'DatasetRegistry'>
type Created = Extract<DatasetEvent, { name: 'DatasetCreated' }>

export interface DatasetState {
  readonly name: string
  terms: Created['args']['terms']
  reserve: bigint
  editions: number
  upheld: bigint
  answered: bigint
  delisted: boolean
  roster: number
  curators: readonly Address[]
  readonly versions: Map<number, DatasetVersion>
  /** By the number of the upheld flag, unix seconds. */
  readonly dueAt: Map<bigint, number>
  /** The last ballot that flagged a record, by its leaf. */
  readonly flagged: Map<Hex, bigint>
  /** The edition up to which each account has access. */
  readonly orders: Map<Address, number>
}

export interface DatasetsLedger {
  readonly sets: Map<bigint, DatasetState>
  readonly ballots: Map<bigint, CuratorBallot>
  readonly voters: Map<bigint, Set<Address>>
  readonly flags: Map<bigint, DatasetFlag>
  readonly deeds: DeedsLedger
  readonly royalties: RoyaltiesLedger
}

export const createDatasetsLedger = (): DatasetsLedger => ({
  sets: new Map(),
  ballots: new Map(),
  voters: new Map(),
  flags: new Map(),
  deeds: createDeedsLedger(),
  royalties: createRoyaltiesLedger(),
})

/** Returns what the ledger has for what is paid out, which the event's amount must equal. */
export function applyToDatasets(ledger: DatasetsLedger, event: DatasetEvent, time: number) {
  switch (event.name) {
    case 'DatasetCreated':
      ledger.sets.set(event.args.setId, newSet(event.args))
      return undefined
    case 'BallotOpened': {
      const { ballotId, setId, initiator, endsAt, roster, kind } = event.args
      ledger.ballots.set(ballotId, { setId, initiator, endsAt, roster, yes: 0, no: 0, kind, outcome: 0 })
      return undefined
    }
    case 'BallotVoted': {
      const { ballotId, curator, yes, no } = event.args
      changeBallot(ledger, ballotId, { yes: Number(yes), no: Number(no) })
      ledger.voters.set(ballotId, (ledger.voters.get(ballotId) ?? new Set()).add(curator))
      return undefined
    }
    case 'BallotClosed':
      changeBallot(ledger, event.args.ballotId, { outcome: event.args.outcome })
      return undefined
    case 'FlagUpheld': {
      const { ballotId, number } = event.args
      const flag = ledger.flags.get(ballotId)
      if (flag !== undefined) ledger.flags.set(ballotId, { ...flag, number })
      break
    }
    case 'Flagged': {
      const { ballotId, version, leaves, bond, reward } = event.args
      ledger.flags.set(ballotId, { version, records: leaves.length, number: 0n, bond, reward })
    }
  }
  if ('setId' in event.args) {
    const set = ledger.sets.get(event.args.setId)
    if (set !== undefined) applyToSet(set, event, time)
  }
  applyToDeeds(ledger.deeds, event)
  return applyToRoyalties(ledger.royalties, event, time)
}

function newSet({ name, terms }: Created['args']): DatasetState {
  const counts = { reserve: 0n, editions: 0, upheld: 0n, answered: 0n, delisted: false, roster: 0, curators: [] }
  return { name, terms, ...counts, versions: new Map(), dueAt: new Map(), flagged: new Map(), orders: new Map() }
}

function changeBallot({ ballots }: DatasetsLedger, ballotId: bigint, change: Partial<CuratorBallot>): void {
  const ballot = ballots.get(ballotId)
  if (ballot !== undefined) ballots.set(ballotId, { ...ballot, ...change })
}

function applyToSet(set: DatasetState, event: DatasetEvent, time: number): void {
  switch (event.name) {
    case 'CuratorsSet':
      set.roster = event.args.roster
      set.curators = event.args.curators
      return
    case 'PriceSet':
      set.terms = { ...set.terms, price: event.args.price }
      return
    case 'ReserveChanged':
      set.reserve = event.args.reserve
      return
    case 'VersionIncluded': {
      const { version, edition, terms } = event.args
      set.editions = edition
      set.versions.set(version, { terms, edition, includedAt: time })
      return
    }
    case 'Flagged':
      for (const leaf of event.args.leaves) set.flagged.set(leaf, event.args.ballotId)
      return
    case 'FlagUpheld':
      set.upheld = event.args.number
      set.dueAt.set(event.args.number, event.args.dueAt)
      return
    case 'Corrected':
      set.answered = event.args.answered
      return
    case 'Listed':
      set.delisted = !event.args.listed
      return
    case 'Ordered':
      set.orders.set(event.args.account, event.args.edition)
  }
}

/** As the contract answers `isListed`. */
export function isListedAt({ versions, delisted, answered, upheld, dueAt }: DatasetState, now: number): boolean {
  const isOverdue = answered < upheld && now > (dueAt.get(answered + 1n) ?? 0)
  return versions.size > 0 && !delisted && !isOverdue
}

/** The last of the versions, by edition, that an order up to `edition` opens, and the first that it does not. */
export function versionsAround<Version extends readonly [number, Pick<DatasetVersion, 'edition'>]>(
  byEdition: readonly Version[],
  edition: number,
): Version[] {
  const last = byEdition.findLastIndex(([, version]) => version.edition <= edition)
  return byEdition.slice(Math.max(last, 0), last + 2)
}
