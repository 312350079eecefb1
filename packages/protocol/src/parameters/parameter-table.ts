import { MIN_EPOCH_LENGTH } from './presets.js'
import type { ParameterName } from './subnet-parameters.js'

export interface ParameterBounds {
  readonly min: bigint
  readonly max: bigint
  readonly unit: string
  readonly meaning: string
}

const DAY = 86_400n
const UINT128_MAX = 2n ** 128n - 1n
const U16_ONE = 65_535n

const bounds = (min: number | bigint, max: number | bigint, unit: string, meaning: string): ParameterBounds => ({
  min: BigInt(min),
  max: BigInt(max),
  unit,
  meaning,
})

/** Bounds of every parameter by itself; `validateParameters` adds those between parameters. */
export const PARAMETER_TABLE: Readonly<Record<ParameterName, ParameterBounds>> = {
  epochLength: bounds(MIN_EPOCH_LENGTH, 7n * DAY, 'seconds', 'one tempo'),
  revealWindow: bounds(1, (7n * DAY) / 2n, 'seconds', 'time to reveal after an epoch; at most half of the epoch'),
  activityCutoff: bounds(2, 100, 'epochs', 'no reveal for longer: inactive'),
  // 64 and 16 until the packed kernel: one epoch must fit one transaction.
  maxUids: bounds(1, 64, 'slots', 'neurons of the subnet'),
  maxValidators: bounds(1, 16, 'permits', 'voters of the subnet'),
  kappa: bounds(32_767, 58_982, 'of 65535', 'stake that must stand behind a score'),
  bondsAlpha: bounds(10_000, 1_000_000, 'parts per million', "weight of this epoch's bond"),
  bondsPenalty: bounds(0, U16_ONE, 'of 65535', 'part of an over-vote that is removed from bonds'),
  ownerCut: bounds(0, 1_800, 'basis points', "the owner's part of the emission"),
  minersCut: bounds(0, 10_000, 'basis points', "the miners' part of the emission"),
  validatorsCut: bounds(0, 10_000, 'basis points', "the validators' part of the emission"),
  priceHalfLife: bounds(1, 1_000, 'epochs', 'time in which the registration price halves'),
  stakeThreshold: bounds(0, UINT128_MAX, 'wei', 'stake below it does not count'),
  initialPrice: bounds(1, UINT128_MAX, 'wei', 'registration price at creation'),
  minPrice: bounds(1, UINT128_MAX, 'wei', 'lowest registration price'),
  maxPrice: bounds(1, UINT128_MAX, 'wei', 'highest registration price'),
}
