import type { EpochResult, LiquidAlpha, Row } from '../types.js'

/** Parameters of a simulated subnet; the bounds of real subnets do not apply. */
export interface SimulationRules {
  readonly kappa: number
  readonly bondsPenalty: number
  readonly bondsAlphaPpm: number
  readonly liquidAlpha: LiquidAlpha | undefined
  readonly activityCutoff: number
  readonly maxValidators: number
  /** Stake below this counts as 0. */
  readonly stakeThreshold: bigint
  /** Blocks of an epoch, to date the epoch before the first step; 0 when unknown. */
  readonly tempo: number
}

/** One epoch of a case. Arrays are indexed by uid; what is absent carries over from the step before. */
export interface SimulationStep {
  /** T. Times of a case are block numbers. */
  readonly endsAt: number
  /** The column of this uid is cleared before the step. */
  readonly resetBondsOfUid?: number
  readonly stake: readonly bigint[]
  readonly permits?: readonly boolean[]
  readonly lastUpdate?: readonly number[]
  readonly committedAt?: readonly number[]
  readonly registeredAt?: readonly number[]
  /** Raw weight rows set before this step; `undefined` at a uid keeps its row. */
  readonly rows?: readonly (Row | undefined)[]
  readonly bonds?: readonly Row[]
}

export interface SimulationCase {
  readonly name: string
  readonly rules: SimulationRules
  readonly steps: readonly SimulationStep[]
}

/** What one step gave, by uid: fractions of 1, and under `integers` the same in the units of `EpochResult`. */
export interface SimulatedStep {
  readonly endsAt: number
  readonly consensus: readonly number[]
  readonly validatorTrust: readonly number[]
  readonly incentive: readonly number[]
  readonly dividends: readonly number[]
  /** By holder, then by uid; an empty row for who had no permit before the step nor has one after it. */
  readonly bonds: readonly Row[]
  /** Who holds a permit from this step on. */
  readonly permits: readonly boolean[]
  /** I_i / (ΣI + ΣD). */
  readonly serverEmission: readonly number[]
  /** D_i / (ΣI + ΣD), or the share by stake when nobody voted usefully. */
  readonly validatorEmission: readonly number[]
  /** What a uid gets of everything that is paid: `serverEmission` + `validatorEmission`. */
  readonly emission: readonly number[]
  readonly minersVoted: boolean
  readonly integers: SimulatedIntegers
}

/** `EpochResult` in plain numbers: every value is at most 2^31. */
export interface SimulatedIntegers extends Record<IntegerField, readonly number[]> {
  readonly bonds: readonly Row[]
  readonly activeStake: number
}

export type IntegerField = keyof Pick<
  EpochResult,
  'consensus' | 'validatorTrust' | 'incentive' | 'dividends' | 'validatorPay'
>
