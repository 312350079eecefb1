import { probabilitiesOf } from '../policy/class-share.js'
import { createTensor } from '../tensor/tensor.js'
import { type Tolerance, withinTolerance } from '../tensor/tolerance.js'
import { DIGIT_CLASSES } from './digit-record.js'

/** Answers have six decimals: two that are rounded apart differ by one of them. */
const ROUNDING = 1e-6

/** Whether two answers of a digits model agree within a tolerance: the same digit, each probability near the other. */
export function isSameDigitAnswer(actual: Uint8Array, expected: Uint8Array, tolerance: Tolerance): boolean {
  const [given, wanted] = [tensorOf(actual), tensorOf(expected)]
  if (given === undefined || wanted === undefined) return false
  return withinTolerance(given, wanted, { ...tolerance, absolute: tolerance.absolute + ROUNDING })
}

/** The probability of the digit that an answer names; undefined when it is no such answer. */
export function surenessOf(output: Uint8Array): number | undefined {
  const tensor = tensorOf(output)
  return tensor === undefined ? undefined : Math.max(...tensor.data)
}

function tensorOf(output: Uint8Array) {
  const probabilities = probabilitiesOf(output)
  if (probabilities?.length !== DIGIT_CLASSES) return undefined
  if (!probabilities.every((value) => typeof value === 'number')) return undefined
  return createTensor('float32', [DIGIT_CLASSES], Float32Array.from(probabilities))
}
