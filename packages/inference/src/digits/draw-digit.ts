import type { Chance } from '../render/generate-sentence.js'
import { DIGIT_PIXELS, DIGIT_SIDE } from './digit-record.js'

/** Pixels by which a picture is moved at most, in each direction: what is written stays inside. */
const MOST_SHIFT = 2
/** Grey values by which a pixel of the pen is paler at most. */
const MOST_FADE = 24

export interface DrawnDigit {
  /** Which of the pictures it was made of. */
  readonly index: number
  /** 784 grey values. */
  readonly pixels: Uint8Array
}

/** A picture that nobody has seen: one of those given, moved and faded by chance, so that no list of answers helps. */
export function drawDigit(pictures: readonly Uint8Array[], chance: Chance): DrawnDigit {
  const index = chance.below(pictures.length)
  const picture = pictures[index]!
  const right = chance.below(2 * MOST_SHIFT + 1) - MOST_SHIFT
  const down = chance.below(2 * MOST_SHIFT + 1) - MOST_SHIFT
  const pixels = new Uint8Array(DIGIT_PIXELS)
  for (let row = 0; row < DIGIT_SIDE; row++) {
    for (let column = 0; column < DIGIT_SIDE; column++) {
      const value = valueAt(picture, row - down, column - right)
      if (value > 0) pixels[row * DIGIT_SIDE + column] = Math.max(1, value - chance.below(MOST_FADE + 1))
    }
  }
  return { index, pixels }
}

function valueAt(picture: Uint8Array, row: number, column: number): number {
  const isInside = row >= 0 && row < DIGIT_SIDE && column >= 0 && column < DIGIT_SIDE
  return isInside ? picture[row * DIGIT_SIDE + column]! : 0
}
