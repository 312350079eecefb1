import { createNormal, createUniform } from '../support/draw.mjs'

const WORST = 0.1
/** Deviation of the logarithm of a quality from one epoch to the next. */
const WALK_STEP = 0.1
/** Chance that a miner's quality is drawn anew, an epoch. */
const SWITCH_CHANCE = 0.05

/** How the true quality of miners moves: a function from this epoch's qualities to the next one's. */
const NEXT = {
  static: () => (qualities) => qualities,
  walk: (seed) => {
    const normal = createNormal(seed)
    return (qualities) => qualities.map((quality) => reflected(quality * Math.exp(WALK_STEP * normal())))
  },
  switch: (seed) => {
    const uniform = createUniform(seed)
    return (qualities) => qualities.map((quality) => (uniform() < SWITCH_CHANCE ? fresh(uniform) : quality))
  },
}

export const MINER_KINDS = Object.keys(NEXT)

/** The true qualities of `count` miners in [0.1, 1], epoch by epoch. */
export function qualitiesOf(kind, count, epochs, seed) {
  const uniform = createUniform(seed)
  const next = NEXT[kind](seed + 1)
  const path = [Array.from({ length: count }, () => fresh(uniform))]
  while (path.length < epochs) path.push(next(path.at(-1)))
  return path
}

function fresh(uniform) {
  return WORST + (1 - WORST) * uniform()
}

/** Back into [0.1, 1], mirrored at the bound on a logarithmic scale. */
function reflected(quality) {
  if (quality > 1) return Math.max(WORST, 1 / quality)
  return quality < WORST ? Math.min(1, WORST ** 2 / quality) : quality
}
