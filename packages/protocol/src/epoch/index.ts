/**
 * The epoch: from weights and stake to consensus, incentive, bonds, dividends and pay, one function a rule
 * (docs/design/0001-epoch-arithmetic.md), bit-equal with the contract's kernel; its calendar; its simulator.
 */

export { fromBitmap, toBitmap } from './bitmap.js'
export {
  MAX_CELLS,
  MAX_LIQUID_CELLS,
  MAX_QUANTISED_STAKE,
  MAX_UIDS,
  PPM_ONE,
  SHARE_ONE,
  U16_ONE,
  WEIGHT_ONE,
} from './constants.js'
export {
  claimOf,
  fromKernelOutput,
  type KernelInput,
  type KernelOutput,
  type KernelRules,
  toKernelInput,
} from './kernel-abi.js'
export { limitWeights } from './limit-weights.js'
export { maxUpscale } from './max-upscale.js'
export { packRow, unpackRow } from './packed-row.js'
export { bytesToWords, type LaneBits, packWords, unpackWords } from './packed-words.js'
export { quantiseStake } from './quantise-stake.js'
export { checkWeightRow, isMaxLimited, type VersionedRow, type WeightRowLimits } from './row-limits.js'
export { runEpoch } from './run-epoch.js'
export { selectPermits } from './select-permits.js'
export { SIGMOID_TABLE_HEX } from './sigmoid-table.js'
export { parseCase } from './simulate/parse-case.js'
export { simulateCase } from './simulate/simulate-case.js'
export type { SimulatedStep, SimulationCase, SimulationRules, SimulationStep } from './simulate/types.js'
export { type EmissionSplit, type EmissionTerms, type SlotTerms, splitEmission } from './split-emission.js'
export { type EpochSchedule, type EpochWindow, epochAt, epochWindow } from './timing.js'
export type { EpochEngine, EpochInput, EpochResult, LiquidAlpha, Row } from './types.js'
