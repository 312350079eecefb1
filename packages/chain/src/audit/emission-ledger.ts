import type { Address } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'
import { credit, type Earned, type SlotPay } from './earned.js'

/** The books of a subnet, wei; the fields are those of `IEmission.Supply`. */
export interface Books {
  scheduled: bigint
  notMinted: bigint
  carried: bigint
  claimable: bigint
  claimed: bigint
  pooled: bigint
  bounties: bigint
}

export interface SubnetEmission {
  readonly books: Books
  /** By uid: what the slot's holder has accrued. */
  readonly slots: Map<number, Earned>
  /** By node: what it earned in slots that it lost. */
  readonly credited: Map<bigint, Earned>
  ownerAccrued: bigint
  accountedUntil: number
}

export interface EmissionLedger {
  readonly subnets: Map<number, SubnetEmission>
  readonly bounties: Map<Address, bigint>
  /** The largest bounty, wei, by the first end of an epoch that it counts for. */
  readonly bountyCaps: Map<number, bigint>
}

export const createEmissionLedger = (): EmissionLedger => ({
  subnets: new Map(),
  bounties: new Map(),
  bountyCaps: new Map(),
})

/** Wei, for an epoch that ended at `endsAt`. */
export function bountyCapAt({ bountyCaps }: EmissionLedger, endsAt: number): bigint {
  const since = Math.max(...[...bountyCaps.keys()].filter((moment) => moment <= endsAt))
  return bountyCaps.get(since) ?? 0n
}

export function emissionOf({ subnets }: EmissionLedger, netuid: number): SubnetEmission {
  const known = subnets.get(netuid)
  if (known !== undefined) return known
  const books = { scheduled: 0n, notMinted: 0n, carried: 0n, claimable: 0n, claimed: 0n, pooled: 0n, bounties: 0n }
  const made = { books, slots: new Map(), credited: new Map(), ownerAccrued: 0n, accountedUntil: 0 }
  subnets.set(netuid, made)
  return made
}

export type EpochPaidEvent = Extract<AuditEvent<'Emission'>, { name: 'EpochPaid' }>

/** Books what an epoch paid, and gives the slots their parts. */
export function applyEpochPaid(
  ledger: EmissionLedger,
  { args: { netuid, settler, paid } }: EpochPaidEvent,
  endsAt: number,
  slots: readonly SlotPay[],
): void {
  const subnet = emissionOf(ledger, netuid)
  const { books } = subnet
  books.scheduled += paid.scheduled
  books.notMinted += paid.notMinted
  books.carried = paid.carried
  books.claimable += paid.owner + paid.incentive + paid.take
  books.pooled += paid.pooled
  books.bounties += paid.bounty
  subnet.ownerAccrued += paid.owner
  subnet.accountedUntil = endsAt
  ledger.bounties.set(settler, (ledger.bounties.get(settler) ?? 0n) + paid.bounty)
  for (const { uid, ...earned } of slots) credit(subnet.slots, uid, earned)
}

/**
 * What leaves or changes hands. Returns what the ledger has for it, which the event's own amounts must equal.
 * @param uidOf the slot that a node holds in a subnet
 * @param netuidsOf the subnets in which a node ever held one
 */
export function applyToEmission(
  ledger: EmissionLedger,
  event: AuditEvent<'Emission'>,
  uidOf: (netuid: number, nodeId: bigint) => number | undefined,
  netuidsOf: (nodeId: bigint) => readonly number[],
): { readonly rebuilt: readonly bigint[]; readonly told: readonly bigint[] } | undefined {
  switch (event.name) {
    case 'BountyCapSet':
      ledger.bountyCaps.set(event.args.since, event.args.bountyCap)
      return undefined
    case 'SlotCredited': {
      const { netuid, uid, nodeId, claimable, pooled } = event.args
      const subnet = emissionOf(ledger, netuid)
      const slot = subnet.slots.get(uid) ?? { owed: 0n, pooled: 0n }
      subnet.slots.delete(uid)
      credit(subnet.credited, nodeId, slot)
      return { rebuilt: [slot.owed, slot.pooled], told: [claimable, pooled] }
    }
    case 'PayRedirected': {
      // Told before the `EpochPaid` whose pay it moves: the slot is short until then.
      const { netuid, uid, nodeId, claimable: owed, pooled } = event.args
      const subnet = emissionOf(ledger, netuid)
      credit(subnet.slots, uid, { owed: -owed, pooled: -pooled })
      credit(subnet.credited, nodeId, { owed, pooled })
      return undefined
    }
    case 'Claimed': {
      const { netuid, nodeId, amount } = event.args
      const subnet = emissionOf(ledger, netuid)
      pay(subnet, amount)
      return { rebuilt: [take(earningsOf(subnet, nodeId, uidOf(netuid, nodeId)), 'owed')], told: [amount] }
    }
    case 'OwnerCutClaimed': {
      const { netuid, amount } = event.args
      const subnet = emissionOf(ledger, netuid)
      const rebuilt = [subnet.ownerAccrued]
      subnet.ownerAccrued = 0n
      pay(subnet, amount)
      return { rebuilt, told: [amount] }
    }
    case 'BountyClaimed': {
      const { settler, amount } = event.args
      const rebuilt = [ledger.bounties.get(settler) ?? 0n]
      ledger.bounties.set(settler, 0n)
      return { rebuilt, told: [amount] }
    }
    case 'PoolPulled': {
      const { nodeId, amount } = event.args
      const all = netuidsOf(nodeId).flatMap((netuid) =>
        earningsOf(emissionOf(ledger, netuid), nodeId, uidOf(netuid, nodeId)),
      )
      return { rebuilt: [take(all, 'pooled')], told: [amount] }
    }
    default:
      return undefined
  }
}

/** Everything that a node has in a subnet: of slots it lost, and of the one it holds. */
export function earningsOf(subnet: SubnetEmission, nodeId: bigint, uid: number | undefined): Earned[] {
  const found = [subnet.credited.get(nodeId), uid === undefined ? undefined : subnet.slots.get(uid)]
  return found.filter((earned) => earned !== undefined)
}

function take(all: readonly Earned[], part: keyof Earned): bigint {
  let sum = 0n
  for (const earned of all) {
    sum += earned[part]
    earned[part] = 0n
  }
  return sum
}

function pay({ books }: SubnetEmission, amount: bigint): void {
  books.claimable -= amount
  books.claimed += amount
}
