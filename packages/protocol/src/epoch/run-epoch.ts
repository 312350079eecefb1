import { exactBonds, storedBonds } from './bonds.js'
import { checkEpochInput } from './check-input.js'
import { clippedRank, clipWeights, incentive, validatorTrust } from './clip.js'
import { consensus } from './consensus.js'
import { dividends } from './dividends.js'
import { sum } from './normalise.js'
import { payByStake } from './pay-by-stake.js'
import type { EpochInput, EpochResult } from './types.js'
import { activeStakes, byUid, votersOf } from './voters.js'
import { normalisedWeights } from './weights.js'

/**
 * Rules 1 to 8 for one epoch, the same integers as the contract's kernel (docs/design/0001-epoch-arithmetic.md).
 * Throws EPOCH_INPUT_INVALID where the contract reverts.
 */
export function runEpoch(input: EpochInput): EpochResult {
  checkEpochInput(input)
  const uids = input.stake.length
  const voters = votersOf(input)
  const stakes = activeStakes(input, voters)
  const weights = normalisedWeights(input, voters)
  const scores = consensus(weights, stakes, input.kappa)
  const clipped = clipWeights(weights, scores)
  const rank = clippedRank(clipped, stakes)
  const bonds = exactBonds(input, voters, weights, clipped, scores)
  const validators = byUid(dividends(bonds, stakes, rank), voters, uids)
  const active = byUid(stakes.map(BigInt), voters, uids)
  const minersVoted = rank.some((value) => value > 0n)
  return {
    consensus: Array.from(scores, BigInt),
    validatorTrust: byUid(validatorTrust(clipped), voters, uids),
    incentive: incentive(rank),
    dividends: validators,
    validatorPay: minersVoted ? validators : payByStake(active, input.stake),
    minersVoted,
    bonds: storedBonds(bonds, voters, input.newPermits),
    activeStake: sum(active),
  }
}
