import { type EpochInput, selectPermits } from '../src/index.js'

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
 * inactive and withholding voters, votes that agree, extreme parameters, liquid alpha in half of all.
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
  const rows = perUid(row)
  const registeredAt = perUid(() => (chance(15) ? 900 + draw(200) : draw(500)))
  const permits = oneOf(
    () => perUid(() => chance(60)),
    () => perUid(() => chance(10)),
    () => perUid(() => true),
  )()
  const absent = chance(5) ? 100 : 10
  return {
    kappa: oneOf(0, 1, 32_767, 32_768, 58_982, 65_535, draw(65_536)),
    bondsPenalty: oneOf(0, 65_535, draw(65_536)),
    bondsAlphaPpm: oneOf(0, 1, 100_000, 1_000_000, draw(1_000_001)),
    liquidAlpha: chance(50) ? undefined : randomLiquidAlpha(draw),
    endsAt: 1_000,
    activityCutoff: oneOf(0, 100, 500, 5_000),
    lastSettledEnd: oneOf(0, 400, 900),
    permits,
    newPermits: chance(50) ? permits : perUid(() => chance(60)),
    withheld: perUid(() => chance(absent)),
    stake: perUid(() => (chance(15) ? 0 : draw(stakeLimit))),
    registeredAt,
    lastUpdate: perUid(() => oneOf(500, 900, 1_000, draw(1_001))),
    committedAt: perUid(() => oneOf(450, 950, 1_000, draw(1_001))),
    rows: chance(70) ? rows : perUid(() => rows[draw(Math.min(n, 3))]!),
    bonds: chance(15) ? perUid(() => []) : perUid(row),
  }
}

function randomLiquidAlpha(draw: (limit: number) => number): { low: number; high: number; steepness: number } {
  const oneOf = (...choices: readonly number[]) => choices[draw(choices.length)]!
  const high = oneOf(0, 1_638, 58_982, 65_535, draw(65_536))
  return { low: oneOf(0, high, draw(high + 1)), high, steepness: oneOf(0, 1, 1_000, 10_000, 65_535, draw(10_001)) }
}

/** An epoch of `uids` slots of which the `voters` with the most stake hold a permit and vote for everybody. */
export function fullEpochInput(seed: number, voters: number, uids: number): EpochInput {
  const draw = createDraw(seed)
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: uids }, (_, uid) => value(uid))
  const stake = perUid((uid) => (uid < voters ? 1 + draw(Math.floor(QUANTISED_TOTAL / voters)) : 0))
  const permits = selectPermits(stake, voters)
  const row = (uid: number) => (permits[uid] ? perUid(() => draw(65_536)) : [])
  return {
    kappa: 32_767,
    bondsPenalty: draw(2) === 0 ? 65_535 : draw(65_536),
    bondsAlphaPpm: 100_000,
    liquidAlpha: draw(2) === 0 ? undefined : { low: 45_875, high: 58_982, steepness: 1_000 },
    endsAt: 1_000,
    activityCutoff: 500,
    lastSettledEnd: 900,
    permits,
    newPermits: permits,
    withheld: perUid(() => false),
    stake,
    registeredAt: perUid(() => draw(500)),
    lastUpdate: perUid(() => 990),
    committedAt: perUid(() => 950),
    rows: perUid(row),
    bonds: perUid(row),
  }
}
