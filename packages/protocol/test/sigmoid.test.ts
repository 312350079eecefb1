import t from 'tap'
import { sigmoidDown } from '../src/epoch/alpha.js'
import { SIGMOID_TABLE } from '../src/epoch/sigmoid-table.js'
import { SIGMOID_TABLE_HEX } from '../src/index.js'

const ENTRIES = 193
const exact = (argument: number) => 1 / (1 + Math.exp(-argument))

t.test('the table is the formula', async (test) => {
  const formula = Array.from({ length: ENTRIES }, (_, entry) => Math.round(65_535 * exact(entry / 16)))
  test.same(Array.from(SIGMOID_TABLE), formula)
  test.same(SIGMOID_TABLE_HEX, formula.map((value) => value.toString(16).padStart(4, '0')).join(''))
  const fromTie = formula.slice(1).map((_, index) => Math.abs(((65_535 * exact((index + 1) / 16)) % 1) - 0.5))
  test.ok(Math.min(...fromTie) > 1e-3, 'no entry depends on the precision of exp, but the first: half rounds up')
})

t.test('within 1e-4 of the sigmoid, whatever the steepness', async (test) => {
  const worst = [0, 1, 50, 1_000, 3_333, 10_000].map((steepness) => {
    const errors = Array.from({ length: 2_001 }, (_, step) => {
      const distance = Math.round((step / 2_000) * 2 ** 30)
      const wanted = exact((steepness / 100) * (distance / 2 ** 30 - 0.5))
      return Math.abs(sigmoidDown(distance, steepness) / 65_535 - wanted)
    })
    return Math.max(...errors)
  })
  test.ok(Math.max(...worst) < 1e-4, `${worst}`)
})

t.test('rises with the distance, from end to end', async (test) => {
  const values = Array.from({ length: 4_097 }, (_, step) => sigmoidDown(step * 2 ** 18, 10_000))
  test.ok(values.every((value, step) => step === 0 || value >= values[step - 1]!))
  test.same([values[0], values[2_048], values.at(-1)], [0, 32_768, 65_535])
  test.equal(sigmoidDown(2 ** 29 - 1, 1_000), 65_535 - 32_768, 'just below the middle')
})
