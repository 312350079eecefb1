import { activeStake } from './active-stake.js'
import { exactBonds, storedBonds } from './bonds.js'
import { checkEpochInput } from './check-input.js'
import { clippedRank, clipWeights, incentive, validatorTrust } from './clip.js'
import { consensus } from './consensus.js'
import { dividends } from './dividends.js'
import { sum } from './normalise.js'
import { payByStake } from './pay-by-stake.js'
import type { EpochInput, EpochResult } from './types.js'
import { normalisedWeights } from './weights.js'

/**
 * Rules 1 to 8 for one epoch, the same integers as the contract's kernel (docs/design/0001-epoch-arithmetic.md).
 * Throws EPOCH_INPUT_INVALID where the contract reverts.
 */
export function runEpoch(input: EpochInput): EpochResult {
  checkEpochInput(input)
  const active = activeStake(input)
  const weights = normalisedWeights(input)
  const scores = consensus(active, weights, input.stake.length, input.kappa)
  const clipped = clipWeights(weights, scores)
  const miners = incentive(clippedRank(active, clipped))
  const bonds = exactBonds(input, weights, clipped)
  const validators = dividends(active, bonds, miners)
  const minersVoted = miners.some((share) => share > 0n)
  return {
    consensus: scores,
    validatorTrust: validatorTrust(clipped),
    incentive: miners,
    dividends: validators,
    validatorPay: minersVoted ? validators : payByStake(active, input.stake),
    minersVoted,
    bonds: storedBonds(bonds, input.newPermits),
    activeStake: sum(active),
  }
}
