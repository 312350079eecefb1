import { createSeededRandom } from '@witan/runtime'
import type { Examinee } from './examinee.js'

export interface PlannedChallenge {
  readonly examinee: Examinee
  /** 0 for the first of a miner in the epoch. */
  readonly round: number
  /** Milliseconds from the beginning of the phase. */
  readonly atMs: number
}

export interface ChallengePlan {
  /** Of the epoch; the same seed and miners give the same plan. */
  readonly seed: string
  readonly perMiner: number
  /** Miners judged in an epoch; a sample of this size when there are more. */
  readonly sampleSize: number
  /** Milliseconds over which the challenges are spread. */
  readonly spreadMs: number
}

/**
 * Whom to ask and when: each round asks every miner of the sample once, in an order of its own, evenly spread, so that
 * neither the miners nor this machine meet a burst that would be measured as latency.
 */
export function planChallenges(examinees: readonly Examinee[], plan: ChallengePlan): PlannedChallenge[] {
  const { seed, perMiner, sampleSize, spreadMs } = plan
  const sample = createSeededRandom(`${seed}:sample`).shuffle(examinees).slice(0, sampleSize)
  const rounds = Array.from({ length: perMiner }, (_, round) =>
    createSeededRandom(`${seed}:round:${round}`)
      .shuffle(sample)
      .map((examinee) => ({ examinee, round })),
  )
  const order = rounds.flat()
  return order.map((challenge, index) => ({ ...challenge, atMs: Math.floor((index * spreadMs) / order.length) }))
}
