import { WitanError } from '../errors/witan-error.js'
import { MAX_QUANTISED_STAKE } from './constants.js'
import { sum } from './normalise.js'

/** The contract refuses more: the product with 2^31 must fit a word. */
const MAX_STAKE = 2n ** 128n - 1n

/**
 * Scales stakes (wei) down so that they sum to less than 2^31, rounding each down; a smaller sum stays as it is.
 * Done once, in the snapshot of an epoch. Throws EPOCH_INPUT_INVALID for a stake outside [0, 2^128).
 */
export function quantiseStake(stakes: readonly bigint[]): number[] {
  stakes.forEach((stake, uid) => {
    if (stake < 0n || stake > MAX_STAKE)
      throw new WitanError('EPOCH_INPUT_INVALID', 'A stake is outside its range', { facts: { uid, stake } })
  })
  const total = sum(stakes)
  const limit = BigInt(MAX_QUANTISED_STAKE)
  return stakes.map((stake) => Number(total <= limit ? stake : (stake * limit) / total))
}
