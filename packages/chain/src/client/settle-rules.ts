const BPS_ONE = 10_000n
const BOUNTY_BPS = 50n
const GWEI = 10n ** 9n
const ONE_TOKEN = 10n ** 18n

/**
 * Whether settling an epoch changes anything. Without stake everything carries into the next epoch, settled or void, so
 * a subnet that nobody stakes on costs no gas.
 */
export function isWorthSettling(stakesAtStart: readonly bigint[]): boolean {
  return stakesAtStart.some((stake) => stake > 0n)
}

/** What settling earns, wei: half a percent of the epoch's emission, at most the cap, in whole gwei. */
export function bountyDown(emissionWei: bigint, capWei: bigint): bigint {
  const part = ((emissionWei / GWEI) * BOUNTY_BPS) / BPS_ONE
  const limit = capWei / GWEI
  return (part < limit ? part : limit) * GWEI
}

export interface Payoff {
  /** What the transaction earns, wei of tokens. */
  readonly rewardWei: bigint
  /** Wei of the chain's coin that one token is worth. */
  readonly tokenPriceWei: bigint
  readonly gas: number
  /** Wei of the chain's coin for a unit of gas. */
  readonly gasPriceWei: bigint
}

/** Whether a reward is worth `times` its gas. */
export function paysOff({ rewardWei, tokenPriceWei, gas, gasPriceWei }: Payoff, times = 1): boolean {
  return (rewardWei * tokenPriceWei) / ONE_TOKEN >= BigInt(gas) * gasPriceWei * BigInt(times)
}
