/** One bit a uid, uid 0 the lowest. */
export function toBitmap(flags: readonly boolean[]): bigint {
  return flags.reduce((bitmap, flag, uid) => (flag ? bitmap | (1n << BigInt(uid)) : bitmap), 0n)
}

/** The flags of the first `uids` uids. */
export function fromBitmap(bitmap: bigint, uids: number): boolean[] {
  return Array.from({ length: uids }, (_, uid) => ((bitmap >> BigInt(uid)) & 1n) === 1n)
}
