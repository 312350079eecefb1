import t from 'tap'
import { forEachOf, mapOf } from '../src/index.js'

t.test('of many items a few are under way at a time, and answers keep the order', async (t) => {
  const items = Array.from({ length: 1_000 }, (_, index) => index)
  let underWay = 0
  let most = 0
  const answers = await mapOf(new Set(items), async (item) => {
    most = Math.max(most, ++underWay)
    // The later ones end first.
    for (let turn = item % 7; turn < 7; turn++) await Promise.resolve()
    underWay--
    return item * 2
  })
  t.strictSame(
    answers,
    items.map((item) => item * 2),
  )
  t.equal(most, 32)
  t.strictSame(await mapOf([], async () => 1), [])
})

t.test('after a failure nothing more is begun than was under way', async (t) => {
  let begun = 0
  const work = forEachOf(Array.from({ length: 1_000 }).keys(), async () => {
    begun++
    throw new Error('dead')
  })
  await t.rejects(work, { message: 'dead' })
  t.equal(begun, 32)
})
