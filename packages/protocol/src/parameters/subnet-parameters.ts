/** The rules of one subnet, fixed at its creation, as `ISubnets.Parameters` carries them. */
export interface SubnetParameters {
  /** Seconds. */
  readonly epochLength: number
  /** Seconds after the epoch's end in which its rows are revealed. */
  readonly revealWindow: number
  /** Epochs without a vote after which a voter's stake does not count. */
  readonly activityCutoff: number
  /** Slots. */
  readonly maxUids: number
  /** Permits. */
  readonly maxValidators: number
  /** Stake that must stand behind a score, of 65535. */
  readonly kappa: number
  /** Weight of this epoch's bond, parts per million. */
  readonly bondsAlpha: number
  /** Part of an over-vote that is removed from bonds, of 65535. */
  readonly bondsPenalty: number
  /** Whether the weight of a cell's bond follows its vote's distance from consensus, instead of `bondsAlpha`. */
  readonly liquidAlpha: boolean
  /** Bounds of liquid alpha, of 65535. */
  readonly alphaLow: number
  readonly alphaHigh: number
  /** Hundredths. */
  readonly alphaSteepness: number
  /** Non-zero cells of a weight row at least; a row of zeros is allowed. */
  readonly minWeights: number
  /** The largest cell of a weight row over their sum at most, of 65535. */
  readonly maxWeightRatio: number
  /** Version of a weight row at least. */
  readonly weightsVersion: number
  /** Epochs from its registration in which a neuron cannot be pruned. */
  readonly immunity: number
  /** Basis points of the emission; the three cuts make 10,000. */
  readonly ownerCut: number
  readonly minersCut: number
  readonly validatorsCut: number
  /** Epochs in which the registration price halves. */
  readonly priceHalfLife: number
  /** Wei below which stake does not count. */
  readonly stakeThreshold: bigint
  /** Wei: the registration price at creation, and its bounds. */
  readonly initialPrice: bigint
  readonly minPrice: bigint
  readonly maxPrice: bigint
}

export type ParameterName = keyof SubnetParameters
