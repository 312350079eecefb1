import { WitanError } from '@witan/protocol'
import { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE, MIN_ASPECT_RATIO } from '../limits.js'
import type { CheckedImage, ImageSize } from './checked-image.js'
import { corruptImage, unsupportedImage } from './image-error.js'
import { checkJpeg, isJpeg } from './jpeg.js'
import { checkPng, isPng, readPngLayout } from './png.js'

/**
 * Admits PNG and JPEG bytes by their headers and structure, before any pixel is decoded.
 * @throws WitanError INPUT_TOO_LARGE, IMAGE_FORMAT, IMAGE_TOO_MANY_PIXELS, IMAGE_ASPECT_RATIO, IMAGE_CORRUPT
 */
export function checkImage(bytes: Uint8Array, maxAspectRatio: number): CheckedImage {
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new WitanError('INPUT_TOO_LARGE', 'The image has too many bytes', {
      facts: { bytes: bytes.length, atMost: MAX_IMAGE_BYTES },
    })
  }
  const checkSize = (size: ImageSize) => checkImageSize(size, maxAspectRatio)
  if (isPng(bytes)) {
    checkSize(readPngLayout(bytes))
    return checkPng(bytes)
  }
  if (isJpeg(bytes)) return checkJpeg(bytes, checkSize)
  throw unsupportedImage('neither PNG nor JPEG')
}

function checkImageSize({ width, height }: ImageSize, maxAspectRatio: number): void {
  const facts = { width, height }
  if (width === 0 || height === 0) throw corruptImage('an image without pixels')
  if (width * height > MAX_IMAGE_PIXELS || Math.max(width, height) > MAX_IMAGE_SIDE) {
    throw new WitanError('IMAGE_TOO_MANY_PIXELS', 'The image has too many pixels', {
      facts: { ...facts, atMost: MAX_IMAGE_PIXELS, sideAtMost: MAX_IMAGE_SIDE },
    })
  }
  const ratio = width / height
  if (ratio > maxAspectRatio || ratio < MIN_ASPECT_RATIO) {
    throw new WitanError('IMAGE_ASPECT_RATIO', 'The image is too long and thin', {
      facts: { ...facts, leastRatio: MIN_ASPECT_RATIO, greatestRatio: maxAspectRatio },
    })
  }
}
