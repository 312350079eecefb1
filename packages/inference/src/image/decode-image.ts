import { importCanvas } from '../canvas.js'
import type { CheckedImage, Pixels } from './checked-image.js'
import { corruptImage } from './image-error.js'

/**
 * Pixels of an image on a white background. Colour profiles and orientation are not applied: the pixels are those
 * stored, so the same bytes give the same pixels everywhere.
 * @throws WitanError IMAGE_CORRUPT when the pixel data cannot be decoded to the size that the header promised
 */
export async function decodeImage({ bytes, width, height }: CheckedImage): Promise<Pixels> {
  const { createCanvas, loadImage } = await importCanvas()
  const image = await loadImage(bytes).catch((cause) => {
    throw corruptImage('the pixel data cannot be decoded', cause)
  })
  if (image.width !== width || image.height !== height)
    throw corruptImage('the header and the pixels disagree on the size')
  const context = createCanvas(width, height).getContext('2d')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.drawImage(image, 0, 0)
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}
