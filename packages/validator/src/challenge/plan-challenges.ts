import { createSeededRandom } from '@witan/runtime'
import type { Examinee } from './examinee.js'

export interface PlannedChallenge {
  readonly examinee: Examinee
  /** 0 for the first of a miner in the epoch. */
  readonly round: number
}

export interface PacedChallenge extends PlannedChallenge {
  /** Milliseconds from now. */
  readonly inMs: number
}

export interface ChallengePlan {
  /** Of the epoch; the same seed and miners give the same plan. */
  readonly seed: string
  readonly perMiner: number
  /** Miners judged in an epoch; a sample of this size when there are more. */
  readonly sampleSize: number
}

/** How much denser than planned challenges may follow each other when there is less time than planned. */
const MOST_DENSITY = 2

/** Whom to ask, in which order: each round asks every miner of the sample once, in an order of its own. */
export function planChallenges(
  examinees: readonly Examinee[],
  { seed, perMiner, sampleSize }: ChallengePlan,
): PlannedChallenge[] {
  const sample = createSeededRandom(`${seed}:sample`).shuffle(examinees).slice(0, sampleSize)
  return Array.from({ length: perMiner }, (_, round) =>
    createSeededRandom(`${seed}:round:${round}`)
      .shuffle(sample)
      .map((examinee) => ({ examinee, round })),
  ).flat()
}

/** Miners are probed once in so many challenges, and at least once an epoch where they get as many. */
const PROBE_EVERY = 4

/** Whether a round of a miner asks for something that the policy refuses, if there is such; the seed decides which. */
export function isProbeRound(
  round: number,
  { seed, perMiner, uid }: Pick<ChallengePlan, 'seed' | 'perMiner'> & { readonly uid: number },
): boolean {
  const block = Math.floor(round / PROBE_EVERY)
  const isWhole = (block + 1) * PROBE_EVERY <= perMiner
  const length = isWhole || perMiner < PROBE_EVERY ? PROBE_EVERY : perMiner - block * PROBE_EVERY
  return createSeededRandom(`${seed}:probe:${uid}:${block}`).below(length) === round % PROBE_EVERY
}

/**
 * Spreads challenges evenly over the time that is left of `plannedMs`, so that neither the miners nor this machine meet a
 * burst that would be measured as latency; what would make one after a late start is left out.
 */
export function paceChallenges(
  challenges: readonly PlannedChallenge[],
  leftMs: number,
  plannedMs: number,
): PacedChallenge[] {
  const part = Math.min(1, (MOST_DENSITY * leftMs) / plannedMs)
  const paced = leftMs > 0 ? challenges.slice(0, Math.ceil(challenges.length * part)) : []
  return paced.map((challenge, index) => ({ ...challenge, inMs: Math.floor((index * leftMs) / paced.length) }))
}
