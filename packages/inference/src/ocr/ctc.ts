import { argMax } from '../tensor/tolerance.js'

const BLANK = 0

/**
 * Greedy connectionist temporal classification: the likeliest class of each step, repeats merged, blanks dropped.
 * `scores` is row-major [steps, classes] with one class for each entry of the alphabet.
 */
export function decodeCtc(scores: Float32Array, alphabet: readonly string[]): string {
  const classes = alphabet.length
  let text = ''
  let previous = BLANK
  for (let start = 0; start < scores.length; start += classes) {
    const best = argMax(scores, start, classes)
    if (best !== BLANK && best !== previous) text += alphabet[best]
    previous = best
  }
  return text
}
