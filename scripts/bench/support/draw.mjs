/** Mulberry32: a fraction below 1 a call, the same sequence for the same seed. */
export function createUniform(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) * 2 ** -32
  }
}

/** A whole number below `limit` a call. */
export function createDraw(seed) {
  const uniform = createUniform(seed)
  return (limit) => Math.floor(uniform() * limit)
}

/** A normally distributed number of mean 0 and deviation 1 a call. */
export function createNormal(seed) {
  const uniform = createUniform(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
