import t from 'tap'
import {
  checkWeightRow,
  isMaxLimited,
  isWitanError,
  packRow,
  type VersionedRow,
  type WeightRowLimits,
} from '../src/index.js'
import { createDraw } from './epoch-random-input.js'

const LIMITS: WeightRowLimits = { minWeights: 2, maxWeightRatio: 40_000, weightsVersion: 3 }

t.test('a row within the limits of its subnet', async (test) => {
  for (const row of [[], [0, 0], [1, 1], [0, 40_000, 25_535]]) {
    test.doesNotThrow(() => checkWeightRow({ row, version: 3 }, LIMITS), `${row}`)
  }
  test.doesNotThrow(() =>
    checkWeightRow({ row: [9], version: 7 }, { ...LIMITS, minWeights: 1, maxWeightRatio: 65_535 }),
  )
})

t.test('a refused row says which limit', async (test) => {
  const refused = (row: number[], version: number, facts: object) =>
    test.throws(() => checkWeightRow({ row, version }, LIMITS), { code: 'WEIGHT_ROW_REFUSED', facts })
  refused([1, 1], 2, { version: 2, weightsVersion: 3 })
  refused([0, 9, 0], 3, { weights: 1, minWeights: 2 })
  refused([0, 40_001, 25_534], 3, { largest: 40_001, sum: 65_535, maxWeightRatio: 40_000 })
})

t.test('the largest part of a row is compared exactly', async (test) => {
  test.equal(isMaxLimited([1, 1, 1], 21_845), true, 'a third of 65535')
  test.equal(isMaxLimited([1, 1, 1], 21_844), false)
  test.equal(isMaxLimited([0, 0], 1), true)
  test.equal(isMaxLimited([5], 65_535), true)
})

t.test('random rows at the edges are refused as the contract refuses them', async (test) => {
  const draw = createDraw(41)
  const oneOf = <T>(...choices: readonly T[]) => choices[draw(choices.length)]!
  const seen = new Map<string, number>()
  for (let seed = 0; seed < 3_000; seed++) {
    const row = Array.from({ length: draw(40) }, () => oneOf(0, 0, 1, 65_535, draw(65_536)))
    const [largest, sum] = [Math.max(0, ...row), row.reduce((all, cell) => all + cell, 0)]
    const edge = Math.min(65_535, Math.ceil((largest * 65_535) / Math.max(1, sum)))
    const limits = {
      minWeights: oneOf(0, 1, 2, draw(41), row.filter((cell) => cell > 0).length + draw(2)),
      maxWeightRatio: oneOf(65_535, edge, Math.max(1, edge - 1), 1 + draw(65_535)),
      weightsVersion: draw(3),
    }
    const voted = { row, version: draw(4) }
    const verdict = refusalByContract(voted, limits)
    seen.set(verdict.error, (seen.get(verdict.error) ?? 0) + 1)
    if (JSON.stringify(refusalHere(voted, limits)) !== JSON.stringify(verdict.facts))
      test.fail(`seed ${seed} is refused alike`, { voted, limits, verdict })
  }
  for (const error of ['', 'VersionTooOld', 'TooFewWeights', 'WeightTooLarge'])
    test.ok((seen.get(error) ?? 0) > 100, `often enough: ${error || 'accepted'}`)
})

function refusalHere(voted: VersionedRow, limits: WeightRowLimits): object | undefined {
  try {
    checkWeightRow(voted, limits)
    return undefined
  } catch (error) {
    if (isWitanError(error)) return error.facts
    throw error
  }
}

/** `Consensus._checkRow` with `RowRules.check`, statement by statement, on the packed row of the reveal. */
function refusalByContract(
  { row, version }: VersionedRow,
  { minWeights, maxWeightRatio, weightsVersion }: WeightRowLimits,
): { error: string; facts?: object } {
  if (version < weightsVersion) return { error: 'VersionTooOld', facts: { version, weightsVersion } }
  if (minWeights <= 1 && maxWeightRatio === 65_535) return { error: '' }
  let [count, largest, sum] = [0, 0n, 0n]
  for (const word of packRow(row)) {
    for (let cells = word; cells !== 0n; cells >>= 16n) {
      const weight = cells & 65_535n
      if (weight === 0n) continue
      count++
      sum += weight
      if (weight > largest) largest = weight
    }
  }
  if (count === 0) return { error: '' }
  if (count < minWeights) return { error: 'TooFewWeights', facts: { weights: count, minWeights } }
  if (largest * 65_535n > BigInt(maxWeightRatio) * sum)
    return { error: 'WeightTooLarge', facts: { largest: Number(largest), sum: Number(sum), maxWeightRatio } }
  return { error: '' }
}
