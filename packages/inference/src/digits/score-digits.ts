import { WitanError } from '@witan/protocol'
import type { LoadedModel } from '../engine/engine.js'
import { createTensor } from '../tensor/tensor.js'
import type { DigitFormat } from './digit-format.js'
import { DIGIT_CLASSES, DIGIT_PIXELS } from './digit-record.js'

/**
 * The probabilities of the ten digits, row by row, for pictures of 784 grey values.
 * @throws WitanError TENSOR_INVALID when the model returns something else, or as `LoadedModel.run`
 */
export async function scoreDigits(
  pictures: readonly Uint8Array[],
  { inputTensor, outputTensor }: DigitFormat,
  model: LoadedModel,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const input = createTensor('float32', [pictures.length, DIGIT_PIXELS], digitValues(pictures))
  const scores = (await model.run({ [inputTensor]: input }, signal))[outputTensor]
  if (scores?.data instanceof Float32Array && scores.data.length === pictures.length * DIGIT_CLASSES) return scores.data
  throw new WitanError('TENSOR_INVALID', 'The model does not score ten digits for every picture', {
    facts: { output: outputTensor, pictures: pictures.length, shape: `[${scores?.dims.join(',') ?? ''}]` },
  })
}

/** Grey values over 255, picture by picture. */
export function digitValues(pictures: readonly Uint8Array[]): Float32Array {
  const values = new Float32Array(pictures.length * DIGIT_PIXELS)
  pictures.forEach((pixels, picture) => {
    const start = picture * DIGIT_PIXELS
    for (let index = 0; index < DIGIT_PIXELS; index++) values[start + index] = pixels[index]! / 255
  })
  return values
}
