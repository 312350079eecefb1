export interface ImageSize {
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** An image whose structure and size were checked; its pixels were not decoded yet. */
export interface CheckedImage extends ImageSize {
  readonly format: 'png' | 'jpeg'
  /** The image without metadata. */
  readonly bytes: Uint8Array
}

/** Decoded pixels, row by row from the top, 4 bytes each: red, green, blue, opacity. */
export interface Pixels extends ImageSize {
  readonly data: Uint8ClampedArray
}
