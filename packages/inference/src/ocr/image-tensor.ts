import type { Pixels } from '../image/checked-image.js'
import { resize } from '../image/resize.js'
import { createTensor, type Tensor } from '../tensor/tensor.js'
import type { TextRecipe } from './text-recipe.js'

/** The image at the model's height, its proportions kept: float32 [1, 3, height, width], planes blue, green, red. */
export function imageTensor(pixels: Pixels, recipe: TextRecipe): Tensor<'float32'> {
  const { height, mean, deviation } = recipe
  const scaled = Math.round((pixels.width * height) / pixels.height)
  const width = Math.min(Math.max(scaled, recipe.minWidth), recipe.maxWidth)
  const planes = resize(pixels, width, height).data
  const plane = width * height
  const data = new Float32Array(3 * plane)
  for (let channel = 0; channel < 3; channel++) {
    const source = (2 - channel) * plane
    for (let index = 0; index < plane; index++) {
      data[channel * plane + index] = (planes[source + index]! / 255 - mean) / deviation
    }
  }
  return createTensor('float32', [1, 3, height, width], data)
}
