import { canonicalJson, type Json } from '@witan/protocol'
import { probabilitiesOf } from '../policy/class-share.js'
import { createTensor } from '../tensor/tensor.js'
import { type Tolerance, withinTolerance } from '../tensor/tolerance.js'
import { DIGIT_CLASSES } from './digit-record.js'

/** Answers have six decimals: two that are rounded apart differ by one of them. */
const ROUNDING = 1e-6

/**
 * Whether two answers of a digits model agree within a tolerance: the same digit, each probability near the other, and
 * nothing else said.
 */
export function isSameDigitAnswer(actual: Uint8Array, expected: Uint8Array, tolerance: Tolerance): boolean {
  const [given, wanted] = [answerOf(actual), answerOf(expected)]
  if (given === undefined || wanted === undefined || given.digit !== wanted.digit) return false
  return withinTolerance(given.tensor, wanted.tensor, { ...tolerance, absolute: tolerance.absolute + ROUNDING })
}

/** The probability of the digit that an answer names; undefined when it is no such answer. */
export function surenessOf(output: Uint8Array): number | undefined {
  const answer = answerOf(output)
  return answer === undefined ? undefined : Math.max(...answer.tensor.data)
}

function answerOf(output: Uint8Array) {
  const probabilities = probabilitiesOf(output)
  if (probabilities?.length !== DIGIT_CLASSES) return undefined
  if (!probabilities.every(isFiniteNumber)) return undefined
  const { digit } = JSON.parse(new TextDecoder().decode(output)) as { readonly digit?: Json }
  // The one spelling of an answer: a digit of its own or a word more would travel under the same probabilities.
  if (!isFiniteNumber(digit) || !Buffer.from(canonicalJson({ digit, probabilities })).equals(output)) return undefined
  return { digit, tensor: createTensor('float32', [DIGIT_CLASSES], Float32Array.from(probabilities)) }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
