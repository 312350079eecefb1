import t from 'tap'
import { isMaxLimited, limitWeights } from '../src/index.js'
import { createDraw } from './epoch-random-input.js'

t.test('the largest weights are cut to one height', async (test) => {
  test.same(limitWeights([65_535, 20_000, 0], 65_535), [65_535, 20_000, 0], 'nothing to cut')
  test.same(limitWeights([65_535, 0, 30_000, 10_000], 32_768), [65_535, 0, 49_150, 16_384], 'to half: 40,000 of 80,000')
  test.same(limitWeights([9, 5, 1], 21_845), [65_535, 65_535, 65_535], 'to a third each')
  test.same(limitWeights([0, 0], 1), [0, 0])
})

t.test('too few weights for the ratio come out equal, and are refused', async (test) => {
  test.same(limitWeights([0, 65_535, 3], 21_845), [0, 65_535, 65_535])
  test.notOk(isMaxLimited([0, 65_535, 65_535], 21_845))
})

t.test('random rows keep to any ratio that a row can keep to', async (test) => {
  const draw = createDraw(43)
  let cut = 0
  for (let seed = 0; seed < 3_000; seed++) {
    const row = Array.from({ length: 1 + draw(60) }, () => [0, 1, 65_535, draw(65_536), draw(300)][draw(5)]!)
    const weights = row.filter((cell) => cell > 0).length
    const ratio = Math.min(
      65_535,
      Math.ceil(65_535 / Math.max(1, weights)) + [0, 1, draw(3_000), draw(65_536)][draw(4)]!,
    )
    const limited = limitWeights(row, ratio)
    const describe = { seed, row, ratio, limited }
    if (!isMaxLimited(limited, ratio)) test.fail('keeps to the ratio', describe)
    if (limited.some((cell) => !Number.isInteger(cell) || cell > 65_535)) test.fail('is a row', describe)
    if (row.some((cell, uid) => (cell === 0) !== (limited[uid] === 0))) test.fail('names the same', describe)
    if (isMaxLimited(row, ratio)) {
      test.same(limited, row, 'and stays as it is where it kept to it before')
      continue
    }
    cut++
    const sum = limited.reduce((all, cell) => all + cell, 0)
    if (Math.max(...limited) !== 65_535) test.fail('is upscaled', describe)
    if (ratio * (sum - row.length) > 65_535 ** 2) test.fail('is cut no lower than it must be', describe)
    for (let a = 0; a < row.length; a++)
      for (let b = 0; b < row.length; b++)
        if (row[a]! <= row[b]! && limited[a]! > limited[b]!) test.fail('keeps its order', describe)
  }
  test.ok(cut > 500, `often enough: ${cut}`)
})
