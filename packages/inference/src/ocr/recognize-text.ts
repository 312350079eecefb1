import { WitanError } from '@witan/protocol'
import type { LoadedModel } from '../engine/engine.js'
import { checkImage } from '../image/check-image.js'
import { decodeImage } from '../image/decode-image.js'
import { decodeCtc } from './ctc.js'
import { imageTensor } from './image-tensor.js'
import { normalizeText } from './normalize-text.js'
import type { TextRecipe } from './text-recipe.js'

/**
 * Reads one line of text from PNG or JPEG bytes.
 * @throws WitanError as `checkImage`, `decodeImage` and `LoadedModel.run`
 */
export async function recognizeText(
  image: Uint8Array,
  recipe: TextRecipe,
  model: LoadedModel,
  signal?: AbortSignal,
): Promise<string> {
  const checked = checkImage(image, recipe.maxWidth / recipe.height)
  const pixels = await decodeImage(checked)
  const outputs = await model.run({ [recipe.inputTensor]: imageTensor(pixels, recipe) }, signal)
  const scores = outputs[recipe.outputTensor]
  if (!(scores?.data instanceof Float32Array) || scores.dims.at(-1) !== recipe.alphabet.length) {
    throw new WitanError('TENSOR_INVALID', 'The model does not score the characters of its alphabet', {
      facts: {
        output: recipe.outputTensor,
        characters: recipe.alphabet.length,
        shape: `[${scores?.dims.join(',') ?? ''}]`,
      },
    })
  }
  return normalizeText(decodeCtc(scores.data, recipe.alphabet))
}
