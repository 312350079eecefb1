import t from 'tap'
import { type EpochInput, type EpochResult, runEpoch, SHARE_ONE, WEIGHT_ONE } from '../src/index.js'
import { createDraw, randomEpochInput } from './epoch-random-input.js'

const CASES = 300
const SEEDS = Array.from({ length: CASES }, (_, index) => 1_000 + index)
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)

function holdsForAll(name: string, property: (input: EpochInput, result: EpochResult, seed: number) => boolean) {
  t.test(name, async (test) => {
    const failed = SEEDS.filter((seed) => {
      const input = randomEpochInput(seed)
      return !property(input, runEpoch(input), seed)
    })
    test.same(failed, [], `holds for ${CASES} seeds`)
  })
}

holdsForAll('shares sum to 1 up to the rounding of each, or to nothing', (input, result) =>
  [result.incentive, result.dividends, result.validatorPay].every((shares) => {
    const total = sum(shares)
    return total === 0n || (total <= SHARE_ONE && total > SHARE_ONE - BigInt(input.stake.length))
  }),
)

holdsForAll('consensus, trust and bonds stay within 1', (_, result) => {
  const fractions = [...result.consensus, ...result.validatorTrust]
  const cells = result.bonds.flat()
  return fractions.every((value) => value <= WEIGHT_ONE) && cells.every((cell) => cell >= 0 && cell <= 65_535)
})

holdsForAll('consensus is 0 or a score, kappa of the active stake reaches it, and no larger score', (input, result) => {
  const { permits, endsAt, activityCutoff, withheld } = input
  const active = input.stake.map((stake, uid) => {
    const counts = permits[uid] && !withheld[uid] && input.lastUpdate[uid]! + activityCutoff >= endsAt
    return counts ? BigInt(stake) : 0n
  })
  const total = sum(active)
  return result.consensus.every((limit, uid) => {
    const behind = (reaches: (score: bigint) => boolean) =>
      sum(active.filter((_, voter) => reaches(scoreOf(input, voter, uid)))) * 65_535n
    const needed = BigInt(input.kappa) * total
    const reached = limit === 0n || behind((score) => score >= limit) >= needed
    const above = behind((score) => score > limit)
    return reached && (total === 0n ? limit === 0n : above < needed || above === 0n)
  })
})

holdsForAll('a vote for oneself never counts', (input, result) => {
  const rows = input.rows.map((row, uid) => row.map((cell, column) => (column === uid ? 65_535 - cell : cell)))
  return same(runEpoch({ ...input, rows }), result)
})

holdsForAll('an absent cell is an explicit zero', (input, result) => {
  const dense = (row: readonly number[]) => input.stake.map((_, uid) => row[uid] ?? 0)
  return same(runEpoch({ ...input, rows: input.rows.map(dense), bonds: input.bonds.map(dense) }), result)
})

holdsForAll('rows and bonds of a uid without a permit count for nothing', (input, result) => {
  const without = (rows: EpochInput['rows']) => rows.map((row, uid) => (input.permits[uid] ? row : []))
  return same(runEpoch({ ...input, rows: without(input.rows), bonds: without(input.bonds) }), result)
})

holdsForAll('renaming uids renames the result', (input, result, seed) => {
  const order = shuffledUids(input.stake.length, seed)
  return same(runEpoch(renameInput(input, order)), renameResult(result, order))
})

holdsForAll('whoever is not active earns dividends of 0', (input, result) =>
  input.stake.every((_, uid) => {
    const inactive = input.lastUpdate[uid]! + input.activityCutoff < input.endsAt
    return !(inactive || input.withheld[uid] || !input.permits[uid]) || result.dividends[uid] === 0n
  }),
)

t.test('the stake of an abstaining voter counts at score 0', async (test) => {
  const votes = (rows: number[][]) => runEpoch({ ...threeVoters, rows }).consensus[3]
  test.equal(votes([[0, 0, 0, 9], [0, 0, 0, 9], [], []]), WEIGHT_ONE, '60 of 100 reach kappa')
  test.equal(votes([[0, 0, 0, 9], [], [0, 0, 0, 9], []]), WEIGHT_ONE, '70 of 100 reach kappa')
  test.equal(votes([[], [], [0, 0, 0, 9], []]), 0n, '40 of 100 do not, though nobody else voted')
})

/** W of one cell, from its definition, in exact rational steps. */
function scoreOf(input: EpochInput, voter: number, uid: number): bigint {
  const cells = input.stake.map((_, column) => {
    const masked = !input.permits[voter] || column === voter || input.registeredAt[column]! >= input.committedAt[voter]!
    return masked ? 0n : BigInt(input.rows[voter]![column] ?? 0)
  })
  const total = sum(cells)
  return total === 0n ? 0n : (cells[uid]! * ((2n ** 63n + total - 1n) / total)) >> 33n
}

const text = (result: EpochResult) =>
  JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
const same = (a: EpochResult, b: EpochResult) => text(a) === text(b)

function shuffledUids(n: number, seed: number): number[] {
  const draw = createDraw(seed ^ 0xabcdef)
  const order = Array.from({ length: n }, (_, uid) => uid)
  for (let last = n - 1; last > 0; last--) {
    const other = draw(last + 1)
    const held = order[last]!
    order[last] = order[other]!
    order[other] = held
  }
  return order
}

const rename = <T>(values: readonly T[], order: readonly number[]) => order.map((uid) => values[uid]!)
const renameRows = (rows: EpochInput['rows'], order: readonly number[]) =>
  rename(rows, order).map((row) => (row.length === 0 ? [] : order.map((uid) => row[uid] ?? 0)))

function renameInput(input: EpochInput, order: readonly number[]): EpochInput {
  return {
    ...input,
    permits: rename(input.permits, order),
    newPermits: rename(input.newPermits, order),
    withheld: rename(input.withheld, order),
    stake: rename(input.stake, order),
    registeredAt: rename(input.registeredAt, order),
    lastUpdate: rename(input.lastUpdate, order),
    committedAt: rename(input.committedAt, order),
    rows: renameRows(input.rows, order),
    bonds: renameRows(input.bonds, order),
  }
}

function renameResult(result: EpochResult, order: readonly number[]): EpochResult {
  return {
    consensus: rename(result.consensus, order),
    validatorTrust: rename(result.validatorTrust, order),
    incentive: rename(result.incentive, order),
    dividends: rename(result.dividends, order),
    validatorPay: rename(result.validatorPay, order),
    minersVoted: result.minersVoted,
    bonds: renameRows(result.bonds, order),
    activeStake: result.activeStake,
  }
}

const threeVoters: EpochInput = {
  kappa: 32_767,
  bondsPenalty: 65_535,
  bondsAlphaPpm: 100_000,
  endsAt: 100,
  activityCutoff: 1_000,
  lastSettledEnd: 0,
  permits: [true, true, true, false],
  newPermits: [true, true, true, false],
  withheld: [false, false, false, false],
  stake: [30, 30, 40, 0],
  registeredAt: [0, 0, 0, 0],
  lastUpdate: [50, 50, 50, 0],
  committedAt: [50, 50, 50, 0],
  rows: [],
  bonds: [[], [], [], []],
}
