import type { EpochInput } from './types.js'

/** The uids that hold a permit of the last settled epoch, ascending. */
export function votersOf(input: Pick<EpochInput, 'permits'>): number[] {
  return input.permits.flatMap((holds, uid) => (holds ? [uid] : []))
}

/** Rule 1: a_i of each voter, its quantised stake if it is active and withheld nothing, else 0. */
export function activeStakes(input: EpochInput, voters: readonly number[]): number[] {
  return voters.map((uid) => {
    const inactive = input.lastUpdate[uid]! + input.activityCutoff < input.endsAt
    return inactive || input.withheld[uid] ? 0 : input.stake[uid]!
  })
}

/** A list by uid from one by voter; 0 for the others. */
export function byUid(values: readonly bigint[], voters: readonly number[], uids: number): bigint[] {
  const all = new Array<bigint>(uids).fill(0n)
  voters.forEach((uid, index) => {
    all[uid] = values[index]!
  })
  return all
}
