import type { EpochInput } from './types.js'

/** Rule 1: the quantised stake of each uid that has a permit, is active and withheld nothing; 0 for the others. */
export function activeStake(input: EpochInput): bigint[] {
  return input.stake.map((stake, uid) => {
    const inactive = input.lastUpdate[uid]! + input.activityCutoff < input.endsAt
    return input.permits[uid] && !inactive && !input.withheld[uid] ? BigInt(stake) : 0n
  })
}
