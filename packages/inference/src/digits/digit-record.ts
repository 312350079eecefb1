/** Pixels a side. */
export const DIGIT_SIDE = 28
export const DIGIT_PIXELS = DIGIT_SIDE * DIGIT_SIDE
export const DIGIT_CLASSES = 10

/** The picture of a digit and what it shows. */
export interface DigitRecord {
  /** 0 to 9. */
  readonly label: number
  /** 784 grey values, row by row from the top; 0 is the background, 255 the pen. */
  readonly pixels: Uint8Array
}
