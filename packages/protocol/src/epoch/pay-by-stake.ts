import { SHARE_ONE } from './constants.js'
import { normaliseDown, sum } from './normalise.js'

/** Rule 8: nobody voted usefully, so validators share by active stake, or by stake when nobody is active. By uid. */
export function payByStake(active: readonly bigint[], stake: readonly number[]): bigint[] {
  return normaliseDown(sum(active) > 0n ? active : stake.map(BigInt), SHARE_ONE)
}
