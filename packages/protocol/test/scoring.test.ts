import t from 'tap'
import {
  type MinerRecord,
  medianLatencyMs,
  minerScore,
  type Outcome,
  scoreEpoch,
  speedFactor,
  weightsRow,
} from '../src/scoring/index.js'
import { createDraw } from './epoch-random-input.js'

type Book = Map<number, MinerRecord>
const NO_BOOK: Book = new Map()

const outcomes = (uid: number, results: readonly Outcome['result'][], latencyMs = 100): Outcome[] =>
  results.map((result) => ({ uid, result, latencyMs }))
const correct = (uid: number, count: number, latencyMs = 100) =>
  outcomes(uid, new Array<'correct'>(count).fill('correct'), latencyMs)

/** Runs the same epoch for `epochs` epochs. */
function settle(epochs: number, outcomesOf: (epoch: number) => Outcome[], book: Book = NO_BOOK): Book {
  for (let epoch = 0; epoch < epochs; epoch++) book = scoreEpoch(book, outcomesOf(epoch))
  return book
}

function shares(book: Book, uids: number): number[] {
  const row = weightsRow(book, uids, -1)
  const total = row.reduce((sum, weight) => sum + weight, 0)
  return row.map((weight) => (total === 0 ? 0 : weight / total))
}

t.test('who does not serve the version that counts has no score, whatever it earned under another', (test) => {
  const unserved = outcomes(0, ['failed', 'failed']).map((outcome) => ({ ...outcome, isUnserved: true }))
  const before = settle(10, () => correct(0, 4))
  const after = scoreEpoch(before, unserved)
  test.equal(minerScore(after.get(0)!), 0)
  test.ok(minerScore(scoreEpoch(before, outcomes(0, ['failed', 'failed'])).get(0)!) > 0.5, 'other failures fade in')
  test.ok(minerScore(scoreEpoch(after, correct(0, 4)).get(0)!) > 0.6, 'who serves it again is back at once')
  test.end()
})

t.test('the policy is a gate on all that a miner earns', (test) => {
  const answers = [correct(0, 6), correct(1, 6), correct(2, 6)].flat()
  const probe = (uid: number, result: Outcome['result']): Outcome => ({ uid, result, latencyMs: 10, isProbe: true })
  const probes = [probe(0, 'correct'), probe(0, 'correct'), probe(1, 'wrong'), probe(1, 'wrong'), probe(2, 'correct')]
  const before = scoreEpoch(NO_BOOK, answers)
  const after = scoreEpoch(before, [...answers, ...probes, probe(2, 'wrong')])
  const score = (uid: number) => minerScore(after.get(uid)!)
  test.equal(score(0), minerScore(scoreEpoch(before, answers).get(0)!), 'a refusal that is asked for earns nothing')
  test.equal(score(1), 0, 'who answers everything that is forbidden has nothing, whatever it earned before')
  test.ok(score(2) < 0.7 * score(0) && score(2) > 0, 'who answers half of it has half of its answers and the failures')
  const onlyRefusals = scoreEpoch(NO_BOOK, [probe(0, 'correct'), probe(0, 'correct')])
  test.equal(minerScore(onlyRefusals.get(0)!), 0, 'refusing everything does not pay')
  test.end()
})

t.test('speed is judged against the median of everybody’s correct answers', async (test) => {
  const all = [...correct(0, 1, 100), ...correct(1, 2, 300), ...outcomes(2, ['wrong', 'failed', 'late'], 1)]
  test.equal(medianLatencyMs(all), 300)
  test.equal(medianLatencyMs([...correct(0, 1, 100), ...correct(1, 1, 200)]), 150)
  test.equal(medianLatencyMs([]), undefined)
  test.equal(speedFactor(80, 100, 0.75), 1)
  test.equal(speedFactor(200, 100, 0.75), 0.875)
  test.ok(speedFactor(1e9, 100, 0.75) >= 0.75)
  test.equal(speedFactor(0, 0, 0.75), 1)
})

t.test('a miner without a correct answer has weight exactly 0', async (test) => {
  const book = settle(3, () => [
    ...correct(0, 4),
    ...outcomes(1, ['wrong', 'failed', 'late']),
    ...outcomes(2, ['late']),
  ])
  test.same(weightsRow(book, 4, -1), [65_535, 0, 0, 0])
})

