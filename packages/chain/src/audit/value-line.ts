/** What a line of the gauge holds from a moment on. */
export interface LineValue {
  /** Wei of stake. */
  readonly votes: bigint
  /** Subnets; of a subnet's own line 0 or 1. */
  readonly active: bigint
}

/** A value over time, with words that may begin in the future (`ValueTrace`). */
export interface ValueLine {
  /** The value in force at `time`, unix seconds. */
  at(time: number): LineValue
  /** The last value, in force or not. */
  latest(): LineValue
  /** Adds to the value from `since` on, and begins a word there. */
  add(since: number, votes: bigint, active: bigint): void
  /** Moments after `after`, up to `until`, at which a word begins. */
  beginnings(after: number, until: number): number[]
}

const NOTHING: LineValue = { votes: 0n, active: 0n }

export function createValueLine(): ValueLine {
  const words: { readonly since: number; value: LineValue }[] = []
  /** Searched from the end, where it usually ends. */
  const placeOf = (time: number) => words.findLastIndex(({ since }) => since <= time)
  return {
    at: (time) => words[placeOf(time)]?.value ?? NOTHING,
    latest: () => words.at(-1)?.value ?? NOTHING,
    add(since, votes, active) {
      const place = placeOf(since)
      if (words[place]?.since !== since) words.splice(place + 1, 0, { since, value: words[place]?.value ?? NOTHING })
      for (let index = words.length - 1; index >= 0 && words[index]!.since >= since; index--) {
        const word = words[index]!
        word.value = { votes: word.value.votes + votes, active: word.value.active + active }
      }
    },
    beginnings(after, until) {
      return words.slice(placeOf(after) + 1, placeOf(until) + 1).map(({ since }) => since)
    },
  }
}
