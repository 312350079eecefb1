import t from 'tap'
import { checkWeightRow, isMaxLimited, type WeightRowLimits } from '../src/index.js'

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
