import { inflateSync } from 'node:zlib'
import type { ImageSize } from './checked-image.js'
import { corruptImage } from './image-error.js'

/** The fields of a PNG header that decide how many bytes its pixels take. */
export interface PngLayout extends ImageSize {
  readonly bitDepth: number
  readonly colourType: number
  readonly interlaced: boolean
}

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const LAST_FILTER = 4

/** Adam7: first column and row of each pass, and the steps between its pixels (PNG, third edition, section 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
const ONE_PASS = [[0, 0, 1, 1]] as const

/**
 * Inflates the pixel data, never further than the header allows, and checks that every row is there: the native
 * decoder would fill what is missing and call the image good.
 * @throws WitanError IMAGE_CORRUPT
 */
export function checkPngPixelData(compressed: Uint8Array, layout: PngLayout): void {
  const rows = rowLengths(layout)
  const expected = rows.reduce((total, length) => total + length, 0)
  const inflated = inflate(compressed, expected)
  if (inflated.length !== expected) throw corruptImage('PNG with too little pixel data')
  let at = 0
  for (const length of rows) {
    if (inflated[at]! > LAST_FILTER) throw corruptImage('PNG with an unknown row filter')
    at += length
  }
}

/** Bytes of each row of each pass, the filter byte included. */
function rowLengths({ width, height, bitDepth, colourType, interlaced }: PngLayout): number[] {
  const bitsPerPixel = bitDepth * SAMPLES[colourType]!
  return (interlaced ? ADAM7 : ONE_PASS).flatMap(([left, top, stepX, stepY]) => {
    const columns = Math.ceil((width - left) / stepX)
    const rows = Math.ceil((height - top) / stepY)
    if (columns <= 0 || rows <= 0) return []
    return new Array<number>(rows).fill(1 + Math.ceil((columns * bitsPerPixel) / 8))
  })
}

function inflate(compressed: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateSync(compressed, { maxOutputLength })
  } catch (cause) {
    throw corruptImage('the pixel data of the PNG cannot be inflated to its size', cause)
  }
}
