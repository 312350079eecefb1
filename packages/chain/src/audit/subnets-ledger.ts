import type { Address, Hex, SubnetParameters } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'
import { declareOwnSlots, type OwnVersion } from './own-slots.js'
import { addVersion, nextStart, type Version } from './timeline.js'

/** Who holds a slot since when (unix seconds); node 0: vacant. */
export interface Holder {
  readonly nodeId: bigint
  readonly since: number
}

export interface SubnetState {
  owner: Address
  candidate: Address
  readonly startedAt: number
  readonly membership: number
  closesAt: number
  lastEpoch: number | undefined
  lock: bigint
  readonly mechanism: Hex
  readonly name: string
  modelVersions: readonly Hex[]
  readonly versions: Version[]
  readonly ownSlots: OwnVersion[]
  /** By uid: the holder and the ones before, newest first. */
  readonly slots: Holder[][]
  readonly uidOf: Map<bigint, number>
  lastChangedAt: number
  registered: number
  deregistered: number
  pruned: number
}

export interface SubnetsLedger {
  readonly subnets: Map<number, SubnetState>
  /** The subnets in which a node ever had a slot. */
  readonly netuidsOf: Map<bigint, Set<number>>
  /** The last record that each operator announced. */
  readonly records: Map<Address, { readonly digest: Hex; readonly seq: bigint; readonly expiry: bigint }>
}

const ZERO: Address = `0x${'0'.repeat(40)}`
/** A slot remembers its holder and the one before (docs/design/0008). */
const KEPT_HOLDERS = 2

export const createSubnetsLedger = (): SubnetsLedger => ({
  subnets: new Map(),
  netuidsOf: new Map(),
  records: new Map(),
})

export function applyToSubnets(ledger: SubnetsLedger, event: AuditEvent<'Subnets'>, time: number): void {
  if (event.name === 'SubnetCreated') create(ledger, event)
  else if (event.name === 'Announced') {
    const { operator, recordDigest: digest, seq, expiry } = event.args
    ledger.records.set(operator, { digest, seq, expiry })
  } else if ('netuid' in event.args) {
    const subnet = ledger.subnets.get(event.args.netuid)
    if (subnet === undefined) return
    if (event.name === 'NeuronRegistered') notePlace(ledger, event.args.nodeId, event.args.netuid)
    applyToSubnet(subnet, event, time)
  }
}

function create({ subnets }: SubnetsLedger, event: Extract<AuditEvent<'Subnets'>, { name: 'SubnetCreated' }>): void {
  const { netuid, subnet, modelVersions } = event.args
  const { owner, startedAt, membership, closesAt, lock, mechanism, name } = subnet
  const parameters = subnet.parameters as SubnetParameters
  subnets.set(netuid, {
    ...{ owner, candidate: ZERO, startedAt, membership, closesAt, lastEpoch: undefined, lock, mechanism, name },
    modelVersions,
    versions: [{ fromEpoch: 0, fromTime: startedAt, parameters }],
    ...{ ownSlots: [], slots: [], uidOf: new Map(), lastChangedAt: 0, registered: 0, deregistered: 0, pruned: 0 },
  })
}

function notePlace({ netuidsOf }: SubnetsLedger, nodeId: bigint, netuid: number): void {
  const netuids = netuidsOf.get(nodeId) ?? new Set()
  netuidsOf.set(nodeId, netuids.add(netuid))
}

function applyToSubnet(subnet: SubnetState, event: AuditEvent<'Subnets'>, time: number): void {
  switch (event.name) {
    case 'ParametersSet': {
      const { fromEpoch, fromTime, parameters } = event.args
      addVersion(subnet.versions, { fromEpoch: Number(fromEpoch), fromTime, parameters }, time)
      return
    }
    case 'ModelVersionsSet':
      subnet.modelVersions = event.args.modelVersions
      return
    case 'OwnershipOffered':
      subnet.candidate = event.args.candidate
      return
    case 'OwnershipTransferred':
      subnet.owner = event.args.owner
      subnet.candidate = ZERO
      return
    case 'SubnetDissolved':
      subnet.closesAt = event.args.closesAt
      subnet.lastEpoch = Number(event.args.lastEpoch)
      return
    case 'LockReleased':
      subnet.lock = 0n
      return
    case 'NeuronRegistered':
      subnet.registered++
      give(subnet, event.args.uid, event.args.nodeId, time)
      return
    case 'NeuronDeregistered':
      subnet.deregistered++
      subnet.uidOf.delete(event.args.nodeId)
      give(subnet, event.args.uid, 0n, time)
      return
    case 'NeuronPruned':
      // The one that takes the slot registers next, at the same time.
      subnet.pruned++
      subnet.uidOf.delete(event.args.nodeId)
      return
    case 'OwnSlotsDeclared': {
      const { uids, own, fromTime } = event.args
      declareOwnSlots(subnet.ownSlots, uids, own, fromTime)
    }
  }
}

function give(subnet: SubnetState, uid: number, nodeId: bigint, time: number): void {
  const holders = subnet.slots[uid]
  if (holders === undefined) {
    subnet.slots[uid] = [{ nodeId, since: time }]
  } else {
    holders.unshift({ nodeId, since: time })
    holders.length = Math.min(holders.length, KEPT_HOLDERS)
    subnet.lastChangedAt = time
    const isDeclared = subnet.ownSlots.at(-1)?.uids.has(uid) ?? false
    if (isDeclared) declareOwnSlots(subnet.ownSlots, [uid], false, nextStart(subnet.versions, time))
  }
  if (nodeId !== 0n) subnet.uidOf.set(nodeId, uid)
}

/** The slots that existed just before a moment and their holders then, by uid. */
export function slotsBefore({ slots }: Pick<SubnetState, 'slots'>, time: number): Holder[] {
  const held = slots.map((holders) => holders.find(({ since }) => since < time))
  const last = held.findLastIndex((holder) => holder !== undefined)
  return held.slice(0, last + 1).map((holder) => holder ?? { nodeId: 0n, since: 0 })
}
