import { WitanError } from '../errors/witan-error.js'
import { SHARE_ONE } from './constants.js'
import { sum } from './normalise.js'
import type { EpochResult } from './types.js'

/** 1 in the unit of cuts and takes. */
const BPS_ONE = 10_000n

/** Of the emission, at most, to whoever settles the epoch. */
const BOUNTY_BPS = 50n

/** Wei: accruals are stored in gwei, so every amount but the remainder is a multiple of it. */
const GWEI = 10n ** 9n

/** How an epoch's emission is divided. */
export interface EmissionTerms {
  /** Basis points of what the bounty leaves; the three cuts make 10,000. */
  readonly ownerCut: number
  readonly minersCut: number
  readonly validatorsCut: number
  /** Wei that the bounty for settling is at most. */
  readonly bountyCap: bigint
}

/** What the slots of the epoch are paid by. */
export interface SlotTerms {
  /** Basis points by uid: the part of the validator's pay that its owner keeps. */
  readonly takes: readonly number[]
  /** Slots that the subnet's owner declared its own: their incentive is not minted. */
  readonly ownSlots?: ReadonlySet<number> | undefined
}

/** Wei. Everything together is the whole emission; everything but `carried` is whole gwei. */
export interface EmissionSplit {
  /** To whoever settled. */
  readonly bounty: bigint
  /** To the subnet's owner. */
  readonly owner: bigint
  /** By uid, to the owner of the node: pay for mining. */
  readonly incentive: readonly bigint[]
  /** By uid, to the owner of the node: its part of the pay for validating. */
  readonly take: readonly bigint[]
  /** By uid, to the stake pool of the node: the rest of the pay for validating. */
  readonly pooled: readonly bigint[]
  /** The miners' part when nobody voted usefully, and the incentive of the owner's own slots. */
  readonly notMinted: bigint
  /** What rounding left, joining the next epoch's emission; everything when there was no stake at all. */
  readonly carried: bigint
}

/**
 * Rule 8: divides `emission` (wei) as the contract's `EmissionSplit` and `AccrualLanes` do, to the wei: in whole gwei,
 * the bounty first, then the cuts of the rest, then every share and take, each rounded down.
 * Throws EPOCH_INPUT_INVALID where the contract reverts: shares above one, cuts or takes above the whole.
 */
export function splitEmission(
  emission: bigint,
  terms: EmissionTerms,
  result: Pick<EpochResult, 'incentive' | 'validatorPay' | 'minersVoted'>,
  slots: SlotTerms,
): EmissionSplit {
  checkTakes(slots.takes, result.incentive.length)
  const none = result.incentive.map(() => 0n)
  const nothing = { bounty: 0n, owner: 0n, incentive: none, take: none, pooled: none, notMinted: 0n }
  if (!isStaked(result)) return { ...nothing, carried: emission }

  const parts = partsDown(emission / GWEI, terms)
  const earned = result.minersVoted ? sharesDown(parts.miners, result.incentive) : none
  checkPart('incentive', sum(earned), parts.miners)
  const pay = sharesDown(parts.validators, result.validatorPay)
  checkPart('validatorPay', sum(pay), parts.validators)
  const take = pay.map((amount, uid) => bpsDown(amount, BigInt(slots.takes[uid]!)))
  const pooled = pay.map((amount, uid) => amount - take[uid]!)
  const incentive = earned.map((amount, uid) => (slots.ownSlots?.has(uid) ? 0n : amount))
  const notMinted = result.minersVoted ? sum(earned) - sum(incentive) : parts.miners
  const paid = parts.bounty + parts.owner + sum(incentive) + sum(pay) + notMinted
  checkPart('cuts', paid, emission / GWEI)
  return {
    bounty: toWei(parts.bounty),
    owner: toWei(parts.owner),
    incentive: incentive.map(toWei),
    take: take.map(toWei),
    pooled: pooled.map(toWei),
    notMinted: toWei(notMinted),
    carried: emission - toWei(paid),
  }
}

/**
 * Whether anybody had stake, which is whether anybody got a permit: then miners have incentive or, if nobody voted,
 * the largest stake has a share in the validators' part.
 */
function isStaked({ minersVoted, validatorPay }: Pick<EpochResult, 'validatorPay' | 'minersVoted'>): boolean {
  return minersVoted || validatorPay.some((share) => share > 0n)
}

/** Gwei. */
function partsDown(whole: bigint, { ownerCut, minersCut, validatorsCut, bountyCap }: EmissionTerms) {
  const limit = bountyCap / GWEI
  const uncapped = bpsDown(whole, BOUNTY_BPS)
  const bounty = uncapped < limit ? uncapped : limit
  const rest = whole - bounty
  return {
    bounty,
    owner: bpsDown(rest, BigInt(ownerCut)),
    miners: bpsDown(rest, BigInt(minersCut)),
    validators: bpsDown(rest, BigInt(validatorsCut)),
  }
}

function bpsDown(amount: bigint, bps: bigint): bigint {
  return (amount * bps) / BPS_ONE
}

function sharesDown(part: bigint, shares: readonly bigint[]): bigint[] {
  return shares.map((share) => (part * share) / SHARE_ONE)
}

function toWei(gwei: bigint): bigint {
  return gwei * GWEI
}

function checkTakes(takes: readonly number[], uids: number): void {
  if (takes.length !== uids)
    throw new WitanError('EPOCH_INPUT_INVALID', 'An array has not one entry per uid', {
      facts: { field: 'takes', expected: uids, actual: takes.length },
    })
  const bad = takes.find((take) => !Number.isInteger(take) || take < 0 || BigInt(take) > BPS_ONE)
  if (bad !== undefined)
    throw new WitanError('EPOCH_INPUT_INVALID', 'A take is not basis points', { facts: { field: 'takes', value: bad } })
}

function checkPart(field: string, paid: bigint, part: bigint): void {
  if (paid > part)
    throw new WitanError('EPOCH_INPUT_INVALID', 'Shares or cuts are above the whole', { facts: { field, paid, part } })
}
