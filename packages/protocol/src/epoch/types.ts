/** One uid's weights or bonds: multiples of 1/65535, index = uid. A missing tail means zeros. */
export type Row = readonly number[]

/** Rule 6: the weight of a cell's bond follows the distance between vote and consensus, or vote and bond. */
export interface LiquidAlpha {
  /** Alpha of a distance of 0 and of 1 when the steepness is large, of 65535; `low` ≤ `high`. */
  readonly low: number
  readonly high: number
  /** Hundredths, at most 65535. */
  readonly steepness: number
}

/** Everything the rules of one epoch read. Arrays are indexed by uid; times are unix seconds (in a simulation: blocks). */
export interface EpochInput {
  /** Stake that must stand behind a score, of 65535. */
  readonly kappa: number
  /** How much of an over-vote is removed from bonds, of 65535. */
  readonly bondsPenalty: number
  /** Weight of this epoch's bond in the moving average, of 10^6. */
  readonly bondsAlphaPpm: number
  /** In force instead of `bondsAlphaPpm` where some consensus is not 0. */
  readonly liquidAlpha?: LiquidAlpha | undefined
  /** T, the end of the epoch. */
  readonly endsAt: number
  /** A voter whose last reveal is older than this before `endsAt` is inactive. */
  readonly activityCutoff: number
  /** Last second of the last settled epoch; 0 when none was settled. Bonds in who registered later are cleared. */
  readonly lastSettledEnd: number
  /** Permits of the last settled epoch, or `newPermits` when none was settled. */
  readonly permits: readonly boolean[]
  /** This epoch's permits, from `selectPermits`. */
  readonly newPermits: readonly boolean[]
  /** Voters that committed in this epoch and did not reveal. */
  readonly withheld: readonly boolean[]
  /** Quantised stake at the start of the epoch (`quantiseStake`), 0 below the threshold; sums to less than 2^31. */
  readonly stake: readonly number[]
  readonly registeredAt: readonly number[]
  /** Time of the last reveal; the registration when there was none. */
  readonly lastUpdate: readonly number[]
  /** Time at which the row that stands was committed. */
  readonly committedAt: readonly number[]
  /** Raw weight rows; only those of holders of `permits` are read. */
  readonly rows: readonly Row[]
  /** Bond rows stored by the last settled epoch; only those of holders of `permits` are read. */
  readonly bonds: readonly Row[]
}

/** What an epoch decides. Arrays are indexed by uid. */
export interface EpochResult {
  /** C, multiples of 2^-30. */
  readonly consensus: readonly bigint[]
  /** Sum of the uid's clipped weights, multiples of 2^-30. */
  readonly validatorTrust: readonly bigint[]
  /** Share in the miners' part, multiples of 2^-31. */
  readonly incentive: readonly bigint[]
  /** Share by bonds, multiples of 2^-31. */
  readonly dividends: readonly bigint[]
  /** Share in the validators' part: dividends, or by (active) stake when nobody voted usefully; multiples of 2^-31. */
  readonly validatorPay: readonly bigint[]
  /** Whether any miner has incentive; otherwise the miners' part is not minted. */
  readonly minersVoted: boolean
  /** Bond rows to store; an empty row when the uid holds no new permit or all its bonds are zero. */
  readonly bonds: readonly Row[]
  /** Quantised stake of permitted, active voters that withheld nothing. */
  readonly activeStake: bigint
}

/** The rules, wherever they run: in this process or in the contract. */
export type EpochEngine = (input: EpochInput) => EpochResult | Promise<EpochResult>
