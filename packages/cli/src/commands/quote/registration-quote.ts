import type { LastPay, LastSettled, Neuron, RecentRegistrations, Subnet } from '@witan/chain'
import { type PruningCandidate, pruningOrder } from '@witan/chain'
import { epochAt } from '@witan/protocol'

const NO_NODE = 0n

export interface QuoteFacts {
  readonly subnet: Subnet
  readonly neurons: readonly Neuron[]
  readonly lastPay: LastPay
  readonly lastSettled: LastSettled | undefined
  readonly price: bigint
  readonly recent: RecentRegistrations
  /** Unix seconds. */
  readonly now: number
}

export interface Prunable extends PruningCandidate {
  readonly nodeId: bigint
  readonly operator: string
  readonly ageSeconds: number
}

const WAITS_HALF_LIVES = [1, 2, 5] as const

/** What registering would cost and bring, from what the chain says. */
export function quoteRegistration(facts: QuoteFacts) {
  const { subnet, neurons, price, recent, now } = facts
  const { parameters, schedule } = subnet
  const halfLifeSeconds = parameters.priceHalfLife * parameters.epochLength
  const epoch = epochAt(schedule, now)
  const epochStart = schedule.startedAt + epoch * schedule.epochLength
  const order = prunables(facts, epochStart)
  const room = roomOf(facts, epochStart)
  // Immune are those of the running epoch and the `immunity` epochs before it.
  const immuneUntil = epochStart + (parameters.immunity + 1) * parameters.epochLength
  return {
    netuid: subnet.netuid,
    price,
    priceLater: WAITS_HALF_LIVES.map((halfLives) => ({
      halfLives,
      seconds: halfLives * halfLifeSeconds,
      price: larger(price / 2n ** BigInt(halfLives), parameters.minPrice),
    })),
    /** What the next one would pay right after. */
    priceAfter: smaller((price * 126n + 99n) / 100n, parameters.maxPrice),
    recent: trendOf(recent),
    slots: { taken: neurons.length - room.vacant - room.vacatedNow, max: parameters.maxUids, ...room },
    pruning: {
      isNeeded: room.free === 0,
      next: room.free === 0 ? (order[0] ?? null) : null,
    },
    newcomer: {
      immuneUntil,
      immuneSeconds: immuneUntil - now,
      /** Neurons that can be pruned now, the next to go first. */
      prunable: order.length,
      /** Part of an epoch's pay, of 1: who earns no more than this goes first. Null while nobody can be pruned. */
      payToExceed: order[0]?.lastPay ?? null,
      /** The pay of who is in the middle of those that can be pruned. */
      medianPay: order[Math.floor(order.length / 2)]?.lastPay ?? null,
    },
  }
}

function prunables({ neurons, lastPay, lastSettled, subnet, now }: QuoteFacts, epochStart: number): Prunable[] {
  const { parameters } = subnet
  const immuneFrom = epochStart - parameters.immunity * parameters.epochLength
  const candidates = pruningOrder({
    neurons,
    lastPay,
    paidUntil: lastSettled?.endsAt ?? 0,
    immuneFrom,
    cuts: parameters,
  })
  return candidates.map((candidate) => {
    const { nodeId, operator } = neurons[candidate.uid]!
    return { ...candidate, nodeId, operator, ageSeconds: now - candidate.registeredAt }
  })
}

/** A slot vacated in the running epoch idles to its end. */
function roomOf({ neurons, subnet }: QuoteFacts, epochStart: number) {
  const empty = neurons.filter(({ nodeId }) => nodeId === NO_NODE)
  const vacant = empty.filter(({ registeredAt }) => registeredAt < epochStart).length
  const vacatedNow = empty.length - vacant
  const isOpen = subnet.closesAt === undefined
  return { free: isOpen ? subnet.parameters.maxUids - neurons.length + vacant : 0, vacant, vacatedNow }
}

function trendOf({ since, registrations }: RecentRegistrations) {
  const prices = registrations.map(({ price }) => price)
  const sum = prices.reduce((total, price) => total + price, 0n)
  return {
    since,
    count: prices.length,
    first: prices[0] ?? null,
    last: prices.at(-1) ?? null,
    lowest: prices.length === 0 ? null : prices.reduce(smaller),
    highest: prices.length === 0 ? null : prices.reduce(larger),
    mean: prices.length === 0 ? null : sum / BigInt(prices.length),
  }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)
const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
