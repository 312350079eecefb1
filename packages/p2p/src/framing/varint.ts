/** Longest length prefix accepted: four groups of seven bits, 256 MiB. */
export const MAX_PREFIX_BYTES = 4

/** Bytes that the length prefix of a frame of `length` bytes takes. */
export function prefixSize(length: number): number {
  if (length < 0x80) return 1
  if (length < 0x4000) return 2
  return length < 0x200000 ? 3 : 4
}

/** Writes `length` as an unsigned LEB128 varint at `offset`; returns the offset behind it. */
export function writePrefix(target: Uint8Array, offset: number, length: number): number {
  let rest = length
  let at = offset
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[at++] = rest
  return at
}
