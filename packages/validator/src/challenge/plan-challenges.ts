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
