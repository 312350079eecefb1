import { SHARE_ONE } from './constants.js'
import { sum } from './normalise.js'
import type { EpochResult } from './types.js'

/** 1 in the unit of the cuts. */
const BPS_ONE = 10_000n

/** Wei: accruals are stored in gwei, so every amount is a multiple of it. */
const GWEI = 10n ** 9n

/** How an epoch's emission is divided, basis points; they sum to 10,000. */
export interface EmissionCuts {
  readonly ownerBps: number
  readonly minersBps: number
  readonly validatorsBps: number
}

/** Amounts in wei, all but `carried` whole gwei; `owner + Σ miners + Σ validators + notMinted + carried` is the whole emission. */
export interface EmissionSplit {
  readonly owner: bigint
  /** By uid. */
  readonly miners: readonly bigint[]
  /** By uid, before take. */
  readonly validators: readonly bigint[]
  /** The miners' part when nobody voted usefully, and the incentive of slots that the subnet's owner declared its own. */
  readonly notMinted: bigint
  /** What rounding left, joining the next epoch's emission; everything when there is no stake at all. */
  readonly carried: bigint
}

/** Rule 8: divides `emission` (wei); every amount floors to gwei. `ownerSlots` are the uids declared by the subnet's owner. */
export function splitEmission(
  emission: bigint,
  cuts: EmissionCuts,
  result: Pick<EpochResult, 'incentive' | 'validatorPay' | 'minersVoted'>,
  ownerSlots: ReadonlySet<number> = new Set(),
): EmissionSplit {
  const none = result.incentive.map(() => 0n)
  if (result.validatorPay.every((share) => share === 0n) && !result.minersVoted)
    return { owner: 0n, miners: none, validators: none, notMinted: 0n, carried: emission }

  const owner = toGweiDown(partDown(emission, cuts.ownerBps))
  const minersPart = partDown(emission, cuts.minersBps)
  const earned = sharesDown(minersPart, result.incentive)
  const miners = earned.map((amount, uid) => (ownerSlots.has(uid) ? 0n : amount))
  const validators = sharesDown(partDown(emission, cuts.validatorsBps), result.validatorPay)
  const notMinted = result.minersVoted ? sum(earned) - sum(miners) : toGweiDown(minersPart)
  const carried = emission - owner - sum(miners) - sum(validators) - notMinted
  return { owner, miners, validators, notMinted, carried }
}

function partDown(emission: bigint, bps: number): bigint {
  return (emission * BigInt(bps)) / BPS_ONE
}

function sharesDown(part: bigint, shares: readonly bigint[]): bigint[] {
  return shares.map((share) => toGweiDown((part * share) / SHARE_ONE))
}

function toGweiDown(wei: bigint): bigint {
  return wei - (wei % GWEI)
}
