import type { SubnetParameters } from './subnet-parameters.js'

const MINUTE = 60
const TOKEN = 10n ** 18n

/** The parameters of a subnet whose owner does not choose others (specification: Parameters). */
export const DEFAULT_PARAMETERS: SubnetParameters = {
  epochLength: 72 * MINUTE,
  revealWindow: 18 * MINUTE,
  activityCutoff: 14,
  maxUids: 256,
  maxValidators: 64,
  kappa: 32_767,
  bondsAlpha: 100_000,
  bondsPenalty: 65_535,
  liquidAlpha: false,
  alphaLow: 45_875,
  alphaHigh: 58_982,
  alphaSteepness: 1_000,
  minWeights: 1,
  maxWeightRatio: 65_535,
  weightsVersion: 0,
  immunity: 14,
  ownerCut: 1_800,
  minersCut: 4_100,
  validatorsCut: 4_100,
  priceHalfLife: 5,
  stakeThreshold: 0n,
  initialPrice: TOKEN,
  minPrice: TOKEN / 1_000n,
  maxPrice: 10_000n * TOKEN,
}

/** For tests and the local network: epochs of seconds, registrations that cost next to nothing. */
export const MINIMAL_PARAMETERS: SubnetParameters = {
  ...DEFAULT_PARAMETERS,
  epochLength: 15,
  revealWindow: 7,
  maxUids: 64,
  maxValidators: 16,
  initialPrice: TOKEN / 100n,
  minPrice: TOKEN / 1_000n,
  maxPrice: TOKEN,
}

/** Seconds: the shortest epoch of a deployment. Shorter ones need a local chain. */
export const MIN_EPOCH_LENGTH = 10 * MINUTE
export const MINIMAL_MIN_EPOCH_LENGTH = 2

/** Seconds between the blocks of the local chain. */
export const MINIMAL_BLOCK_TIME = 1
