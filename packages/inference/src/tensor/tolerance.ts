import type { Tensor } from './tensor.js'

/** |a − b| ≤ absolute + relative·|b|, element by element. Zero and zero ask for equality. */
export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

export interface TensorComparison {
  readonly within: boolean
  /** Why not; absent when within. */
  readonly reason?: 'dtype' | 'shape' | 'value' | 'arg-max'
  /** Flat index of the element, or of the row for `arg-max`. */
  readonly index?: number
  /** Largest |a − b| seen up to the decision. */
  readonly largestDifference: number
}

/**
 * Compares an answer with a replay of it. Floating-point tensors may differ within the tolerance, provided that the
 * arg-max over the last dimension is equal in every row; all other types must be equal. NaN equals nothing.
 */
export function compareTensors(actual: Tensor, expected: Tensor, tolerance: Tolerance): TensorComparison {
  if (actual.dtype !== expected.dtype) return { within: false, reason: 'dtype', largestDifference: 0 }
  const sameShape =
    actual.dims.length === expected.dims.length && actual.dims.every((dim, axis) => dim === expected.dims[axis])
  if (!sameShape) return { within: false, reason: 'shape', largestDifference: 0 }
  if (actual.data instanceof Float32Array || actual.data instanceof Float64Array) {
    return compareFloats(actual.data, expected.data as Float32Array, actual.dims.at(-1) ?? 1, tolerance)
  }
  const index = firstDifference(actual.data as ArrayLike<unknown>, expected.data as ArrayLike<unknown>)
  return index === -1
    ? { within: true, largestDifference: 0 }
    : { within: false, reason: 'value', index, largestDifference: 0 }
}

export function withinTolerance(actual: Tensor, expected: Tensor, tolerance: Tolerance): boolean {
  return compareTensors(actual, expected, tolerance).within
}

type Floats = Float32Array | Float64Array

function compareFloats(actual: Floats, expected: Floats, rowLength: number, tolerance: Tolerance): TensorComparison {
  let largestDifference = 0
  for (let index = 0; index < expected.length; index++) {
    const want = expected[index]!
    const difference = Math.abs(actual[index]! - want)
    if (difference > largestDifference) largestDifference = difference
    // Written so that NaN on either side fails.
    if (!(difference <= tolerance.absolute + tolerance.relative * Math.abs(want))) {
      return { within: false, reason: 'value', index, largestDifference }
    }
  }
  for (let start = 0, row = 0; start < expected.length; start += rowLength, row++) {
    if (argMax(actual, start, rowLength) !== argMax(expected, start, rowLength)) {
      return { within: false, reason: 'arg-max', index: row, largestDifference }
    }
  }
  return { within: true, largestDifference }
}

/** Offset of the largest value in `data[start, start + length)`; the first one of equals. */
export function argMax(data: Floats, start: number, length: number): number {
  let best = 0
  for (let offset = 1; offset < length; offset++) {
    if (data[start + offset]! > data[start + best]!) best = offset
  }
  return best
}

function firstDifference(actual: ArrayLike<unknown>, expected: ArrayLike<unknown>): number {
  for (let index = 0; index < expected.length; index++) {
    if (actual[index] !== expected[index]) return index
  }
  return -1
}
