import t from 'tap'
import { compareTensors, createTensor, type DType, type TensorArrays, withinTolerance } from '../src/index.js'
import { decodeCtc } from '../src/ocr/ctc.js'

const TOLERANCE = { absolute: 1e-4, relative: 1e-2 }

function floats(dims: number[], ...values: number[]) {
  return createTensor('float32', dims, Float32Array.from(values))
}

t.test('type, shape and data of a tensor belong together', async (t) => {
  t.equal(createTensor('int64', [], BigInt64Array.of(1n)).data[0], 1n)
  t.equal(createTensor('bool', [0, 5], new Uint8Array(0)).dims.length, 2)
  const wrong: [DType, number[], TensorArrays[DType]][] = [
    ['float32', [2], new Float32Array(3)],
    ['float32', [1], new Float64Array(1)],
    ['int32', [-1, -1], new Int32Array(1)],
    ['int32', [0.5, 2], new Int32Array(1)],
    ['uint8', [Number.NaN], new Uint8Array(0)],
  ]
  for (const [dtype, dims, data] of wrong) t.throws(() => createTensor(dtype, dims, data), { code: 'TENSOR_INVALID' })
})

t.test('floats agree within absolute and relative tolerance', async (t) => {
  const expected = floats([2, 2], 0, 1, 100, -100)
  t.ok(withinTolerance(expected, expected, { absolute: 0, relative: 0 }))
  t.ok(withinTolerance(floats([2, 2], 0.00009, 1.009, 100.9, -99.1), expected, TOLERANCE))
  const off = compareTensors(floats([2, 2], 0, 1, 100, -98.9), expected, TOLERANCE)
  t.match(off, { within: false, reason: 'value', index: 3 })
  t.ok(Math.abs(off.largestDifference - 1.1) < 1e-4)
  t.match(compareTensors(floats([2, 2], 0.0002, 1, 100, -100), expected, TOLERANCE), { reason: 'value', index: 0 })
})

t.test('a row whose arg-max moved is another answer', async (t) => {
  const expected = floats([2, 2], 0.5, 0.50001, 0.2, 0.8)
  t.match(compareTensors(floats([2, 2], 0.50002, 0.5, 0.2, 0.8), expected, TOLERANCE), { reason: 'arg-max', index: 0 })
})

t.test('what cannot be compared differs', async (t) => {
  const expected = floats([2], 1, 2)
  t.match(compareTensors(floats([1, 2], 1, 2), expected, TOLERANCE), { within: false, reason: 'shape' })
  const doubles = createTensor('float64', [2], Float64Array.of(1, 2))
  t.match(compareTensors(doubles, expected, TOLERANCE), { within: false, reason: 'dtype' })
  const bad = floats([2], 1, Number.NaN)
  t.notOk(withinTolerance(bad, expected, TOLERANCE))
  t.notOk(withinTolerance(expected, bad, TOLERANCE))
  t.notOk(withinTolerance(bad, bad, TOLERANCE))
  t.notOk(withinTolerance(floats([2], 1, Number.POSITIVE_INFINITY), expected, TOLERANCE))
})

t.test('whole numbers must be equal', async (t) => {
  const expected = createTensor('int64', [2], BigInt64Array.of(1n, 2n))
  t.ok(withinTolerance(createTensor('int64', [2], BigInt64Array.of(1n, 2n)), expected, TOLERANCE))
  t.match(compareTensors(createTensor('int64', [2], BigInt64Array.of(1n, 3n)), expected, TOLERANCE), { index: 1 })
})

t.test('CTC merges repeats and drops blanks', async (t) => {
  const alphabet = ['', 'a', 'b', ' ']
  const path = (...classes: number[]) =>
    Float32Array.from(classes.flatMap((best) => [0, 1, 2, 3].map((c) => Number(c === best))))
  t.equal(decodeCtc(path(0, 1, 1, 0, 1, 3, 3, 2, 0), alphabet), 'aa b')
  t.equal(decodeCtc(path(), alphabet), '')
  t.equal(decodeCtc(path(0, 0), alphabet), '')
})
