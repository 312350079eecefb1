/** Loads the native canvas on first use (65 ms), so that commands which draw nothing do not pay for it. */
export function importCanvas(): Promise<typeof import('@napi-rs/canvas')> {
  return import('@napi-rs/canvas')
}
