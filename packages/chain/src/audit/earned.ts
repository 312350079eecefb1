/** What a node, or the slot it holds, has earned and not taken, wei. */
export interface Earned {
  owed: bigint
  pooled: bigint
}

/** What one slot gets of an epoch. */
export interface SlotPay extends Earned {
  readonly uid: number
}

export function credit<Key>(map: Map<Key, Earned>, key: Key, { owed, pooled }: Earned): void {
  const known = map.get(key) ?? { owed: 0n, pooled: 0n }
  map.set(key, { owed: known.owed + owed, pooled: known.pooled + pooled })
}
