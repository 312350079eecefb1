import { MAX_SUBNET_UIDS } from '../epoch/constants.js'
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
/** 0.025 of 65535. */
const MIN_ALPHA = 1_638

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
  maxUids: bounds(1, MAX_SUBNET_UIDS, 'slots', 'neurons of the subnet'),
  maxValidators: bounds(1, 256, 'permits', 'voters of the subnet'),
  kappa: bounds(32_767, 58_982, 'of 65535', 'stake that must stand behind a score'),
  bondsAlpha: bounds(10_000, 1_000_000, 'parts per million', "weight of this epoch's bond"),
  bondsPenalty: bounds(0, U16_ONE, 'of 65535', 'part of an over-vote that is removed from bonds'),
  liquidAlpha: bounds(0, 1, '0 or 1', 'whether alpha follows the distance between vote and consensus'),
  alphaLow: bounds(MIN_ALPHA, U16_ONE, 'of 65535', 'liquid alpha of a vote at consensus'),
  alphaHigh: bounds(MIN_ALPHA, U16_ONE, 'of 65535', 'liquid alpha of a vote far from consensus'),
  alphaSteepness: bounds(0, 10_000, 'hundredths', 'how fast alpha goes from low to high'),
  minWeights: bounds(0, MAX_SUBNET_UIDS, 'weights', 'fewer than this make no row, except none at all'),
  maxWeightRatio: bounds(1, U16_ONE, 'of 65535', 'part of a row that one weight may be'),
  weightsVersion: bounds(0, 2n ** 32n - 1n, 'version', 'rows of an older version are refused'),
  immunity: bounds(2, 1_000, 'epochs', 'a new neuron cannot be pruned for so long'),
  ownerCut: bounds(0, 1_800, 'basis points', "the owner's part of the emission"),
  minersCut: bounds(0, 10_000, 'basis points', "the miners' part of the emission"),
  validatorsCut: bounds(0, 10_000, 'basis points', "the validators' part of the emission"),
  priceHalfLife: bounds(1, 1_000, 'epochs', 'time in which the registration price halves'),
  stakeThreshold: bounds(0, UINT128_MAX, 'wei', 'stake below it does not count'),
  initialPrice: bounds(1, UINT128_MAX, 'wei', 'registration price at creation'),
  minPrice: bounds(1, UINT128_MAX, 'wei', 'lowest registration price'),
  maxPrice: bounds(1, UINT128_MAX, 'wei', 'highest registration price'),
}
