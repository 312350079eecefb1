/** Values by unix time, as the contracts keep them: what holds at a moment is the last one written at or before it. */
export interface History {
  push(time: number, value: bigint): void
  at(time: number): bigint
  latest(): bigint
}

/** No epoch is still open after that: three of the longest ones (seven days). */
const KEPT_SECONDS = 21 * 86_400

export function createHistory(): History {
  let entries: { readonly time: number; readonly value: bigint }[] = []
  return {
    push(time, value) {
      if (entries.at(-1)?.time === time) entries.pop()
      entries.push({ time, value })
      const kept = entries.findLastIndex((entry) => entry.time <= time - KEPT_SECONDS)
      if (kept > 0) entries = entries.slice(kept)
    },
    at: (time) => entries.findLast((entry) => entry.time <= time)?.value ?? 0n,
    latest: () => entries.at(-1)?.value ?? 0n,
  }
}
