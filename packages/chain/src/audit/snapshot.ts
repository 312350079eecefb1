import { abis } from '@witan/contracts'
import {
  type EpochWindow,
  fromBitmap,
  type Hex,
  keccak256Hex,
  packWords,
  quantiseStake,
  type SubnetParameters,
  selectPermits,
  toBitmap,
} from '@witan/protocol'
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
  const window = windowOf(subnet.versions, epoch)
  const { startsAt, endsAt } = window
  const { parameters } = versionOf(subnet.versions, epoch)
  const { stakeThreshold, maxValidators } = parameters
  const terms = termsOf(window, parameters)
  const holders = slotsBefore(subnet, endsAt)
  const uids = holders.length
  if (uids === 0) return { terms, uids, stakes: [], registeredAt: [], takes: [], newPermits: [], ownSlots: [] }
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
    terms,
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

function termsOf({ endsAt, revealEndsAt, settleEndsAt }: EpochWindow, p: SubnetParameters): Snapshot['terms'] {
  return {
    end: endsAt,
    revealEnd: revealEndsAt,
    settleEnd: settleEndsAt,
    activityCutoff: BigInt(p.activityCutoff * p.epochLength),
    kappa: p.kappa,
    bondsAlpha: p.bondsAlpha,
    bondsPenalty: p.bondsPenalty,
    liquidAlpha: p.liquidAlpha,
    alphaLow: p.alphaLow,
    alphaHigh: p.alphaHigh,
    alphaSteepness: p.alphaSteepness,
    ownerCut: p.ownerCut,
    minersCut: p.minersCut,
    validatorsCut: p.validatorsCut,
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
