import type { DrawingRandom, Random } from './random.js'

const UINT32_VALUES = 2 ** 32

export function drawUint32(random: Random): number {
  const bytes = random.bytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
}

export function drawBelow(random: Random, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > UINT32_VALUES)
    throw new RangeError(`bound ${bound} is not 1 to 2^32`)
  const acceptedBelow = UINT32_VALUES - (UINT32_VALUES % bound)
  for (;;) {
    const value = drawUint32(random)
    if (value < acceptedBelow) return value % bound
  }
}

export function drawFloat(random: Random): number {
  const high = drawUint32(random) >>> 5
  const low = drawUint32(random) >>> 6
  return (high * 2 ** 26 + low) / 2 ** 53
}

export function drawShuffle<T>(random: Random, items: readonly T[]): T[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = drawBelow(random, last + 1)
    const item = shuffled[last]!
    shuffled[last] = shuffled[other]!
    shuffled[other] = item
  }
  return shuffled
}

export function withDraws(random: Random): DrawingRandom {
  return {
    bytes: (length) => random.bytes(length),
    nextUint32: () => drawUint32(random),
    below: (bound) => drawBelow(random, bound),
    float: () => drawFloat(random),
    shuffle: (items) => drawShuffle(random, items),
  }
}
