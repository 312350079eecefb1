import type { ImageSize, Pixels } from './checked-image.js'

/** Red, green and blue planes, one after the other, row by row; values 0 to 255, not rounded. */
export interface Planes extends ImageSize {
  readonly data: Float32Array
}

/**
 * Resizes with a triangle filter as wide as a source pixel when enlarging and as a target pixel when shrinking, in
 * plain arithmetic: unlike a graphics library's scaler it gives the same values on every processor.
 */
export function resize(pixels: Pixels, width: number, height: number): Planes {
  const squeezed = resizeColumns(pixels, height)
  const data = new Float32Array(3 * width * height)
  const taps = filterTaps(pixels.width, width)
  for (let row = 0; row < 3 * height; row++) {
    const source = row * pixels.width
    for (let column = 0; column < width; column++) {
      const { first, weights } = taps[column]!
      let sum = 0
      for (let tap = 0; tap < weights.length; tap++) sum += weights[tap]! * squeezed[source + first + tap]!
      data[row * width + column] = sum
    }
  }
  return { width, height, data }
}

/** Vertical pass: interleaved bytes in, planes of the target height out. */
function resizeColumns({ width, height, data }: Pixels, targetHeight: number): Float32Array {
  const planes = new Float32Array(3 * width * targetHeight)
  const taps = filterTaps(height, targetHeight)
  for (let row = 0; row < targetHeight; row++) {
    const { first, weights } = taps[row]!
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap]!
      const source = (first + tap) * width * 4
      for (let plane = 0; plane < 3; plane++) {
        const target = (plane * targetHeight + row) * width
        for (let column = 0; column < width; column++) {
          planes[target + column]! += weight * data[source + column * 4 + plane]!
        }
      }
    }
  }
  return planes
}

interface Taps {
  readonly first: number
  /** Sum to 1. */
  readonly weights: readonly number[]
}

function filterTaps(sourceLength: number, targetLength: number): Taps[] {
  const scale = sourceLength / targetLength
  const radius = Math.max(scale, 1)
  return Array.from({ length: targetLength }, (_, target) => {
    const centre = (target + 0.5) * scale - 0.5
    const first = Math.max(0, Math.ceil(centre - radius))
    const last = Math.min(sourceLength - 1, Math.floor(centre + radius))
    const raw = Array.from({ length: last - first + 1 }, (_, tap) => 1 - Math.abs(first + tap - centre) / radius)
    const total = raw.reduce((sum, weight) => sum + weight, 0)
    return { first, weights: raw.map((weight) => weight / total) }
  })
}
