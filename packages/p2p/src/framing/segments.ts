import type { Uint8ArrayList } from 'uint8arraylist'

/** The contiguous pieces of what a stream delivers. */
export function segmentsOf(data: Uint8Array | Uint8ArrayList): Iterable<Uint8Array> {
  return data instanceof Uint8Array ? [data] : data
}
