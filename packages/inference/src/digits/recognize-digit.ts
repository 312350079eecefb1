import { canonicalJson, WitanError } from '@witan/protocol'
import type { LoadedModel } from '../engine/engine.js'
import { argMax } from '../tensor/tolerance.js'
import type { DigitFormat } from './digit-format.js'
import { DIGIT_CLASSES, DIGIT_PIXELS } from './digit-record.js'
import { scoreDigits } from './score-digits.js'

/** Decimals of a probability in an answer: finer than the tolerance, so that rounding hides nothing. */
const DECIMALS = 6

/**
 * Reads one picture of 784 grey values; canonical JSON of the likeliest digit and all ten probabilities.
 * @throws WitanError IMAGE_FORMAT, or as `LoadedModel.run`
 */
export async function recognizeDigit(
  pixels: Uint8Array,
  format: DigitFormat,
  model: LoadedModel,
  signal?: AbortSignal,
): Promise<string> {
  if (pixels.length !== DIGIT_PIXELS) {
    throw new WitanError('IMAGE_FORMAT', 'The picture of a digit is 28 × 28 grey values', {
      facts: { bytes: pixels.length, expected: DIGIT_PIXELS },
      next: 'Send one byte a pixel, row by row from the top, 0 for the background and 255 for the pen.',
    })
  }
  const scores = await scoreDigits([pixels], format, model, signal)
  return canonicalJson({
    digit: argMax(scores, 0, DIGIT_CLASSES),
    probabilities: Array.from(scores, (score) => Number(score.toFixed(DECIMALS))),
  })
}
