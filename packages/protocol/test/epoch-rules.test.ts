import { readFileSync } from 'node:fs'
import t from 'tap'
import { clipWeights } from '../src/epoch/clip.js'
import { consensus, neededStakeUp, weightedMedian } from '../src/epoch/consensus.js'
import type { Matrix } from '../src/epoch/matrix.js'
import { isMaxLimited, maxUpscale, quantiseStake, selectPermits } from '../src/index.js'

interface UnitVector {
  name: string
  kind: string
  inputs: Record<string, unknown>
  expected: Record<string, unknown>
}

const url = new URL('../../test/vectors/yuma.json', import.meta.url)
const cases: UnitVector[] = JSON.parse(readFileSync(url, 'utf8')).cases
/** The kinds below; epochs and sequences are played in epoch-vectors.test.ts. */
const TESTED = [
  ...['weighted_median', 'weighted_median_col', 'col_clip', 'max_upscale_to_u16', 'check_max_weight'],
  ...['is_topk', 'permits', 'epoch', 'epoch_sequence', 'yuma3_sequence'],
]
const of = (kind: string) => cases.filter((vector) => vector.kind === kind)

/** Decimal fractions of the vectors as whole numbers, exactly. */
const SCALE = 10_000
const scaled = (values: unknown) => (values as number[]).map((value) => Math.round(value * SCALE))
/** Kappa rounds down as upstream's fixed point does, so a stake of exactly kappa reaches it. */
const kappaOf = (fraction: unknown) => Math.floor((fraction as number) * 65_535)

const matrixOf = (rows: number[][]): Matrix => ({
  voters: rows.length,
  uids: rows[0]!.length,
  cells: Int32Array.from(rows.flat()),
})
const rowsOf = ({ uids, cells }: Matrix) =>
  Array.from({ length: cells.length / uids }, (_, row) => [...cells.subarray(row * uids, (row + 1) * uids)])

for (const { name, inputs, expected } of of('weighted_median')) {
  t.test(name, async (test) => {
    const stakes = scaled(inputs.stake)
    const median = weightedMedian(stakes, scaled(inputs.score), neededStakeUp(stakes, kappaOf(inputs.majority_kappa)))
    test.equal(median / SCALE, expected.median)
  })
}

for (const { name, inputs, expected } of of('weighted_median_col')) {
  t.test(name, async (test) => {
    const weights = matrixOf((inputs.weights_rows as number[][]).map(scaled))
    const columns = consensus(weights, scaled(inputs.stake), kappaOf(inputs.kappa))
    test.same(
      Array.from(columns, (score) => score / SCALE),
      expected.consensus,
    )
  })
}

for (const { name, inputs, expected } of of('col_clip')) {
  t.test(name, async (test) => {
    const clipped = clipWeights(matrixOf(inputs.weights as number[][]), Int32Array.from(inputs.consensus as number[]))
    test.same(rowsOf(clipped), expected.clipped)
  })
}

for (const { name, inputs, expected } of of('check_max_weight')) {
  t.test(name, async (test) => {
    test.equal(isMaxLimited(inputs.weights_u16 as number[], inputs.limit_u16 as number), expected.allowed)
  })
}

for (const { name, inputs, expected } of of('max_upscale_to_u16')) {
  t.test(name, async (test) => test.same(maxUpscale(inputs.values as number[]), expected.u16))
}

t.test('max upscale of nothing, of zeros, of what is no score', async (test) => {
  test.same(maxUpscale([]), [])
  test.same(maxUpscale([0, 0]), [0, 0])
  for (const score of [-1, Number.NaN, Number.POSITIVE_INFINITY]) test.throws(() => maxUpscale([1, score]), RangeError)
})

for (const { name, inputs, expected } of of('is_topk')) {
  t.test(name, async (test) => {
    const values = (inputs.values as number[]).map((value) => value + 1)
    test.same(selectPermits(values, inputs.k as number), expected.mask)
  })
}

for (const { name, inputs, expected } of of('permits')) {
  t.test(name, async (test) => {
    const stake = inputs.stake as number[]
    const validators = inputs.max_validators as number
    const eligible = stake.map((amount) => (amount >= (inputs.stake_threshold as number) ? amount : 0))
    test.same(selectPermits(eligible, validators), expected.permits)
    const raised = stake.map((amount, uid) =>
      selectPermits(eligible, validators)[uid] ? amount : amount + 2 * stake.length,
    )
    test.same(selectPermits(raised, validators), expected.after_raising_each_server_by_2n)
  })
}

t.test('every kind of vector is tested', async (test) => {
  test.same([...new Set(cases.map(({ kind }) => kind))].sort(), TESTED.toSorted())
})

t.test('of two equal stakes the higher uid keeps the permit, nobody without stake', async (test) => {
  test.same(selectPermits([5, 5, 5, 0], 2), [false, true, true, false])
  test.same(selectPermits([5, 0, 0, 0], 3), [true, false, false, false])
  test.same(selectPermits([1, 2], 0), [false, false])
})

t.test('quantised stakes', async (test) => {
  test.same(quantiseStake([1n, 2n ** 31n - 2n]), [1, 2 ** 31 - 2], 'a sum below 2^31 stays')
  test.same(quantiseStake([10n ** 24n, 3n * 10n ** 24n]), [536_870_911, 1_610_612_735], 'a larger one is scaled down')
  test.same(quantiseStake([]), [])
  test.throws(() => quantiseStake([-1n]), { code: 'EPOCH_INPUT_INVALID' })
  test.throws(() => quantiseStake([2n ** 128n]), { code: 'EPOCH_INPUT_INVALID', facts: { uid: 0 } })
})