t.test('a cheater is below 1 % of the incentive within two epochs, whatever it earned before', async (test) => {
  const honest = [0, 1, 2].flatMap((uid) => correct(uid, 4))
  for (const past of [0, 1, 50]) {
    const trusted = settle(past, () => [...honest, ...correct(3, 4)])
    for (const caught of [outcomes(3, ['wrong']), outcomes(3, ['wrong', 'wrong', 'wrong', 'failed'])]) {
      const after = settle(2, () => [...honest, ...caught], trusted)
      test.ok(shares(after, 4)[3]! < 0.01, `after ${past} honest epochs`)
    }
  }
})

t.test('a lucky guess does not lift a cheater to 1 %', async (test) => {
  const results = [...new Array<'wrong'>(9).fill('wrong'), 'correct' as const]
  const book = settle(2, () => [...[0, 1, 2].flatMap((uid) => correct(uid, 10)), ...outcomes(3, results)])
  test.ok(shares(book, 4)[3]! < 0.01)
})

t.test('one unlucky failure leaves more than half of another’s weight', async (test) => {
  for (const unlucky of ['failed', 'late', 'wrong'] as const) {
    for (const asked of [3, 4, 8]) {
      for (const past of [1, 2, 10]) {
        const before = settle(past, () => [...correct(0, asked), ...correct(1, asked)])
        const now = [...correct(0, asked), ...correct(1, asked - 1), ...outcomes(1, [unlucky])]
        const [other, own] = weightsRow(scoreEpoch(before, now), 2, -1)
        test.ok(own! > other! / 2, `${unlucky} after ${past} epochs of ${asked}`)
      }
    }
  }
})

t.test('a slow miner with one failure still keeps half', async (test) => {
  const epoch = () => [...correct(0, 4, 100), ...correct(1, 4, 100), ...correct(2, 4, 2_000)]
  const now = [...correct(0, 4), ...correct(1, 4), ...correct(2, 3, 2_000), ...outcomes(2, ['failed'])]
  const [best, , slow] = weightsRow(scoreEpoch(settle(3, epoch), now), 3, -1)
  test.ok(slow! > best! / 2)
})

t.test('who was not asked keeps its record; one’s own uid gets nothing', async (test) => {
  const book = settle(2, () => [...correct(0, 2), ...correct(1, 2)])
  const next = scoreEpoch(book, correct(0, 2))
  test.same(next.get(1), book.get(1))
  test.same(weightsRow(next, 3, 0), [0, 65_535, 0])
})

t.test('properties over random epochs', async (test) => {
  const draw = createDraw(11)
  const results = ['correct', 'wrong', 'failed', 'late'] as const
  let book = NO_BOOK
  for (let epoch = 0; epoch < 200; epoch++) {
    const now = Array.from({ length: draw(30) }, () => ({
      uid: draw(6),
      result: results[draw(4)]!,
      latencyMs: draw(5_000),
    }))
    const before = book
    book = scoreEpoch(before, now)
    const scores = [...book.values()].map(minerScore)
    test.ok(
      scores.every((score) => score >= 0 && score <= 1),
      'a score is a fraction',
    )
    test.same(scoreEpoch(before, now.toReversed()), book, 'the order of outcomes is irrelevant')
    test.same(new Map(JSON.parse(JSON.stringify([...book]))), book, 'the book survives JSON')
    const better = scoreEpoch(before, [...now, { uid: 0, result: 'correct', latencyMs: 0 }])
    const worse = scoreEpoch(before, [...now, { uid: 0, result: 'wrong', latencyMs: 0 }])
    const of = (scored: Book) => minerScore(scored.get(0)!)
    test.ok(of(better) >= of(worse), 'a correct answer is worth more than a wrong one')
  }
})

t.test('a latency that is no duration is refused', async (test) => {
  test.throws(() => scoreEpoch(NO_BOOK, correct(0, 1, Number.NaN)), RangeError)
  test.throws(() => scoreEpoch(NO_BOOK, correct(0, 1, -1)), RangeError)
})
