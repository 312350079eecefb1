/**
 * Rule 1: the `maxValidators` largest non-zero stakes get a permit; of two equal stakes the higher uid goes first.
 * Takes quantised stakes by uid, returns one flag a uid.
 */
export function selectPermits(stake: readonly number[], maxValidators: number): boolean[] {
  const chosen = stake
    .map((amount, uid) => ({ amount, uid }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || b.uid - a.uid)
    .slice(0, maxValidators)
  const permits = stake.map(() => false)
  for (const { uid } of chosen) permits[uid] = true
  return permits
}
