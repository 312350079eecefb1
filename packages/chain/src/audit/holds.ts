/** Holds of a node that overlap, as `Held` and `Released` tell; times in unix seconds. */
export interface Hold {
  readonly since: number
  readonly latest: number
  readonly open: number
}

export const NO_HOLD: Hold = { since: 0, latest: 0, open: 0 }

/** Since when a node is held, 0: it is not. A hold lapses, and never reaches further back than it lasts. */
export function heldSinceAt({ since, latest, open }: Hold, now: number, maxHoldSeconds: number): number {
  return open === 0 || now > latest + maxHoldSeconds ? 0 : Math.max(since, now - maxHoldSeconds)
}
