import type { Address } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'
import { createValueLine, type LineValue, type ValueLine } from './value-line.js'

/** Immutables of the emission contract, in no event. */
export interface GaugeTerms {
  /** Wei of the whole schedule. */
  readonly scheduleCap: bigint
  /** Seconds between the moments at which votes change. */
  readonly gaugePeriod: number
}

/** Where an account points, and the wei with which that counts. */
export interface Pointing {
  readonly netuids: readonly number[]
  readonly weights: readonly number[]
  readonly stake: bigint
}

/** Up to where a subnet's due is summed: the beginning of a word of `total`, and wei due until then. */
interface DueMark {
  readonly since: number
  readonly due: bigint
}

export interface GaugeLedger {
  readonly terms: GaugeTerms
  /** Unix seconds; 0 before the first active subnet. */
  startedAt: number
  /** Active subnets and the votes for them. */
  readonly total: ValueLine
  readonly lines: Map<number, ValueLine>
  readonly pointings: Map<Address, Pointing>
  /** Lists that `Pointed` told and `VotesSet` has not put into force. */
  readonly told: Map<Address, Pick<Pointing, 'netuids' | 'weights'>>
  readonly marks: Map<number, DueMark>
  /** The largest share of a subnet, basis points, by the moment from which it is in force. */
  readonly maxShares: Map<number, number>
}

export const createGaugeLedger = (terms: GaugeTerms): GaugeLedger => ({
  terms,
  startedAt: 0,
  total: createValueLine(),
  lines: new Map(),
  pointings: new Map(),
  told: new Map(),
  marks: new Map(),
  maxShares: new Map(),
})

const NOWHERE: Pointing = { netuids: [], weights: [], stake: 0n }

/** Replays what moves votes. Returns what the ledger has for it, which the event's own values must equal. */
export function applyToGauge(
  ledger: GaugeLedger,
  event: AuditEvent<'Emission'>,
  time: number,
): { readonly rebuilt: readonly unknown[]; readonly told: readonly unknown[] } | undefined {
  switch (event.name) {
    case 'SubnetActivated':
    case 'SubnetDeactivated': {
      const { netuid, since, activeSubnets } = event.args
      const isEntering = event.name === 'SubnetActivated'
      if (isEntering && ledger.startedAt === 0) ledger.startedAt = time
      switchSubnet(ledger, netuid, isEntering ? 1n : -1n, time)
      if (isEntering && !ledger.marks.has(netuid)) ledger.marks.set(netuid, { since: time, due: 0n })
      return { rebuilt: [time, ledger.total.latest().active], told: [since, activeSubnets] }
    }
    case 'MaxShareSet': {
      const { maxShareBps, since } = event.args
      ledger.maxShares.set(since, maxShareBps)
      // The first is that of the deployment.
      if (since === 0) return undefined
      ledger.total.add(since, 0n, 0n)
      return { rebuilt: [boundaryAfter(ledger.terms, time)], told: [since] }
    }
    case 'Pointed': {
      const { account, netuids, weights } = event.args
      ledger.told.set(account, { netuids, weights })
      return undefined
    }
    case 'VotesSet': {
      const { account, stake } = event.args
      const since = boundaryAfter(ledger.terms, time)
      const before = ledger.pointings.get(account) ?? NOWHERE
      const after = { ...before, ...ledger.told.get(account), stake }
      ledger.told.delete(account)
      ledger.pointings.set(account, after)
      // Even without a change of the sum: a segment begins wherever a subnet's own line changes.
      ledger.total.add(since, vote(ledger, before, -1n, since) + vote(ledger, after, 1n, since), 0n)
      return { rebuilt: [since], told: [event.args.since] }
    }
    default:
      return undefined
  }
}

export function boundaryAfter({ gaugePeriod }: GaugeTerms, time: number): number {
  return (Math.floor(time / gaugePeriod) + 1) * gaugePeriod
}

