import type { EpochInput } from '../src/index.js'

const QUANTISED_TOTAL = 2 ** 31 - 1

/** Mulberry32: a whole number below `limit` a call, the same sequence for the same seed. */
export function createDraw(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) * 2 ** -32 * limit)
  }
}

/**
 * A valid epoch of at most `maxUids` uids that favours edges: equal stakes, missing rows and bonds, late registrations,
 * inactive and withholding voters, extreme parameters.
 */
export function randomEpochInput(seed: number, maxUids = 24): EpochInput {
  const draw = createDraw(seed)
  const oneOf = <T>(...choices: readonly T[]) => choices[draw(choices.length)]!
  const chance = (percent: number) => draw(100) < percent
  const n = 1 + draw(maxUids)
  const perUid = <T>(value: () => T): T[] => Array.from({ length: n }, value)
  const stakeLimit = Math.floor(oneOf(3, 100, QUANTISED_TOTAL) / n) + 1
  const cell = () => (chance(35) ? 0 : oneOf(1, 65_535, draw(65_536)))
  const row = () => (chance(15) ? [] : Array.from({ length: chance(10) ? draw(n + 1) : n }, cell))
  const registeredAt = perUid(() => (chance(15) ? 900 + draw(200) : draw(500)))
  const permits = perUid(() => chance(60))
  return {
    kappa: oneOf(0, 1, 32_767, 32_768, 58_982, 65_535, draw(65_536)),
    bondsPenalty: oneOf(0, 65_535, draw(65_536)),
    bondsAlphaPpm: oneOf(0, 1, 100_000, 1_000_000, draw(1_000_001)),
    endsAt: 1_000,
    activityCutoff: oneOf(0, 100, 500, 5_000),
    lastSettledEnd: oneOf(0, 400, 900),
    permits,
    newPermits: chance(50) ? permits : perUid(() => chance(60)),
    withheld: perUid(() => chance(10)),
    stake: perUid(() => (chance(15) ? 0 : draw(stakeLimit))),
    registeredAt,
    lastUpdate: perUid(() => oneOf(500, 900, 1_000, draw(1_001))),
    committedAt: perUid(() => oneOf(450, 950, 1_000, draw(1_001))),
    rows: perUid(row),
    bonds: perUid(row),
  }
}
