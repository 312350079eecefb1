import { abis } from '@witan/contracts'
import { fromBitmap, type Hex, keccak256Hex, packWords, quantiseStake, selectPermits, toBitmap } from '@witan/protocol'
import { AbiCoder } from 'ethers'
import { interfaceOf } from '../abi/interface-of.js'
import type { Snapshot } from '../client/reads/read-consensus.js'
import { ownSlotsBefore } from './own-slots.js'
import { type SubnetState, slotsBefore } from './subnets-ledger.js'
import { versionOf, windowOf } from './timeline.js'
import type { VaultLedger } from './vault-ledger.js'

/** A vacant slot: later than any vote for it. */
const NEVER = 2n ** 64n - 1n

const snapshotTypes = interfaceOf(abis.Consensus).getFunction('snapshotOf')!.outputs

/** What the snapshot of an epoch must be, from slots, stakes and takes (rule 1). */
export function rebuildSnapshot(subnet: SubnetState, { nodes }: Pick<VaultLedger, 'nodes'>, epoch: number): Snapshot {
  const { startsAt, endsAt } = windowOf(subnet.versions, epoch)
  const { stakeThreshold, maxValidators } = versionOf(subnet.versions, epoch).parameters
  const holders = slotsBefore(subnet, endsAt)
  const uids = holders.length
  if (uids === 0) return { uids, stakes: [], registeredAt: [], takes: [], newPermits: [], ownSlots: [] }
  const stakes = holders.map(({ nodeId }) => {
    const stake = nodes.get(nodeId)?.stakes.at(startsAt) ?? 0n
    return stake < stakeThreshold ? 0n : stake
  })
  const takes = holders.map(({ nodeId }, uid) =>
    stakes[uid] === 0n ? 0n : (nodes.get(nodeId)?.takes.at(startsAt) ?? 0n),
  )
  const quantised = quantiseStake(stakes)
  const own = new Set(ownSlotsBefore(subnet.ownSlots, holders, endsAt))
  return {
    uids,
    stakes: packWords(quantised, 32),
    registeredAt: packWords(
      holders.map(({ nodeId, since }) => (nodeId === 0n ? NEVER : since)),
      64,
    ),
    takes: packWords(takes, 16),
    newPermits: toBitmap(selectPermits(quantised, maxValidators)),
    ownSlots: toBitmap(holders.map((_, uid) => own.has(uid))),
  }
}

/** How the contract commits to a snapshot. */
export function snapshotHash(snapshot: Snapshot): Hex {
  return keccak256Hex(Buffer.from(AbiCoder.defaultAbiCoder().encode(snapshotTypes, [snapshot]).slice(2), 'hex'))
}

/** How the contract commits to what an epoch paid. */
export function payHash(incentive: Hex, validatorPay: Hex): Hex {
  const encoded = AbiCoder.defaultAbiCoder().encode(['bytes', 'bytes'], [incentive, validatorPay])
  return keccak256Hex(Buffer.from(encoded.slice(2), 'hex'))
}

export const membersOf = (bitmap: readonly bigint[], uids: number): number[] =>
  fromBitmap(bitmap, uids).flatMap((isMember, uid) => (isMember ? [uid] : []))