export function gaugeLineOf({ lines }: GaugeLedger, netuid: number): ValueLine {
  const known = lines.get(netuid)
  if (known !== undefined) return known
  const made = createValueLine()
  lines.set(netuid, made)
  return made
}

const SHARE_UNIT = 10n ** 18n

/** The subnet's share at `time`, of 1e18, rounded down. */
export function shareAt(ledger: GaugeLedger, netuid: number, time: number): bigint {
  return partDown(maxShareAt(ledger, time), SHARE_UNIT, gaugeLineOf(ledger, netuid).at(time), ledger.total.at(time))
}

/** Wei that the subnet was due from its beginning to `end`, which is not before an `end` asked for earlier. */
export function dueUntil(ledger: GaugeLedger, netuid: number, end: number): bigint {
  const mark = ledger.marks.get(netuid)
  if (mark === undefined || end < mark.since) return 0n
  const { terms, total, startedAt } = ledger
  const line = gaugeLineOf(ledger, netuid)
  const dueIn = (from: number, to: number) => {
    const amount = scheduled(to - startedAt, terms.scheduleCap) - scheduled(from - startedAt, terms.scheduleCap)
    return partDown(maxShareAt(ledger, from), amount, line.at(from), total.at(from))
  }
  let { since, due } = mark
  for (const next of total.beginnings(since, end)) {
    due += dueIn(since, next)
    since = next
  }
  ledger.marks.set(netuid, { since, due })
  return due + dueIn(since, end)
}

/** Of the first era, which lasts as many seconds as it emits tokens; each later one has half the rate and twice the time. */
const ERA_SECONDS = 10_500_000
const ERA_WEI = BigInt(ERA_SECONDS) * SHARE_UNIT

/** Wei scheduled in the first `elapsed` seconds (docs/design/0003). */
function scheduled(elapsed: number, cap: bigint): bigint {
  let total = 0n
  let era = 0n
  let left = BigInt(elapsed)
  for (; total < cap && left >= BigInt(ERA_SECONDS) << era; era++) {
    left -= BigInt(ERA_SECONDS) << era
    total += ERA_WEI
  }
  if (total < cap) total += left * (SHARE_UNIT >> era)
  return total < cap ? total : cap
}

const BPS_ONE = 10_000n
/** Wei that each active subnet has besides what is pointed at it. */
const BASE_VOTES = SHARE_UNIT

/** Basis points, in force at `time`. */
export function maxShareAt({ maxShares }: GaugeLedger, time: number): number {
  const since = Math.max(...[...maxShares.keys()].filter((moment) => moment <= time))
  return maxShares.get(since) ?? 0
}

function partDown(maxShareBps: number, amount: bigint, own: LineValue, total: LineValue): bigint {
  if (own.active === 0n) return 0n
  const part = (amount * (own.votes + BASE_VOTES)) / (total.votes + total.active * BASE_VOTES)
  const limit = (amount * BigInt(maxShareBps)) / BPS_ONE
  return part < limit ? part : limit
}

/** A subnet enters or leaves at once, with the votes for it that are in force; those that wait, wait with it. */
function switchSubnet(ledger: GaugeLedger, netuid: number, sign: bigint, time: number): void {
  const line = gaugeLineOf(ledger, netuid)
  const held = line.at(time).votes
  const pending = line.latest().votes
  line.add(time, 0n, sign)
  ledger.total.add(time, sign * held, sign)
  if (pending !== held) ledger.total.add(boundaryAfter(ledger.terms, time), sign * (pending - held), 0n)
}

/** Adds an account's votes to the lines of its subnets; returns those for active ones. */
function vote(ledger: GaugeLedger, { netuids, weights, stake }: Pointing, sign: bigint, since: number): bigint {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n)
  let counted = 0n
  netuids.forEach((netuid, index) => {
    const votes = (sign * (stake * BigInt(weights[index] ?? 0))) / sum
    if (votes === 0n) return
    const line = gaugeLineOf(ledger, netuid)
    line.add(since, votes, 0n)
    if (line.latest().active > 0n) counted += votes
  })
  return counted
}
